/*
 * pop3fetch: argv -> options -> accounts -> exit status, and nothing else.
 */
#include "cmd/pop3fetch/commands.h"
#include "cmd/pop3fetch/show.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"

/* The worst, not the first: 77 over 75, which is only worth another try. */
static void join(struct err *worst, const struct err *err)
{
	if (err_exit_status(err) > err_exit_status(worst))
		*worst = *err;
}

static void run_accounts(
    const struct pop3fetch_options *o, struct dialer *dialer, struct err *worst)
{
	for (size_t i = 0; i < o->targets.count && !*interrupt_flag(); i++) {
		struct account a = {.o = o, .text = o->targets.items[i].text};
		struct err broken = {0};
		account_run(&a, dialer);
		show_account(&a, &broken);
		if (err_is_set(&broken))
			say_error("pop3fetch", NULL, &broken);
		join(worst, &a.err);
		join(worst, &broken);
		account_free(&a);
	}
}

static int run_tool(const struct pop3fetch_options *o)
{
	struct err err = {0}, worst = {0};
	struct trace *trace = netopts_trace(&o->common, &err);
	if (trace) {
		struct dialer *dialer = dialer_open(&o->common.net, trace);
		if (options_by_hand(o))
			commands_run(o, dialer, trace, &err);
		else
			run_accounts(o, dialer, &worst);
		dialer_close(dialer);
	}
	if (err_is_set(&err))
		say_error("pop3fetch", NULL, &err);
	join(&worst, &err);
	netopts_end_trace("pop3fetch", trace, &worst);
	return err_exit_status(&worst);
}

int main(int argc, char **argv)
{
	struct pop3fetch_options o;
	struct err err = {0};
	int status = 0;
	(void)argc;
	interrupt_install();
	if (!options_read(&o, argv, &err)) {
		say_error("pop3fetch", NULL, &err);
		status = err_exit_status(&err);
	} else if (o.common.help) {
		status = opt_print_help(&pop3fetch_table) ? 0 : ERR_IO;
	} else if (o.common.version) {
		status =
		    netopts_print_version("pop3fetch", "pop3 pop3s maildir mbox") ? 0 : ERR_IO;
	} else if (o.common.completion) {
		status = opt_print_completion(&pop3fetch_table) ? 0 : ERR_IO;
	} else {
		status = run_tool(&o);
	}
	options_free(&o);
	return status;
}
