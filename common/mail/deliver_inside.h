/*
 * What the kinds of delivery share. For deliver*.c only.
 */
#ifndef PARLEY_MAIL_DELIVER_INSIDE_H
#define PARLEY_MAIL_DELIVER_INSIDE_H

#include "common/mail/deliver.h"

enum { DELIVER_KEY = 32 };

/* A key of any bytes as a name of fixed length; "" for an empty one. */
struct deliver_key {
	char text[DELIVER_KEY + 1];
};

struct deliver_message {
	const struct deliver_envelope *envelope; /* during begin only */
	struct deliver_key key;
	int64_t time;
};

/* Each gets its own state. What is not there is not needed; functions with an err return false
 * with it set, and have then undone what they began. */
struct deliver_ops {
	void *(*open)(const struct deliver_options *o, struct err *err);
	void (*close)(void *state);
	bool (*has)(void *state, const struct deliver_key *key);
	bool (*begin)(void *state, const struct deliver_message *m, struct err *err);
	/* In large pieces, line ends converted. */
	bool (*write)(void *state, struct str piece, struct err *err);
	bool (*end)(void *state, struct err *err);
	void (*cancel)(void *state);
	bool (*sync)(void *state, size_t *done, struct err *err);
	void (*settle)(void *state);
	bool (*set_flags)(void *state, const struct deliver_key *key, const char *flags);
};

extern const struct deliver_ops deliver_maildir, deliver_mbox, deliver_pipe, deliver_stream;

/* --- mbox text, written by two of them --- */

enum { MBOXRD_SENDER = 320 }; /* RFC 5321 4.5.3.1: 64, @, 255 */

struct mboxrd {
	bool
	    begun; /* the From_ line is out: it waits for the head, which may name the sender */
	int64_t time;
	char sender[MBOXRD_SENDER + 1];
	bool in_line;     /* past the point where it could be a From_ line */
	unsigned matched; /* characters of "From " held back */
	char last;        /* byte written; 0 at the start of the message */
};

/* Nothing is written until there is something of the message. */
void mboxrd_begin(struct mboxrd *q, const struct deliver_message *m);
/* At most twice its length comes of a piece, and the From_ line of the first. Its sender is the
 * envelope's, or that of the Return-Path in the first piece, or MAILER-DAEMON. */
void mboxrd_put(struct mboxrd *q, struct buf *out, struct str piece);
/* The end of the last line and the empty line after the message. */
void mboxrd_end(struct mboxrd *q, struct buf *out);

#endif
