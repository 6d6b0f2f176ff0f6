/*
 * Waiting for new messages (IDLE, RFC 2177; NOOP where the server has none).
 */
#ifndef PARLEY_IMAPLS_WATCH_H
#define PARLEY_IMAPLS_WATCH_H

#include "cmd/imapls/session.h"
#include "cmd/imapls/show.h"

/* A line for each message that comes to the mailbox from now on. The session is logging in
 * (session_open). Ends with an error only: ERR_INTERRUPT, what the first connection fails with,
 * or anything that trying again won't help; lost connections are made anew. */
bool watch_run(struct session *s, struct show *w, struct err *err);

#endif
