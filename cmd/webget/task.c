/*
 * A task's exchanges: request out, answer in, what next. The words of HTTP/1
 * are in http1.c and request.c; what an answer means is follow.c's.
 */
#include "cmd/webget/task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/webget/follow.h"
#include "cmd/webget/show.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"
#include "common/net/race.h"

/* RFC 9110 10.1.1: not to wait for ever for a 100. curl waits as long. */
#define EXPECT_WAIT_MS 1000

static void find_login(struct task *t)
{
	struct run *run = t->run;
	pthread_mutex_lock(&run->lock);
	login_start(&t->login, &run->logins, run->o, &t->job->url, &t->err);
	pthread_mutex_unlock(&run->lock);
}

struct task *task_new(struct run *run, struct session_pool *pool, struct job *job)
{
	struct task *t = mem_alloc(sizeof *t);
	t->run = run;
	t->pool = pool;
	t->job = job;
	t->delivery = (struct delivery){.o = run->o,
	    .job = job,
	    .run_out = &run->out,
	    .to_terminal = run->to_terminal && !job->output,
	    .bar = run->bars && (job->output || !run->to_terminal)};
	t->time.start = t->time.hop = clock_now();
	if (request_init(&t->request, run->o, &job->url, &t->err))
		find_login(t);
	condition_make(&t->request.condition, run->o, job->output, &t->err);
	return t;
}

/* With several lanes: until all that stands before it in the list of URLs has appeared. */
static void wait_for_turn(const struct task *t)
{
	struct run *run = t->run;
	if (!run->in_turn)
		return;
	pthread_mutex_lock(&run->lock);
	while (run->turn != t->job->number)
		pthread_cond_wait(&run->turned, &run->lock);
	pthread_mutex_unlock(&run->lock);
}

/* ---- out ---- */

static void note_connection(struct task *t, struct session *s)
{
	struct sockaddr_storage local;
	socklen_t len = sizeof local;
	t->time.report = *stream_report(s->stream);
	t->time.reused = s->answered > 0;
	t->connects += s->answered == 0;
	if (t->run->write_out &&
	    getsockname(stream_fd(s->stream), (struct sockaddr *)&local, &len) == 0)
		race_show_address((struct sockaddr *)&local, len, t->time.local);
}

static bool dump_head(struct task *t)
{
	struct run *run = t->run;
	t->size_header += t->head.bytes.len;
	if (!run->o->dump_header)
		return true;
	pthread_mutex_lock(&run->lock);
	if (!run->dump)
		run->dump = outfile_open(run->o->dump_header, 0, &t->err);
	bool ok = run->dump && outfile_write(run->dump, buf_str(&t->head.bytes), &t->err);
	pthread_mutex_unlock(&run->lock);
	return ok;
}

/* The server may say no before the body is sent: then the head is kept for task_receive. Other
 * interim heads than 100 may stand before either word (RFC 9110 15.2). */
static bool may_send_body(struct task *t, struct session *s)
{
	for (int interim = 0; t->request.expect && interim <= LIMIT_INTERIM; interim++) {
		if (!stream_await(s->stream, EXPECT_WAIT_MS))
			return true;
		if (!http1_read_head(s->stream, &t->head))
			return false;
		int status = t->head.head.status;
		if (status >= 200 || status == 101) {
			t->has_head = t->withheld = true;
			return false;
		}
		if (!dump_head(t))
			return false;
		http1_free_head(&t->head);
		if (status == 100)
			return true;
	}
	return true;
}

static void show_body(struct task *t, struct session *s, uint64_t sent)
{
	struct trace_item items[] = {
	    TRACE_TEXT("from", "C"), TRACE_COUNT("bytes", sent, "bytes")};
	t->size_upload += sent;
	trace_event(t->run->trace, stream_conn(s->stream), "body", items, 2);
}

void task_send(struct task *t, struct session *s)
{
	struct request *r = &t->request;
	volatile uint64_t sent = 0;
	http1_free_head(&t->head);
	t->has_head = t->withheld = false;
	note_connection(t, s);
	if (!login_prepare(&t->login, r, s, &t->err))
		return;
	pthread_mutex_lock(&t->run->lock);
	cookies_prepare(&t->run->cookies, r);
	pthread_mutex_unlock(&t->run->lock);
	t->size_request += request_put_head(r, s);
	t->time.sent = clock_now();
	if (!r->has_payload)
		return;
	if (may_send_body(t, s)) {
		payload_send(&r->payload, s->stream, payload_length(&r->payload) < 0, &sent);
		show_body(t, s, sent);
	}
}

