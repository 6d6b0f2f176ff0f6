/*
 * A dialogue as turns: a command, a reply with all of its lines, an HTTP head,
 * a text; and what of each is compared: verbs and reply codes (RFC 959 4.2,
 * RFC 5321 4.2, RFC 1939 3, RFC 9051 7.1), and of HTTP (RFC 9112 2) method,
 * version, status and the names of header fields. No file, no terminal.
 */
#ifndef PARLEY_TEXT_TURNS_H
#define PARLEY_TEXT_TURNS_H

#include "common/text/dialogue.h"

enum { TURN_KEY = 48 };

struct turn {
	size_t first, count; /* lines of the dialogue */
	char from;
	bool head;          /* of HTTP: its field names count too */
	bool soft;          /* a text that may be there or not: a body, untagged data of IMAP */
	char key[TURN_KEY]; /* what must be the same: "RCPT", "250", "GET HTTP/1.1" */
};

struct turns {
	const struct dialogue *d; /* borrowed */
	bool exact;
	struct turn *items; /* owned */
	size_t count;
};

/* Which protocol is spoken is seen from the lines. With exact, each line is a turn by itself
 * and all of its text counts. */
void turns_make(struct turns *t, const struct dialogue *d, bool exact);
void turns_free(struct turns *t);
/* A turn of the file's and one of the session's say the same. Header fields that only the
 * session has don't matter; with exact, `*` in a C: line of the file stands for anything. */
bool turns_same(const struct turns *file, size_t a, const struct turns *live, size_t b);
/* Of two heads with the same first line: the first line of the file's (an index into its
 * dialogue) whose field the session's has not; the head's end if it has them all. */
size_t turns_missing_field(const struct turns *file, const struct turn *a,
    const struct turns *live, const struct turn *b);

#endif
