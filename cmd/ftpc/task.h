/*
 * What the command line asks for, once: a file, a listing, an upload, a mirror.
 */
#ifndef PARLEY_FTPC_TASK_H
#define PARLEY_FTPC_TASK_H

#include "cmd/ftpc/session.h"

/* Opens the session it needs and closes it. */
bool task_run(struct run *run, const struct target *target, struct err *err);

#endif
