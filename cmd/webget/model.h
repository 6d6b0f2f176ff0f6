/*
 * The textbook's formulas for a page of several objects: what the way
 * connections are used should cost, beside what it did (--timing).
 */
#ifndef PARLEY_WEBGET_MODEL_H
#define PARLEY_WEBGET_MODEL_H

#include <stdint.h>

#include "common/base/buf.h"

struct model_run {
	int connection; /* enum connection_model */
	int objects;
	bool is_page; /* the first must be there before the others are known */
	int lanes;
	bool kept;     /* parallel: each lane uses its connection again (-Z) */
	int handshake; /* round trips before the first request of a connection: 1, with TLS more
			*/
	double rtt_ms; /* by the kernel */
	double body_ms; /* L/R: all bytes at the rate measured */
};

/* Round trips by the formula. */
int model_turns(const struct model_run *m);
/* "pipelined: 3 RTT + L/R = 3 x 50.00 ms + 1.20 ms = 151.20 ms" */
void model_put(struct buf *out, const struct model_run *m);

#endif
