/*
 * smtpsend: argv -> options -> mails -> session -> exit status, and nothing else.
 */
#include "cmd/smtpsend/commands.h"
#include "cmd/smtpsend/relay.h"
#include "cmd/smtpsend/show.h"
#include "common/base/clock.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"

static void work(struct run *run, struct err *err)
{
	if (options_by_hand(run->o))
		commands_run(run, err);
	else if (run->o->relay)
		relay_run(run, err);
	else
		run_mails(run);
	show_run(run);
	run_free(run);
}

static int run_tool(const struct smtpsend_options *o)
{
	struct session session = {0};
	struct run run = {.o = o, .session = &session, .start = clock_now()};
	struct err err = {0};
	struct trace *trace = netopts_trace(&o->common, &err);
	if (trace && session_init(&session, o, trace, &err))
		work(&run, &err);
	session_free(&session);
	if (err_is_set(&err))
		say_error("smtpsend", NULL, &err);
	err_pass(&err, &run.first);
	netopts_end_trace("smtpsend", trace, &err);
	return err_exit_status(&err);
}

int main(int argc, char **argv)
{
	struct smtpsend_options o;
	struct err err = {0};
	int status = 0;
	(void)argc;
	interrupt_install();
	if (!options_read(&o, argv, &err)) {
		say_error("smtpsend", NULL, &err);
		status = err_exit_status(&err);
	} else if (o.common.help) {
		status = opt_print_help(&smtpsend_table) ? 0 : ERR_IO;
	} else if (o.common.version) {
		status = netopts_print_version("smtpsend", "smtp submission smtps lmtp")
			     ? 0
			     : ERR_IO;
	} else if (o.common.completion) {
		status = opt_print_completion(&smtpsend_table) ? 0 : ERR_IO;
	} else {
		status = run_tool(&o);
	}
	options_free(&o);
	return status;
}
