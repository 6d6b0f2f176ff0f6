/*
 * Two sequences side by side: a longest common subsequence, computed over
 * their indexes alone. Knows nothing of what stands there.
 */
#ifndef PARLEY_TEXT_ALIGN_H
#define PARLEY_TEXT_ALIGN_H

#include <stdbool.h>
#include <stddef.h>

enum align_kind { ALIGN_BOTH, ALIGN_LEFT, ALIGN_RIGHT };

/* One place of the alignment; with ALIGN_LEFT, right is where it would have stood, and so the
 * other way round. */
struct align_step {
	enum align_kind kind;
	size_t left, right;
};

struct align {
	struct align_step *steps; /* the caller frees them */
	size_t count;
};

struct align_pair {
	size_t left, right; /* how many on each side */
	const void *of;     /* handed to same() */
	bool (*same)(const void *of, size_t left, size_t right);
};

/* What is alike is paired, in order, as much of it as possible; where two stand against each
 * other that are not, left comes first. Exact up to some 2000 places that differ on each side;
 * beyond that in windows, so that time and memory stay bounded. */
void align_run(struct align *a, const struct align_pair *pair);

#endif
