/*
 * From a value's text to its place in the options struct, checked; and freeing
 * what was stored. Knows nothing of where the text came from.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/cli/opt_inside.h"
#include "common/text/number.h"

/* How much of a wrong value an error repeats. */
enum { SHOWN = 80 };

static bool refuse(const struct opt_value *v, const char *why, struct err *err)
{
	return err_set(err, v->kind, "%s: %.*s %s", v->label, SHOWN, v->value, why);
}

static void store_switch(const struct opt_hit *hit, void *place)
{
	bool off = str_starts(str_of(hit->row->name), "no-");
	*(bool *)place = off == hit->negated;
}

static void store_string(const struct opt_hit *hit, void *place, const char *value)
{
	char **text = place;
	if (hit->row->type == OPT_SECRET)
		mem_free_secret(*text);
	else
		free(*text);
	*text = mem_dup(value);
}

static bool parse_number(enum opt_type type, struct str text, int64_t *number)
{
	uint64_t bytes;
	if (type == OPT_SECONDS)
		return number_parse_seconds(text, number);
	if (type == OPT_NUMBER)
		return number_parse_signed(text, number);
	if (!number_parse_size(text, &bytes) || bytes > INT64_MAX)
		return false;
	*number = (int64_t)bytes;
	return true;
}

static bool out_of_range(
    const struct opt_row *row, const struct opt_value *v, int64_t limit, struct err *err)
{
	const char *size = limit == row->min ? "too small (at least" : "too large (at most";
	char why[80];
	if (row->type == OPT_SECONDS)
		snprintf(why, sizeof why, "is %s %g s)", size, (double)limit / 1000);
	else
		snprintf(why, sizeof why, "is %s %lld)", size, (long long)limit);
	return refuse(v, why, err);
}

static bool store_number(
    const struct opt_row *row, void *place, const struct opt_value *v, struct err *err)
{
	int64_t number;
	int64_t max = row->min == 0 && row->max == 0 ? INT64_MAX : row->max;
	struct str text = str_of(v->value);
	if (!parse_number(row->type, text, &number))
		return refuse(v, number_why(text), err);
	if (number < 0 && row->min >= 0)
		return refuse(v, "is negative", err);
	if (number < row->min)
		return out_of_range(row, v, row->min, err);
	if (number > max)
		return out_of_range(row, v, max, err);
	*(int64_t *)place = number;
	return true;
}

static bool store_choice(
    const struct opt_row *row, void *place, const struct opt_value *v, struct err *err)
{
	struct buf why = BUF_INIT(300);
	buf_add_text(&why, "is not one of");
	for (int i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], v->value) == 0) {
			*(int *)place = i;
			buf_free(&why);
			return true;
		}
		buf_addf(&why, "%s %s", i ? "," : "", row->choices[i]);
	}
	refuse(v, buf_cstr(&why), err);
	buf_free(&why);
	return false;
}

static bool call(
    const struct opt_row *row, void *place, const struct opt_value *v, struct err *err)
{
	struct err why = {0};
	if (row->act(place, v->value, &why))
		return true;
	return err_set(err, v->kind, "%s: %s", v->label, why.text);
}

bool opt_store(
    const struct opt_hit *hit, void *options, const struct opt_value *v, struct err *err)
{
	const struct opt_row *row = hit->row;
	void *place = (char *)options + hit->base + row->place;
	switch (row->type) {
	case OPT_SWITCH: store_switch(hit, place); return true;
	case OPT_FLAG: *(bool *)place = true; return true;
	case OPT_STRING:
	case OPT_SECRET: store_string(hit, place, v->value); return true;
	case OPT_NUMBER:
	case OPT_SECONDS:
	case OPT_SIZE: return store_number(row, place, v, err);
	case OPT_CHOICE: return store_choice(row, place, v, err);
	case OPT_LIST: list_add(place, row->name, v->value); return true;
	case OPT_DO: return call(row, place, v, err);
	}
	return err_set(err, ERR_INTERNAL, "%s: a row without a type", v->label);
}

void opt_free(const struct opt_table *table, void *options)
{
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);) {
		void *place = (char *)options + w.group->base + w.row->place;
		char **text = place;
		if (w.row->type == OPT_LIST) {
			list_free(place);
		} else if (w.row->type == OPT_STRING || w.row->type == OPT_SECRET) {
			/* Two rows may share a place; wiping a plain string costs nothing. */
			mem_free_secret(*text);
			*text = NULL;
		}
	}
}
