/*
 * A crawl, from links to jobs and from files to links. Sends nothing itself.
 */
#include "cmd/webget/crawl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/convert.h"
#include "cmd/webget/crawl_inside.h"
#include "cmd/webget/options_pages.h"
#include "cmd/webget/task.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/progress.h"

struct crawl *crawl_open(const struct webget_options *o, struct trace *trace)
{
	if (!options_crawl(o))
		return NULL;
	struct localname_style style = {!o->host_directories || o->no_host, o->cut_dirs};
	struct crawl *c = mem_alloc(sizeof *c);
	*c = (struct crawl){.o = o,
	    .trace = trace,
	    .lock = MUTEX_BRIEF,
	    .tree_lock = PTHREAD_MUTEX_INITIALIZER,
	    .scope = {.o = o}};
	frontier_init(&c->frontier);
	names_init(&c->files, LIMIT_CRAWL);
	names_init(&c->trusted, LIMIT_CRAWL);
	tree_open(&c->tree, o->output_dir, &style);
	return c;
}

void crawl_close(struct crawl *c)
{
	if (!c)
		return;
	frontier_free(&c->frontier);
	names_free(&c->files);
	names_free(&c->trusted);
	tree_close(&c->tree);
	scope_free(&c->scope);
	free(c->again);
	free(c);
}

/* "scheme://host:port" */
static void put_origin(struct buf *out, const struct url *url)
{
	buf_addf(out, "%s://", url->scheme);
	url_put_authority(out, url);
}

uint32_t crawl_see(struct crawl *c, const struct url *url, bool *is_new)
{
	struct buf text = BUF_INIT(2 * LIMIT_URL);
	url_put_page(&text, url);
	uint32_t i = frontier_see(&c->frontier, buf_str(&text), is_new);
	if (i == NAMES_NONE && !c->full) {
		c->full = true;
		trace_note(c->trace, 1, "crawl", "no more than %u URLs are followed",
		    c->frontier.urls.count);
	}
	if (*is_new) {
		buf_clear(&text);
		put_origin(&text, url);
		c->frontier.items[i].origin = frontier_origin(&c->frontier, buf_str(&text),
		    c->o->recursive ? ORIGIN_UNKNOWN : ORIGIN_OPEN);
	}
	buf_free(&text);
	return i;
}

/* ---- jobs ---- */

bool crawl_start(struct crawl *c, struct job *job)
{
	struct buf origin = BUF_INIT(LIMIT_URL);
	bool is_new;
	pthread_mutex_lock(&c->lock);
	scope_add_start(&c->scope, &job->url);
	uint32_t i = crawl_see(c, &job->url, &is_new);
	put_origin(&origin, &job->url);
	if (is_new) {
		bool ignored;
		bool wanted = !c->o->recursive || scope_wants_name(c->o, &job->url);
		c->frontier.items[i].flags =
		    ITEM_START | ITEM_TAKEN | (wanted ? 0 : ITEM_TRANSIENT);
		names_add(&c->trusted, buf_str(&origin), &ignored);
		c->under_way++;
		job->item = i;
		job->output = tree_guess(&c->tree, &job->url);
	}
	pthread_mutex_unlock(&c->lock);
	buf_free(&origin);
	return is_new;
}

bool crawl_expects(struct crawl *c)
{
	pthread_mutex_lock(&c->lock);
	bool some = c->under_way > 0;
	pthread_mutex_unlock(&c->lock);
	return some;
}

void crawl_tell(struct crawl *c, struct progress_plan *plan)
{
	pthread_mutex_lock(&c->lock);
	plan->files += c->frontier.queued;
	plan->more = plan->more || c->under_way || c->frontier.queued;
	pthread_mutex_unlock(&c->lock);
}

static struct job *robots_job(struct crawl *c, uint32_t origin)
{
	struct job *job = mem_alloc(sizeof *job);
	struct err err = {0};
	job->item = origin;
	job->robots = job->aside = job->foreign = true;
	job->text =
	    mem_printf("%.*s/robots.txt", STR_ARG(names_get(&c->frontier.origins, origin)));
	char *name = mem_printf(".webget-robots-%ld-%u", (long)getpid(), origin);
	job->output = tree_full(&c->tree, str_of(name));
	free(name);
	tree_ready(&c->tree, &err);
	url_parse(&job->url, str_of(job->text), NULL, &err);
	return job;
}

/* Without the lock: a job for a URL, whose text it takes over. */
static void describe(struct crawl *c, struct job *job)
{
	url_parse(&job->url, str_of(job->text), NULL, NULL);
	job->output = c->o->timestamping ? tree_guess(&c->tree, &job->url) : mem_dup("");
}

static struct job *item_job(struct crawl *c, uint32_t i)
{
	struct job *job = mem_alloc(sizeof *job);
	struct str origin = names_get(&c->frontier.origins, c->frontier.items[i].origin);
	job->item = i;
	job->text = str_dup(names_get(&c->frontier.urls, i));
	job->foreign = names_find(&c->trusted, origin) == NAMES_NONE;
	return job;
}

