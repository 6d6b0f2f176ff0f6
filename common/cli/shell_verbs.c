/*
 * The verbs every tool has, and finding a row by its name or what is typed of it.
 */
#include <string.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/child.h"
#include "common/cli/say.h"
#include "common/cli/shell_inside.h"
#include "common/net/trace.h"
#include "common/text/explain.h"

enum { USAGE_COLUMN = 30, OWN_ROWS = 10 };

static bool is_replaced(const struct shell_config *config, const struct shell_row *own)
{
	for (const struct shell_row *row = config->rows; row->name; row++)
		if (strcmp(row->name, own->name) == 0)
			return true;
	return false;
}

const struct shell_row *shell_next_row(
    const struct shell_config *config, const struct shell_row *row)
{
	bool is_own = row && row >= shell_own_rows && row < shell_own_rows + OWN_ROWS;
	row = row ? row + 1 : config->rows;
	if (!is_own && row->name)
		return row;
	row = is_own ? row : shell_own_rows;
	while (row->name && is_replaced(config, row))
		row++;
	return row->name ? row : NULL;
}

const struct shell_row *shell_find_row(
    const struct shell_config *config, struct str name, struct err *err)
{
	const struct shell_row *found = NULL;
	int shown = name.len < 60 ? (int)name.len : 60, count = 0;
	struct buf list = BUF_INIT(300);
	for (const struct shell_row *row = NULL; (row = shell_next_row(config, row));) {
		if (str_is_nocase(name, row->name)) {
			buf_free(&list);
			return row;
		}
		if (str_eq_nocase(str_sub(str_of(row->name), 0, name.len), name)) {
			found = row;
			buf_addf(&list, "%s%s", count++ ? ", " : "", row->name);
		}
	}
	if (count == 0)
		err_set(
		    err, ERR_USAGE, "%.*s: no such command (help lists them)", shown, name.ptr);
	else if (count > 1)
		err_set(err, ERR_USAGE, "%.*s: which of %s?", shown, name.ptr, buf_cstr(&list));
	buf_free(&list);
	return count == 1 ? found : NULL;
}

bool shell_wants(int argc, int least, int most, struct err *err)
{
	return (argc > least && argc <= most + 1) ||
	       err_set(err, ERR_USAGE, "%s; help VERB shows the usage",
		   argc <= least ? "an argument is missing" : "too many arguments");
}

void shell_capitals(const char *verb, char out[16])
{
	size_t len = 0;
	for (; len < 15 && verb[len]; len++)
		out[len] = verb[len] >= 'a' && verb[len] <= 'z' ? (char)(verb[len] - 'a' + 'A')
								: verb[len];
	out[len] = '\0';
}

bool shell_run(
    const struct shell_config *config, const char *script, const char *execute, struct err *err)
{
	if (execute)
		return shell_execute(config, execute, err);
	return script ? shell_script(config, script, err) : shell_interactive(config, err);
}

static void put_row(struct buf *out, const struct shell_row *row)
{
	const char *usage = row->usage ? row->usage : row->name;
	bool wide = strlen(usage) + 2 > USAGE_COLUMN;
	buf_addf(out, "  %s", usage);
	if (wide)
		buf_addf(out, "\n%*s", USAGE_COLUMN + 2, "");
	else
		buf_addf(out, "%*s", (int)(USAGE_COLUMN - strlen(usage)), "");
	buf_addf(out, "%s\n", row->help ? row->help : "");
}

/* One word: a command of ours, a word of the protocol, or both. */
static bool put_help(
    struct buf *out, const struct shell_config *config, struct str word, struct err *err)
{
	const struct explain_book *book = explain_book_of(config->protocol);
	struct err no_command = {0};
	const struct shell_row *row = shell_find_row(config, word, &no_command);
	if (row)
		put_row(out, row);
	bool explained = book && explain_word(book, word, out);
	return row || explained || err_pass(err, &no_command);
}

static bool run_help(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct buf out = BUF_INIT(MIB);
	const struct shell_row *row = NULL;
	bool good = true;
	if (argc < 2)
		while ((row = shell_next_row(sh->config, row)))
			put_row(&out, row);
	for (int i = 1; good && i < argc; i++)
		good = put_help(&out, sh->config, str_of(argv[i]), err);
	good = good && say_bytes(STDOUT_FILENO, "standard output", buf_str(&out), err);
	buf_free(&out);
	return good;
}

bool shell_switch(int argc, char **argv, bool *on, struct err *err)
{
	bool said_on = argc == 2 && strcmp(argv[1], "on") == 0;
	if (argc > 2 || (argc == 2 && !said_on && strcmp(argv[1], "off") != 0))
		return err_set(err, ERR_USAGE, "%s on, or %s off", argv[0], argv[0]);
	*on = argc == 2 ? said_on : !*on;
	return true;
}

