/*
 * Sets of message numbers, "1:3,7" (RFC 9051 9, sequence-set). Pure.
 */
#ifndef PARLEY_IMAPLS_SET_H
#define PARLEY_IMAPLS_SET_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

struct range {
	uint32_t from, to;
};

/* Zero it to start. */
struct set {
	struct range *items;
	size_t count, cap;
};

void set_free(struct set *s);
/* False for 0, and past LIMIT_MESSAGES ranges. */
bool set_add(struct set *s, uint32_t from, uint32_t to);
/* Adds what a server said; without *. */
bool set_parse(struct set *s, struct str text);
/* In order, what overlaps or touches joined. */
void set_normalise(struct set *s);
uint64_t set_count(const struct set *s);
/* Only the last n numbers of a normalised one. */
void set_keep_last(struct set *s, uint64_t n);
/* Ranges from *next on, at most `most` of them, added as text; *next moves. False when there
 * are none left. */
bool set_put(const struct set *s, struct buf *out, size_t *next, size_t most);

#endif
