/*
 * Where the client strayed, as a diff of two dialogues: the one expected and
 * the one seen.
 */
#ifndef PARLEY_PEER_DIFF_H
#define PARLEY_PEER_DIFF_H

#include <stdio.h>

#include "common/base/str.h"
#include "tests/peer/script.h"

struct stray {
	size_t at; /* the step that the client did not follow; the count of them at the end */
	unsigned conn;   /* whose */
	struct str seen; /* bytes from the first that did not fit, the last line perhaps without
			  * its end */
	const char *why; /* in our words */
};

/* Prints the steps around the place, what was expected there (-) and what was seen (+). */
void diff_print(FILE *out, const struct script *s, const struct stray *stray);

#endif
