/*
 * Reading an mbox file message by message (mboxrd). Knows nothing of what the
 * messages say.
 */
#ifndef PARLEY_MAIL_MBOX_H
#define PARLEY_MAIL_MBOX_H

#include "common/mail/source.h"

/* Zero it, set fd and name. */
struct mbox {
	int fd; /* a regular file */
	const char *name;
	uint64_t at; /* where the next From_ line stands */
	uint64_t size;
	struct buf in;    /* a piece of the file, */
	uint64_t held_at; /* from there */
	bool opened;
};

/* The next message, without its From_ line and the empty line after it, into an empty source
 * (which reads fd: keep it open). *found is false at the end. ERR_DATA if the file does not
 * begin with "From ", ERR_IO. */
bool mbox_next(struct mbox *m, struct source *out, bool *found, struct err *err);
void mbox_free(struct mbox *m);

#endif
