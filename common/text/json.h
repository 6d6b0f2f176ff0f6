/*
 * Writes JSON (RFC 8259) of any bytes: what is not UTF-8 becomes U+FFFD, so
 * that every line is valid whatever a server sent. There is no reader.
 *
 * The functions add to a buffer and look at its last byte to know whether a
 * comma is due; there is no other state. One object a line: json_open, keys,
 * json_close, then the caller's '\n'.
 */
#ifndef PARLEY_TEXT_JSON_H
#define PARLEY_TEXT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

/* A string with its quotes. */
void json_put_str(struct buf *out, struct str s);

/* An object: as the whole value, or as an element of an array. */
void json_open(struct buf *out);
void json_close(struct buf *out);

void json_key_str(struct buf *out, const char *key, struct str value);
/* NULL gives null. */
void json_key_text(struct buf *out, const char *key, const char *value);
void json_key_int(struct buf *out, const char *key, int64_t value);
/* With that many decimals; what is not finite gives null. */
void json_key_double(struct buf *out, const char *key, double value, int decimals);
void json_key_bool(struct buf *out, const char *key, bool value);
void json_key_null(struct buf *out, const char *key);
/* A nested object or array as the value; closed by json_close or json_close_array. */
void json_key_open(struct buf *out, const char *key);
void json_key_array(struct buf *out, const char *key);
void json_close_array(struct buf *out);
/* Elements of an array. */
void json_item_str(struct buf *out, struct str value);
void json_item_int(struct buf *out, int64_t value);

#endif
