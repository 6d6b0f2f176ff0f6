/*
 * From lines to the functions of rows, and who learns of failures. Knows no
 * protocol: the rows are the tool's.
 */
#include "common/cli/shell.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"
#include "common/cli/shell_inside.h"
#include "common/cli/shell_words.h"
#include "common/cli/userfile.h"

/* A file that sources itself is stopped here. */
enum { DEEPEST = 16 };

void *shell_session(struct shell *sh)
{
	return sh->config->session;
}

bool shell_is_interactive(const struct shell *sh)
{
	return sh->interactive;
}

void shell_end(struct shell *sh)
{
	sh->quit = true;
}

bool shell_read_line(struct shell *sh, const char *prompt, struct str *line)
{
	struct err why = {0};
	return shell_source_line(sh->source, prompt ? prompt : "", line, &why);
}

/* Length of the verb at the front; "!ls" needs no blank. */
static size_t verb_len(struct str text)
{
	size_t len = 0;
	if (text.ptr[0] == '!')
		return 1;
	while (len < text.len && text.ptr[len] != ' ' && text.ptr[len] != '\t')
		len++;
	return len;
}

struct shell_command shell_read_command(struct str line)
{
	struct shell_command c = {0};
	struct str text = str_trim(line);
	while (text.len && (text.ptr[0] == '-' || text.ptr[0] == '@')) {
		c.goes_on = c.goes_on || text.ptr[0] == '-';
		c.silent = c.silent || text.ptr[0] == '@';
		text = str_trim(str_sub(text, 1, text.len));
	}
	if (text.len == 0 || text.ptr[0] == '#')
		return c;
	size_t end = verb_len(text);
	c.verb = str_sub(text, 0, end);
	c.rest = str_trim(str_sub(text, end, text.len));
	return c;
}

static bool run_row(
    struct shell *sh, const struct shell_row *row, struct str rest, struct err *err)
{
	struct shell_words words = {0};
	char *raw = row->raw_rest ? str_dup(rest) : NULL;
	if (!raw && !shell_words_split(&words, rest, err))
		return false;
	int argc = raw ? 1 + (rest.len > 0) : 1 + words.count;
	char **argv = mem_array((size_t)argc + 1, sizeof *argv);
	argv[0] = mem_dup(row->name);
	if (raw && rest.len)
		argv[1] = raw;
	for (int i = 0; i < words.count; i++)
		argv[i + 1] = words.argv[i];
	bool good = row->run(sh, argc, argv, err);
	free(argv[0]);
	free(argv);
	mem_free_secret(raw);
	shell_words_free(&words);
	return good || err_set(err, ERR_INTERNAL, "%s failed without saying why", row->name);
}

static void echo(
    const struct shell *sh, const struct shell_command *c, const struct shell_row *row)
{
	bool hidden = row && row->secret && c->rest.len;
	char *prompt = mem_printf("%s> ", sh->config->tool);
	char *line = mem_printf("%s%.*s%s%.*s", c->goes_on ? "-" : "", STR_ARG(c->verb),
	    c->rest.len ? " " : "", hidden ? 4 : (int)c->rest.len,
	    hidden        ? "****"
	    : c->rest.len ? c->rest.ptr
			  : "");
	say_echo(prompt, str_of(line));
	mem_free_secret(line);
	free(prompt);
}

static void remember(const struct shell *sh, struct str line, const struct shell_row *row)
{
	if (sh->source->kind != SOURCE_KEYBOARD || (row && row->secret))
		return;
	char *copy = str_dup(line);
	sh->source->readline->remember(copy);
	mem_free_secret(copy);
}

/* One line. False when its failure counts. */
static bool step(struct shell *sh, struct str line, struct err *err)
{
	struct err why = {0};
	struct shell_command c = shell_read_command(line);
	if (c.verb.len == 0)
		return true;
	const struct shell_row *row = shell_find_row(sh->config, c.verb, &why);
	if (sh->source->echo && !c.silent)
		echo(sh, &c, row);
	remember(sh, line, row);
	if (row && run_row(sh, row, c.rest, &why))
		return true;
	if (!c.goes_on || why.kind == ERR_INTERRUPT)
		return err_pass(err, &why);
	say_error(sh->config->tool, NULL, &why);
	return true;
}

/* A script: to its end, to quit, or to the first failure. */
static bool run_script(struct shell *sh, struct err *err)
{
	struct str line;
	while (!sh->quit && shell_source_line(sh->source, NULL, &line, err))
		if (!step(sh, line, err))
			return false;
	return !err_is_set(err);
}

