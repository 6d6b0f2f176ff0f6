/*
 * The gathering of one file: what is known of it, its threads, its end. What a
 * thread does is gather_pull.c's.
 */
#include "cmd/webget/gather.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd/webget/digests.h"
#include "cmd/webget/duplicates.h"
#include "cmd/webget/gather_inside.h"
#include "cmd/webget/show.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/workers.h"
#include "common/cli/say.h"
#include "common/text/number.h"

/* A span that takes less than a round trip or two is not worth a request of its own. */
#define LEAST (256 * KIB)
/* The shortest time in which a rate can be measured; and in round trips, for TCP's slow start.
 */
#define WINDOW_MS 100
#define WINDOW_TURNS 8
/* After a crash so much has to be fetched again. */
#define SAVE_EVERY_MS 5000

/* ---- whether ---- */

static uint64_t total_of(const struct task *t, const struct http1_body *b)
{
	return t->delivery.rest ? t->resume.have + b->left : b->total;
}

/* With a digest the whole is checked in the end; otherwise each range needs a version. */
static bool will_be_checked(const struct task *t, const struct http_head *head)
{
	return t->job->digests.count > 0 || digests_promised(head) ||
	       pieces_are_strong(t->job->pieces);
}

static bool has_version(const struct task *t, const struct http_head *head)
{
	char *validator = resume_validator(head);
	bool known = validator || t->delivery.rest || will_be_checked(t, head);
	free(validator);
	return known;
}

bool gather_fits(const struct task *t, const struct http1_body *b)
{
	const struct webget_options *o = t->run->o;
	const struct http_head *head = &t->head.head;
	bool asked = o->segments > 1 || t->job->mirrors.count || t->job->pieces;
	bool plain = t->job->output && strcmp(t->request.method, "GET") == 0 && !o->include &&
		     !o->compressed && !o->range && !t->request.has_payload;
	/* What the cache keeps goes by in one piece; and what it has needs no help. */
	plain = plain && !t->delivery.store && stream_fd(b->stream) >= 0;
	bool known = b->framing == HTTP1_LENGTH && (head->status == 200 || t->delivery.rest);
	uint64_t total = total_of(t, b);
	bool large = total - t->resume.have >= 2 * LEAST &&
		     (!o->max_filesize || total <= (uint64_t)o->max_filesize);
	bool none = fields_has_token(&head->fields, "accept-ranges", "none");
	return asked && plain && known && large && (!none || t->job->mirrors.count) &&
	       has_version(t, head);
}

/* ---- sources ---- */

void gather_drop(struct gather *g, struct source *s, const char *why)
{
	if (s->dropped)
		return;
	s->dropped = true;
	show_note(g->task->run, "%s: no ranges from it: %s", s->name, why);
	if (!err_is_set(&g->err))
		err_set(&g->err, ERR_AGAIN, "%s: %s", s->name, why);
}

static void add_mirror(struct gather *g, const char *url)
{
	struct err err = {0};
	struct request *r = source_request(g->o, url, &err);
	if (r && !err_is_set(&err)) {
		struct login *none = mem_alloc(sizeof *none);
		source_init(&g->sources[g->count++], r, none, false);
		return;
	}
	show_note(g->task->run, "a mirror is left out: %s", err.text);
	if (r)
		request_free(r);
	free(r);
}

static bool has_strong_digest(const struct gather *g)
{
	bool strong = digests_promised(&g->head->head) || pieces_are_strong(g->pieces);
	for (size_t i = 0; i < g->digests.count && !strong; i++)
		strong = str_starts_nocase(str_of(g->digests.items[i].text), "sha256:") ||
			 str_starts_nocase(str_of(g->digests.items[i].text), "sha512:");
	return strong;
}

/* What the server itself calls duplicates (RFC 6249 6: not without a digest). */
static void find_linked(struct gather *g, struct list *linked)
{
	const struct list *known = &g->task->job->digests;
	for (size_t i = 0; i < known->count; i++)
		list_add(&g->digests, known->items[i].name, known->items[i].text);
	digests_add_old(&g->head->head, &g->digests);
	if (g->o->segments < 2 || !has_strong_digest(g))
		return;
	duplicates_find(&g->head->head, &g->task->request.url, linked);
	g->will_be_checked = true;
}

