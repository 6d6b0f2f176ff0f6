/*
 * The end of a task: its file appears or not, it is reported when it is its
 * turn, and the run counts it. What happened before is task.c's.
 */
#include <stdlib.h>

#include "cmd/webget/crawl.h"
#include "cmd/webget/linked.h"
#include "cmd/webget/show.h"
#include "cmd/webget/task.h"
#include "common/base/clock.h"

/* For the formula: what a round trip takes, and what the bytes take. */
static void add_times(struct run *run, const struct timeline *time)
{
	if (!time->first_byte || !time->done)
		return;
	run->body_ms += clock_ms_between(time->first_byte, time->done);
	if (time->report.turns > run->handshake)
		run->handshake = time->report.turns;
	if (time->rtt_us && (!run->rtt_us || time->rtt_us < run->rtt_us))
		run->rtt_us = time->rtt_us;
}

static void account(const struct task *t)
{
	struct run *run = t->run;
	pthread_mutex_lock(&run->lock);
	if (!err_is_set(&t->err) && !t->moved && !t->job->aside) {
		run->objects++;
		run->received += t->delivery.written;
	}
	add_times(run, &t->time);
	err_pass(&run->first, &t->err);
	jobs_tell(run->jobs, run->progress);
	run->turn = t->job->number + 1;
	pthread_cond_broadcast(&run->turned);
	pthread_mutex_unlock(&run->lock);
}

static void end_progress(struct task *t)
{
	enum progress_end how = err_is_set(&t->err) ? PROGRESS_FAILED
				: t->moved          ? PROGRESS_DROPPED
						    : PROGRESS_DONE;
	progress_file_close(t->delivery.progress, how);
	t->delivery.progress = NULL;
}

void task_finish(struct task *t)
{
	struct run *run = t->run;
	task_end_wait(t);
	bool keeps =
	    !err_is_set(&t->err) ||
	    (run->o->fail_with_body && t->err.code == t->head.head.status && t->err.code);
	if (keeps) {
		if (run->crawl && t->delivery.out)
			crawl_read(t);
		deliver_commit(&t->delivery, &t->err);
	} else {
		deliver_abandon(&t->delivery);
	}
	resume_free(&t->resume);
	if (run->crawl)
		crawl_done(run->crawl, t);
	end_progress(t);
	task_wait_for_turn(t);
	if (!t->job->aside || err_is_set(&t->err))
		show_task(t);
	if (!t->job->aside)
		linked_offer(t);
	cached_free(t);
	account(t);
	buf_free(&t->text);
}

void task_free(struct task *t)
{
	request_free(&t->request);
	login_free(&t->login);
	http1_free_head(&t->head);
	free(t->delivery.name);
	job_free(t->job);
	free(t);
}
