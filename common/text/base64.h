/*
 * Base64 (RFC 4648 4): SASL, Basic, digests, MIME bodies.
 */
#ifndef PARLEY_TEXT_BASE64_H
#define PARLEY_TEXT_BASE64_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* Adds to out; false past its ceiling. */
bool base64_encode(struct buf *out, struct str bytes);
/* In lines of at most `width` characters (a multiple of 4; MIME: 76), CRLF after each. */
bool base64_encode_lines(struct buf *out, struct str bytes, size_t width);
/* Strict: the alphabet, whole quads, right padding with zero bits under it, nothing else.
 * False, with out as it was, if text is not that or past the ceiling. */
bool base64_decode(struct buf *out, struct str text);

#endif
