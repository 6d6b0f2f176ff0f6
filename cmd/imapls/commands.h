/*
 * The interactive and scripted mode: IMAP by hand, and ls, cd, cat and their kin.
 */
#ifndef PARLEY_IMAPLS_COMMANDS_H
#define PARLEY_IMAPLS_COMMANDS_H

#include "cmd/imapls/session.h"

/* Reads commands from the prompt, --script or --execute until the end or the first failure of a
 * script; then LOGOUT. */
bool commands_run(const struct imapls_options *o, struct dialer *dialer, struct trace *trace,
    struct err *err);

#endif
