/*
 * The mailboxes of an account: LIST with its roles and counts, in one round trip where the
 * server can (RFC 5258, 5819, 6154).
 */
#ifndef PARLEY_IMAPLS_FOLDERS_H
#define PARLEY_IMAPLS_FOLDERS_H

#include "cmd/imapls/session.h"

struct folder {
	char *raw;        /* as the server has it */
	char *name;       /* UTF-8 */
	char delimiter;   /* 0: none */
	const char *role; /* "sent", NULL for none */
	bool selectable, subscribed;
	bool counted; /* messages and unseen are known */
	uint64_t messages, unseen;
};

/* Zero it to start. */
struct folders {
	struct folder *items;
	size_t count, cap;
};

/* All of them in the order of their names, INBOX first; counts unless the names are enough.
 * `last` is LOGOUT sent with what is asked last. */
bool folders_list(
    struct session *s, struct folders *f, bool counts, bool last, struct err *err);
void folders_free(struct folders *f);

#endif
