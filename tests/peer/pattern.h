/*
 * What a C: line of a dialogue requires: literal bytes with `*` between them,
 * each of which matches anything, nothing included. A star that is meant
 * literally is written \x2a.
 */
#ifndef PARLEY_PEER_PATTERN_H
#define PARLEY_PEER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/buf.h"
#include "common/base/str.h"

struct pattern {
	struct buf bytes; /* the literal bytes, one piece after the other */
	size_t *stars;    /* where in bytes a star stands, ascending */
	size_t count;
};

/* Reads the notation of dialogues; false for a backslash that means nothing. */
bool pattern_parse(struct pattern *p, struct str notation);
bool pattern_matches(const struct pattern *p, struct str seen);
void pattern_free(struct pattern *p);

#endif
