/*
 * Orders and threads. Knows no command.
 */
#include "cmd/imapls/order.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"

/* Lists in lists of THREAD's answer, and answers to answers: nobody reads deeper. */
enum { DEPTH_MOST = 1000, PARENTS_MOST = 100 };
#define NOBODY SIZE_MAX

void order_free(struct order *o)
{
	free(o->items);
	*o = (struct order){0};
}

bool order_add(struct order *o, uint32_t uid, unsigned depth)
{
	if (o->count >= LIMIT_MESSAGES || uid == 0)
		return false;
	if (o->count == o->cap) {
		o->cap = o->cap ? 2 * o->cap : 64;
		o->items = mem_resize(o->items, o->cap, sizeof *o->items);
	}
	o->items[o->count] = (struct ordered){uid, depth, o->count};
	o->count++;
	return true;
}

static int by_uid(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	return (x->uid > y->uid) - (x->uid < y->uid);
}

const struct ordered *order_find(struct order *o, uint32_t uid)
{
	struct ordered key = {.uid = uid};
	if (!o->indexed && o->count)
		qsort(o->items, o->count, sizeof *o->items, by_uid);
	o->indexed = true;
	return o->count ? bsearch(&key, o->items, o->count, sizeof key, by_uid) : NULL;
}

bool order_put_set(const struct order *o, struct set *out)
{
	for (size_t k = 0; k < o->count; k++)
		if (!set_add(out, o->items[k].uid, o->items[k].uid))
			return false;
	set_normalise(out);
	return true;
}

/* ---- THREAD's answer ---- */

/* Each number answers the one before it in its list; a list in a list answers the number
 * before that. */
bool order_read_threads(struct wire *w, struct order *o)
{
	unsigned outer[DEPTH_MOST], depth = 0;
	size_t lists = 0;
	for (;;) {
		struct token t = wire_token(w);
		uint64_t uid;
		if (t.kind == TOKEN_END && lists == 0)
			return true;
		if (t.kind == TOKEN_OPEN && lists < DEPTH_MOST)
			outer[lists++] = depth;
		else if (t.kind == TOKEN_CLOSE && lists > 0)
			depth = outer[--lists];
		else if (t.kind != TOKEN_ATOM || lists == 0 ||
			 !number_parse_max(t.text, UINT32_MAX, &uid) ||
			 !order_add(o, (uint32_t)uid, depth++))
			return wire_fail(w, "THREAD's lists can't be read");
	}
}

/* ---- threads of our own ---- */

static int by_time(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->uid > y->uid) - (x->uid < y->uid);
}

struct name {
	struct str id;
	size_t place;
};

static int compare(struct str a, struct str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_id(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int order = compare(x->id, y->id);
	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static size_t find_id(const struct name *names, size_t count, struct str id)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare(names[mid].id, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < count && compare(names[low].id, id) == 0 ? names[low].place : NOBODY;
}

/* Would `child` be above itself, or too deep? */
static bool may_answer(const struct answer *items, size_t child, size_t parent)
{
	for (size_t k = 0; k < DEPTH_MOST; k++) {
		if (parent == child)
			return false;
		if (items[parent].parent == NOBODY)
			return true;
		parent = items[parent].parent;
	}
	return false;
}

/* The nearest of those it names that is here. */
static size_t find_parent(
    const struct answer *items, size_t child, const struct name *names, size_t count)
{
	struct str text = str_of(items[child].parents);
	for (int tries = 0; text.len && tries < PARENTS_MOST; tries++) {
		size_t from = text.len;
		while (from > 0 && text.ptr[from - 1] != '<')
			from--;
		if (from == 0)
			break;
		struct str id = str_sub(text, from - 1, text.len);
		id.len = str_find(id, '>') + 1;
		if (id.len <= text.len - from + 1) {
			size_t found = find_id(names, count, id);
			if (found != NOBODY && may_answer(items, child, found))
				return found;
		}
		text.len = from - 1;
	}
	return NOBODY;
}

static void adopt(struct answer *items, size_t child, size_t parent)
{
	struct answer *p = &items[parent];
	items[child].parent = parent;
	if (p->first == NOBODY)
		p->first = child;
	else
		items[p->last].next = child;
	p->last = child;
}

/* From each message on to its first answer, else to what answers the same, going up. */
static bool walk(const struct answer *items, size_t root, struct order *o)
{
	unsigned depth = 0;
	for (size_t at = root;;) {
		if (!order_add(o, items[at].uid, depth))
			return false;
		if (items[at].first != NOBODY) {
			at = items[at].first;
			depth++;
			continue;
		}
		while (at != root && items[at].next == NOBODY) {
			at = items[at].parent;
			depth--;
		}
		if (at == root)
			return true;
		at = items[at].next;
	}
}

bool order_build(struct answer *items, size_t count, struct order *o)
{
	struct name *names = mem_array(count + 1, sizeof *names);
	size_t named = 0;
	bool ok = true;
	if (count)
		qsort(items, count, sizeof *items, by_time);
	for (size_t k = 0; k < count; k++) {
		items[k].parent = items[k].first = items[k].last = items[k].next = NOBODY;
		if (items[k].id)
			names[named++] = (struct name){str_of(items[k].id), k};
	}
	if (named)
		qsort(names, named, sizeof *names, by_id);
	for (size_t k = 0; k < count; k++) {
		size_t parent = find_parent(items, k, names, named);
		if (parent != NOBODY)
			adopt(items, k, parent);
	}
	for (size_t k = 0; ok && k < count; k++)
		if (items[k].parent == NOBODY)
			ok = walk(items, k, o);
	free(names);
	return ok;
}
