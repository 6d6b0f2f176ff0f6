/*
 * The task: messages to a server over one connection, in as few round trips as
 * the server allows. Decides what is put before which read; the verbs are
 * smtp.c's, the connection is session.c's.
 */
#ifndef PARLEY_SMTPSEND_SUBMIT_H
#define PARLEY_SMTPSEND_SUBMIT_H

#include "cmd/smtpsend/fit.h"

/* An answer that is still to come, and whose. */
struct awaited {
	enum awaited_verb {
		AWAIT_RSET,
		AWAIT_MAIL,
		AWAIT_RCPT,
		AWAIT_DATA,
		AWAIT_END, /* of DATA, or the last BDAT */
		AWAIT_QUIT
	} verb;
	struct submission *sub;
	size_t recipient;
};

struct submit {
	struct smtp *smtp;
	const struct smtpsend_options *o;
	/* Called once for every submission whose fate is known, or that is to be sent `again`;
	 * it frees the submission or keeps it. */
	void (*done)(void *context, struct submission *sub);
	void *context;
	/* Inside: a ring of answers to come, and what the transaction needs. */
	struct awaited *ring;
	size_t first, count, room;
	struct submission *current; /* being sent; NULL: none */
	bool needs_rset;            /* a transaction was left open */
	bool quit_sent;
	size_t finished; /* messages whose fate was known on this connection */
};

void submit_open(struct submit *w, struct smtp *smtp, const struct smtpsend_options *o);
/*
 * Sends one message, or puts it on its way: its answers may come while the next is sent.
 * last: nothing follows, so QUIT may leave with the end. The submission is lent until `done`
 * has it. False when the connection is of no more use (421, lost): every submission under way
 * was handed to `done` then.
 */
bool submit_send(struct submit *w, struct submission *sub, bool last);
/* Waits for all answers. */
bool submit_finish(struct submit *w);
void submit_close(struct submit *w);

#endif
