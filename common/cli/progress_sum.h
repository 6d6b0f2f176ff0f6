/*
 * What the files of a run amount to: how many, how many bytes of how many, and how fast they
 * come. Knows no terminal, no clock and no lock; progress.c has them.
 */
#ifndef PARLEY_CLI_PROGRESS_SUM_H
#define PARLEY_CLI_PROGRESS_SUM_H

#include "common/cli/progress.h"
#include "common/cli/progress_line.h"

struct progress_file {
	struct progress *line;
	struct progress_file *next, *before; /* of those that are under way */
	_Atomic uint64_t counter;            /* bytes that are here; advanced by the transfer */
	uint64_t total;                      /* PROGRESS_UNKNOWN until it is told */
	uint64_t from;                       /* the counter when this try began */
	uint64_t moved;                      /* by the tries before */
};

struct progress_sum {
	struct progress_plan plan;
	const char *label;               /* of the first file; borrowed */
	uint64_t ended, failed, dropped; /* files */
	uint64_t bytes, moved;           /* of the ended ones: that they have, that came */
	struct progress_file *live;
};

/* f is zeroed. */
void progress_sum_add(struct progress_sum *s, struct progress_file *f, uint64_t total);
/* A try begins, with `have` bytes that are here already. */
void progress_sum_begin(struct progress_file *f, uint64_t have, uint64_t total);
/* The file is over and is not looked at again. */
void progress_sum_end(struct progress_sum *s, struct progress_file *f, enum progress_end how);
/* Fills in all but the rate and the time. Returns the bytes that came in this run, which are
 * what the rate is made of: they never become fewer, and what was here before is not among
 * them. */
uint64_t progress_sum_look(const struct progress_sum *s, struct progress_view *v);

/* The rate over the last five seconds, when it is measured five times a second. */
enum { PROGRESS_SAMPLES = 25 };
struct progress_rate {
	struct progress_sample {
		int64_t at; /* clock_now() */
		uint64_t bytes;
	} samples[PROGRESS_SAMPLES];
	unsigned taken;
};

/* One more sample. The first is where it begins, and 0 a second. */
double progress_rate_measure(struct progress_rate *r, int64_t now, uint64_t bytes);

#endif