static void open_sources(struct gather *g)
{
	struct task *t = g->task;
	const struct list *mirrors = &t->job->mirrors;
	struct list linked = {0};
	find_linked(g, &linked);
	g->sources = mem_array(mirrors->count + linked.count + 1, sizeof *g->sources);
	source_init(&g->sources[g->count++], &t->request, &t->login, true);
	source_note_version(&g->sources[0], &g->head->head);
	if (fields_has_token(&g->head->head.fields, "accept-ranges", "none"))
		g->sources[0].dropped = true;
	for (size_t i = t->mirror; i < mirrors->count; i++)
		add_mirror(g, mirrors->items[i].text);
	for (size_t i = 0; i < linked.count; i++)
		add_mirror(g, linked.items[i].text);
	list_free(&linked);
}

static void close_sources(struct gather *g)
{
	for (size_t i = 0; i < g->count; i++) {
		struct source *s = &g->sources[i];
		if (!s->first) {
			request_free(s->request);
			free(s->request);
			login_free(s->login);
			free(s->login);
		}
		source_free(s);
	}
	free(g->sources);
	free(g->origins);
	list_free(&g->digests);
	g->task->request.rest[0] = '\0';
	g->task->request.if_range = NULL;
}

/* ---- what is there ---- */

static bool save(struct gather *g, struct err *err)
{
	struct buf map = BUF_INIT(LIMIT_FILE);
	pthread_mutex_lock(&g->lock);
	plan_put_map(&g->plan, &map);
	pthread_mutex_unlock(&g->lock);
	free(g->resume->map);
	g->resume->map = buf_steal(&map);
	/* The note must not know more than the disk. */
	return !g->resume->kept ||
	       (fdatasync(outfile_fd(g->out)) == 0
		       ? resume_save(g->resume, g->out, err)
		       : err_set_errno(err, ERR_IO, "%s", outfile_name(g->out)));
}

void gather_save(struct gather *g, bool now)
{
	struct err unimportant = {0}; /* what can't be noted is fetched again */
	if (!g->resume || !g->resume->kept || !g->resume->validator)
		return;
	pthread_mutex_lock(&g->lock);
	bool mine = !g->saving && (now || clock_passed(g->saved_at));
	g->saving = g->saving || mine;
	pthread_mutex_unlock(&g->lock);
	if (!mine)
		return;
	save(g, &unimportant);
	pthread_mutex_lock(&g->lock);
	g->saving = false;
	g->saved_at = clock_after_ms(SAVE_EVERY_MS);
	pthread_mutex_unlock(&g->lock);
}

static bool open_plan(struct gather *g, struct err *err)
{
	const struct task *t = g->task;
	uint64_t total = total_of(t, g->body);
	plan_open(&g->plan, total, LEAST);
	if (t->delivery.rest && t->resume.map)
		plan_read_map(&g->plan, str_of(t->resume.map));
	if (t->delivery.rest)
		plan_mark(&g->plan, 0, t->resume.have, true);
	/* From here on the file's size says nothing: the note has to come before it. */
	if (g->resume && g->resume->validator && !save(g, err))
		return false;
	return ftruncate(outfile_fd(g->out), (off_t)total) == 0 ||
	       err_set_errno(err, ERR_IO, "%s", outfile_name(g->out));
}

/* ---- the run ---- */

void gather_end(struct gather *g)
{
	__atomic_store_n(&g->over, 1, __ATOMIC_RELAXED);
	/* The first answer's connection is the run's: its wait knows nothing of us. */
	if (g->reading_first && !pthread_equal(pthread_self(), g->caller))
		shutdown(stream_fd(g->body->stream), SHUT_RD);
	pthread_cond_broadcast(&g->turned);
}

static int most_workers(const struct gather *g)
{
	int64_t most = g->o->segments ? g->o->segments : (int64_t)g->count;
	uint64_t useful = (g->plan.total - g->plan.there) / LEAST;
	return useful < (uint64_t)most ? (int)useful : (int)most;
}

