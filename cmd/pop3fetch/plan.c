/*
 * The decisions.
 */
#include "cmd/pop3fetch/plan.h"

#define DAY 86400

void plan_recall(struct maildrop *d, const struct state *state)
{
	for (size_t i = 0; i < d->count; i++) {
		struct letter *letter = &d->items[i];
		letter->place = letter->key ? state_find(state, letter->key) : 0;
		letter->known = letter->place > 0;
		letter->since = letter->known ? state_time(state, letter->place) : 0;
	}
}

bool plan_chooses(
    const struct pop3fetch_options *o, const struct numbers *only, const struct letter *letter)
{
	return (!only->count || numbers_have(only, letter->number)) &&
	       (!o->max_size || letter->size <= (uint64_t)o->max_size);
}

static bool is_old(const struct pop3fetch_options *o, const struct letter *letter, int64_t now)
{
	return o->delete_after >= 0 && letter->known &&
	       now - letter->since >= o->delete_after * DAY;
}

void plan_make(struct maildrop *d, const struct pop3fetch_options *o,
    const struct numbers *only, int64_t now)
{
	for (size_t i = 0; i < d->count; i++) {
		struct letter *letter = &d->items[i];
		bool chosen = plan_chooses(o, only, letter);
		letter->fetch = chosen && (o->all || only->count || !letter->known);
		bool now_or_before = letter->fetch || (letter->known && chosen);
		letter->dele =
		    !o->keep || o->delete_after == 0 ? now_or_before : is_old(o, letter, now);
	}
}

static bool is_there(const struct maildrop *d, const struct number_range *range)
{
	size_t low = 0, high = d->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (d->items[middle].number < range->first)
			low = middle + 1;
		else
			high = middle;
	}
	return low < d->count && d->items[low].number <= range->last;
}

bool plan_check(const struct maildrop *d, const struct numbers *named, struct err *err)
{
	for (size_t i = 0; i < named->count; i++)
		if (!is_there(d, &named->items[i]))
			return err_set(
			    err, ERR_ABSENT, "there is no message %u", named->items[i].first);
	return true;
}
