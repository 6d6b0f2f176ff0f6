/*
 * An mbox file opened and locked against every program that keeps to the
 * customs: FILE.lock, then fcntl(2). Knows nothing of what is in it.
 */
#ifndef PARLEY_MAIL_MBOX_LOCK_H
#define PARLEY_MAIL_MBOX_LOCK_H

#include "common/base/err.h"

struct mbox_lock {
	int fd;
	char *dot; /* name of our FILE.lock; NULL where its directory takes none */
};

/* Opens for reading and writing, made with mode 0600 if it is not there, and waits at most 10
 * seconds for the locks. ERR_CREATE; ERR_AGAIN when another holds them. */
bool mbox_lock(struct mbox_lock *l, const char *path, struct err *err);
/* And closes. */
void mbox_unlock(struct mbox_lock *l);

#endif
