/*
 * The one place that writes to stderr in sentences: "webget: what happened".
 * Whatever came from a server is made visible first; the terminal is never
 * written to raw. Each call is one write, so that threads don't mix their lines.
 */
#ifndef PARLEY_CLI_SAY_H
#define PARLEY_CLI_SAY_H

#include "common/base/compat.h"
#include "common/base/err.h"
#include "common/base/str.h"

/* "TOOL: [what: ]text[: server said: ...]" on one line. what (a URL, a file) may be NULL. */
void say_error(const char *tool, const char *what, const struct err *err);
/* "TOOL: warning-like sentence"; nothing when quiet. */
void say_note(const char *tool, bool quiet, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* A line of a script as it is run, on stderr: "PROMPT line". */
void say_echo(const char *prompt, struct str line);
/* Writes text to fd: exact, or, when fd is a terminal, made visible (TAB and line ends stay)
 * and in the charset of the user's locale, with "?" for what that can't show.
 * Give it whole lines: a character cut in two is shown as bytes. ERR_IO when fd can't be
 * written, ERR_INTERRUPT when a signal broke the wait. */
bool say_text(int fd, const char *text, size_t len, struct err *err);
/* The plain loop under it: all of the bytes, or false with *err naming `name`. */
bool say_bytes(int fd, const char *name, struct str bytes, struct err *err);

#endif