static bool run_trace(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct trace *trace = sh->config->trace;
	bool on = !trace || trace_is_paused(trace);
	if (!shell_switch(argc, argv, &on, err))
		return false;
	if (trace)
		trace_pause(trace, !on);
	return true;
}

static bool run_timing(struct shell *sh, int argc, char **argv, struct err *err)
{
	(void)argv;
	if (!shell_wants(argc, 0, 0, err))
		return false;
	return sh->config->timing ? sh->config->timing(shell_session(sh), err)
				  : err_set(err, ERR_USAGE, "timing: nothing is measured here");
}

static bool run_explain(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct trace *trace = sh->config->trace;
	bool on = trace && trace_is_explained(trace);
	if (!shell_switch(argc, argv, &on, err))
		return false;
	if (!trace || !explain_book_of(sh->config->protocol))
		return err_set(err, ERR_USAGE, "explain: there is no dialogue to explain here");
	trace_set_explained(trace, on);
	if (on) /* what is not shown can't be explained */
		trace_pause(trace, false);
	return true;
}

static bool run_source(struct shell *sh, int argc, char **argv, struct err *err)
{
	if (argc != 2)
		return err_set(err, ERR_USAGE, "source: needs one FILE");
	return shell_run_file(sh, argv[1], err);
}

static bool run_quit(struct shell *sh, int argc, char **argv, struct err *err)
{
	(void)argc, (void)argv, (void)err;
	shell_end(sh);
	return true;
}

/* A script's own input is not the command's to read. */
static bool run_command(struct shell *sh, int argc, char **argv, struct err *err)
{
	pid_t pid;
	const char *command = argc > 1 ? argv[1] : NULL;
	if (!command && !shell_is_interactive(sh))
		return err_set(err, ERR_USAGE, "!: needs a command");
	if (!command)
		command = "exec \"${SHELL:-sh}\"";
	int in = shell_is_interactive(sh) ? CHILD_OURS : CHILD_NULL;
	return child_start(command, in, CHILD_OURS, &pid, err) && child_wait(pid, ERR_IO, err);
}

const struct shell_row shell_own_rows[OWN_ROWS + 1] = {
    {.name = "help",
	.usage = "help [WORD]",
	.help = "list the commands, or explain one, a verb or a reply code",
	.run = run_help,
	.completes = "verb"},
    {.name = "?",
	.usage = "? [VERB]",
	.help = "the same",
	.run = run_help,
	.completes = "verb"},
    {.name = "trace",
	.usage = "trace [on|off]",
	.help = "show the dialogue or not",
	.run = run_trace},
    {.name = "timing",
	.usage = "timing",
	.help = "how long each phase took",
	.run = run_timing},
    {.name = "explain",
	.usage = "explain [on|off]",
	.help = "what each line of the dialogue means, or not",
	.run = run_explain},
    {.name = "source",
	.usage = "source FILE",
	.help = "run the commands in FILE",
	.run = run_source,
	.completes = "local"},
    {.name = "!",
	.usage = "!COMMAND",
	.help = "run COMMAND in a shell",
	.run = run_command,
	.completes = "local",
	.raw_rest = true},
    {.name = "quit", .usage = "quit", .help = "end", .run = run_quit},
    {.name = "exit", .usage = "exit", .help = "end", .run = run_quit},
    {.name = "bye", .usage = "bye", .help = "end", .run = run_quit},
    {.name = NULL},
};

/* ---- completion ---- */

struct names {
	char **names; /* NULL-terminated */
	size_t count;
};

static void add(struct names *n, char *name)
{
	n->names = mem_resize(n->names, n->count + 2, sizeof *n->names);
	n->names[n->count++] = name;
	n->names[n->count] = NULL;
}

static char **complete_verb(const struct shell_config *config, struct str typed)
{
	struct names n = {mem_array(1, sizeof *n.names), 0};
	for (const struct shell_row *row = NULL; (row = shell_next_row(config, row));)
		if (str_eq_nocase(str_sub(str_of(row->name), 0, typed.len), typed))
			add(&n, mem_dup(row->name));
	return n.names;
}

char **shell_complete(void *context, const char *text, size_t start, const char *line)
{
	struct shell *sh = context;
	const struct shell_config *config = sh->config;
	struct err unimportant = {0};
	struct shell_command before = shell_read_command((struct str){line, start});
	if (before.verb.len == 0)
		return complete_verb(config, str_of(text));
	const struct shell_row *row = shell_find_row(config, before.verb, &unimportant);
	const char *what = row && row->completes ? row->completes : "";
	if (strcmp(what, "local") == 0)
		return NULL;
	if (strcmp(what, "verb") == 0)
		return complete_verb(config, str_of(text));
	char **remote = strcmp(what, "remote") == 0 && config->remote_names
			    ? config->remote_names(config->session, text)
			    : NULL;
	return remote ? remote : mem_array(1, sizeof *remote);
}
