/*
 * Undoes Content-Encoding (RFC 9110 8.4): a chain of decoders, last coding
 * first. Bytes are fed and pulled out in pieces of at most 32 KiB, however
 * much they grow. Knows neither where they come from nor where they go.
 */
#ifndef WEBGET_DECODE_H
#define WEBGET_DECODE_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/text/field.h"

struct decoder;

/* NULL without an error: nothing to decode. NULL with ERR_PROTOCOL: an unknown coding, or more
 * than LIMIT_CODINGS; with ERR_INTERNAL: its module is missing. */
struct decoder *decoder_open(const struct fields *f, struct err *err);
/* What Accept-Encoding may say, all of which decoder_open knows. */
const char *decoder_accepts(void);
/* The next encoded bytes, borrowed until decoder_next has given an empty piece. */
void decoder_feed(struct decoder *d, struct str in);
/* A piece, borrowed until the next call; empty when all that was fed is used up. False with
 * ERR_PROTOCOL when the bytes are corrupt. */
bool decoder_next(struct decoder *d, struct str *out, struct err *err);
/* After the last piece: ERR_PROTOCOL when the encoded body was cut. */
bool decoder_finish(const struct decoder *d, struct err *err);
void decoder_close(struct decoder *d); /* NULL is fine */

#endif
