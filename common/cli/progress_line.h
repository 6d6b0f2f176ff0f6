/*
 * What the progress line says: figures in, text out, as wide as there is room. Pure: no
 * terminal, no clock, no thread.
 */
#ifndef PARLEY_CLI_PROGRESS_LINE_H
#define PARLEY_CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"

struct progress_view {
	const char *label; /* what the only file is called; NULL: there are several, so it says
			    * "3 of 20 files" */
	uint64_t files;    /* that are known of */
	bool more;         /* there may come more: "20+" */
	uint64_t ended;    /* the failed ones too */
	uint64_t failed;
	uint64_t done, total; /* bytes that are here, and those that are known of */
	bool whole;           /* total is what all files have: only then is there a share of it
			       * and a time that is left */
	double rate;          /* bytes a second */
	int64_t seconds;      /* that it took, for progress_put_end */
};

/* LABEL [===>   ]  40%  12.3 MiB of 40.0 MiB  2.9 MiB/s  0:09 left, without a line end, in at
 * most `width` cells: the time goes first where room is short, then the rate, then the bytes.
 * The share is rounded down: 100% is all of it. */
void progress_put_line(struct buf *out, const struct progress_view *v, size_t width);
/* LABEL  40.0 MiB in 0:14 (2.9 MiB/s), when all is over. */
void progress_put_end(struct buf *out, const struct progress_view *v);

#endif
