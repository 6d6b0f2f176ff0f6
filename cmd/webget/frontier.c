/*
 * Queues of URLs by origin. The order is all that is decided here.
 */
#include "cmd/webget/frontier.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"

void frontier_init(struct frontier *f)
{
	*f = (struct frontier){0};
	names_init(&f->urls, LIMIT_CRAWL);
	names_init(&f->origins, LIMIT_CRAWL);
}

void frontier_free(struct frontier *f)
{
	for (uint32_t i = 0; i < f->origins.count; i++)
		robots_free(f->origin[i].robots);
	names_free(&f->urls);
	names_free(&f->origins);
	free(f->items);
	free(f->origin);
	free(f->wanted);
}

uint32_t frontier_see(struct frontier *f, struct str url, bool *is_new)
{
	uint32_t i = names_add(&f->urls, url, is_new);
	if (!*is_new)
		return i;
	if (i >= f->item_room) {
		f->item_room = f->item_room ? 2 * f->item_room : 64;
		f->items = mem_resize(f->items, f->item_room, sizeof *f->items);
	}
	f->items[i] =
	    (struct item){.file = NAMES_NONE, .alias = NAMES_NONE, .next = NAMES_NONE};
	return i;
}

uint32_t frontier_origin(struct frontier *f, struct str origin, enum origin_state state)
{
	static const struct queue empty = {NAMES_NONE, NAMES_NONE};
	bool is_new;
	uint32_t i = names_add(&f->origins, origin, &is_new);
	if (!is_new)
		return i;
	if (i >= f->origin_room) {
		f->origin_room = f->origin_room ? 2 * f->origin_room : 16;
		f->origin = mem_resize(f->origin, f->origin_room, sizeof *f->origin);
		f->wanted = mem_resize(f->wanted, f->origin_room, sizeof *f->wanted);
	}
	f->origin[i] = (struct origin){.state = state, .needed = empty, .linked = empty};
	return i;
}

void frontier_queue(struct frontier *f, uint32_t item)
{
	struct item *it = &f->items[item];
	struct origin *o = &f->origin[it->origin];
	struct queue *q = it->flags & ITEM_NEEDED ? &o->needed : &o->linked;
	it->flags |= ITEM_QUEUED;
	f->queued++;
	it->next = NAMES_NONE;
	if (q->first == NAMES_NONE)
		q->first = item;
	else
		f->items[q->last].next = item;
	q->last = item;
	f->waiting += o->state == ORIGIN_OPEN;
	if (o->state == ORIGIN_UNKNOWN) {
		o->state = ORIGIN_WANTED;
		f->wanted[f->wanted_count++] = it->origin;
	}
	/* Whoever is linked nearer goes first, also when it comes late. */
	if (!(it->flags & ITEM_NEEDED) && it->level < f->level)
		f->level = it->level;
}

static uint32_t length(const struct frontier *f, const struct queue *q)
{
	uint32_t n = 0;
	for (uint32_t i = q->first; i != NAMES_NONE; i = f->items[i].next)
		n++;
	return n;
}

void frontier_open_origin(struct frontier *f, uint32_t origin, struct robots *robots)
{
	struct origin *o = &f->origin[origin];
	o->robots = robots;
	o->state = ORIGIN_OPEN;
	f->waiting += length(f, &o->needed) + length(f, &o->linked);
}

uint32_t frontier_wanted(struct frontier *f)
{
	return f->wanted_count ? f->wanted[--f->wanted_count] : NAMES_NONE;
}

static uint32_t take(struct frontier *f, struct queue *q)
{
	uint32_t i = q->first;
	q->first = f->items[i].next;
	f->items[i].flags = (uint8_t)((f->items[i].flags & ~ITEM_QUEUED) | ITEM_TAKEN);
	f->waiting--;
	f->queued--;
	return i;
}

/* From this origin, if it has something that is not too deep; *least becomes the level of what
 * is. */
static uint32_t take_from(struct frontier *f, struct origin *o, uint16_t *least)
{
	if (o->state != ORIGIN_OPEN)
		return NAMES_NONE;
	if (o->needed.first != NAMES_NONE)
		return take(f, &o->needed);
	if (o->linked.first == NAMES_NONE)
		return NAMES_NONE;
	uint16_t level = f->items[o->linked.first].level;
	if (level <= f->level)
		return take(f, &o->linked);
	*least = level < *least ? level : *least;
	return NAMES_NONE;
}

uint32_t frontier_next(struct frontier *f)
{
	while (f->waiting) {
		uint16_t least = UINT16_MAX;
		for (uint32_t n = 0; n < f->origins.count; n++) {
			uint32_t at = (f->current + n) % f->origins.count;
			uint32_t item = take_from(f, &f->origin[at], &least);
			if (item != NAMES_NONE) {
				f->current = at;
				return item;
			}
		}
		f->level = least;
	}
	return NAMES_NONE;
}
