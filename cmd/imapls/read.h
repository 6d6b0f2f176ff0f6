/*
 * One message: its bytes, its header, a part of it, its attachments, or what a reader wants to
 * see.
 */
#ifndef PARLEY_IMAPLS_READ_H
#define PARLEY_IMAPLS_READ_H

#include "cmd/imapls/session.h"
#include "cmd/imapls/show.h"

/* The message mailbox;UID=uid as the options say; the session is logging in (session_open) and
 * selects the mailbox. ERR_ABSENT without such a message or part. */
bool read_message(struct session *s, uint32_t uid, struct show *w, bool last, struct err *err);

#endif
