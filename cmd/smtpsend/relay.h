/*
 * sendmail -bs: SMTP spoken on stdin and stdout with a program that wants its
 * mail relayed, message by message, to the server.
 */
#ifndef PARLEY_SMTPSEND_RELAY_H
#define PARLEY_SMTPSEND_RELAY_H

#include "cmd/smtpsend/run.h"

/* Until QUIT or the end of stdin. False with err when stdin or stdout broke; what became of a
 * message is the caller's to hear. run->o has require_all set: the caller must learn of every
 * recipient that is refused, and there is one answer for all. */
bool relay_run(struct run *run, struct err *err);

#endif
