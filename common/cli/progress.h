/*
 * The progress line: what a run has done and has to do, on a terminal's stderr, for work that
 * takes longer than half a second. One file has a bar with its name, several share one line:
 * "3 of 20 files". It watches counters that the transfers advance; nothing calls it from
 * the data path. (A timer thread draws it, so that splice loops stay bare.)
 *
 * All may be called from several threads; with NULL for the line or the file they do nothing.
 * progress_line.h has the words, progress_sum.h the sums.
 */
#ifndef PARLEY_CLI_PROGRESS_H
#define PARLEY_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/net/trace.h"

struct progress;
struct progress_file;

/* What is known of the work so far. */
struct progress_plan {
	uint64_t files; /* waiting, under way and ended */
	bool more;      /* there may come more */
	uint64_t sized; /* so many of the waiting ones have a size that is known, */
	uint64_t bytes; /* all of them together this */
};

#define PROGRESS_UNKNOWN UINT64_MAX

/* DROPPED: it was none of the files, or is another one now. */
enum progress_end { PROGRESS_DONE, PROGRESS_FAILED, PROGRESS_DROPPED };

/* ---- the line ---- */

/* shown: see netopts_wants_progress; NULL when it is not. The thread (50 us) is started here.
 * Nothing is drawn before half a second after the first file began to move. */
struct progress *progress_open(bool shown);
void progress_set_plan(struct progress *p, const struct progress_plan *plan);
/* The trace has a sink on the terminal: its records appear above the line, until that is
 * closed. Don't trace while you hold the line. */
void progress_share(struct progress *p, struct trace *trace);
/* Around what is written to the terminal, whole lines: takes the line away and puts it back.
 * Nobody else draws or holds meanwhile. Hold no lock that a trace may wait for. */
void progress_hold(struct progress *p);
void progress_release(struct progress *p);
/* From here on the terminal is somebody else's: nothing is drawn any more. */
void progress_silence(struct progress *p);
/* Erases the line, or leaves a last one for work that took more than a second and did not
 * fail; frees p. Does not wait for the next redraw. Its files are closed before. */
void progress_close(struct progress *p);

/* ---- a file ---- */

/* One of the plan's files is under way. label (a file, a URL) is copied, and shown if it is the
 * only one; total: the size it should have, or PROGRESS_UNKNOWN. NULL for NULL. */
struct progress_file *progress_file_open(struct progress *p, const char *label, uint64_t total);
/* Its bytes begin to move, again if it is a retry: `have` are here already, which count as done
 * but not for the rate; total: with those; PROGRESS_UNKNOWN: what was told before. Returns the
 * counter, which is `have` and which the transfer advances; NULL for NULL. */
_Atomic uint64_t *progress_file_begin(struct progress_file *f, uint64_t have, uint64_t total);
void progress_file_close(struct progress_file *f, enum progress_end how);

/* ---- one file and nothing else ---- */

struct progress_file *progress_open_one(bool shown, const char *label);
void progress_close_one(struct progress_file *f, bool ok);

#endif
