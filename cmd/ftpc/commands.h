/*
 * The interactive and scripted mode.
 */
#ifndef PARLEY_FTPC_COMMANDS_H
#define PARLEY_FTPC_COMMANDS_H

#include "cmd/ftpc/session.h"

/* By --execute, --script, a prompt on a terminal or lines on stdin. target may be NULL. */
bool commands_run(struct run *run, const char *target, struct err *err);

#endif
