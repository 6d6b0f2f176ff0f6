/*
 * A task's exchanges: request out, answer in, what next. The words of HTTP/1
 * are in http1.c and request.c; what an answer means is follow.c's.
 */
#include "cmd/webget/task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/crawl.h"
#include "cmd/webget/follow.h"
#include "cmd/webget/gather.h"
#include "cmd/webget/origin.h"
#include "cmd/webget/rest.h"
#include "cmd/webget/show.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
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

/* --checksum-file: by the name that the file gets, or by the URL's. */
static void find_sum(struct task *t)
{
	if (!t->run->sums || t->job->aside || err_is_set(&t->err))
		return;
	const char *spec = NULL;
	for (int i = 0; i < 2 && !spec && !err_is_set(&t->err); i++) {
		char *name = job_base_name(t->job, i);
		spec = name ? sums_find(t->run->sums, str_of(name), &t->err) : NULL;
		free(name);
	}
	if (spec)
		list_add(&t->job->digests, "--checksum-file", spec);
	else
		err_set(&t->err, ERR_DATA, "the file of checksums does not list it");
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
	    .to_terminal = run->to_terminal && !job->output && !job->nameless};
	if (t->delivery.to_terminal)
		progress_silence(run->progress);
	if (!job->aside)
		t->delivery.progress =
		    progress_file_open(run->progress, job->output ? job->output : job->text,
			job->sized ? job->size : PROGRESS_UNKNOWN);
	t->time.start = t->time.hop = clock_now();
	if (job->nameless)
		err_set(&t->err, ERR_USAGE, "the URL names no file: use -o FILE instead of -O");
	if (request_init(&t->request, run->o, &job->url, &t->err) && !job->nameless)
		find_login(t);
	t->request.trusted = !job->foreign;
	condition_make(&t->request.condition, run->o, job->output, &t->err);
	find_sum(t);
	rest_prepare(t);
	return t;
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
	_Atomic uint64_t sent = 0;
	pace_wait(&t->run->pace, t->run->o->wait_ms, &t->run->o->common.net);
	http1_free_head(&t->head);
	t->has_head = t->withheld = false;
	note_connection(t, s);
	if (!login_prepare(&t->login, r, s, &t->err))
		return;
	pthread_mutex_lock(&t->run->lock);
	cookies_prepare(&t->run->cookies, r);
	pthread_mutex_unlock(&t->run->lock);
	bool rest = resume_range(&t->resume, r->rest, sizeof r->rest);
	if (!rest)
		r->rest[0] = '\0';
	r->if_range = rest ? t->resume.validator : NULL;
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
	hsts_upgrade(&t->run->hsts, &r->url, t->run->trace);
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

static enum outcome redirect(struct task *t, struct follow_result *f)
{
	if (t->run->crawl && crawl_redirect(t->run->crawl, t, &f->next))
		return err_is_set(&t->err) ? OUTCOME_FAILED : OUTCOME_DONE;
	return resend(t, follow_redirect(t, f));
}

/* --spider: the status is all that is wanted. Some servers know no HEAD. */
static enum outcome look_only(struct task *t, struct session *s, struct http1_body *b)
{
	int status = t->head.head.status;
	bool by_head = strcmp(t->request.method, "HEAD") == 0;
	s->usable = deliver_discard(b, t->delivery.store);
	if (by_head && !t->run->o->method && (status == 405 || status == 501)) {
		t->request.method = "GET";
		return OUTCOME_AGAIN;
	}
	return status >= 400 ? fail_by_status(t) : OUTCOME_DONE;
}

