/*
 * ftpc: argv -> options -> target -> task or commands -> exit status, and
 * nothing else.
 */
#include <unistd.h>

#include "cmd/ftpc/commands.h"
#include "cmd/ftpc/session.h"
#include "cmd/ftpc/show.h"
#include "cmd/ftpc/task.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"

/* A host without a path, or a wish for commands: a session. */
static bool is_by_hand(const struct ftpc_options *o, const struct target *t)
{
	return options_by_hand(o) || (!t->has_path && !o->upload_file && !o->mirror &&
					 !o->mirror_up && !o->list_only);
}

static void do_task(struct run *run, struct target *target, struct err *err)
{
	struct buf name = BUF_INIT(2 * LIMIT_URL);
	const struct list *targets = &run->o->targets;
	bool ok = !targets->count || target_read(target, targets, err);
	if (ok && is_by_hand(run->o, target)) {
		if (targets->count == 1)
			buf_add_text(&name, targets->items[0].text);
		else if (targets->count)
			buf_addf(&name, "%s:%u", targets->items[0].text, target->url.port);
		commands_run(run, targets->count ? buf_cstr(&name) : NULL, err);
		buf_clear(&name);
	} else if (ok) {
		run->url = &target->url;
		task_run(run, target, err);
		url_put_page(&name, &target->url);
	}
	if (*interrupt_flag())
		err_set(err, ERR_INTERRUPT, "interrupted");
	if (err_is_set(err))
		say_error("ftpc", name.len ? buf_cstr(&name) : NULL, err);
	buf_free(&name);
}

static int run_tool(const struct ftpc_options *o)
{
	struct run run = {.o = o,
	    .start = clock_now(),
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .control = TALLY_NONE,
	    .data = TALLY_NONE,
	    .bars = netopts_wants_progress(&o->common)};
	struct err err = {0};
	struct target target = {0};
	run.trace = netopts_trace(&o->common, &err);
	if (!run.trace) {
		say_error("ftpc", NULL, &err);
	} else {
		run.dialer = dialer_open(&o->common.net, run.trace);
		run.data_dialer = dialer_open(&o->common.net, NULL);
		do_task(&run, &target, &err);
		target_free(&target);
		dialer_close(run.data_dialer);
		dialer_close(run.dialer);
		show_run(&run);
	}
	netopts_end_trace("ftpc", run.trace, &err);
	creds_free(&run.creds);
	return err_exit_status(&err);
}

int main(int argc, char **argv)
{
	struct ftpc_options o;
	struct err err = {0};
	int status = 0;
	(void)argc;
	interrupt_install();
	if (!options_read(&o, argv, &err)) {
		say_error("ftpc", NULL, &err);
		status = err_exit_status(&err);
	} else if (o.common.help) {
		status = opt_print_help(&ftpc_table) ? 0 : ERR_IO;
	} else if (o.common.version) {
		status = netopts_print_version("ftpc", "ftp ftps") ? 0 : ERR_IO;
	} else if (o.common.completion) {
		status = opt_print_completion(&ftpc_table) ? 0 : ERR_IO;
	} else {
		status = run_tool(&o);
	}
	options_free(&o);
	return status;
}
