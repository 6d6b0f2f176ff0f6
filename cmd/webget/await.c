/*
 * What a task waits for where several lanes work: that it is its turn to
 * appear, and answers that may set its cookies. Knows no connection.
 */
#include <stdlib.h>
#include <time.h>

#include "cmd/webget/task.h"
#include "common/base/mem.h"

void run_await_change(struct run *run)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 1; /* an interrupt wakes nobody here */
	pthread_cond_timedwait(&run->turned, &run->lock, &until);
}

void task_wait_for_turn(const struct task *t)
{
	struct run *run = t->run;
	if (!run->in_turn)
		return;
	pthread_mutex_lock(&run->lock);
	while (run->turn != t->job->number)
		pthread_cond_wait(&run->turned, &run->lock);
	pthread_mutex_unlock(&run->lock);
}

/* One lane has no two requests on their way while a jar is in use (lane.c). */
static bool is_alone(const struct run *run)
{
	return run->lanes < 2 || !run->cookies.kept;
}

void task_wait_for_cookies(struct task *t)
{
	struct run *run = t->run;
	const char *host = t->request.url.host;
	if (t->asked || is_alone(run))
		return;
	pthread_mutex_lock(&run->lock);
	while (
	    cookies_must_wait(&run->cookies, host) && !net_is_interrupted(&run->o->common.net))
		run_await_change(run);
	t->asked = mem_dup(host);
	cookies_ask(&run->cookies, host);
	pthread_mutex_unlock(&run->lock);
}

void task_end_wait(struct task *t)
{
	struct run *run = t->run;
	if (!t->asked)
		return;
	pthread_mutex_lock(&run->lock);
	cookies_heard(&run->cookies, t->asked);
	pthread_cond_broadcast(&run->turned);
	pthread_mutex_unlock(&run->lock);
	free(t->asked);
	t->asked = NULL;
}
