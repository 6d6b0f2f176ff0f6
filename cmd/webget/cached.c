/*
 * The cache and a task: before the request, and in the place of an answer. What
 * an answer that comes means for the cache is in cached_keep.c.
 */
#include "cmd/webget/cached_inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/sum64.h"
#include "common/cli/say.h"

void cache_open(struct cache *c, const struct webget_options *o, struct trace *trace)
{
	struct err err = {0};
	if (!o->cache.dir)
		return;
	c->store = cache_store_open(o->cache.dir, (uint64_t)o->cache.size, &err);
	if (c->store)
		return;
	trace_note(trace, 1, "cache", "not used: %s", err.text);
	say_note("webget", o->common.quiet, "--cache: %s; going on without it", err.text);
}

void cache_close(struct cache *c)
{
	cache_store_close(c->store);
	c->store = NULL;
}

const char *cached_word(enum cache_result result)
{
	static const char *const words[] = {NULL, "miss", "hit", "validated", "stale"};
	return words[result];
}

/* ---- the key ---- */

/* The fields as they would go out: made by the very function that sends them. */
static bool gather_fields(struct task *t)
{
	struct cached *c = &t->cached;
	struct err ignored = {0};
	struct session s = {0};
	fields_free(&c->request);
	buf_free_secret(&c->bytes);
	c->bytes = BUF_INIT(LIMIT_HEAD);
	s.stream = stream_over_memory(STR(""), &c->bytes);
	request_put_head(&t->request, &s);
	bool ok = stream_flush(s.stream);
	stream_close(s.stream);
	struct str rest = buf_str(&c->bytes), line = STR_NONE;
	str_cut(&rest, '\n', &line);
	return ok &&
	       http_fields_parse(&c->request, c->bytes.ptr + line.len + 1, rest.len, &ignored);
}

static void add_sum(struct buf *out, const char *what, struct str secret)
{
	buf_addf(out, "%s%s %016llx", out->len ? ", " : "", what,
	    (unsigned long long)sum64_of(secret));
}

/* Whose answer it will be: nobody gets what another's name, token, cookies or certificate
 * fetched, nor what came from a server that was not verified. False when that can't be told
 * without keeping what could be a password. */
static bool name_user(struct task *t, struct buf *out)
{
	const struct net_options *common = &t->run->o->common;
	const struct request *r = &t->request;
	struct str given = fields_value(&t->cached.request, "authorization");
	struct str cookies = fields_value(&t->cached.request, "cookie");
	bool is_tls = url_scheme_is(&r->url, "https");
	if (str_starts_nocase(given, "bearer "))
		add_sum(out, "token", given);
	else if (given.len)
		return false;
	else if (r->trusted && common->cred.oauth2_bearer)
		add_sum(out, "token", str_of(common->cred.oauth2_bearer));
	else if (r->trusted && t->login.creds.user)
		buf_addf(out, "user %s", t->login.creds.user);
	if (cookies.len)
		add_sum(out, "cookies", cookies);
	if (is_tls && common->net.cert)
		add_sum(out, "certificate", str_of(common->net.cert));
	if (is_tls && common->net.insecure)
		buf_addf(out, "%sunverified", out->len ? ", " : "");
	return field_is_value(buf_str(out));
}

/* Fills the key, or says why the cache is not for this request. */
static bool make_key(struct task *t, const char **why)
{
	struct cached *c = &t->cached;
	const struct webget_options *o = t->run->o;
	struct buf url = BUF_INIT(LIMIT_URL + LIMIT_LINE), user = BUF_INIT(LIMIT_LINE);
	*why = "the request can't be written";
	bool ok = gather_fields(t) && cache_may_ask(t->request.method, &c->request, why);
	if (ok && (t->request.has_payload || t->resume.have > 0)) {
		*why = t->resume.have ? "the rest of a file is asked for" : "it has a body";
		ok = false;
	}
	/* Another Host may mean another site under this URL. */
	for (size_t i = 0; ok && i < o->headers.count; i++)
		if (str_starts_nocase(str_of(o->headers.items[i].text), "host:")) {
			*why = "-H gives another Host";
			ok = false;
		}
	if (ok && !name_user(t, &user)) {
		*why = "the Authorization of -H does not say whose it is";
		ok = false;
	}
	url_put_page(&url, &t->request.url);
	c->url = ok ? buf_steal(&url) : NULL;
	c->user = ok ? mem_dup(buf_cstr(&user)) : NULL;
	buf_free(&url);
	buf_free(&user);
	return ok;
}