/* The answer is the result: its body goes where it belongs. */
static enum outcome deliver(struct task *t, struct session *s, struct http1_body *b)
{
	bool is_error = t->head.head.status >= 400;
	bool asked_for_rest = t->resume.have > 0;
	t->delivery.rest = asked_for_rest && t->head.head.status == 206 && rest_take(t, s, b);
	if (err_is_set(&t->err))
		return OUTCOME_FAILED;
	enum resume_answer answer = asked_for_rest && !t->delivery.rest
					? resume_judge(&t->resume, &t->head.head)
					: RESUME_WHOLE;
	if (answer == RESUME_ALL)
		return rest_complete(t, s, b);
	if (answer != RESUME_WHOLE)
		return rest_refuse(t, s, b);
	if (t->run->o->spider)
		return look_only(t, s, b);
	if (!t->delivery.rest && rest_is_unasked(t)) {
		err_set(&t->err, ERR_PROTOCOL,
		    "the server sent a part of it (206), and all was asked for");
		return OUTCOME_FAILED;
	}
	bool unwanted = !t->run->o->fail_with_body && !t->run->o->head;
	if (is_error && (unwanted || cached_covers(t))) {
		s->usable = deliver_discard(b, t->delivery.store);
		return fail_by_status(t);
	}
	if (t->head.head.status == 304) {
		s->usable = deliver_discard(b, t->delivery.store);
		deliver_abandon(&t->delivery);
		return OUTCOME_DONE; /* what is there already is what was asked for */
	}
	if (!condition_save_etag(t->run->o, &t->head.head, &t->err))
		return OUTCOME_FAILED;
	if (t->run->crawl && !crawl_place(t->run->crawl, t))
		return OUTCOME_FAILED;
	if (!t->job->output)
		task_wait_for_turn(t);
	t->delivery.task = t;
	t->delivery.gather = gather_fits(t, b) ? gather_run : NULL;
	if (!deliver_answer(&t->delivery, &t->head, b, &t->err)) {
		err_pass(&t->err, stream_err(s->stream));
		return OUTCOME_FAILED;
	}
	s->usable = b->done;
	if (t->run->o->xattr && t->job->output &&
	    !origin_note(outfile_fd(t->delivery.out), &t->request.url, t->run->o->referer,
		&t->head.head))
		show_note(
		    t->run, "%s: no extended attributes: %s", t->job->output, strerror(errno));
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
		s->usable = deliver_discard(b, t->delivery.store);
		return resend(t, OUTCOME_AGAIN);
	}
	if (t->cached.confirmed) {
		s->usable = deliver_discard(b, NULL);
		return t->cached.passed_by ? OUTCOME_AGAIN : OUTCOME_DONE;
	}
	enum outcome outcome = OUTCOME_FAILED;
	switch (follow_next(&q, &f, &t->err)) {
	case FOLLOW_DONE: outcome = deliver(t, s, b); break;
	case FOLLOW_REDIRECT: outcome = redirect(t, &f); break;
	case FOLLOW_AUTH:
	case FOLLOW_PROXY_AUTH: outcome = resend(t, OUTCOME_AGAIN); break;
	case FOLLOW_FAILED: break;
	}
	follow_free(&f);
	if (outcome == OUTCOME_AGAIN || t->moved)
		s->usable = deliver_discard(b, t->delivery.store);
	return outcome;
}

static void take_cookies(struct task *t, struct session *s)
{
	hsts_take(&t->run->hsts, &t->request.url, &t->head.head.fields, t->run->trace);
	pthread_mutex_lock(&t->run->lock);
	cookies_take(&t->run->cookies, &t->head.head.fields, &t->request.url, t->run->trace,
	    stream_conn(s->stream));
	pthread_mutex_unlock(&t->run->lock);
}

enum outcome task_receive(struct task *t, struct session *s)
{
	struct http1_body body;
	uint64_t before = stream_received(s->stream) - stream_held(s->stream).len;
	s->usable = false;
	if (err_is_set(&t->err))
		return OUTCOME_FAILED;
	if (cached_gives_up(t, s))
		return cached_answer(t);
	if (!read_head(t, s))
		return no_answer(t, s, before);
	t->time.first_byte = clock_now();
	if (!t->cached.serving)
		take_cookies(t, s);
	task_end_wait(t);
	cached_take(t);
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
	cached_end(t, body.done);
	http1_body_free(&body);
	t->time.done = clock_now();
	if (t->run->o->common.timing)
		t->time.rtt_us = compat_tcp_rtt_us(stream_fd(s->stream));
	return t->cached.confirmed && outcome == OUTCOME_DONE ? cached_answer(t) : outcome;
}
