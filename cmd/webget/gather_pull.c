/*
 * What a thread does that gathers a file: it takes a span of the plan, asks a
 * source for it, and writes what comes to its place.
 */
#include "cmd/webget/gather_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/webget/deliver.h"
#include "cmd/webget/follow.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"

/* At most so much is read between two looks at the plan. */
#define PIECE (256 * KIB)
/* A failure after so much, or a third of what was asked for, is the beginning of another row.
 */
#define PROGRESS (64 * KIB)
/* How long an idle thread may overlook that something has turned up, or an interrupt. */
#define NAP_MS 100
/* Tries in a row that bring nothing, beside --retry, before a source is left out. */
#define TRIES 3

struct puller {
	struct gather *g;
	struct session_pool pool;
	int number; /* 0: the calling thread */
	struct source *source;
	struct span *span;
	bool flows;  /* bytes of it came */
	double rate; /* of the last span */
};

static bool is_over(const struct gather *g)
{
	return g->broken || net_is_interrupted(&g->settings);
}

/* ---- the bytes ---- */

static bool put(struct gather *g, struct str piece, uint64_t at, struct err *err)
{
	while (piece.len) {
		ssize_t n = pwrite(outfile_fd(g->out), piece.ptr, piece.len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, ERR_IO, "%s", outfile_name(g->out));
		piece = str_sub(piece, (size_t)n, piece.len);
		at += (uint64_t)n;
	}
	return true;
}

/* --limit-rate: when the bytes so far are due. */
static int64_t due(struct gather *g, size_t n)
{
	int64_t limit = g->o->common.net.limit_rate;
	if (!limit)
		return 0;
	g->paced += n;
	return g->paced_from +
	       (int64_t)((double)g->paced / (double)limit * (double)CLOCK_SECOND);
}

static void wait_until(const struct gather *g, int64_t point)
{
	while (point && clock_now() < point && !is_over(g)) {
		int64_t slice = clock_now() + NAP_MS * CLOCK_MS;
		clock_sleep_until(point < slice ? point : slice);
	}
}

/* How many bytes to read next of a body that stands at `at` and ends at `limit`; 0: no more of
 * this answer. The span may have been emptied, and stands elsewhere then. */
static size_t next_piece(struct puller *w, uint64_t at, uint64_t limit)
{
	struct gather *g = w->g;
	struct span *s = w->span;
	pthread_mutex_lock(&g->lock);
	if (s->at == at && s->at == s->end && at < limit)
		plan_follow(&g->plan, s, limit);
	uint64_t left = is_over(g) || s->at != at ? 0 : s->end - s->at;
	pthread_mutex_unlock(&g->lock);
	int64_t rate = g->o->common.net.limit_rate;
	uint64_t most = rate && rate / 8 < (int64_t)PIECE ? (uint64_t)rate / 8 + 1 : PIECE;
	return (size_t)(left < most ? left : most);
}

/* False when not all of it counted: somebody else has the rest by now. */
static bool account(struct puller *w, size_t n)
{
	struct gather *g = w->g;
	int64_t now = clock_now();
	pthread_mutex_lock(&g->lock);
	uint64_t counted = plan_advance(&g->plan, w->span, n);
	w->source->bytes += counted;
	w->rate = plan_rate(w->span, now);
	uint64_t came = w->span->at - w->span->from;
	if (came >= PROGRESS || came >= (w->span->end - w->span->at) / 2)
		w->source->failures = 0;
	g->busy += !w->flows;
	w->flows = true;
	if (g->counter)
		*g->counter += counted;
	int before = g->crew.wanted;
	struct crew_view view = {g->busy, g->plan.there, g->plan.total - g->plan.there, now};
	crew_look(&g->crew, &view);
	if (plan_is_whole(&g->plan))
		gather_end(g);
	else if (g->crew.wanted != before)
		pthread_cond_broadcast(&g->turned);
	int64_t until = due(g, n);
	pthread_mutex_unlock(&g->lock);
	wait_until(g, until);
	gather_save(g, false);
	return counted == n;
}

