/*
 * The lane: keeps a window of requests on their way and takes the answers in
 * order. The first answer of a connection is waited for alone: it shows whether the server
 * keeps the connection. What a server did not answer before it closed is sent
 * again on a new connection.
 */
#include "cmd/webget/lane.h"

#include <string.h>

#include "cmd/webget/crawl.h"
#include "cmd/webget/finisher.h"
#include "cmd/webget/show.h"
#include "common/base/workers.h"

/* Requests on their way at once. 256 of them are some 25 KiB: sockets' buffers hold that, so a
 * server that stops reading while it writes can't lock us up. */
#define WINDOW 256
/* The same where several lanes share the jobs of a crawl. */
#define SHARE 16
/* What browsers open to one server, and textbooks count with. */
#define PARALLEL 6

struct lane {
	struct run *run;
	struct jobs *jobs;
	struct session_pool pool;
	struct session *session;
	struct task *queue[WINDOW]; /* a ring: first, then in the order of the URLs */
	size_t first, count;
	size_t sent; /* so many of them are on their way on this session */
	size_t most; /* a server that closes early narrows the window */
};

static struct task *at(struct lane *l, size_t i)
{
	return l->queue[(l->first + i) % WINDOW];
}

static void push(struct lane *l, struct task *t)
{
	l->queue[(l->first + l->count++) % WINDOW] = t;
}

static struct task *pop(struct lane *l)
{
	struct task *t = at(l, 0);
	l->first = (l->first + 1) % WINDOW;
	l->count--;
	l->sent -= l->sent > 0;
	return t;
}

static bool is_interrupted(const struct lane *l)
{
	return net_is_interrupted(&l->run->o->common.net);
}

/* Every task of a run has the same method and payload, so the options decide for all. */
static bool may_pipeline(const struct lane *l)
{
	const struct webget_options *o = l->run->o;
	bool has_payload = (o->data.count && !o->get) || o->form.count || o->upload_file;
	bool safe =
	    !o->method || strcmp(o->method, "GET") == 0 || strcmp(o->method, "HEAD") == 0;
	/* With a jar, what the next request carries may be in the answer that is still to come.
	 */
	return o->connection == CONNECTION_PIPELINED && !l->run->in_turn && !o->http10 &&
	       !o->wait_ms && !l->run->cookies.kept && safe && !has_payload && l->session &&
	       l->session->is_11 && !l->session->by_proxy;
}

static size_t window(const struct lane *l)
{
	/* Of a crawl's jobs every lane gets some. */
	size_t most = l->run->crawl && l->run->lanes > 1 && l->most > SHARE ? SHARE : l->most;
	return may_pipeline(l) ? most : 1;
}

static void leave_session(struct lane *l)
{
	session_release(&l->pool, l->session);
	l->session = NULL;
	l->sent = 0;
}

static bool same_origin(struct lane *l, const struct job *job)
{
	return l->count == 0 || url_same_origin(&at(l, l->count - 1)->request.url, &job->url);
}

/* A crawl's jobs that other lanes have may bring more. */
static bool may_get_more(const struct lane *l)
{
	return l->count == 0 && l->run->crawl && !is_interrupted(l) &&
	       crawl_expects(l->run->crawl);
}

/* With the run's lock held. What is being finished may lead to more, and what the cache gave is
 * finished without anything having been waited for. */
static void await_more(struct lane *l)
{
	struct run *run = l->run;
	bool finished = false;
	if (run->finisher) {
		pthread_mutex_unlock(&run->lock);
		finished = finisher_wait(run->finisher);
		pthread_mutex_lock(&run->lock);
	}
	if (!finished)
		run_await_change(run);
}

/* The next job if it fits behind those in the queue; NULL with err for a URL that is none. */
static struct job *next_job(struct lane *l, struct err *err)
{
	pthread_mutex_lock(&l->run->lock);
	struct job *next = jobs_peek(l->jobs, err);
	while (!next && !err_is_set(err) && may_get_more(l)) {
		await_more(l);
		next = jobs_peek(l->jobs, err);
	}
	if (next)
		hsts_upgrade(&l->run->hsts, &next->url, l->run->trace);
	struct job *job = next && same_origin(l, next) ? jobs_take(l->jobs) : NULL;
	jobs_tell(l->jobs, l->run->progress);
	pthread_mutex_unlock(&l->run->lock);
	return job;
}

/* What the cache answers needs no connection, and waits for nobody's answer unless the order of
 * the URLs shows. */
static bool shows_order(const struct task *t)
{
	const struct webget_options *o = t->run->o;
	return !t->job->output || o->write_out || o->common.jsonl;
}

static void finish(struct lane *l, struct task *t)
{
	finisher_add(l->run->finisher, t);
}

