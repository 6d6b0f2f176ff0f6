/*
 * The commands brought together: rows, prompt, completion, and where the lines
 * come from.
 */
#include "cmd/ftpc/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ftpc/hand.h"
#include "cmd/ftpc/show.h"
#include "common/base/mem.h"
#include "common/cli/explain_sink.h"
#include "common/cli/say.h"

enum { ROWS_MOST = 80 };

static const char *show_prompt(void *session)
{
	struct hand *h = session;
	snprintf(h->prompt, sizeof h->prompt, "ftpc%s%.40s> ", h->f.stream ? " " : "",
	    h->f.stream ? h->target.url.host : "");
	return h->prompt;
}

/* Names of a directory are asked for once; a name that can't be shown is not offered. The
 * dialogue for it would stand in the line that is being typed. */
static char **complete(void *session, const char *prefix)
{
	struct hand *h = session;
	struct err ignored = {0};
	const char *slash = strrchr(prefix, '/');
	struct str dir = {prefix, slash ? (size_t)(slash - prefix) + 1 : 0};
	struct str base = str_of(prefix + dir.len);
	size_t n = 0;
	if (!h->f.stream)
		return NULL;
	char *path = str_dup(dir);
	bool paused = trace_is_paused(h->run->trace);
	trace_pause(h->run->trace, true);
	bool ok = hand_find_names(h, path, &ignored);
	trace_pause(h->run->trace, paused);
	char **found = ok ? mem_array(h->names.count + 1, sizeof *found) : NULL;
	for (size_t i = 0; ok && i < h->names.count; i++) {
		const struct entry *e = &h->names.entries[i];
		bool fits = str_eq(str_sub(str_of(e->name), 0, base.len), base);
		if (fits && listing_is_safe(e->name))
			found[n++] = mem_printf(
			    "%s%s%s", path, e->name, e->type == ENTRY_DIR ? "/" : "");
	}
	free(path);
	return found;
}

static bool time_so_far(void *session, struct err *err)
{
	struct hand *h = session;
	if (!hand_connected(h, err))
		return false;
	show_timing(h->run, h->f.stream);
	return true;
}

static void join_rows(struct shell_row rows[ROWS_MOST])
{
	const struct shell_row *const lists[] = {
	    commands_session_rows, commands_file_rows, commands_list_rows};
	int n = 0;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const struct shell_row *row = lists[i]; row->name && n < ROWS_MOST - 1;
		     row++)
			rows[n++] = *row;
	rows[n] = (struct shell_row){.name = NULL};
}

static bool run_lines(
    struct run *run, const struct shell_config *config, bool ok, struct err *err)
{
	const struct net_options *o = &run->o->common;
	if (o->execute)
		return ok && shell_execute(config, o->execute, err);
	if (o->script)
		return ok && shell_script(config, o->script, err);
	if (!o->interactive && !isatty(STDIN_FILENO))
		return ok && shell_script(config, "-", err);
	/* At a prompt another host can be opened. */
	if (!ok) {
		say_error("ftpc", NULL, err);
		err_clear(err);
	}
	return shell_interactive(config, err);
}

/* netrc's macro "init": commands that follow the login. */
static bool run_init(struct run *run, const struct shell_config *config, struct err *err)
{
	char *lines = mem_dup(run->creds.macdef_init);
	bool ok = !lines || shell_execute(config, lines, err);
	free(lines);
	return ok;
}

bool commands_run(struct run *run, const char *target, struct err *err)
{
	struct hand h;
	struct shell_row rows[ROWS_MOST];
	struct shell_config config = {.tool = "ftpc",
	    .rows = rows,
	    .session = &h,
	    .protocol = run->o->common.protocol,
	    .trace = run->trace,
	    .timing = time_so_far,
	    .prompt = show_prompt,
	    .remote_names = complete};
	const struct net_options *common = &run->o->common;
	hand_init(&h, run);
	join_rows(rows);
	run->at_prompt = !common->execute && !common->script && isatty(STDIN_FILENO);
	/* Whoever else looks at the trace must not miss what is paused. */
	bool watched = common->trace_file || common->diagram_file || common->compare_file;
	if (!common->verbose && !watched) {
		/* For `verbose on`. */
		struct trace_sink *sink =
		    trace_text_sink(STDERR_FILENO, false, run->o->common.trace_time);
		trace_add_sink(
		    run->trace, explain_sink(run->trace, sink, run->o->common.protocol));
		trace_pause(run->trace, true);
	}
	bool ok = !target || (hand_open(&h, target, err) && run_init(run, &config, err));
	ok = run_lines(run, &config, ok, err);
	hand_free(&h);
	return ok;
}
