/*
 * Getting a password from outside: a command's first line, or the user's
 * keyboard. Knows nothing of hosts and protocols.
 */
#ifndef PARLEY_CLI_ASK_H
#define PARLEY_CLI_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

/* What `sh -c command` prints, up to the first line end: stdin is /dev/null, stderr ours. To
 * be freed with mem_free_secret; NULL with ERR_AUTH when it fails, prints nothing or more than
 * LIMIT_SECRET, with ERR_AGAIN at the deadline (the command is ended then; 0: none), with
 * ERR_INTERRUPT after a signal. */
char *ask_command(const char *command, int64_t deadline, struct err *err);
/* What the user types at the terminal, not echoed. NULL with ERR_AUTH at the end of input or
 * without a terminal, with ERR_INTERRUPT after a signal. The terminal is always restored. */
char *ask_terminal(const char *prompt, struct err *err);

#endif
