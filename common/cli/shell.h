/*
 * The interactive and the scripted mode: a line -> a row -> the same task
 * functions that the one-shot mode calls. Rows of a tool's verbs plus those all
 * tools have: help [verb], ?, trace, timing, explain, source FILE, !COMMAND, quit (also bye,
 * exit, end of input). (open, close, raw and the protocol's verbs are the tool's rows.)
 */
#ifndef PARLEY_CLI_SHELL_H
#define PARLEY_CLI_SHELL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct shell;
struct trace;

struct shell_row {
	const char *name;  /* any case is accepted; unambiguous prefixes too */
	const char *usage; /* "GET PATH" */
	const char *help;  /* one line */
	/* argc counts the verb itself. False with *err set ends a script with that status. */
	bool (*run)(struct shell *sh, int argc, char **argv, struct err *err);
	const char *completes; /* "verb", "local", "remote" or NULL: what completes arguments */
	bool raw_rest;         /* argv[1] is the rest of the line, unsplit */
	bool secret;           /* the arguments are neither echoed nor kept in the history */
};

struct shell_config {
	const char *tool;             /* history: $XDG_STATE_HOME/parley/TOOL.history, 0600 */
	const struct shell_row *rows; /* ended by one without a name */
	void *session;                /* the tool's own */
	const char *protocol; /* whose words `help 354` knows (explain.h); may be NULL */
	struct trace *trace;  /* what `trace` shows and `explain` explains; may be NULL */
	bool (*timing)(void *session, struct err *err); /* `timing`, to stderr; NULL: none */
	const char *(*prompt)(void *session);           /* NULL: "TOOL> " */
	/* Remote names that begin with prefix, a NULL-terminated array; the caller frees each
	 * and the array. NULL: no completion of remote names. */
	char **(*remote_names)(void *session, const char *prefix);
};

void *shell_session(struct shell *sh);
/* True when lines are typed at a terminal (prompts and colours may be used). */
bool shell_is_interactive(const struct shell *sh);
/* The next raw line for a verb that reads its own (raw, DATA): from the same source as the
 * commands; prompt is shown only on a terminal. False at the end of input and after an
 * interrupt (interrupt_flag tells). The line is borrowed until the next one. */
bool shell_read_line(struct shell *sh, const char *prompt, struct str *line);

/*
 * Lines are words, separated by blanks; 'single' and "double" quotes and backslashes as in sh.
 * The run ends at quit or the end of input.
 */

/* Prompt with readline (history, completion) when stdin is a terminal; plain lines from stdin
 * otherwise, without prompt and echo. An error is said and the next line is read. Ctrl-C
 * returns to the prompt. False only when input breaks or a signal ends the run. */
bool shell_interactive(const struct shell_config *config, struct err *err);
/* --script FILE ("-" is stdin): echoes each line on stderr ("TOOL> line") unless '@'; a leading
 * '-' goes on after a failure, which is said; otherwise the first failure ends it with its
 * error. # and blank lines are skipped. */
bool shell_script(const struct shell_config *config, const char *path, struct err *err);
/* --execute 'CMD; CMD': a script split at ';' (and line ends) outside quotes. */
bool shell_execute(const struct shell_config *config, const char *text, struct err *err);

/* The one of these three that the options ask for: execute, else script (either may be NULL),
 * else the prompt. */
bool shell_run(const struct shell_config *config, const char *script, const char *execute,
    struct err *err);
/* For a verb that says goodbye: the run ends with this line, as at quit. */
void shell_end(struct shell *sh);
/* For a verb's function: between least and most arguments; otherwise false with ERR_USAGE. */
bool shell_wants(int argc, int least, int most, struct err *err);
/* A verb as protocols write it: in capitals, cut to its room. */
void shell_capitals(const char *verb, char out[16]);
/* For a verb that turns something on or off: its argument says which, none means the other.
 * False with ERR_USAGE. */
bool shell_switch(int argc, char **argv, bool *on, struct err *err);

/* What the module "readline" (shell_readline.c) is told. All of it outlives the prompt. */
struct shell_readline_setup {
	const char *tool;
	const char *history_file; /* NULL: none is kept */
	const volatile sig_atomic_t *interrupted;
	/* What text, the word that begins at `start` of line, may become: a NULL-terminated
	 * array to be freed with its strings; NULL for names of local files. */
	char **(*complete)(void *context, const char *text, size_t start, const char *line);
	void *context;
};

/* The module's table. There is one prompt at a time. */
struct shell_readline_ops {
	void (*start)(const struct shell_readline_setup *setup);
	/* A line to be freed; NULL at the end of input, or, with *interrupted, after a signal.
	 */
	char *(*read)(const char *prompt, bool *interrupted);
	/* Adds a line to the history. */
	void (*remember)(const char *line);
	/* Saves the history. */
	void (*stop)(void);
	const char *(*version)(void);
};

#endif
