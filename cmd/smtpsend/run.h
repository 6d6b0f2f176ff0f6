/*
 * A run: all messages, over as few connections as the server allows. The loop
 * that joins mails, session, submit and show.
 */
#ifndef PARLEY_SMTPSEND_RUN_H
#define PARLEY_SMTPSEND_RUN_H

#include "cmd/smtpsend/session.h"
#include "cmd/smtpsend/submit.h"

struct run {
	const struct smtpsend_options *o;
	struct session *session;
	struct submit submit;
	struct submission **again; /* to be sent once more, a queue */
	size_t again_first, again_count;
	struct err first; /* the first failure, which is the run's */
	int64_t start;
	size_t messages;
	uint64_t bytes;
};

/* Sends every message of the options; the first failure is in run->first. */
void run_mails(struct run *run);
/* One submission, owned by the caller, over a connection of its own or the one that is open;
 * false with sub->err. For -bs. */
bool run_one(struct run *run, struct submission *sub);
void run_free(struct run *run);

#endif
