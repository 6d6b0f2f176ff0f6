/*
 * imapls: argv -> options -> targets -> session -> exit status, and nothing else.
 */
#include "cmd/imapls/commands.h"
#include "cmd/imapls/task.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"

static int run_tool(const struct imapls_options *o)
{
	struct err err = {0};
	struct trace *trace = netopts_trace(&o->common, &err);
	struct dialer *dialer = trace ? dialer_open(&o->common.net, trace) : NULL;
	bool by_hand = options_by_hand(o);
	if (dialer && by_hand)
		commands_run(o, dialer, trace, &err);
	if (err_is_set(&err))
		say_error("imapls", NULL, &err);
	for (size_t k = 0; dialer && !by_hand && k < o->targets.count && !*interrupt_flag();
	     k++) {
		struct err own = {0};
		if (!task_run(o, o->targets.items[k].text, dialer, &own))
			say_error("imapls", NULL, &own);
		err_pass(&err, &own);
	}
	dialer_close(dialer);
	netopts_end_trace("imapls", trace, &err);
	return err_exit_status(&err);
}

int main(int argc, char **argv)
{
	struct imapls_options o;
	struct err err = {0};
	int status = 0;
	(void)argc;
	interrupt_install();
	if (!options_read(&o, argv, &err)) {
		say_error("imapls", NULL, &err);
		status = err_exit_status(&err);
	} else if (o.common.help) {
		status = opt_print_help(&imapls_table) ? 0 : ERR_IO;
	} else if (o.common.version) {
		status = netopts_print_version("imapls", "imap imaps") ? 0 : ERR_IO;
	} else if (o.common.completion) {
		status = opt_print_completion(&imapls_table) ? 0 : ERR_IO;
	} else {
		status = run_tool(&o);
	}
	options_free(&o);
	return status;
}
