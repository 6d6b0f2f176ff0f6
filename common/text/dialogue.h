/*
 * A conversation in the S:/C: notation, read from a file: a trace, a dialogue
 * of the peer's, or one that somebody typed from a book. Who speaks and what;
 * no protocol is known here, and nothing is read or written.
 */
#ifndef PARLEY_TEXT_DIALOGUE_H
#define PARLEY_TEXT_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct dialogue_line {
	unsigned line; /* in the file, from 1; of a live one its number in the session */
	int conn;      /* from 1 */
	char from;     /* 'S' or 'C' */
	char *text;    /* owned: the bytes that were said, without their line end */
	size_t len;
	bool wrapped; /* it had no speaker of its own: the book wrapped the line above */
};

struct dialogue {
	struct dialogue_line *lines;
	size_t count;
	size_t room;
	int conns; /* the highest number */
};

/* "0.052 S: text", "C2: text", "Server : text", "client: text": the time goes, *from, *conn and
 * *text (borrowed, without the space after the colon) are set. False for any other line. */
bool dialogue_speaker(struct str line, char *from, int *conn, struct str *text);
/* Takes "0.052 " off: a trace with times. */
struct str dialogue_without_time(struct str line);

/*
 * Reads a whole file; name is for messages. Blank lines, # comments and [events] say nothing. A
 * line that belongs to nobody goes on with the one directly above it (a reply that the book
 * wrapped); \xHH is undone, curly quotes are made straight, a missing or doubled CR is as good
 * as one. False with ERR_USAGE, naming the line, for what is no dialogue: binary bytes, a line
 * that belongs to nobody and follows none, no S: or C: line at all.
 */
bool dialogue_read(struct dialogue *d, const char *name, struct str file, struct err *err);
/* Adds a copy of what was said. */
void dialogue_add(struct dialogue *d, char from, int conn, struct str text);
struct str dialogue_text(const struct dialogue *d, size_t at);
void dialogue_free(struct dialogue *d);

#endif
