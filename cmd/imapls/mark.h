/*
 * How far an export has come: a small text file beside its target, a line for each mailbox that
 * goes there. Knows no protocol.
 *
 *	# imapls: UIDVALIDITY UID MODSEQ and the mailbox of what was exported
 *	1795321835 10 0 ada@mail.example.org:993/INBOX
 */
#ifndef PARLEY_IMAPLS_MARK_H
#define PARLEY_IMAPLS_MARK_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

/* Zero it to start. */
struct mark {
	char *path;
	char *name;                         /* of the mailbox, as the line has it */
	struct buf others;                  /* lines of other mailboxes */
	uint64_t uid_validity, uid, modseq; /* 0: nothing yet */
};

/* Reads the file; one that isn't there is fine. ERR_CONFIG names a line that can't be read.
 * Free with mark_free in either case. */
bool mark_read(struct mark *m, const char *path, const char *name, struct err *err);
/* Replaces the file, whole and durably. ERR_IO, ERR_CREATE. */
bool mark_save(const struct mark *m, struct err *err);
void mark_free(struct mark *m);

#endif
