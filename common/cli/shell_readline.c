/*
 * The prompt: GNU readline with history and completion, as the module "readline".
 * The only file that includes readline's headers. Knows no verb.
 *
 * readline calls back without a context, so what the callbacks need stands in
 * one variable of this file; there is one terminal and one prompt at a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/cli/shell.h"

/* Lines kept in the history file. */
enum { HISTORY_LINES = 1000 };

static struct {
	struct shell_readline_setup setup;
	bool interrupted; /* the line being read was ended by a signal */
	int added;        /* lines of this session */
	char **names;     /* the candidates being handed out */
} ui;

/* readline's own loops on after a signal that it doesn't handle itself. */
static int read_key(FILE *in)
{
	unsigned char byte;
	for (;;) {
		ssize_t n = read(fileno(in), &byte, 1);
		if (n == 1)
			return byte;
		if (n == 0 || errno != EINTR)
			return EOF;
		if (*ui.setup.interrupted) {
			ui.interrupted = true;
			/* Ends whatever is going on; the line is thrown away. */
			return '\n';
		}
		rl_check_signals();
	}
}

static char *next_name(const char *text, int state)
{
	(void)text, (void)state;
	return *ui.names ? *ui.names++ : NULL;
}

static char **complete(const char *text, int start, int end)
{
	(void)end;
	char **names = ui.setup.complete(ui.setup.context, text, (size_t)start, rl_line_buffer);
	if (!names)
		return NULL; /* readline completes file names */
	rl_attempted_completion_over = 1;
	ui.names = names;
	char **matches = rl_completion_matches(text, next_name);
	/* A directory goes on. */
	size_t len = matches && !matches[1] ? strlen(matches[0]) : 0;
	if (len && matches[0][len - 1] == '/')
		rl_completion_append_character = '\0';
	free(names);
	return matches;
}

static void start(const struct shell_readline_setup *setup)
{
	ui.setup = *setup;
	rl_readline_name = setup->tool;
	/* The program's handlers stay; read_key sees their flag. */
	rl_catch_signals = 0;
	rl_getc_function = read_key;
	rl_attempted_completion_function = complete;
	rl_completer_word_break_characters = " \t\"'";
	rl_completer_quote_characters = "\"'";
	/* Piped results stay free of prompts. */
	rl_outstream = isatty(STDOUT_FILENO) ? stdout : stderr;
	using_history();
	stifle_history(HISTORY_LINES);
	if (setup->history_file)
		read_history(setup->history_file);
}

static char *read_prompted(const char *prompt, bool *interrupted)
{
	ui.interrupted = false;
	char *line = readline(prompt);
	*interrupted = ui.interrupted;
	if (!line && !ui.interrupted)
		fputc('\n', rl_outstream);
	if (ui.interrupted) {
		mem_free_secret(line);
		line = NULL;
	}
	return line;
}

static void remember(const char *line)
{
	const HIST_ENTRY *last =
	    history_length ? history_get(history_base + history_length - 1) : NULL;
	if (last && strcmp(last->line, line) == 0)
		return;
	add_history(line);
	ui.added++;
}

/* Appended, not written anew: another prompt may have saved its lines meanwhile. */
static void stop(void)
{
	const char *file = ui.setup.history_file;
	if (!file || !ui.added)
		return;
	int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	close(fd);
	if (append_history(ui.added, file) == 0)
		history_truncate_file(file, HISTORY_LINES);
}

static const char *version(void)
{
	return rl_library_version;
}

static const struct shell_readline_ops ops = {
    .start = start,
    .read = read_prompted,
    .remember = remember,
    .stop = stop,
    .version = version,
};

MODULE_TABLE(&ops)
