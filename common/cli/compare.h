/*
 * A sink that keeps the session's lines and at its end lays them beside a
 * dialogue from a file (--compare): turn by turn, on stderr. Knows no tool.
 */
#ifndef PARLEY_CLI_COMPARE_H
#define PARLEY_CLI_COMPARE_H

#include "common/net/trace.h"
#include "common/text/align.h"
#include "common/text/turns.h"

/* Adds that sink. The file is read at once, so that a bad one is said before anything is
 * connected to: false with ERR_USAGE. Finished, it shows the comparison and sets ERR_DATA, with
 * the first difference in words, if there is one. */
bool compare_add(struct trace *t, const char *file, bool exact, struct err *err);

/* ---- between compare.c and compare_show.c ---- */

enum compare_mark { COMPARE_ALIKE, COMPARE_CHANGED, COMPARE_FILE, COMPARE_LIVE };

/* One turn of each side, or of one; NULL is none. */
struct compare_row {
	enum compare_mark mark;
	const struct turn *file, *live;
};

struct compare_view {
	const char *name; /* of the file */
	const struct turns *file, *live;
	const struct compare_row *rows;
	size_t count;
	size_t dropped; /* lines of the session that were too many to be kept */
};

/* Side by side on a terminal of 100 columns and more, else as a unified diff; in colour on a
 * terminal unless NO_COLOR is set. */
void compare_show(const struct compare_view *view, int fd);

#endif