/* The part of a URL behind its origin. */
static struct str target_of(struct str url)
{
	size_t at = str_find_str(url, STR("://")) + 3;
	return str_sub(url, at + str_find(str_sub(url, at, url.len), '/'), url.len);
}

static bool is_allowed(const struct crawl *c, uint32_t i)
{
	const struct item *it = &c->frontier.items[i];
	const struct robots *robots = c->frontier.origin[it->origin].robots;
	struct str url = names_get(&c->frontier.urls, i);
	if (!robots || (it->flags & ITEM_START) || robots_allow(robots, target_of(url)))
		return true;
	trace_note(c->trace, 1, "robots", "not fetched: %.*s", STR_ARG(url));
	return false;
}

struct job *crawl_next(struct crawl *c)
{
	struct job *job = NULL;
	pthread_mutex_lock(&c->lock);
	uint32_t i = frontier_wanted(&c->frontier);
	if (i != NAMES_NONE)
		job = robots_job(c, i);
	while (!job && (i = frontier_next(&c->frontier)) != NAMES_NONE)
		if (is_allowed(c, i))
			job = item_job(c, i);
	c->under_way += job != NULL;
	pthread_mutex_unlock(&c->lock);
	if (job && !job->robots)
		describe(c, job);
	return job;
}

/* ---- answers ---- */

/* What is to be read for its links must not grow beyond what is read, when it is decoded: a
 * bomb would fill the disk. */
static uint64_t most_decoded(const struct task *t)
{
	struct str type = fields_value(&t->head.head.fields, "content-type");
	bool is_read = t->job->robots || page_kind(type, str_of(t->job->url.path));
	return is_read ? LIMIT_PAGE : 0;
}

bool crawl_place(struct crawl *c, struct task *t)
{
	struct job *job = t->job;
	struct buf path = BUF_INIT(LIMIT_URL);
	t->delivery.most_decoded = most_decoded(t);
	if (job->robots || job->placed)
		return true;
	pthread_mutex_lock(&c->tree_lock);
	job->placed = tree_place(&c->tree, &job->url,
	    fields_value(&t->head.head.fields, "content-type"), &path, &t->err);
	job->fresh = job->placed && tree_is_fresh(&c->tree, buf_str(&path));
	pthread_mutex_unlock(&c->tree_lock);
	if (job->placed) {
		free(job->output);
		job->output = tree_full(&c->tree, buf_str(&path));
	}
	buf_free(&path);
	return job->placed;
}

static uint32_t end_of_redirects(const struct frontier *f, uint32_t i)
{
	for (int n = 0; i != NAMES_NONE && f->items[i].alias != NAMES_NONE; n++)
		i = n < UINT8_MAX ? f->items[i].alias : NAMES_NONE;
	return i;
}

/* Queues where a redirect leads, if it may go there and nobody was there yet. */
static void go_on(struct crawl *c, uint32_t from, uint32_t to, const struct url *url)
{
	const struct item *it = &c->frontier.items[from];
	struct item *target = &c->frontier.items[to];
	target->flags = (uint8_t)(it->flags & ~(ITEM_TAKEN | ITEM_QUEUED));
	target->level = it->level;
	target->hops = (uint8_t)(it->hops + 1);
	if (it->flags & ITEM_START)
		scope_add_start(&c->scope, url);
	else if (!(it->flags & ITEM_LEAF) &&
		 scope_judge(&c->scope, url, it->level) == VERDICT_NO)
		return;
	frontier_queue(&c->frontier, to);
}

static void redirect(struct crawl *c, struct task *t, uint32_t to)
{
	uint32_t from = t->job->item;
	struct item *it = &c->frontier.items[from];
	int64_t most = c->o->max_redirs;
	t->moved = true;
	if (most < 0 || most > UINT8_MAX - 1)
		most = UINT8_MAX - 1;
	if (it->hops >= most) {
		err_set(&t->err, ERR_PROTOCOL, "more than %d redirects", (int)most);
		return;
	}
	it->alias = to;
	if (end_of_redirects(&c->frontier, from) == NAMES_NONE)
		err_set(&t->err, ERR_PROTOCOL, "its redirects lead in a circle");
}

bool crawl_redirect(struct crawl *c, struct task *t, const struct url *next)
{
	bool is_new;
	if (t->job->robots)
		return false;
	pthread_mutex_lock(&c->lock);
	uint32_t to = crawl_see(c, next, &is_new);
	/* To itself: with a cookie it may be another answer. */
	bool takes = to != NAMES_NONE && to != t->job->item;
	if (takes)
		redirect(c, t, to);
	if (takes && is_new && !err_is_set(&t->err))
		go_on(c, t->job->item, to, next);
	pthread_mutex_unlock(&c->lock);
	return takes;
}

/* ---- robots.txt ---- */

