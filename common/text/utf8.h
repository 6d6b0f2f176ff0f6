/*
 * UTF-8, strictly (RFC 3629): no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#ifndef PARLEY_TEXT_UTF8_H
#define PARLEY_TEXT_UTF8_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

/* Length of the code point at the front of s, which goes to *code; 0 if the front is not
 * valid UTF-8 (or s is empty). */
size_t utf8_next(struct str s, uint32_t *code);
bool utf8_is_valid(struct str s);
/* The same for text that comes in pieces. Zero it to start. */
struct utf8_checker {
	char cut[4]; /* a code point that a piece ended in */
	size_t len;
	bool bad;
};
void utf8_check(struct utf8_checker *c, struct str piece);
/* Was all of it valid, and whole at the end? */
bool utf8_check_end(const struct utf8_checker *c);
/* Adds a code point; U+FFFD for what is none. */
bool utf8_put(struct buf *out, uint32_t code);

#endif
