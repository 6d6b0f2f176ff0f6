/*
 * A batch of messages on its way into an mbox: kept in a file beside it until
 * the caller has noted that they are there, so that a program killed in
 * between neither loses nor doubles one. Knows no message, only text and keys.
 */
#ifndef PARLEY_MAIL_MBOX_JOURNAL_H
#define PARLEY_MAIL_MBOX_JOURNAL_H

#include "common/mail/deliver_inside.h"

struct mbox_journal {
	char *mbox;      /* path */
	char *path;      /* ".NAME.parley-N" beside it */
	int fd;          /* locked */
	uint64_t size;   /* text of the batch so far */
	uint64_t sum;    /* of that text */
	struct buf keys; /* of its messages, DELIVER_KEY + 1 bytes each with a line end */
	bool claimed;    /* for the caller: one of its keys was asked for */
	bool committed;  /* the batch is in the mbox; keys are those of it */
};

enum { MBOX_JOURNALS = 16 };

/* Journal of that number beside the mbox, made if that is asked for. What a run before left in
 * it is finished: then it is committed. False without an err if it is not there or in use by
 * another program; ERR_CREATE, ERR_AGAIN, ERR_IO. */
bool mbox_journal_open(
    struct mbox_journal *j, const char *mbox, unsigned number, bool make, struct err *err);
/* Closes, and removes the file unless a committed batch is not settled. */
void mbox_journal_close(struct mbox_journal *j);

/* Text of the batch. False with errno. */
bool mbox_journal_add(struct mbox_journal *j, struct str text);
/* Back to a state noted before. */
void mbox_journal_cut(struct mbox_journal *j, uint64_t size, uint64_t sum);
/* Appends the batch to the mbox, durably; a failed append leaves the mbox as it was. */
bool mbox_journal_commit(struct mbox_journal *j, struct err *err);
/* Empties it. */
void mbox_journal_settle(struct mbox_journal *j);

#endif
