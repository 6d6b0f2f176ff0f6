/*
 * Mailboxes made, renamed, removed, subscribed to; messages added to one.
 */
#ifndef PARLEY_IMAPLS_MANAGE_H
#define PARLEY_IMAPLS_MANAGE_H

#include "cmd/imapls/session.h"
#include "cmd/imapls/show.h"

/* What the options ask of the URL's mailbox, in the order create, rename, subscribe, remove;
 * then the messages of --append, whose unique ids are shown where the server tells them. */
bool manage_mailbox(struct session *s, struct show *w, struct err *err);

/* "VERB mailbox", to: a second name or NULL. */
bool manage_run(
    struct session *s, const char *verb, const char *mailbox, const char *to, struct err *err);
/* A file ("-" is stdin) as a message; flags: "+\Seen", or NULL. */
bool manage_append(struct session *s, const char *mailbox, const char *path, const char *flags,
    struct err *err);
/* Makes the mailbox below the prefix that the server gives one's own (NAMESPACE, RFC 2342),
 * unless the name has it already. */
bool manage_make_own(struct session *s, const char *name, struct err *err);

#endif
