/*
 * Bad pieces of a gathered file: who sent them is left out, and only they are
 * fetched again. What digests of pieces there are, a metalink says.
 */
#include <stdlib.h>

#include "cmd/webget/gather_inside.h"
#include "cmd/webget/show.h"
#include "common/base/mem.h"

/* Who sent what is kept for so many ranges; a server that breaks off after every few bytes
 * makes more of them, and is then not found out. */
#define ORIGINS_MOST 65536
/* Each time somebody else is asked. */
#define ROUNDS 8

/* The only one that sent bytes of this part; NULL when there were several. */
static struct source *sender(struct gather *g, uint64_t from, uint64_t to)
{
	struct source *found = NULL;
	for (size_t i = 0; i < g->origin_count; i++) {
		const struct gather_origin *o = &g->origins[i];
		if (o->to <= from || o->from >= to)
			continue;
		if (found && found != &g->sources[o->source])
			return NULL;
		found = &g->sources[o->source];
	}
	return found;
}

static void add_origin(struct gather *g, struct gather_origin o)
{
	if (o.from >= o.to || g->origin_count == ORIGINS_MOST)
		return;
	g->origins = mem_resize(g->origins, g->origin_count + 1, sizeof *g->origins);
	g->origins[g->origin_count++] = o;
}

void gather_note_origin(struct gather *g, const struct span *s, size_t source)
{
	if (g->pieces)
		add_origin(g, (struct gather_origin){s->from, s->at, source});
}

/* What stands on both sides of it stays known. */
static void forget_origin(struct gather *g, uint64_t from, uint64_t to)
{
	for (size_t i = g->origin_count; i-- > 0;) {
		struct gather_origin o = g->origins[i];
		if (o.to <= from || o.from >= to)
			continue;
		g->origins[i] = g->origins[--g->origin_count];
		add_origin(g, (struct gather_origin){o.from, from, o.source});
		add_origin(g, (struct gather_origin){to, o.to, o.source});
	}
}

/* Marks as missing what is bad: how many pieces. False with *err. */
static bool find_bad(struct gather *g, size_t *bad, struct err *err)
{
	const struct pieces *p = g->pieces;
	for (size_t i = 0; i < p->count; i++) {
		struct err why = {0};
		uint64_t from = i * p->length, total = g->plan.total;
		uint64_t to = total - from < p->length ? total : from + p->length;
		if (pieces_check(p, i, outfile_fd(g->out), total, &why))
			continue;
		if (why.kind != ERR_DATA)
			return err_pass(err, &why);
		struct source *by = sender(g, from, to);
		if (by)
			gather_drop(g, by, "its bytes are not those that the metalink tells");
		forget_origin(g, from, to);
		plan_mark(&g->plan, from, to, false);
		++*bad;
	}
	return true;
}

bool gather_mend(struct gather *g, struct err *err)
{
	if (!g->pieces || !plan_is_whole(&g->plan))
		return true;
	if (!pieces_fit(g->pieces, g->plan.total))
		return pieces_check_all(g->pieces, outfile_fd(g->out), g->plan.total, err);
	/* What is fetched again of a piece comes from one: then it is clear who was wrong. */
	if (g->plan.least < g->pieces->length)
		g->plan.least = g->pieces->length;
	for (int round = 0; round < ROUNDS; round++) {
		size_t bad = 0;
		if (!find_bad(g, &bad, err))
			return false;
		if (!bad)
			return true;
		show_note(g->task->run, "%zu of %zu pieces are bad and are fetched again", bad,
		    g->pieces->count);
		progress_file_begin(g->task->delivery.progress, g->plan.there, g->plan.total);
		gather_again(g);
		if (!plan_is_whole(&g->plan))
			break;
	}
	if (net_is_interrupted(&g->o->common.net))
		return err_set(err, ERR_INTERRUPT, "interrupted");
	return err_set(err, ERR_DATA, "no source has good bytes for all pieces of it");
}
