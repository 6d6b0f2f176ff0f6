/*
 * webget: argv -> options -> jobs -> lane -> exit status, and nothing else.
 */
#include <stdlib.h>

#include "cmd/webget/commands.h"
#include "cmd/webget/crawl.h"
#include "cmd/webget/har.h"
#include "cmd/webget/lane.h"
#include "cmd/webget/linked.h"
#include "cmd/webget/show.h"
#include "cmd/webget/writeout.h"
#include "common/base/clock.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"

static bool is_by_hand(const struct webget_options *o)
{
	return o->common.interactive || o->common.script || o->common.execute;
}

/* What goes wrong when all is fetched is said too, and is the run's status if nothing else was.
 */
static void late(struct run *run, bool ok, struct err *err)
{
	if (!ok && err_is_set(err))
		say_error("webget", NULL, err);
	err_pass(&run->first, err);
	err_clear(err);
}

static void fetch(struct run *run)
{
	struct err err = {0};
	run->to_terminal = isatty(STDOUT_FILENO);
	cache_open(&run->cache, run->o, run->trace);
	struct metalink *linked = run->o->metalink ? linked_load(run, &err) : NULL;
	late(run, linked, &err);
	run->crawl = crawl_open(run->o, run->trace);
	struct jobs *jobs = jobs_open(run->o, run->crawl);
	jobs_add_metalink(jobs, linked);
	run->progress = progress_open(netopts_wants_progress(&run->o->common));
	if (run->o->common.verbose)
		progress_share(run->progress, run->trace);
	lanes_run(run, jobs);
	progress_close(run->progress);
	run->progress = NULL;
	jobs_close(jobs);
	cache_close(&run->cache);
	late(run, crawl_finish(run->crawl, &err), &err);
	crawl_close(run->crawl);
	login_forget(&run->logins);
	late(run, cookies_close(&run->cookies, run->o, &err), &err);
	late(run, !run->dump || outfile_commit(run->dump, &err), &err);
	late(run, !run->out || outfile_commit(run->out, &err), &err);
	show_run(run);
	/* Whatever failed before: a run that the user ended says so. */
	if (*interrupt_flag()) {
		err_clear(&run->first);
		err_set(&run->first, ERR_INTERRUPT, "interrupted");
	}
}

static int run_tool(const struct webget_options *o)
{
	struct run run = {.o = o,
	    .start = clock_now(),
	    .lock = MUTEX_BRIEF,
	    .turned = PTHREAD_COND_INITIALIZER,
	    .pace = {.lock = PTHREAD_MUTEX_INITIALIZER}};
	struct err err = {0};
	run.trace = netopts_trace(&o->common, &err);
	struct trace_sink *har = NULL;
	if (run.trace && o->har && (har = har_sink(o->har, &err)))
		trace_add_sink(run.trace, har);
	if (!err_is_set(&err) && o->write_out)
		run.write_out = writeout_load(o->write_out, &err);
	if (!err_is_set(&err) && o->checksum_file)
		run.sums = sums_load(o->checksum_file, &err);
	if (!err_is_set(&err) && !is_by_hand(o))
		cookies_open(&run.cookies, o, &err);
	if (!err_is_set(&err))
		hsts_open(&run.hsts, o->hsts, o->common.net.insecure, &err);
	if (!err_is_set(&err)) {
		run.dialer = dialer_open(&o->common.net, run.trace);
		if (is_by_hand(o))
			commands_run(&run, &err);
		else
			fetch(&run);
		dialer_close(run.dialer);
		struct err unsaved = {0};
		late(&run, hsts_close(&run.hsts, &unsaved), &unsaved);
	}
	free(run.write_out);
	sums_free(run.sums);
	if (err_is_set(&err))
		say_error("webget", NULL, &err);
	err_pass(&err, &run.first);
	struct err unwritten = {0};
	if (har && !har_finish(har, &unwritten))
		say_error("webget", "--har", &unwritten);
	err_pass(&err, &unwritten);
	netopts_end_trace("webget", run.trace, &err);
	return err_exit_status(&err);
}

int main(int argc, char **argv)
{
	struct webget_options o;
	struct err err = {0};
	int status = 0;
	(void)argc;
	interrupt_install();
	if (!options_read(&o, argv, &err)) {
		say_error("webget", NULL, &err);
		status = err_exit_status(&err);
	} else if (o.common.help) {
		status = opt_print_help(&webget_table) ? 0 : ERR_IO;
	} else if (o.common.version) {
		status = netopts_print_version("webget", "http https") ? 0 : ERR_IO;
	} else if (o.common.completion) {
		status = opt_print_completion(&webget_table) ? 0 : ERR_IO;
	} else {
		status = run_tool(&o);
	}
	options_free(&o);
	return status;
}
