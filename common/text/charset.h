/*
 * Text in some charset made UTF-8, and the contrary, by the libc's iconv(3). Knows no MIME.
 */
#ifndef PARLEY_TEXT_CHARSET_H
#define PARLEY_TEXT_CHARSET_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* Adds bytes, said to be in charset (empty: US-ASCII or UTF-8, whichever fits), as valid UTF-8.
 * What can't be converted becomes U+FFFD; false if the charset is not known (then each byte
 * from 0x80 became U+FFFD) or past out's ceiling. */
bool charset_to_utf8(struct buf *out, struct str charset, struct str bytes);
/* The contrary, of valid UTF-8, for a terminal: what charset (of the libc's names) has no
 * character for becomes as many "?" as it would take cells. False past out's ceiling. */
bool charset_from_utf8(struct buf *out, const char *charset, struct str text);
/* That of the user's locale (LC_CTYPE) in name; false for UTF-8, or when it can't be told. */
bool charset_of_locale(char *name, size_t size);

#endif
