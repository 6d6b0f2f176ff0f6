/*
 * The interactive and scripted mode: POP3 by hand.
 */
#ifndef PARLEY_POP3FETCH_COMMANDS_H
#define PARLEY_POP3FETCH_COMMANDS_H

#include "cmd/pop3fetch/session.h"

/* Reads commands from the prompt, --script or --execute until the end or the first failure of a
 * script; then QUIT. After a failure there is no QUIT, so that nothing is deleted. */
bool commands_run(const struct pop3fetch_options *o, struct dialer *dialer, struct trace *trace,
    struct err *err);

#endif