/* ---- before the request ---- */

static void forget_hop(struct task *t)
{
	struct cached *c = &t->cached;
	cache_found_free(c->found);
	condition_free(&c->check);
	cache_writer_abandon(c->writer);
	free(c->url);
	free(c->user);
	c->found = NULL;
	c->writer = t->delivery.store = NULL;
	c->url = c->user = NULL;
	c->confirmed = c->if_error = c->if_slow = false;
	t->request.recheck = NULL;
}

static struct cache_stored stored_of(const struct cache_found *f)
{
	const struct cache_about *a = &f->entry.about;
	return (struct cache_stored){
	    &f->entry.head, a->requested, a->received, str_has_byte(str_of(a->url), '?')};
}

static void ask_again(struct task *t, const struct cache_verdict *v)
{
	struct cached *c = &t->cached;
	struct str etag = fields_value(&c->found->entry.head.fields, "etag");
	struct str since = fields_value(&c->found->entry.head.fields, "last-modified");
	c->check.etags = etag.len ? str_dup(etag) : NULL;
	c->check.since = since.len ? str_dup(since) : NULL;
	t->request.recheck = &c->check;
	NOTE(t, "%s: asks whether it still holds", v->why);
}

static bool refuse(struct task *t, const char *why)
{
	return !err_set(&t->err, ERR_ABSENT, "only-if-cached was asked for, and %s", why);
}

static bool judge(struct task *t)
{
	struct cached *c = &t->cached;
	struct cache_key key = cached_key(c);
	bool only = cache_control_of(&c->request).only_if_cached;
	c->found = cache_store_find(t->run->cache.store, &key);
	if (!c->found) {
		NOTE(t, "miss: nothing is stored");
		return only && refuse(t, "nothing is stored");
	}
	struct cache_stored stored = stored_of(c->found);
	struct cache_verdict v = cache_judge(&stored, &c->request, time(NULL));
	if (v.use == CACHE_SERVE) {
		c->result = CACHE_HIT;
		NOTE(t, "hit: %s", v.why);
		return true;
	}
	if (only)
		return refuse(t, v.why);
	if (v.use == CACHE_VALIDATE)
		ask_again(t, &v);
	else
		NOTE(t, "miss: %s, and nothing to ask with", v.why);
	c->if_error = v.if_error;
	c->if_slow = v.if_slow;
	return false;
}

bool cached_look(struct task *t)
{
	const char *why;
	struct cached *c = &t->cached;
	if (!t->run->cache.store || err_is_set(&t->err))
		return false;
	forget_hop(t);
	if (c->passed_by)
		return false;
	c->requested = time(NULL);
	c->result = CACHE_MISS;
	pthread_mutex_lock(&t->run->lock);
	cookies_prepare(&t->run->cookies, &t->request);
	pthread_mutex_unlock(&t->run->lock);
	if (make_key(t, &why)) {
		c->ready = judge(t);
		return c->ready;
	}
	NOTE(t, "passed by: %s", why);
	c->result = CACHE_UNUSED;
	return false;
}

/* ---- the stored answer ---- */

