/*
 * The interactive and scripted mode: SMTP by hand.
 */
#ifndef PARLEY_SMTPSEND_COMMANDS_H
#define PARLEY_SMTPSEND_COMMANDS_H

#include "cmd/smtpsend/run.h"

/* Reads commands from the prompt, --script or --execute until the end or the first failure of a
 * script; then says QUIT. False with err. */
bool commands_run(struct run *run, struct err *err);

#endif