/* The body, which is these bytes, into the span. */
static bool pull(struct puller *w, struct http1_body *b, const struct range *r, struct err *err)
{
	struct str piece;
	uint64_t at = r->first;
	for (size_t most; (most = next_piece(w, at, r->last + 1)) > 0; at += piece.len) {
		if (!http1_body_take(b, most, &piece))
			return err_pass(err, stream_err(b->stream));
		if (piece.len == 0)
			return err_set(err, ERR_PROTOCOL, "the body is shorter than promised");
		if (!put(w->g, piece, at, err) || !account(w, piece.len))
			break;
	}
	return !err_is_set(err);
}

/* ---- a range ---- */

static bool read_head(struct session *s, struct http1_head *head, struct err *err)
{
	for (int interim = 0; interim <= LIMIT_INTERIM; interim++) {
		if (!http1_read_head(s->stream, head))
			return err_pass(err, stream_err(s->stream));
		if (head->head.status >= 200)
			return true;
		http1_free_head(head);
	}
	return err_set(err, ERR_PROTOCOL, "over %d interim (1xx) answers", LIMIT_INTERIM);
}

static bool ask(struct puller *w, struct session *s, struct range *range, struct err *err)
{
	struct gather *g = w->g;
	pthread_mutex_lock(&g->lock);
	*range = (struct range){w->span->at, w->span->end - 1, g->plan.total};
	bool wanted = w->span->at < w->span->end;
	if (wanted)
		wanted = source_ask(w->source, s, range, err);
	g->ranges += wanted;
	pthread_mutex_unlock(&g->lock);
	return wanted;
}

static bool fail_later(const struct http_head *head, struct err *err)
{
	err_set(err, ERR_AGAIN, "HTTP status %d", head->status);
	err_set_said(err, head->status, head->reason);
	return false;
}

/* What the answer means for the source. True: its body may be read. */
static bool judge(struct puller *w, const struct source_wish *wish,
    const struct http1_head *head, struct err *err)
{
	struct gather *g = w->g;
	const char *why = NULL;
	struct err refused = {0};
	pthread_mutex_lock(&g->lock);
	enum source_answer answer = source_judge(w->source, wish, &head->head, &why);
	if (answer == SOURCE_GOOD)
		source_note_version(w->source, &head->head);
	else if (answer == SOURCE_CHALLENGE &&
		 !login_can_answer(w->source->login, w->source->request, &head->head, &refused))
		gather_drop(g, w->source, why);
	else if (answer == SOURCE_MOVED &&
		 !source_follow(w->source, &head->head, (int)g->o->max_redirs))
		gather_drop(g, w->source, "its redirects lead nowhere");
	else if (answer == SOURCE_USELESS)
		gather_drop(g, w->source, why);
	pthread_mutex_unlock(&g->lock);
	if (answer == SOURCE_LATER)
		return fail_later(&head->head, err);
	return answer == SOURCE_GOOD;
}

static bool exchange(struct puller *w, struct session *s, struct err *err)
{
	struct http1_head head = {0};
	struct http1_body body;
	struct source_wish wish = {
	    .will_be_checked = w->g->will_be_checked, .original = &w->g->sources[0]};
	if (!ask(w, s, &wish.range, err) || !read_head(s, &head, err))
		return false;
	if (!http1_body_start(&body, s->stream, &head.head, false, s->answered++ > 0))
		err_pass(err, stream_err(s->stream));
	else if (judge(w, &wish, &head, err))
		pull(w, &body, &wish.range, err);
	else if (!err_is_set(err))
		deliver_discard(&body, NULL);
	s->usable = http1_is_persistent(&head.head, &body) && !w->source->request->close;
	http1_body_free(&body);
	http1_free_head(&head);
	return !err_is_set(err);
}

static bool fetch(struct puller *w, struct err *err)
{
	struct url url;
	pthread_mutex_lock(&w->g->lock);
	url_copy(&url, &w->source->request->url);
	pthread_mutex_unlock(&w->g->lock);
	struct session *s = session_get(&w->pool, &url, err);
	url_free(&url);
	if (!s)
		return false;
	bool reused = s->answered > 0;
	s->usable = false;
	bool ok = exchange(w, s, err);
	/* It was closed while it was idle: that says nothing about the server. */
	if (!ok && reused && stream_is_gone(s->stream) && !w->flows)
		err_clear(err);
	session_release(&w->pool, s);
	return ok;
}

/* ---- a thread ---- */

