/*
 * The one place that writes to stderr in sentences: "webget: what happened".
 * Whatever came from a server is made visible first; the terminal is never
 * written to raw.
 */
#ifndef PARLEY_CLI_SAY_H
#define PARLEY_CLI_SAY_H

#include "common/base/compat.h"
#include "common/base/err.h"

/* "TOOL: [what: ]text[: server said: ...]" and a newline, in one write. what may be NULL. */
void say_error(const char *tool, const char *what, const struct err *err);
/* "TOOL: warning-like sentence"; nothing when quiet. */
void say_note(const char *tool, bool quiet, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Writes text to fd, made visible when fd is a terminal, exact otherwise. */
bool say_text(int fd, const char *text, size_t len, struct err *err);

#endif
