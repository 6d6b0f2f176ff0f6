/*
 * A conversation in plain words: a line and what went before it become one
 * sentence. What is said stands in const tables, one file a protocol; nothing of
 * the line itself is repeated, so no secret can get out this way. No I/O.
 */
#ifndef PARLEY_TEXT_EXPLAIN_H
#define PARLEY_TEXT_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

enum {
	EXPLAIN_COLUMNS = 96, /* of a sentence, so that 100 hold it with its indentation */
	EXPLAIN_WAITING = 512 /* commands in flight that are remembered */
};

struct explain;

/* One entry: "354" of SMTP, "RCPT", "ETag", "[IN-USE]". */
struct explain_row {
	const char *name;
	const char *after; /* only as the answer to this verb, or with a value that begins so;
			    * NULL: otherwise. The special rows stand before the general */
	const char *text;
	const char *rfc;   /* "5321 4.1.1.3"; NULL for what no RFC says */
	const char *phase; /* of the session, that begins or ends; NULL */
};

struct explain_book {
	const char *protocol;
	const struct explain_row *const *tables; /* what explain_word searches; NULL ends it */
	const struct explain_row *events;
	const char *(*lead)(const char *name); /* what a code's class means; NULL for no code */
	void (*client)(struct explain *x, struct str line, struct buf *out);
	void (*server)(struct explain *x, struct str line, struct buf *out);
};

struct explain_asked {
	const struct explain_row *verb; /* NULL: not in the tables */
	char tag[16]; /* IMAP's; "LAST": a letter ends with it; "one": of one message */
};

/* What is known of one connection. Commands wait in the order in which they were sent. */
struct explain {
	const struct explain_book *book;
	struct explain_asked waiting[EXPLAIN_WAITING];
	size_t first, count;
	const struct explain_row *last; /* the verb answered last; NULL: the greeting is next */
	int multi;                      /* code of a reply of several lines that is not over */
	bool client_body, server_body;
	bool prompted;        /* the next line of the client answers a challenge */
	bool in_head;         /* HTTP: fields of the client follow; mail: its head */
	bool in_answer;       /* HTTP: fields of the server follow; IMAP: it has greeted */
	uint64_t lines;       /* of this body */
	uint64_t left;        /* bytes of the client's that were counted beforehand */
	uint64_t server_left; /* the same of the server's */
	bool per_recipient;   /* LMTP: each accepted recipient has a reply to the letter */
	int accepted, replied;
};

extern const struct explain_book explain_ftp, explain_http, explain_imap, explain_pop3,
    explain_smtp;

/* NULL when there is none of that name ("http", "ftp", "smtp", "pop3", "imap"). */
const struct explain_book *explain_book_of(const char *protocol);
void explain_start(struct explain *x, const struct explain_book *book);
/* Adds one sentence of at most EXPLAIN_COLUMNS bytes, or nothing where there is nothing to
 * say. `line` as the trace has it, without its line end. */
void explain_line(struct explain *x, char from, struct str line, struct buf *out);
/* `what` is the event's words after its name, as in "127.0.0.1:80". */
void explain_event(struct explain *x, const char *event, struct str what, struct buf *out);
/* Adds a line for each entry of that name, any case, with or without brackets. False, with
 * nothing added, for none. */
bool explain_word(const struct explain_book *book, struct str word, struct buf *out);

/* For the protocols' files. */

/* The first row of that name (X in front of a dot is any digit) whose `after` fits (equal, or
 * the beginning of it); any case. */
const struct explain_row *explain_find(
    const struct explain_row *rows, struct str name, struct str after);
/* The sentence of a row. `more`, a second remark, is left out where it does not fit. */
void explain_put(struct buf *out, const char *lead, const struct explain_row *row,
    const struct explain_row *more);
void explain_ask(struct explain *x, const struct explain_row *verb, struct str tag);
/* The verb whose answer is next; with nothing under way, the last one. "" for the greeting. */
struct str explain_asked_verb(const struct explain *x);
void explain_answered(struct explain *x);
/* The word at the front, up to a blank. */
struct str explain_first_word(struct str line);
/* The lines of a letter on its way: its first one, the end of the head, a doubled dot. */
void explain_letter(struct explain *x, struct str line, struct buf *out);

#endif
