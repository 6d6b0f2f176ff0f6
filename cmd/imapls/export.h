/*
 * A mailbox into a Maildir or an mbox, and the next time only what is new: by UIDVALIDITY and
 * unique ids, flags by CONDSTORE where the server has it. Nothing is lost and nothing doubled
 * when a run is cut off anywhere (see common/mail/deliver.h).
 */
#ifndef PARLEY_IMAPLS_EXPORT_H
#define PARLEY_IMAPLS_EXPORT_H

#include "cmd/imapls/session.h"
#include "cmd/imapls/show.h"

/* "maildir:DIR" or "mbox:FILE"? ERR_USAGE. */
bool export_check(const char *to, struct err *err);
/* The session is logging in (session_open). ERR_AGAIN if another run works on the target. */
bool export_run(struct session *s, struct show *w, struct err *err);

#endif