static void work(struct gather *g)
{
	struct task *t = g->task;
	int most = most_workers(g);
	int64_t turn = t->time.first_byte - t->time.sent;
	int64_t least = WINDOW_MS * CLOCK_MS;
	g->caller = pthread_self();
	g->paced_from = clock_now();
	g->saved_at = clock_after_ms(SAVE_EVERY_MS);
	crew_open(&g->crew, most, turn * WINDOW_TURNS > least ? turn * WINDOW_TURNS : least);
	/* Before the others look for something to do. */
	g->first = plan_take_at(&g->plan, t->delivery.written, clock_now());
	workers_run(most, gather_work, g);
}

void gather_again(struct gather *g)
{
	__atomic_store_n(&g->over, 0, __ATOMIC_RELAXED);
	g->workers = -1; /* nobody reads the first answer */
	workers_run(most_workers(g), gather_work, g);
}

static void account(const struct gather *g)
{
	struct task *t = g->task;
	pthread_mutex_lock(&t->run->lock);
	t->run->connections += g->connections;
	t->run->turns += g->turns;
	pthread_mutex_unlock(&t->run->lock);
	t->connects += (int)g->connections;
}

static bool check_digests(struct gather *g, struct err *err)
{
	struct digests d;
	const struct task *t = g->task;
	struct digests_before rest = {outfile_fd(g->out), t->resume.have, t->resume.overlap};
	bool ok = digests_open(
		      &d, &g->digests, &g->head->head, t->delivery.rest ? &rest : NULL, err) &&
		  (digests_add_fd(&d, outfile_fd(g->out), t->delivery.rest ? rest.have : 0,
		       g->plan.total) ||
		      err_set_errno(err, ERR_IO, "%s", outfile_name(g->out))) &&
		  digests_finish(&d, err);
	digests_free(&d);
	if (!ok && g->resume)
		resume_forget(g->resume, g->out);
	return ok;
}

static void show(const struct gather *g)
{
	char bytes[NUMBER_SHOWN];
	if (!g->o->common.timing)
		return;
	progress_hold(g->task->run->progress);
	say_note("timing", false, "%u ranges on %u more connection%s; at most %d at once",
	    g->ranges, g->connections, g->connections == 1 ? "" : "s", g->crew.wanted);
	for (size_t i = 0; i < g->count; i++)
		say_note("timing", false, "%s from %s",
		    number_show_bytes(g->sources[i].bytes, bytes), g->sources[i].name);
	progress_release(g->task->run->progress);
}

static bool finish(struct gather *g, struct err *err)
{
	g->task->delivery.written = g->plan.there;
	if (plan_is_whole(&g->plan)) {
		show(g);
		return check_digests(g, err);
	}
	if (g->resume && g->resume->validator)
		save(g, err);
	if (net_is_interrupted(&g->o->common.net))
		return err_set(err, ERR_INTERRUPT, "interrupted");
	return err_is_set(&g->err) ? err_pass(err, &g->err)
				   : err_set(err, ERR_AGAIN, "no source has the rest of it");
}

bool gather_run(
    struct task *t, const struct http1_head *h, struct http1_body *b, struct err *err)
{
	struct gather g = {.task = t,
	    .o = t->run->o,
	    .head = h,
	    .body = b,
	    .out = t->delivery.out,
	    .resume = t->delivery.resume,
	    .pieces = t->job->pieces,
	    .will_be_checked = will_be_checked(t, &h->head),
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .turned = PTHREAD_COND_INITIALIZER,
	    .settings = t->run->o->common.net};
	struct condition condition = t->request.condition;
	bool ok = open_plan(&g, err);
	g.settings.over = &g.over;
	g.settings.limit_rate = 0;
	g.dialer = dialer_open(&g.settings, t->run->trace);
	open_sources(&g);
	/* The conditions were for the first answer. */
	t->request.condition = (struct condition){0};
	g.counter = progress_file_begin(t->delivery.progress, g.plan.there, g.plan.total);
	if (ok)
		work(&g);
	ok = ok && gather_mend(&g, err);
	account(&g);
	t->request.condition = condition;
	ok = ok && finish(&g, err);
	close_sources(&g);
	dialer_close(g.dialer);
	plan_close(&g.plan);
	return ok;
}
