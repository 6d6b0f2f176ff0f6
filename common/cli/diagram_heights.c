/*
 * From times to heights: to scale, but no closer than can be read. Going through all places
 * in the order of time, each is put where the scale wants it, or lower if words or a slant
 * need the room; so time never runs upwards, and whatever is to scale stays so relative to
 * its neighbours.
 */
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/cli/diagram_inside.h"

enum {
	TOP = 74,   /* below the headings */
	TALL = 560, /* what the whole time takes when it is to scale */
	LINE = 15,  /* between two words of a column */
	FOLD = 64,  /* what is left out */
	FOOT = 54,
};

struct cursor { /* of one side of a lane */
	double label, sent, reached;
};

static int by_time(const void *a, const void *b)
{
	const struct place *pa = *(const struct place *const *)a;
	const struct place *pb = *(const struct place *const *)b;
	if (pa->late != pb->late)
		return pa->late ? 1 : -1;
	if (pa->at != pb->at)
		return pa->at < pb->at ? -1 : 1;
	return pa < pb ? -1 : pa > pb;
}

static double lower(double y, double least)
{
	return y > least ? y : least;
}

static double place_height(
    const struct figure *f, const struct place *p, struct cursor *c, double y)
{
	bool reached = p->after >= 0 && f->places[p->after].server != p->server;
	if (p->after >= 0)
		y = lower(y, f->places[p->after].y + p->least);
	if (p->label)
		y = lower(y, c->label + LINE);
	/* Arrows that were sent one after the other arrive so, in parallel. */
	double *same = reached ? &c->reached : &c->sent;
	if (reached || p->label)
		y = lower(y, *same + LINE);
	*same = y;
	if (p->label)
		c->label = y;
	return y;
}

static void set_span(struct figure *f, struct place **order)
{
	f->start = f->n_places ? order[0]->at : 0;
	f->end = f->start;
	for (int i = 0; i < f->n_places; i++)
		f->end = f->places[i].at > f->end ? f->places[i].at : f->end;
}

void diagram_heights(struct figure *f)
{
	struct place **order = mem_array((size_t)f->n_places, sizeof(struct place *));
	struct cursor cursors[MOST_LANES][2] = {0};
	double y = TOP;
	for (int i = 0; i < f->n_places; i++)
		order[i] = &f->places[i];
	qsort(order, (size_t)f->n_places, sizeof(struct place *), by_time);
	set_span(f, order);
	double scale = f->end > f->start ? TALL / (double)(f->end - f->start) : 0;
	for (int i = 0; i < f->n_places; i++) {
		struct place *p = order[i];
		bool fold = i && p->late && !order[i - 1]->late;
		if (fold) {
			f->fold_y = y + FOLD / 2.0;
			y += FOLD;
		} else if (i) {
			y += scale * (double)(p->at - order[i - 1]->at);
		}
		p->y = y = place_height(f, p, &cursors[p->lane][p->server], y);
	}
	f->top = TOP;
	f->bottom = y + FOOT;
	free(order);
}
