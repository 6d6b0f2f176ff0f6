/*
 * What an answer that came means for the cache: it is stored, it confirms what
 * is stored, or makes it invalid. Decides by cache_policy.c alone.
 */
#include <string.h>
#include <time.h>

#include "cmd/webget/cached_inside.h"
#include "common/base/limits.h"

static void forget_url(struct task *t, const struct url *url)
{
	struct buf text = BUF_INIT(LIMIT_URL + LIMIT_LINE);
	url_put_page(&text, url);
	int n = cache_store_forget(t->run->cache.store, buf_cstr(&text));
	if (n)
		NOTE(t, "invalid after %s: %d stored answer%s of %s", t->request.method, n,
		    n == 1 ? "" : "s", buf_cstr(&text));
	buf_free(&text);
}

/* 4.4: the URL, and what Location and Content-Location name at the same origin. */
static void invalidate(struct task *t)
{
	static const char *const names[] = {"location", "content-location"};
	forget_url(t, &t->request.url);
	for (int i = 0; i < 2; i++) {
		struct url other;
		struct err ignored = {0};
		struct str value = fields_value(&t->head.head.fields, names[i]);
		if (value.len == 0 || !url_resolve(&other, &t->request.url, value, &ignored))
			continue;
		if (url_same_origin(&other, &t->request.url))
			forget_url(t, &other);
		url_free(&other);
	}
}

/* Opens a writer for a head; from: the body is the one that is there (a 304, a HEAD). */
static struct cache_writer *keep(struct task *t, struct str answer)
{
	struct cached *c = &t->cached;
	struct cache_key key = cached_key(c);
	struct err err = {0};
	const int64_t times[2] = {c->requested, time(NULL)};
	struct cache_writer *w =
	    cache_writer_open(t->run->cache.store, &key, times, answer, &err);
	if (!w)
		NOTE(t, "not stored: %s", err.text);
	return w;
}

static void finish(struct task *t, struct cache_writer *w)
{
	struct err err = {0};
	if (w && !cache_writer_commit(w, &err))
		NOTE(t, "not stored: %s", err.text);
}

/* The stored file again, under the new head. The one that is open stays as it is until the
 * answer has been served from it. */
static void refresh(struct task *t)
{
	struct cached *c = &t->cached;
	struct buf head = BUF_INIT(CACHE_HEAD_MOST);
	if (cache_control_of(&t->head.head.fields).no_store) {
		cache_store_forget(t->run->cache.store, c->url);
		return;
	}
	cache_put_merged(&head, &c->found->entry.head, &t->head.head);
	struct cache_writer *w = head.over ? NULL : keep(t, buf_str(&head));
	if (w)
		cache_writer_add_body(w, c->found);
	finish(t, w);
	buf_free(&head);
	/* It may have another name now: of two the newer one is found. */
	struct cache_key key = cached_key(c);
	struct cache_found *again = cache_store_find(t->run->cache.store, &key);
	if (!again)
		return;
	cache_found_free(c->found);
	c->found = again;
}

static bool may_store(struct task *t, const char **why)
{
	struct cached *c = &t->cached;
	const struct http_head *head = &t->head.head;
	struct cache_stored stored = {head, c->requested, time(NULL), t->request.url.query};
	return cache_may_store(&stored, t->request.method, &c->request, why);
}

static void store(struct task *t)
{
	struct cached *c = &t->cached;
	struct buf head = BUF_INIT(CACHE_HEAD_MOST);
	const char *why;
	if (!may_store(t, &why)) {
		if (strcmp(t->request.method, "GET") == 0)
			NOTE(t, "not stored: %s", why);
		/* What is there is older than this. */
		if (c->found && t->head.head.status < 500)
			cache_store_forget(t->run->cache.store, c->url);
		return;
	}
	cache_put_head(&head, &t->head.head);
	c->writer = head.over ? NULL : keep(t, buf_str(&head));
	t->delivery.store = c->writer;
	buf_free(&head);
}

/* 4.3.5: what HEAD says holds for the stored GET too, or shows that it is old. */
static void take_head(struct task *t)
{
	struct cached *c = &t->cached;
	const struct http_head *said = &t->head.head;
	struct cache_key key = cached_key(c);
	char length[32];
	if (!c->found)
		c->found = cache_store_find(t->run->cache.store, &key);
	if (!c->found || said->status != 200)
		return;
	struct buf text = BUF_INIT(sizeof length);
	buf_addf(&text, "%llu", (unsigned long long)c->found->entry.line.body_len);
	struct str now = fields_value(&said->fields, "content-length");
	bool same = cache_is_same(&c->found->entry.head, said) &&
		    (now.len == 0 || str_eq(now, buf_str(&text)));
	buf_free(&text);
	if (same) {
		refresh(t);
		return;
	}
	NOTE(t, "invalid: HEAD says something else");
	cache_store_forget(t->run->cache.store, c->url);
}

/* A 304 to our own question. Of another version than the one that is there it is no use. */
static void confirm(struct task *t)
{
	struct cached *c = &t->cached;
	c->confirmed = true;
	if (!cache_is_same(&c->found->entry.head, &t->head.head)) {
		NOTE(t, "invalid: the 304 speaks of another version");
		cache_store_forget(t->run->cache.store, c->url);
		c->passed_by = true;
		return;
	}
	c->result = CACHE_VALIDATED;
	NOTE(t, "confirmed (304)");
	refresh(t);
}

void cached_take(struct task *t)
{
	struct cached *c = &t->cached;
	int status = t->head.head.status;
	if (!t->run->cache.store || c->serving)
		return;
	if (cache_invalidates(t->request.method, status))
		invalidate(t);
	if (!c->url)
		return;
	if (status == 304 && t->request.recheck) {
		confirm(t);
		return;
	}
	if (cache_is_error(status) && c->found && c->if_error)
		return;
	c->if_error = false;
	if (strcmp(t->request.method, "HEAD") == 0)
		take_head(t);
	else
		store(t);
}

void cached_end(struct task *t, bool whole)
{
	struct cached *c = &t->cached;
	if (!c->writer)
		return;
	/* An error of the status is the answer; one of ours means that it was not all right. */
	bool right = !err_is_set(&t->err) || t->err.code == t->head.head.status;
	if (whole && right)
		finish(t, c->writer);
	else
		cache_writer_abandon(c->writer);
	c->writer = t->delivery.store = NULL;
}
