/*
 * A command of the user's, run by sh -c. Knows nothing of why.
 */
#ifndef PARLEY_CLI_CHILD_H
#define PARLEY_CLI_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/base/err.h"

/* Starts `sh -c command`. in and out become its stdin and stdout: a descriptor, CHILD_OURS or
 * CHILD_NULL (/dev/null); stderr is ours. Descriptors without FD_CLOEXEC are inherited.
 * ERR_INTERNAL when it can't be started. */
enum { CHILD_OURS = -1, CHILD_NULL = -2 };
bool child_start(const char *command, int in, int out, pid_t *pid, struct err *err);
/* Waits for its end and says in *err (kind) how it failed: its status or its signal. An
 * interrupt does not end the waiting: the terminal sent it to the child too. */
bool child_wait(pid_t pid, enum err_kind kind, struct err *err);

#endif
