/*
 * What the files of the shell tell each other; nobody else includes it.
 */
#ifndef PARLEY_CLI_SHELL_INSIDE_H
#define PARLEY_CLI_SHELL_INSIDE_H

#include "common/cli/shell.h"
#include "common/cli/shell_source.h"

struct shell {
	const struct shell_config *config;
	struct shell_source *source; /* the innermost */
	int depth;                   /* of `source FILE` */
	bool interactive;            /* the outermost source is a person */
	bool quit;
};

/* The verbs that every tool has. */
extern const struct shell_row shell_own_rows[];

/* All rows, the tool's first, then ours that the tool has not replaced by one of that name:
 * `for (row = NULL; (row = shell_next_row(config, row));)` */
const struct shell_row *shell_next_row(
    const struct shell_config *config, const struct shell_row *row);
/* Exact (any case), else an unambiguous prefix. ERR_USAGE, and NULL. */
const struct shell_row *shell_find_row(
    const struct shell_config *config, struct str name, struct err *err);

/* A line without what is around its command: blanks, '-' (go on) and '@' (no echo). */
struct shell_command {
	bool goes_on;
	bool silent;
	struct str verb; /* empty for a comment or nothing */
	struct str rest; /* what follows the verb */
};
struct shell_command shell_read_command(struct str line);

/* Runs the lines of a file, inside the running shell. */
bool shell_run_file(struct shell *sh, const char *path, struct err *err);
/* The readline module's `complete`; context is the struct shell. */
char **shell_complete(void *context, const char *text, size_t start, const char *line);

#endif