/* ---- in ---- */

/* The first head that is not interim. RFC 9110 15.2: any number may come, but not for ever. */
static bool read_head(struct task *t, struct session *s)
{
	for (int interim = 0; interim <= LIMIT_INTERIM; interim++) {
		if (!t->has_head && !http1_read_head(s->stream, &t->head))
			return false;
		t->has_head = false;
		if (!dump_head(t))
			return false;
		if (t->head.head.status == 101)
			return err_set(&t->err, ERR_PROTOCOL,
			    "the server switched to a protocol that was not asked for (101)");
		if (t->head.head.status >= 200)
			return true;
		http1_free_head(&t->head);
	}
	return err_set(&t->err, ERR_PROTOCOL, "over %d interim (1xx) answers", LIMIT_INTERIM);
}

static enum outcome no_answer(struct task *t, struct session *s, uint64_t before)
{
	s->usable = false;
	if (err_is_set(&t->err))
		return OUTCOME_FAILED;
	bool nothing = stream_received(s->stream) == before && stream_held(s->stream).len == 0;
	if (stream_is_gone(s->stream) && nothing && s->answered > 0 &&
	    request_is_idempotent(&t->request) && payload_rewind(&t->request.payload))
		return OUTCOME_LOST;
	err_pass(&t->err, stream_err(s->stream));
	return OUTCOME_FAILED;
}

static enum outcome follow_redirect(struct task *t, struct follow_result *f)
{
	struct request *r = &t->request;
	url_free(&r->url);
	url_copy(&r->url, &f->next);
	r->method = f->method;
	if (f->drop_body) {
		payload_free(&r->payload);
		r->payload = (struct payload){0};
		r->has_payload = r->expect = false;
	}
	if (f->drop_credentials)
		r->trusted = false;
	if (f->downgraded)
		trace_note(t->run->trace, 1, "redirect", "from https to http");
	t->redirects++;
	t->time.hop = clock_now();
	return OUTCOME_AGAIN;
}

static enum outcome resend(struct task *t, enum outcome outcome)
{
	if (outcome == OUTCOME_AGAIN && !payload_rewind(&t->request.payload)) {
		err_set(&t->err, ERR_IO,
		    "what came by stdin was sent already and can't be sent again");
		return OUTCOME_FAILED;
	}
	return outcome;
}

static enum outcome fail_by_status(struct task *t)
{
	const struct http_head *head = &t->head.head;
	err_set(&t->err, follow_status_kind(head->status), "HTTP status %d", head->status);
	err_set_said(&t->err, head->status, head->reason);
	return OUTCOME_FAILED;
}

/* The answer is the result: its body goes where it belongs. */
static enum outcome deliver(struct task *t, struct session *s, struct http1_body *b)
{
	bool is_error = t->head.head.status >= 400;
	if (is_error && !t->run->o->fail_with_body && !t->run->o->head) {
		s->usable = deliver_discard(b);
		return fail_by_status(t);
	}
	if (t->head.head.status == 304) {
		s->usable = deliver_discard(b);
		return OUTCOME_DONE; /* what is there already is what was asked for */
	}
	if (!condition_save_etag(t->run->o, &t->head.head, &t->err))
		return OUTCOME_FAILED;
	if (!t->job->output)
		wait_for_turn(t);
	if (!deliver_answer(&t->delivery, &t->head, b, &t->err)) {
		err_pass(&t->err, stream_err(s->stream));
		return OUTCOME_FAILED;
	}
	s->usable = true;
	return is_error ? fail_by_status(t) : OUTCOME_DONE;
}

