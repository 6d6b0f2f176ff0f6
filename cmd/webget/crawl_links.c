/*
 * What a file leads to: its links judged and queued.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/crawl_inside.h"
#include "cmd/webget/page.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/html_rows.h"
#include "common/text/refs.h"

/* Links that are queued at once: the lock is not held while a page is read. */
#define BATCH 128

struct link {
	struct url url;
	bool needed; /* part of the page as it is shown */
	bool follow; /* neither the page nor the link says no */
};

/* A page that is read, and how far its links may lead. */
struct reading {
	struct crawl *c;
	struct page page;
	uint16_t level;
	bool leaf;     /* its links are not followed, its requisites are */
	bool nofollow; /* the page says so itself */
	struct link links[BATCH];
	size_t count;
};

/* What an item must become for a link to it: level and flags. False when it is not followed. */
static bool judge(const struct reading *r, const struct link *link, struct item *as)
{
	const struct webget_options *o = r->c->o;
	const struct url *url = &link->url;
	bool needed = link->needed && (o->page_requisites || r->leaf);
	enum verdict verdict = VERDICT_NO;
	if (!r->leaf && (link->needed || link->follow))
		verdict = scope_judge(&r->c->scope, url, r->level + 1);
	*as = (struct item){.flags = needed ? ITEM_NEEDED : 0, .level = r->level};
	if (verdict == VERDICT_NO) {
		as->flags |= ITEM_LEAF;
		return needed && scope_wants_name(o, url);
	}
	as->level = (uint16_t)(r->level + 1);
	if (verdict == VERDICT_LINKS_ONLY)
		as->flags |= ITEM_TRANSIENT;
	return true;
}

static void read_again(struct crawl *c, uint32_t item)
{
	if (c->again_count == c->again_room) {
		c->again_room = c->again_room ? 2 * c->again_room : 16;
		c->again = mem_resize(c->again, c->again_room, sizeof *c->again);
	}
	c->again[c->again_count++] = item;
}

/* Seen before, and now found to be nearer, or more than a requisite: what it leads to may be
 * followed farther. */
static void improve(struct crawl *c, uint32_t i, const struct item *as)
{
	struct item *it = &c->frontier.items[i];
	bool farther = !(as->flags & ITEM_LEAF) && it->flags & ITEM_LEAF;
	bool nearer = c->o->level && as->level < it->level && !(as->flags & ITEM_LEAF);
	if (it->flags & ITEM_START || (!farther && !nearer))
		return;
	it->level = as->level;
	it->flags = (uint8_t)(it->flags & ~ITEM_LEAF);
	if (it->file != NAMES_NONE && it->flags & ITEM_HTML)
		read_again(c, i);
}

static void add(struct crawl *c, const struct url *url, const struct item *as)
{
	bool is_new;
	uint32_t i = crawl_see(c, url, &is_new);
	if (is_new) {
		c->frontier.items[i].flags = as->flags;
		c->frontier.items[i].level = as->level;
		frontier_queue(&c->frontier, i);
	} else if (i != NAMES_NONE) {
		improve(c, i, as);
	}
}

/* All of a page together: nobody is to take a link before the page's requisites are known. */
static void queue_links(struct reading *r)
{
	struct item as;
	pthread_mutex_lock(&r->c->lock);
	for (size_t i = 0; i < r->count; i++)
		if (judge(r, &r->links[i], &as))
			add(r->c, &r->links[i].url, &as);
	pthread_mutex_unlock(&r->c->lock);
	for (size_t i = 0; i < r->count; i++)
		url_free(&r->links[i].url);
	r->count = 0;
}

static void take_piece(struct reading *r, const struct html_piece *p)
{
	struct refs refs;
	struct ref ref;
	if (p->form == HTML_ROBOTS && r->c->o->recursive)
		r->nofollow = r->nofollow || html_has_word(p->value, "nofollow") ||
			      html_has_word(p->value, "none");
	if (p->use == HTML_MENTIONED)
		return;
	refs_open(&refs, p->form, p->value);
	while (refs_next(&refs, &ref)) {
		if (r->count == BATCH)
			queue_links(r);
		struct link *link = &r->links[r->count];
		if (!ref.url.len || ref.url.ptr[0] == '#' ||
		    !page_resolve(&r->page, ref.url, &link->url))
			continue;
		link->needed = p->use == HTML_NEEDED;
		link->follow = !r->nofollow && !p->nofollow;
		r->count++;
	}
	refs_close(&refs);
}

/* Begins the reading of an item. With the lock held: texts move when others are added. */
static char *begin(
    struct crawl *c, struct reading *r, uint32_t i, struct page_file *file, struct err *err)
{
	const struct item *it = &c->frontier.items[i];
	file->kind = it->flags & ITEM_HTML ? PAGE_HTML : PAGE_CSS;
	if (file->kind == PAGE_HTML && !c->html)
		c->html = page_parser(err);
	file->html = c->html;
	r->c = c;
	r->count = 0;
	r->nofollow = false;
	r->level = it->level;
	r->leaf = !c->o->recursive || it->flags & ITEM_LEAF;
	return file->text.len ? NULL : str_dup(names_get(&c->files, it->file));
}

static void read_pieces(struct reading *r, const struct page_file *file, struct err *err)
{
	struct html_piece piece;
	if (!page_open(&r->page, file, err))
		return;
	while (page_next(&r->page, &piece))
		take_piece(r, &piece);
	queue_links(r);
	page_close(&r->page);
}

/* The URL of an item, which is that of its job unless it was made safer (HSTS): what the page
 * leads to counts from the former. */
static bool is_of(const struct url *url, struct str text)
{
	return url && str_find(text, ':') == strlen(url->scheme);
}

static void read_one(
    struct crawl *c, uint32_t i, const struct at_hand *at_hand, struct err *err)
{
	struct reading r;
	struct url own = {0};
	struct page_file file = {.text = at_hand->text, .url = at_hand->url};
	pthread_mutex_lock(&c->lock);
	char *path = begin(c, &r, i, &file, err);
	struct str url = names_get(&c->frontier.urls, i);
	char *text = is_of(at_hand->url, url) ? NULL : str_dup(url);
	pthread_mutex_unlock(&c->lock);
	file.path = path;
	if (text)
		file.url = &own;
	if (!text || url_parse(&own, str_of(text), NULL, err))
		read_pieces(&r, &file, err);
	url_free(&own);
	free(path);
	free(text);
}

void crawl_read_links(
    struct crawl *c, uint32_t item, const struct at_hand *at_hand, struct err *err)
{
	static const struct at_hand nothing = {0};
	while (item != NAMES_NONE) {
		read_one(c, item, at_hand, err);
		at_hand = &nothing;
		pthread_mutex_lock(&c->lock);
		item = c->again_count ? c->again[--c->again_count] : NAMES_NONE;
		pthread_mutex_unlock(&c->lock);
	}
}
