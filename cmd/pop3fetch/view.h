/*
 * Looking at the messages without taking them: --list, --stat, --headers, --top and the one
 * message that a URL names. Writes to stdout, or to --output.
 */
#ifndef PARLEY_POP3FETCH_VIEW_H
#define PARLEY_POP3FETCH_VIEW_H

#include "cmd/pop3fetch/account.h"

/* Does it begin with UIDL and LIST (session.h, surveys)? */
bool view_surveys(const struct account *a);
/* On an open session. */
bool view_run(struct account *a, struct err *err);

#endif
