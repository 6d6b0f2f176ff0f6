/*
 * The events of a dialogue, `[word arguments]`: which step each becomes.
 */
#ifndef PARLEY_PEER_EVENT_H
#define PARLEY_PEER_EVENT_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/str.h"
#include "tests/peer/script.h"

/* Where the reader of a dialogue stands. */
struct event_place {
	const char *name;  /* of the file */
	unsigned line;     /* from 1 */
	unsigned conn;     /* the connection that events belong to */
	unsigned connects; /* [connect ...] events so far: the n-th opens connection n */
	struct err *err;
};

/* Makes step (its conn, line and raw are set) of a line that begins with `[`. False with
 * ERR_USAGE. What only tells becomes STEP_NOTE. */
bool event_parse(struct event_place *place, struct step *step, struct str line);

#endif