static void finish_cached(struct lane *l, struct task *t)
{
	if (l->sent == 0)
		leave_session(l);
	task_pursue(t, cached_answer(t));
	finish(l, t);
}

static void drain_cached(struct lane *l)
{
	while (l->count && at(l, 0)->cached.ready)
		finish_cached(l, pop(l));
}

/* The next job as a task at the end of the queue. False when none fits behind those there. */
static bool admit(struct lane *l)
{
	struct err err = {0};
	struct job *job = next_job(l, &err);
	if (err_is_set(&err))
		show_bad_url(l->run, &err);
	if (!job)
		return err_is_set(&err);
	struct task *t = task_new(l->run, &l->pool, job);
	if (!err_is_set(&t->err))
		task_wait_for_cookies(t);
	if (err_is_set(&t->err))
		finish(l, t);
	else if (cached_look(t) && (l->count == 0 || !shows_order(t)))
		finish_cached(l, t);
	else
		push(l, t);
	return true;
}

/* A session for the head of the queue. False when there is none: that task has ended. */
static bool connect_lane(struct lane *l)
{
	struct task *t = at(l, 0);
	/* Idle since its last answer: the pool looks whether the server closed it meanwhile. */
	if (l->sent == 0)
		leave_session(l);
	task_wait_for_cookies(t); /* again, if its answer got lost */
	if (!l->session)
		l->session = session_get(&l->pool, &t->request.url, &t->err);
	if (l->session)
		return true;
	pop(l);
	task_pursue(t, OUTCOME_FAILED);
	finish(l, t);
	return false;
}

/* False when no job is left. */
static bool fill(struct lane *l)
{
	/* One first: it decides where to connect, and the connection how many may follow. */
	drain_cached(l);
	while (l->count == 0 && !is_interrupted(l) && admit(l))
		continue;
	if (l->count == 0)
		return false;
	if (!connect_lane(l))
		return true;
	while (l->count < window(l) && admit(l))
		continue;
	stream_set_pending(l->session->stream, l->sent > 0);
	for (; l->sent < l->count && l->sent < window(l); l->sent++)
		if (!at(l, l->sent)->cached.ready)
			task_send(at(l, l->sent), l->session);
	return true;
}

static void take_answer(struct lane *l)
{
	struct session *s = l->session;
	enum outcome outcome = task_receive(at(l, 0), s);
	if (outcome == OUTCOME_LOST) {
		l->most = l->most / 2 > 1 ? l->most / 2 : 1;
		leave_session(l);
		return;
	}
	struct task *t = pop(l);
	/* With nothing behind it the task may go on with this very connection. */
	if (!s->usable || l->sent == 0)
		leave_session(l);
	task_pursue(t, outcome);
	finish(l, t);
	drain_cached(l);
}

/* Nothing has come: then what is being finished may lead to more, to be asked for before the
 * lane waits. */
static void wait_for_pages(struct lane *l)
{
	if (l->sent && l->session) {
		struct stream *s = l->session->stream;
		if (stream_held(s).len || (stream_flush(s) && stream_is_ready(s)))
			return;
	}
	finisher_wait(l->run->finisher);
}

static void run_lane(struct run *run, struct jobs *jobs)
{
	struct lane l = {.run = run,
	    .jobs = jobs,
	    .most = WINDOW,
	    .pool = {.dialer = run->dialer, .tls = run->o->common.net.tls}};
	while (!is_interrupted(&l)) {
		if (run->finisher)
			wait_for_pages(&l);
		if (l.sent <= window(&l) / 2 && !fill(&l))
			break;
		if (l.sent)
			take_answer(&l);
	}
	while (l.count) {
		err_set(&at(&l, 0)->err, ERR_INTERRUPT, "interrupted");
		finish(&l, pop(&l));
	}
	leave_session(&l);
	session_pool_close(&l.pool);
	pthread_mutex_lock(&run->lock);
	run->connections += l.pool.opened;
	run->turns += l.pool.turns;
	pthread_mutex_unlock(&run->lock);
}

struct lanes {
	struct run *run;
	struct jobs *jobs;
};

static void work(void *shared, int index)
{
	struct lanes *lanes = shared;
	(void)index;
	run_lane(lanes->run, lanes->jobs);
}

void lanes_run(struct run *run, struct jobs *jobs)
{
	struct lanes lanes = {run, jobs};
	const struct webget_options *o = run->o;
	bool model = o->connection == CONNECTION_PARALLEL;
	int count = o->parallel ? (int)o->parallel_max : model ? PARALLEL : 1;
	run->lanes = count;
	run->in_turn = count > 1 && !run->crawl;
	run->finisher = run->crawl && count == 1 ? finisher_open() : NULL;
	run->jobs = jobs;
	workers_run(count, work, &lanes);
	finisher_close(run->finisher);
	run->jobs = NULL;
	run->finisher = NULL;
}
