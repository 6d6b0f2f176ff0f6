/*
 * Where a shell's lines come from: the keyboard, a file, a text. Knows nothing of
 * commands. Sources nest (`source FILE`); the shell keeps the chain.
 */
#ifndef PARLEY_CLI_SHELL_SOURCE_H
#define PARLEY_CLI_SHELL_SOURCE_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/cli/shell.h"

enum shell_source_kind { SOURCE_KEYBOARD, SOURCE_FD, SOURCE_TEXT };

struct shell_source {
	enum shell_source_kind kind;
	bool echo; /* its lines are shown as they are run */

	const struct shell_readline_ops *readline; /* SOURCE_KEYBOARD */
	char *typed;                               /* the line being borrowed */

	int fd;          /* SOURCE_FD */
	bool prompts;    /* a terminal, but without readline */
	struct buf held; /* read and not yet used up */
	size_t used;     /* of held */
	bool ended;

	struct str text; /* SOURCE_TEXT: what is left */
};

/* The next line, without its end; borrowed until the next one. False at the end of input, and
 * with *err for a broken read, a line over LIMIT_LINE (ERR_USAGE), a signal (ERR_INTERRUPT). */
bool shell_source_line(
    struct shell_source *s, const char *prompt, struct str *line, struct err *err);
void shell_source_close(struct shell_source *s);

#endif