/* Runs a source inside whatever runs. */
static bool run_source(struct shell *sh, struct shell_source *source, struct err *err)
{
	struct shell_source *outer = sh->source;
	sh->source = source;
	sh->depth++;
	bool good = run_script(sh, err);
	sh->depth--;
	sh->source = outer;
	shell_source_close(source);
	return good;
}

bool shell_run_file(struct shell *sh, const char *path, struct err *err)
{
	struct shell_source source = {
	    .kind = SOURCE_FD, .echo = true, .held = BUF_INIT(LIMIT_LINE + 128 * KIB)};
	if (sh->depth >= DEEPEST)
		return err_set(
		    err, ERR_USAGE, "%.200s: files source each other too deeply", path);
	if (strcmp(path, "-") != 0)
		source.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (source.fd < 0)
		return err_set_errno(
		    err, errno == ENOENT ? ERR_ABSENT : ERR_IO, "%.200s", path);
	return run_source(sh, &source, err);
}

bool shell_script(const struct shell_config *config, const char *path, struct err *err)
{
	struct shell sh = {.config = config};
	return shell_run_file(&sh, path, err);
}

bool shell_execute(const struct shell_config *config, const char *text, struct err *err)
{
	struct shell sh = {.config = config};
	struct shell_source source = {.kind = SOURCE_TEXT, .echo = true, .text = str_of(text)};
	return run_source(&sh, &source, err);
}

static const char *prompt_of(const struct shell *sh, char *room, size_t size)
{
	const struct shell_config *c = sh->config;
	const char *own = c->prompt ? c->prompt(c->session) : NULL;
	char *text = own ? mem_dup(own) : mem_printf("%s> ", c->tool);
	struct str shown = str_sub(str_of(text), 0, size - 1);
	memcpy(room, shown.ptr, shown.len);
	room[shown.len] = '\0';
	free(text);
	return room;
}

/* Ctrl-C ends the command or the line, not the shell; other signals end it. */
static bool survive(struct shell *sh, struct err *why)
{
	bool was_interrupt = why->kind == ERR_INTERRUPT;
	if (*interrupt_flag() && *interrupt_flag() != SIGINT)
		return false;
	interrupt_clear();
	if (!was_interrupt)
		say_error(sh->config->tool, NULL, why);
	else if (sh->interactive)
		say_echo("", STR_NONE);
	err_clear(why);
	return true;
}

static bool converse(struct shell *sh, struct err *err)
{
	char prompt[256];
	struct str line;
	while (!sh->quit) {
		struct err why = {0};
		prompt_of(sh, prompt, sizeof prompt);
		bool got = shell_source_line(sh->source, prompt, &line, &why);
		bool good = got && step(sh, line, &why);
		if (!got && !err_is_set(&why))
			break;
		bool broken = !got && why.kind != ERR_INTERRUPT;
		if (!good && (broken || !survive(sh, &why)))
			return err_pass(err, &why);
		/* A Ctrl-C that the command did not see, as in `!sleep 9`. */
		if (*interrupt_flag() == SIGINT)
			interrupt_clear();
	}
	return true;
}

/* readline's prompt; without its module the lines come plain. The history's place is made
 * here, so that the module only reads and writes. */
static void use_keyboard(struct shell *sh, struct shell_readline_setup *setup)
{
	struct err why = {0};
	struct shell_source *s = sh->source;
	s->readline = module_table("readline", &why);
	if (!s->readline) {
		say_note(sh->config->tool, false, "%s; lines can't be edited", why.text);
		s->prompts = true;
		return;
	}
	s->kind = SOURCE_KEYBOARD;
	if (setup->history_file && !userfile_make_dirs(setup->history_file, 0700))
		setup->history_file = NULL;
	s->readline->start(setup);
}

bool shell_interactive(const struct shell_config *config, struct err *err)
{
	struct shell_source source = {
	    .kind = SOURCE_FD, .held = BUF_INIT(LIMIT_LINE + 128 * KIB)};
	struct shell sh = {.config = config, .source = &source};
	char *history = userfile_history_path(config->tool);
	struct shell_readline_setup setup = {
	    .tool = config->tool,
	    .history_file = history,
	    .interrupted = interrupt_flag(),
	    .complete = shell_complete,
	    .context = &sh,
	};
	sh.interactive = isatty(STDIN_FILENO);
	if (sh.interactive)
		use_keyboard(&sh, &setup);
	bool good = converse(&sh, err);
	if (source.kind == SOURCE_KEYBOARD)
		source.readline->stop();
	shell_source_close(&source);
	free(history);
	return good;
}