static enum outcome step(struct task *t, struct session *s, struct http1_body *b)
{
	struct follow_result f;
	const struct http_head *head = &t->head.head;
	struct follow_query q = {.head = head,
	    .current = &t->request.url,
	    .method = t->request.method,
	    .method_forced = t->run->o->method,
	    .follow = t->run->o->location,
	    .redirects = t->redirects,
	    .max_redirs = (int)t->run->o->max_redirs,
	    .can_auth =
		head->status == 401 && login_can_answer(&t->login, &t->request, head, &t->err)};
	if (head->status == 417 && t->request.expect) {
		t->request.expect = false;
		s->usable = deliver_discard(b);
		return resend(t, OUTCOME_AGAIN);
	}
	enum outcome outcome = OUTCOME_FAILED;
	switch (follow_next(&q, &f, &t->err)) {
	case FOLLOW_DONE: outcome = deliver(t, s, b); break;
	case FOLLOW_REDIRECT: outcome = resend(t, follow_redirect(t, &f)); break;
	case FOLLOW_AUTH:
	case FOLLOW_PROXY_AUTH: outcome = resend(t, OUTCOME_AGAIN); break;
	case FOLLOW_FAILED: break;
	}
	follow_free(&f);
	if (outcome == OUTCOME_AGAIN)
		s->usable = deliver_discard(b);
	return outcome;
}

enum outcome task_receive(struct task *t, struct session *s)
{
	struct http1_body body;
	uint64_t before = stream_received(s->stream) - stream_held(s->stream).len;
	s->usable = false;
	if (err_is_set(&t->err))
		return OUTCOME_FAILED;
	if (!read_head(t, s))
		return no_answer(t, s, before);
	t->time.first_byte = clock_now();
	pthread_mutex_lock(&t->run->lock);
	cookies_take(&t->run->cookies, &t->head.head.fields, &t->request.url, t->run->trace,
	    stream_conn(s->stream));
	pthread_mutex_unlock(&t->run->lock);
	bool is_head = strcmp(t->request.method, "HEAD") == 0;
	enum outcome outcome = OUTCOME_FAILED;
	if (http1_body_start(&body, s->stream, &t->head.head, is_head, s->answered > 0))
		outcome = step(t, s, &body);
	else
		err_pass(&t->err, stream_err(s->stream));
	s->usable = s->usable && http1_is_persistent(&t->head.head, &body) &&
		    !t->request.close && !t->withheld;
	s->is_11 = s->usable && t->head.head.minor >= 1;
	s->answered++;
	http1_body_free(&body);
	t->time.done = clock_now();
	if (t->run->o->common.timing)
		t->time.rtt_us = compat_tcp_rtt_us(stream_fd(s->stream));
	return outcome;
}

/* ---- again ---- */

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
	say_note("webget", o->common.quiet, "%s; trying again in %.3g s (%d of %lld)",
	    t->err.text, (double)ms / 1000, t->retries + 1, (long long)o->retry);
	trace_note(t->run->trace, 1, "retry", "in %.3g s", (double)ms / 1000);
	while (!clock_passed(until) && !*o->common.net.interrupted)
		clock_sleep_until(clock_earlier(until, clock_after_ms(1000)));
	return !*o->common.net.interrupted;
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
	if (!deliver_again(&t->delivery, &t->err)) {
		t->err = kept;
		return false;
	}
	t->retries++;
	return true;
}

static enum outcome once_more(struct task *t)
{
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
		if (so_far == OUTCOME_FAILED && !try_again(t))
			return;
		so_far = once_more(t);
	}
}

/* ---- the end ---- */

static void account(const struct task *t)
{
	struct run *run = t->run;
	pthread_mutex_lock(&run->lock);
	if (!err_is_set(&t->err)) {
		run->objects++;
		run->received += t->delivery.written;
	}
	err_pass(&run->first, &t->err);
	run->turn = t->job->number + 1;
	pthread_cond_broadcast(&run->turned);
	pthread_mutex_unlock(&run->lock);
}

void task_finish(struct task *t)
{
	struct run *run = t->run;
	bool keeps =
	    !err_is_set(&t->err) ||
	    (run->o->fail_with_body && t->err.code == t->head.head.status && t->err.code);
	if (keeps) {
		struct err late = {0};
		deliver_commit(&t->delivery, &late);
		err_pass(&t->err, &late);
	} else {
		deliver_abandon(&t->delivery);
	}
	wait_for_turn(t);
	show_task(t);
	account(t);
	request_free(&t->request);
	login_free(&t->login);
	http1_free_head(&t->head);
	free(t->delivery.name);
	job_free(t->job);
	free(t);
}
