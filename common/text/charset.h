/*
 * Text in some charset made UTF-8, by the libc's iconv(3). Knows no MIME.
 */
#ifndef PARLEY_TEXT_CHARSET_H
#define PARLEY_TEXT_CHARSET_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* Adds bytes, said to be in charset (empty: US-ASCII or UTF-8, whichever fits), as valid UTF-8.
 * What can't be converted becomes U+FFFD; false if the charset is not known (then each byte
 * from 0x80 became U+FFFD) or past out's ceiling. */
bool charset_to_utf8(struct buf *out, struct str charset, struct str bytes);

#endif
