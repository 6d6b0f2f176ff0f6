/*
 * A fast 64-bit checksum (XXH64 of xxHash, seed 0): names for files and a look
 * for damage. Not a digest: whoever wants two texts with one sum finds them, so
 * nobody may be believed for it. For that there is digest.h.
 */
#ifndef PARLEY_BASE_SUM64_H
#define PARLEY_BASE_SUM64_H

#include <stdint.h>

#include "common/base/str.h"

struct sum64 {
	uint64_t lanes[4];
	uint64_t total; /* bytes added */
	unsigned char held[32];
};

void sum64_start(struct sum64 *s);
void sum64_add(struct sum64 *s, struct str bytes);
/* The sum of all that was added; more may be added afterwards. */
uint64_t sum64_value(const struct sum64 *s);
uint64_t sum64_of(struct str bytes);

#endif
