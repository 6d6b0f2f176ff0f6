/*
 * Content-Range (RFC 9110 14.4): which part of what an answer says it is.
 */
#ifndef PARLEY_WEBGET_RANGE_H
#define PARLEY_WEBGET_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/text/httphead.h"

struct range {
	uint64_t first, last, total; /* last: of the bytes themselves, so that 0-0 is one */
};

/* "bytes 100-199/200", once. False for anything else: other units, several parts in one body,
 * an unknown total, bytes beyond it. */
bool range_parse(const struct http_head *head, struct range *out);

/* The size that a 416 gives instead: "bytes" and a star for the part. False for anything else.
 */
bool range_parse_size(const struct http_head *head, uint64_t *size);

#endif
