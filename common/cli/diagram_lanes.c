/*
 * Which connection is drawn where. Connections that live at the same time stand side by
 * side; one that begins when another has ended takes its place. Knows no heights.
 */
#include <stdio.h>

#include "common/cli/diagram_inside.h"

enum { GUTTER = 84, MARGIN = 14 }; /* the time scale on the left, the right edge */

static bool opens(const struct mark *m)
{
	return m->kind == MARK_CONNECT || m->kind == MARK_ACCEPT;
}

static int find_lane(const struct figure *f, const struct mark *m)
{
	for (int i = f->n_lanes - 1; i >= 0; i--) {
		const struct lane *l = &f->lanes[i];
		if (l->conn == m->conn && l->data == m->data && l->free_at == INT64_MAX)
			return opens(m) ? -1 : i;
	}
	return -1;
}

static int take_lane(struct figure *f, const struct mark *m)
{
	int i = 0;
	while (i < f->n_lanes &&
	       (f->lanes[i].data != m->data || f->lanes[i].free_at > m->at - m->flight))
		i++;
	if (i == MOST_LANES) {
		f->hidden++;
		return -1;
	}
	if (i == f->n_lanes) {
		f->n_lanes++;
		f->lanes[i] = (struct lane){.data = m->data, .first = m->conn};
		snprintf(
		    f->lanes[i].peer, sizeof f->lanes[i].peer, "%s", opens(m) ? m->words : "");
	}
	struct lane *l = &f->lanes[i];
	l->last = l->conn = m->conn;
	l->count++;
	l->free_at = INT64_MAX;
	return i;
}

/* Its own, or when that is closed already (what comes after is of the run, not of the
 * connection) the last that carried it. */
static int lane_for(struct figure *f, const struct mark *m)
{
	int i = find_lane(f, m);
	if (i >= 0 || opens(m) || (m->kind != MARK_NOTE && m->kind != MARK_CLOSE))
		return i >= 0 ? i : take_lane(f, m);
	for (i = f->n_lanes - 1; i >= 0; i--)
		if (f->lanes[i].conn == m->conn && f->lanes[i].data == m->data)
			return i;
	return m->kind == MARK_NOTE && f->n_lanes == 0 ? take_lane(f, m) : -1;
}

void diagram_lanes(struct figure *f, const struct story *s, int *lane_of)
{
	for (size_t i = 0; i < story_kept(s); i++) {
		const struct mark *m = story_at(s, i);
		lane_of[i] = lane_for(f, m);
		if (m->kind == MARK_CLOSE && lane_of[i] >= 0)
			f->lanes[lane_of[i]].free_at = m->at;
	}
}

struct measures { /* pixels, and columns of the type that is used */
	double left, gap, right;
	size_t left_columns, right_columns;
};

static struct measures measures_of(const struct figure *f, const struct lane *l)
{
	int main_lanes = 0;
	for (int i = 0; i < f->n_lanes; i++)
		main_lanes += !f->lanes[i].data;
	if (l->data)
		return (struct measures){100, 150, 110, 14, 15};
	if (main_lanes == 1)
		return (struct measures){250, 210, 270, 35, 38};
	if (main_lanes == 2)
		return (struct measures){190, 160, 190, 26, 26};
	if (main_lanes <= 6)
		return (struct measures){136, 84, 126, 18, 17};
	return (struct measures){108, 70, 112, 14, 16};
}

void diagram_widths(struct figure *f)
{
	double x = GUTTER;
	for (int i = 0; i < f->n_lanes; i++) {
		struct lane *l = &f->lanes[i];
		struct measures m = measures_of(f, l);
		l->left = x;
		l->client_x = x + m.left;
		l->server_x = l->client_x + m.gap;
		l->right = x = l->server_x + m.right;
		l->left_columns = m.left_columns;
		l->right_columns = m.right_columns;
	}
	f->width = (f->n_lanes ? x : 600) + MARGIN;
}