/* RFC 9309 2.3.1: a client error means that there are no rules; when the server can't answer,
 * nothing is fetched from it, and that is an error of the run. */
static void take_robots(struct crawl *c, struct task *t)
{
	int status = t->head.head.status;
	struct robots *robots = NULL;
	struct page file;
	struct page_file from = {.path = t->job->output, .url = &t->job->url};
	struct err ignored = {0};
	if (err_is_set(&t->err) && t->err.code == status && status >= 400 && status < 500) {
		err_clear(&t->err);
	} else if (err_is_set(&t->err)) {
		robots = robots_forbid_all();
	} else if (page_open(&file, &from, &ignored)) {
		struct str agent = str_of(c->o->user_agent ? c->o->user_agent : "webget");
		robots = robots_read(file.text, str_sub(agent, 0, str_find(agent, '/')));
		page_close(&file);
	}
	unlink(t->job->output);
	pthread_mutex_lock(&c->lock);
	frontier_open_origin(&c->frontier, t->job->item, robots);
	pthread_mutex_unlock(&c->lock);
}

/* ---- files ---- */

/* The task's file is there, from now or (304) from before. */
static bool has_file(const struct task *t)
{
	return !err_is_set(&t->err) && !t->moved &&
	       (t->delivery.name || t->head.head.status == 304);
}

static void note_file(struct crawl *c, struct task *t, enum page_kind kind)
{
	struct item *it = &c->frontier.items[t->job->item];
	bool ignored;
	if (kind == PAGE_HTML)
		it->flags |= ITEM_HTML;
	else if (kind == PAGE_CSS)
		it->flags |= ITEM_CSS;
	it->file = names_add(
	    &c->files, (struct str){t->job->output, strlen(t->job->output) + 1}, &ignored);
}

static enum page_kind kind_of(const struct task *t)
{
	if (t->head.head.status == 304)
		return page_kind(STR_NONE, str_of(t->job->output));
	return page_kind(
	    fields_value(&t->head.head.fields, "content-type"), str_of(t->job->url.path));
}

void crawl_read(struct task *t)
{
	if (kind_of(t))
		outfile_leave_held(t->delivery.out, &t->text);
}

static void read_links(struct crawl *c, struct task *t)
{
	uint32_t i = t->job->item;
	enum page_kind kind = kind_of(t);
	pthread_mutex_lock(&c->lock);
	note_file(c, t, kind);
	pthread_mutex_unlock(&c->lock);
	struct at_hand at_hand = {buf_str(&t->text), &t->job->url};
	if (kind)
		crawl_read_links(c, i, &at_hand, &t->err);
	pthread_mutex_lock(&c->lock);
	struct item *it = &c->frontier.items[i];
	bool named = it->flags & ITEM_START && kind != PAGE_HTML;
	if (it->flags & ITEM_TRANSIENT && !named) {
		unlink(t->job->output);
		it->file = NAMES_NONE;
	}
	pthread_mutex_unlock(&c->lock);
}

void crawl_done(struct crawl *c, struct task *t)
{
	if (t->job->robots)
		take_robots(c, t);
	else if (has_file(t))
		read_links(c, t);
	pthread_mutex_lock(&c->lock);
	c->under_way--;
	pthread_mutex_unlock(&c->lock);
}

/* ---- the end ---- */

static const char *find_file(const void *tree, const struct url *url)
{
	const struct crawl *c = tree;
	struct buf text = BUF_INIT(2 * LIMIT_URL);
	url_put_page(&text, url);
	uint32_t i = names_find(&c->frontier.urls, buf_str(&text));
	buf_free(&text);
	i = end_of_redirects(&c->frontier, i);
	if (i == NAMES_NONE || c->frontier.items[i].file == NAMES_NONE)
		return NULL;
	return names_get(&c->files, c->frontier.items[i].file).ptr;
}

static bool convert(struct crawl *c, uint32_t i, struct err *err)
{
	const struct item *it = &c->frontier.items[i];
	struct url url;
	if (it->file == NAMES_NONE || !(it->flags & (ITEM_HTML | ITEM_CSS)))
		return true;
	if (!url_parse(&url, names_get(&c->frontier.urls, i), NULL, err))
		return false;
	struct page_file file = {.path = names_get(&c->files, it->file).ptr,
	    .kind = it->flags & ITEM_HTML ? PAGE_HTML : PAGE_CSS,
	    .url = &url,
	    .html = c->html};
	struct convert page = {.file = file, .find = find_file, .tree = c};
	bool ok = convert_file(&page, err);
	url_free(&url);
	return ok;
}

bool crawl_finish(struct crawl *c, struct err *err)
{
	bool ok = true;
	if (!c || !c->o->convert_links)
		return true;
	for (uint32_t i = 0;
	     i < c->frontier.urls.count && !net_is_interrupted(&c->o->common.net); i++) {
		struct err one = {0};
		ok = convert(c, i, &one) && ok;
		err_pass(err, &one);
	}
	return ok;
}
