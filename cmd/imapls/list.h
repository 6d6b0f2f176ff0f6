/*
 * Lists: the mailboxes of an account, the messages of a mailbox.
 */
#ifndef PARLEY_IMAPLS_LIST_H
#define PARLEY_IMAPLS_LIST_H

#include "cmd/imapls/session.h"
#include "cmd/imapls/show.h"

/* The session is logging in (session_open); `last`: LOGOUT may go with what is asked. */
bool list_folders(struct session *s, struct show *w, bool last, struct err *err);
/* Selects the mailbox. */
bool list_letters(
    struct session *s, const char *mailbox, struct show *w, bool last, struct err *err);
/* The messages of all mailboxes, or of the target's and those below it. */
bool list_recursive(struct session *s, struct show *w, bool last, struct err *err);

#endif
