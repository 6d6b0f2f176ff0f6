/*
 * The messages of a run, one after the other, each made ready to be sent:
 * read, completed, with its envelope, checked. Connects to nothing.
 */
#ifndef PARLEY_SMTPSEND_MAILS_H
#define PARLEY_SMTPSEND_MAILS_H

#include "cmd/smtpsend/fit.h"
#include "common/mail/mbox.h"

struct mails {
	const struct smtpsend_options *o;
	struct mbox mbox;
	size_t taken; /* messages given out so far, the bad ones too */
	bool ended;
};

/* ERR_ABSENT, ERR_IO for an mbox that can't be read. */
bool mails_open(struct mails *m, const struct smtpsend_options *o, struct err *err);
/* The next one, to be freed with submission_free and free; NULL at the end. One that can't be
 * sent has its err set: ERR_USAGE, ERR_DATA, ERR_ABSENT, ERR_IO. */
struct submission *mails_next(struct mails *m);
void mails_close(struct mails *m);

/* The envelope for a letter: sender and recipients from options and head. */
bool mails_address(struct submission *sub, const struct smtpsend_options *o);

#endif
