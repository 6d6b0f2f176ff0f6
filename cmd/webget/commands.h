/*
 * The interactive and scripted mode: HTTP by hand.
 */
#ifndef PARLEY_WEBGET_COMMANDS_H
#define PARLEY_WEBGET_COMMANDS_H

#include "cmd/webget/task.h"

/* Reads commands from the prompt, --script or --execute until the end or the first failure of a
 * script. False with err. */
bool commands_run(struct run *run, struct err *err);

#endif