/* With the lock. */
static void note_failure(struct puller *w, const struct err *err)
{
	struct gather *g = w->g;
	struct source *s = w->source;
	if (!err_is_set(err) || is_over(g) || plan_is_whole(&g->plan))
		return;
	err_clear(&g->err);
	err_pass(&g->err, err);
	if (err->kind == ERR_IO || err->kind == ERR_INTERRUPT) {
		g->broken = true;
		gather_end(g);
		return;
	}
	int64_t delay =
	    g->o->retry_delay_ms > 0 ? g->o->retry_delay_ms : (int64_t)200 << (s->failures & 7);
	s->not_before = clock_after_ms(delay);
	if (++s->failures >= TRIES + g->o->retry || err->kind != ERR_AGAIN)
		gather_drop(g, s, err->text);
	/* Perhaps it only wants fewer of us: one that nobody else asks ails otherwise. */
	if (s->users && g->busy)
		crew_limit(&g->crew, g->busy);
}

static void give_back(struct puller *w, const struct err *err)
{
	struct gather *g = w->g;
	pthread_mutex_lock(&g->lock);
	g->busy -= w->flows;
	w->flows = false;
	w->source->users--;
	gather_note_origin(g, w->span, (size_t)(w->source - g->sources));
	plan_release(&g->plan, w->span);
	note_failure(w, err);
	w->span = NULL;
	w->source = NULL;
	pthread_cond_broadcast(&g->turned);
	pthread_mutex_unlock(&g->lock);
}

/* The one with the fewest users; *any: there is one, if only after a pause. */
static struct source *choose(struct gather *g, bool *any)
{
	struct source *best = NULL;
	*any = false;
	for (size_t i = 0; i < g->count; i++) {
		struct source *s = &g->sources[i];
		*any = *any || !s->dropped;
		if (!s->dropped && clock_now() >= s->not_before &&
		    (!best || s->users < best->users))
			best = s;
	}
	return best;
}

static void nap(struct gather *g)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += NAP_MS * CLOCK_MS;
	until.tv_sec += until.tv_nsec / CLOCK_SECOND;
	until.tv_nsec %= CLOCK_SECOND;
	pthread_cond_timedwait(&g->turned, &g->lock, &until);
}

/* The next span and who to ask for it. False when there is nothing more to do. */
static bool take(struct puller *w)
{
	struct gather *g = w->g;
	bool any = true;
	pthread_mutex_lock(&g->lock);
	while (any && !w->span && !is_over(g) && !plan_is_whole(&g->plan)) {
		struct source *s = choose(g, &any);
		if (s && w->number < g->crew.wanted)
			w->span = plan_take(&g->plan, w->rate, clock_now());
		if (w->span) {
			w->source = s;
			s->users++;
		} else if (any) {
			nap(g);
		}
	}
	pthread_mutex_unlock(&g->lock);
	return w->span;
}

static void pull_first(struct puller *w)
{
	struct gather *g = w->g;
	struct err err = {0};
	pthread_mutex_lock(&g->lock);
	w->span = g->first;
	w->source = &g->sources[0];
	w->source->users++;
	g->reading_first = true;
	pthread_mutex_unlock(&g->lock);
	const struct range rest = {g->task->delivery.written, g->plan.total - 1, g->plan.total};
	pull(w, g->body, &rest, &err);
	pthread_mutex_lock(&g->lock);
	g->reading_first = false;
	pthread_mutex_unlock(&g->lock);
	give_back(w, &err);
}

void gather_work(void *shared, int index)
{
	struct gather *g = shared;
	struct puller w = {.g = g, .pool = {.dialer = g->dialer, .tls = g->settings.tls}};
	(void)index;
	pthread_mutex_lock(&g->lock);
	bool first = !g->begun && pthread_equal(pthread_self(), g->caller);
	g->begun = g->begun || first;
	w.number = first ? 0 : ++g->workers;
	pthread_mutex_unlock(&g->lock);
	if (first)
		pull_first(&w);
	while (take(&w)) {
		struct err err = {0};
		fetch(&w, &err);
		give_back(&w, &err);
	}
	session_pool_close(&w.pool);
	pthread_mutex_lock(&g->lock);
	g->connections += w.pool.opened;
	g->turns += w.pool.turns;
	pthread_mutex_unlock(&g->lock);
}