/* The head as the server would say it now: with the body's length and its age (5.1). */
static bool make_head(struct task *t)
{
	struct cache_found *f = t->cached.found;
	struct cache_stored stored = stored_of(f);
	struct http1_head *h = &t->head;
	struct err ignored = {0};
	http1_free_head(h);
	struct str head = f->entry.answer, line;
	buf_add_str(&h->bytes, str_sub(head, 0, str_find(head, '\n') + 1));
	str_cut(&head, '\n', &line);
	while (str_cut(&head, '\n', &line) && line.len > 1)
		if (!str_starts_nocase(line, "age:")) {
			buf_add_str(&h->bytes, line);
			buf_add_byte(&h->bytes, '\n');
		}
	buf_addf(&h->bytes, "Age: %lld\r\n", (long long)cache_age(&stored, time(NULL)));
	if (f->entry.head.status != 204)
		buf_addf(&h->bytes, "Content-Length: %llu\r\n",
		    (unsigned long long)f->entry.line.body_len);
	buf_add_text(&h->bytes, "\r\n");
	return http_head_parse(&h->head, h->bytes.ptr, h->bytes.len, &ignored);
}

enum outcome cached_answer(struct task *t)
{
	struct cached *c = &t->cached;
	struct session s = {.answered = 1};
	int fd = c->found ? dup(c->found->fd) : -1;
	c->ready = c->confirmed = false;
	uint64_t at = c->found ? CACHE_LINE + c->found->entry.line.head_len : 0;
	if (err_is_set(&t->err))
		return OUTCOME_FAILED;
	if (fd < 0 || lseek(fd, (off_t)at, SEEK_SET) < 0 || !make_head(t)) {
		if (fd >= 0)
			close(fd);
		err_set(&t->err, ERR_INTERNAL, "the stored answer could not be opened");
		return OUTCOME_FAILED;
	}
	s.stream = stream_over_file(fd, &t->run->o->common.net);
	t->has_head = true;
	t->withheld = false;
	c->serving = true;
	if (strcmp(t->request.method, "GET") == 0)
		c->saved += c->found->entry.line.body_len;
	if (c->result != CACHE_VALIDATED) {
		t->time.reused = true;
		t->time.sent = clock_now();
	}
	enum outcome outcome = task_receive(t, &s);
	c->serving = false;
	stream_close(s.stream);
	return outcome;
}

bool cached_gives_up(struct task *t, struct session *s)
{
	struct cached *c = &t->cached;
	int64_t ms = t->run->o->cache.if_slow_ms;
	if (!ms || !c->if_slow || c->serving || !c->found ||
	    stream_await(s->stream, ms < INT32_MAX ? (int)ms : INT32_MAX) ||
	    err_is_set(stream_err(s->stream)) || net_is_interrupted(&t->run->o->common.net))
		return false;
	c->result = CACHE_STALE;
	NOTE(t, "stale: the server takes too long (stale-while-revalidate)");
	return true;
}

/* ---- failures, and the end ---- */

bool cached_covers(const struct task *t)
{
	const struct cached *c = &t->cached;
	return c->found && c->if_error && !c->serving && cache_is_error(t->head.head.status);
}

bool cached_rescue(struct task *t)
{
	struct cached *c = &t->cached;
	bool lost = t->err.kind == ERR_AGAIN || t->err.kind == ERR_HOST;
	if (!c->found || !c->if_error || !lost)
		return false;
	NOTE(t, "stale: %s (stale-if-error)", t->err.text);
	err_clear(&t->err);
	c->result = CACHE_STALE;
	c->if_error = false;
	return true;
}

static void count(struct cache *cache, const struct cached *c)
{
	cache->hits += c->result == CACHE_HIT || c->result == CACHE_STALE;
	cache->validated += c->result == CACHE_VALIDATED;
	cache->misses += c->result == CACHE_MISS;
	cache->saved += c->saved;
}

void cached_free(struct task *t)
{
	struct cached *c = &t->cached;
	if (c->result != CACHE_UNUSED) {
		pthread_mutex_lock(&t->run->lock);
		count(&t->run->cache, c);
		pthread_mutex_unlock(&t->run->lock);
	}
	forget_hop(t);
	fields_free(&c->request);
	buf_free_secret(&c->bytes);
}
