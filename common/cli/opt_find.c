/*
 * From a name to its row: exact, abbreviated, mistyped, or another tool's.
 * Knows nothing of values.
 */
#include <string.h>

#include "common/base/buf.h"
#include "common/cli/opt_inside.h"

/* Longer names are surely not mistyped ones of ours. */
enum { NAME_MAX_TYPED = 40 };

bool opt_next(struct opt_walk *w)
{
	if (w->row)
		w->row++;
	else if (w->group && w->group->rows)
		w->row = w->group->rows;
	else
		return false;
	while (!w->row->name) {
		w->group++;
		if (!w->group->rows)
			return false;
		w->row = w->group->rows;
	}
	return true;
}

bool opt_takes_value(const struct opt_row *row)
{
	return row->type != OPT_SWITCH && row->type != OPT_FLAG &&
	       !(row->type == OPT_DO && !row->arg);
}

bool opt_holds_secret(const struct opt_row *row, const char *value)
{
	return row->type == OPT_SECRET && (!row->holds_secret || row->holds_secret(value));
}

/* The two names of a switch are its own and that with "no-" added or taken away. */
static struct str other_name(const struct opt_row *row, char *room, size_t size)
{
	struct str name = str_of(row->name);
	if (row->type != OPT_SWITCH)
		return STR_NONE;
	if (str_starts(name, "no-"))
		return str_sub(name, 3, name.len);
	if (name.len + 4 > size)
		return STR_NONE;
	memcpy(room, "no-", 3);
	memcpy(room + 3, name.ptr, name.len);
	return (struct str){room, name.len + 3};
}

bool opt_find_exact(const struct opt_table *table, struct str name, struct opt_hit *hit)
{
	bool found = false;
	char room[64];
	/* A row without an opposite has an empty one. */
	if (name.len == 0)
		return false;
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);) {
		bool own = str_is(name, w.row->name);
		/* A row's own name wins over another row's opposite ("no-progress"). */
		if (own || (!found && str_eq(name, other_name(w.row, room, sizeof room)))) {
			*hit = (struct opt_hit){w.row, w.group->base, !own};
			found = true;
		}
		if (own)
			return true;
	}
	return found;
}

bool opt_find_letter(const struct opt_table *table, char letter, struct opt_hit *hit)
{
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);)
		if (w.row->letter == letter) {
			*hit = (struct opt_hit){w.row, w.group->base, false};
			return true;
		}
	return false;
}

const struct opt_row *opt_find(const struct opt_table *table, const char *name)
{
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);)
		if (strcmp(w.row->name, name) == 0)
			return w.row;
	return NULL;
}

/* Every row that `name` abbreviates; hidden rows want their whole name. */
struct candidates {
	struct str name;
	struct opt_hit first;
	int count;
	struct buf list; /* "--request, --resolve" */
};

static void consider(
    struct candidates *c, const struct opt_walk *w, struct str full, bool negated)
{
	if (full.len < c->name.len || !str_eq(str_sub(full, 0, c->name.len), c->name))
		return;
	if (c->count++ == 0)
		c->first = (struct opt_hit){w->row, w->group->base, negated};
	buf_addf(&c->list, "%s--%.*s", c->list.len ? ", " : "", STR_ARG(full));
}

static void collect(const struct opt_table *table, struct candidates *c)
{
	char room[64];
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);) {
		if (!w.row->help)
			continue;
		consider(c, &w, str_of(w.row->name), false);
		struct str other = other_name(w.row, room, sizeof room);
		if (other.len)
			consider(c, &w, other, true);
	}
}

static bool say_foreign(const struct opt_table *table, struct str name, struct err *err)
{
	for (const struct opt_foreign *f = table->foreign; f && f->name; f++) {
		if (!f->name[1] || !str_is(name, f->name))
			continue;
		if (f->ours)
			err_set(err, ERR_USAGE, "--%s: that is %s's; here it is %s", f->name,
			    f->of, f->ours);
		else
			err_set(err, ERR_USAGE, "--%s: that is %s's; %s has nothing like it",
			    f->name, f->of, table->tool);
		return true;
	}
	return false;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

bool opt_say_foreign_letter(
    const struct opt_table *table, const char *cluster, char letter, struct err *err)
{
	/* "-qO-" is about its whole, not about a letter called "-". */
	char word[] = {letter, '\0'};
	for (const struct opt_foreign *f = table->foreign; f && f->name; f++)
		if (strcmp(f->name, word) == 0) {
			err_set(err, ERR_USAGE, "-%.60s: that is %s's; here it is %s",
			    letter == '-' ? cluster : word, f->of, f->ours);
			return true;
		}
	return false;
}

/* How many letters must be added, dropped, changed or swapped with their neighbour. */
static int distance(struct str a, struct str b)
{
	int d[NAME_MAX_TYPED + 1][NAME_MAX_TYPED + 1];
	for (size_t i = 0; i <= a.len; i++)
		d[i][0] = (int)i;
	for (size_t j = 0; j <= b.len; j++)
		d[0][j] = (int)j;
	for (size_t i = 1; i <= a.len; i++)
		for (size_t j = 1; j <= b.len; j++) {
			int change = d[i - 1][j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);
			d[i][j] = least(change, least(d[i - 1][j], d[i][j - 1]) + 1);
			bool swapped = i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
				       a.ptr[i - 2] == b.ptr[j - 1];
			if (swapped)
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[a.len][b.len];
}

/* The row that was probably meant; NULL when nothing is near. */
static const char *nearest(const struct opt_table *table, struct str name)
{
	const char *best = NULL;
	int best_distance = 3;
	if (name.len < 2 || name.len > NAME_MAX_TYPED)
		return NULL;
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);) {
		struct str full = str_of(w.row->name);
		if (!w.row->help || full.len > NAME_MAX_TYPED)
			continue;
		int d = distance(name, full);
		/* Half of the letters guessed is no likeness. */
		if (d < best_distance && (size_t)d * 2 < full.len) {
			best_distance = d;
			best = w.row->name;
		}
	}
	return best;
}

static bool refuse_unknown(const struct opt_table *table, struct str name, struct err *err)
{
	const char *near = nearest(table, name);
	int shown = name.len < 60 ? (int)name.len : 60;
	if (near)
		return err_set(err, ERR_USAGE, "--%.*s: unknown option (did you mean --%s?)",
		    shown, name.ptr, near);
	return err_set(
	    err, ERR_USAGE, "--%.*s: unknown option (--help lists them)", shown, name.ptr);
}

bool opt_find_long(
    const struct opt_table *table, struct str name, struct opt_hit *hit, struct err *err)
{
	if (opt_find_exact(table, name, hit))
		return true;
	if (say_foreign(table, name, err))
		return false;
	struct candidates c = {.name = name, .list = BUF_INIT(300)};
	if (name.len)
		collect(table, &c);
	*hit = c.first;
	if (c.count > 1)
		err_set(
		    err, ERR_USAGE, "--%.*s: which of %s?", STR_ARG(name), buf_cstr(&c.list));
	else if (c.count == 0)
		refuse_unknown(table, name, err);
	buf_free(&c.list);
	return c.count == 1;
}
