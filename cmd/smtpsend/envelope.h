/*
 * The envelope: one sender, recipients, and what became of each. Knows no
 * dialogue: submit.c fills in the answers, show.c reads them.
 */
#ifndef PARLEY_SMTPSEND_ENVELOPE_H
#define PARLEY_SMTPSEND_ENVELOPE_H

#include "common/base/buf.h"
#include "common/mail/mailbox.h"
#include "common/proto/reply.h"

/* What the server said last about a recipient: to RCPT, then to the message. */
struct answer {
	int code; /* 0: nothing yet */
	struct reply_status status;
	char *text; /* lines joined by a space, raw; NULL: nothing yet */
};

enum recipient_fate {
	RECIPIENT_UNASKED,
	RECIPIENT_ACCEPTED,  /* by RCPT; the message is not yet */
	RECIPIENT_DELIVERED, /* the server has taken the message for it */
	RECIPIENT_REFUSED,
	RECIPIENT_UNCERTAIN, /* the answer to the message never came */
};

struct recipient {
	char *address; /* UTF-8, without brackets */
	enum recipient_fate fate;
	struct answer answer;
};

struct envelope {
	char *sender; /* "" for the null reverse-path */
	struct recipient *items;
	size_t count;
	bool utf8; /* an address can't be said in ASCII */
};

/* Takes the addresses of the list over in their order, each once. */
void envelope_take(struct envelope *e, struct mailboxes *list);
/* ERR_USAGE for an address that is none or can't stand in a command; ERR_USAGE without a
 * recipient. */
bool envelope_check(struct envelope *e, struct err *err);
/* For a server without SMTPUTF8: domains become A-labels. ERR_REFUSED, naming the address, when
 * a local part needs more than ASCII. */
bool envelope_to_ascii(struct envelope *e, struct err *err);
/* Back to RECIPIENT_UNASKED, for another try. */
void envelope_reset(struct envelope *e);
void envelope_free(struct envelope *e);

void answer_set(struct answer *a, const struct reply *r);
/* "5.1.1" into out; false if the server gave none. */
bool answer_status(const struct answer *a, char out[16]);
/* The text without the enhanced status before it, borrowed. */
struct str answer_words(const struct answer *a);

size_t envelope_count(const struct envelope *e, enum recipient_fate fate);

#endif
