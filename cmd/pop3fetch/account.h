/*
 * One account from its URL to its result: which task, in what order, QUIT at the
 * end. Says nothing to the user.
 */
#ifndef PARLEY_POP3FETCH_ACCOUNT_H
#define PARLEY_POP3FETCH_ACCOUNT_H

#include "cmd/pop3fetch/maildrop.h"
#include "cmd/pop3fetch/session.h"

struct account {
	const struct pop3fetch_options *o;
	const char *text; /* the operand */
	struct session session;
	struct maildrop drop;
	struct numbers only; /* the options', or the number in the URL */
	bool is_survey;      /* drop is filled */
	struct err err;      /* what the account's status is */
};

/* Does it all; a->err tells. a is zeroed but for o and text. */
void account_run(struct account *a, struct dialer *dialer);
void account_free(struct account *a);

#endif
