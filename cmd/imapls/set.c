/*
 * Ranges of numbers. Knows no command.
 */
#include "cmd/imapls/set.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"

void set_free(struct set *s)
{
	free(s->items);
	*s = (struct set){0};
}

bool set_add(struct set *s, uint32_t from, uint32_t to)
{
	struct range r = from <= to ? (struct range){from, to} : (struct range){to, from};
	if (r.from == 0 || s->count >= LIMIT_MESSAGES)
		return false;
	struct range *last = s->count ? &s->items[s->count - 1] : NULL;
	if (last && last->to != UINT32_MAX && r.from == last->to + 1) {
		last->to = r.to;
		return true;
	}
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 16;
		s->items = mem_resize(s->items, s->cap, sizeof *s->items);
	}
	s->items[s->count++] = r;
	return true;
}

bool set_parse(struct set *s, struct str text)
{
	struct str part;
	while (str_cut(&text, ',', &part)) {
		size_t colon = str_find(part, ':');
		uint64_t from, to;
		if (!number_parse_max(str_sub(part, 0, colon), UINT32_MAX, &from))
			return false;
		to = from;
		if (colon < part.len &&
		    !number_parse_max(str_sub(part, colon + 1, part.len), UINT32_MAX, &to))
			return false;
		if (!set_add(s, (uint32_t)from, (uint32_t)to))
			return false;
	}
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;
	return (x->from > y->from) - (x->from < y->from);
}

void set_normalise(struct set *s)
{
	size_t kept = 0;
	if (s->count < 2)
		return;
	qsort(s->items, s->count, sizeof *s->items, by_start);
	for (size_t k = 1; k < s->count; k++) {
		struct range *last = &s->items[kept];
		if (last->to == UINT32_MAX || s->items[k].from <= last->to + 1) {
			if (s->items[k].to > last->to)
				last->to = s->items[k].to;
		} else {
			s->items[++kept] = s->items[k];
		}
	}
	s->count = kept + 1;
}

uint64_t set_count(const struct set *s)
{
	uint64_t sum = 0;
	for (size_t k = 0; k < s->count; k++)
		sum += (uint64_t)s->items[k].to - s->items[k].from + 1;
	return sum;
}

void set_keep_last(struct set *s, uint64_t n)
{
	size_t first = s->count;
	while (first > 0 && n > 0) {
		struct range *r = &s->items[--first];
		uint64_t size = (uint64_t)r->to - r->from + 1;
		if (size > n)
			r->from = (uint32_t)(r->to - n + 1);
		n -= size > n ? n : size;
	}
	for (size_t k = first; k < s->count; k++)
		s->items[k - first] = s->items[k];
	s->count -= first;
}

bool set_put(const struct set *s, struct buf *out, size_t *next, size_t most)
{
	if (*next >= s->count)
		return false;
	for (size_t k = 0; k < most && *next < s->count; k++, ++*next) {
		const struct range *r = &s->items[*next];
		buf_addf(out, "%s%u", k ? "," : "", r->from);
		if (r->to != r->from)
			buf_addf(out, ":%u", r->to);
	}
	return true;
}
