/*
 * A task by itself: it is sent until it is done or has failed for good, with
 * pauses between tries. What an answer means is task.c's business.
 */
#include <time.h>

#include "cmd/webget/follow.h"
#include "cmd/webget/show.h"
#include "cmd/webget/task.h"
#include "common/base/clock.h"

/* An interrupt replaces the error: it is why there is no further try. */
static bool wait_for_retry(struct task *t)
{
	const struct webget_options *o = t->run->o;
	const struct http_head *head =
	    t->err.code == t->head.head.status ? &t->head.head : NULL;
	int64_t fixed = o->retry_delay_ms > 0 ? o->retry_delay_ms : -1;
	int64_t ms = follow_retry_delay(head, t->retries, fixed, time(NULL));
	int64_t elapsed = (int64_t)clock_ms_between(t->time.start, clock_now());
	if (o->retry_max_time_ms && elapsed + ms > o->retry_max_time_ms)
		return false;
	int64_t until = clock_after_ms(ms);
	if (o->common.net.deadline && until > o->common.net.deadline)
		return false;
	show_note(t->run, "%s; trying again in %.3g s (%d of %lld)", t->err.text,
	    (double)ms / 1000, t->retries + 1, (long long)o->retry);
	trace_note(t->run->trace, 1, "retry", "in %.3g s", (double)ms / 1000);
	while (!clock_passed(until) && !net_is_interrupted(&o->common.net))
		clock_sleep_until(clock_earlier(until, clock_after_ms(1000)));
	if (!net_is_interrupted(&o->common.net))
		return true;
	err_clear(&t->err);
	return err_set(&t->err, ERR_INTERRUPT, "interrupted");
}

/* What is in the file need not be fetched again. */
static bool goes_on(struct task *t)
{
	if (!t->delivery.resume || !t->delivery.out)
		return false;
	resume_again(&t->resume, t->delivery.out);
	return t->resume.have > 0;
}

/* True when the task may be sent once more after a failure. */
static bool try_again(struct task *t)
{
	int status = t->err.code >= 100 && t->err.code == t->head.head.status ? t->err.code : 0;
	if (t->retries >= t->run->o->retry ||
	    !follow_may_retry(t->err.kind, status, t->request.method) ||
	    !payload_rewind(&t->request.payload) || !wait_for_retry(t))
		return false;
	struct err kept = t->err;
	err_clear(&t->err);
	if (!goes_on(t) && !deliver_again(&t->delivery, &t->err)) {
		t->err = kept;
		return false;
	}
	t->retries++;
	return true;
}

/* The next place that has the file, when this one does not give it. Never after an interrupt,
 * and never for what is wrong on our side. */
static bool try_mirror(struct task *t)
{
	const struct list *mirrors = &t->job->mirrors;
	bool theirs = t->err.kind == ERR_AGAIN || t->err.kind == ERR_ABSENT ||
		      t->err.kind == ERR_HOST || t->err.kind == ERR_AUTH ||
		      t->err.kind == ERR_PROTOCOL || t->err.kind == ERR_REFUSED;
	/* A file of another size than the metalink says, before any of it was read. */
	theirs = theirs || (t->err.kind == ERR_DATA && t->delivery.written == 0);
	struct err why = t->err;
	struct url url;
	if (!theirs || t->mirror == mirrors->count ||
	    net_is_interrupted(&t->run->o->common.net))
		return false;
	err_clear(&t->err);
	if (!url_parse(&url, str_of(mirrors->items[t->mirror].text), "http", &t->err) ||
	    !deliver_again(&t->delivery, &t->err)) {
		t->err = why;
		return false;
	}
	show_note(t->run, "%s; trying %s", why.text, mirrors->items[t->mirror++].text);
	resume_drop(&t->resume);
	t->request.trusted = url_same_origin(&url, &t->request.url) && t->request.trusted;
	url_free(&t->request.url);
	t->request.url = url;
	return true;
}

static enum outcome once_more(struct task *t)
{
	task_wait_for_cookies(t);
	if (cached_look(t))
		return cached_answer(t);
	struct session *s = session_get(t->pool, &t->request.url, &t->err);
	if (!s)
		return OUTCOME_FAILED;
	task_send(t, s);
	enum outcome outcome = task_receive(t, s);
	session_release(t->pool, s);
	return outcome;
}

void task_pursue(struct task *t, enum outcome so_far)
{
	while (so_far != OUTCOME_DONE) {
		task_end_wait(t);
		bool stale = so_far == OUTCOME_FAILED && cached_rescue(t);
		if (so_far == OUTCOME_FAILED && !stale && !try_again(t) && !try_mirror(t))
			return;
		so_far = stale ? cached_answer(t) : once_more(t);
	}
}
