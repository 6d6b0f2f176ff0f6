/*
 * The figure as SVG. Decides nothing but looks: where things stand was decided before.
 */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/cli/diagram_inside.h"

/* Light unless the page is dark; on paper always light. No variables: some renderers
 * know none. */
#define LOOK_LIGHT                                                                             \
	".paper{fill:#fff}.life{stroke:#c9ced6}.live{stroke:#333}text{fill:#1a1a1a}"           \
	".c{stroke:#0b5cad}.s{stroke:#b3400e}.tcp{stroke:#6b7280}.tls{stroke:#7a3db8}"         \
	"text.wc{fill:#0b5cad}text.ws{fill:#b3400e}text.wtcp{fill:#6b7280}"                    \
	"text.wtls{fill:#7a3db8}text.rtt,.tick,text.n,.foot{fill:#5b6470}"                     \
	"line.rtt{stroke:#8b95a3}"                                                             \
	".cb{fill:#cfe3f7;stroke:#0b5cad}.sb{fill:#fbdfcf;stroke:#b3400e}"                     \
	".hc{fill:#0b5cad}.hs{fill:#b3400e}.htcp{fill:#6b7280}.htls{fill:#7a3db8}"             \
	".total{stroke:#333}.fold{fill:#eef0f3}"
#define LOOK_DARK                                                                              \
	".paper{fill:#14171c}.life{stroke:#3a414b}.live{stroke:#c8cdd4}text{fill:#e6e8eb}"     \
	".c{stroke:#7ab8f5}.s{stroke:#f5a274}.tcp{stroke:#98a1ad}.tls{stroke:#c79bf2}"         \
	"text.wc{fill:#7ab8f5}text.ws{fill:#f5a274}text.wtcp{fill:#98a1ad}"                    \
	"text.wtls{fill:#c79bf2}text.rtt,.tick,text.n,.foot{fill:#a2abb7}"                     \
	"line.rtt{stroke:#7a8492}"                                                             \
	".cb{fill:#173a5c;stroke:#7ab8f5}.sb{fill:#5a2d16;stroke:#f5a274}"                     \
	".hc{fill:#7ab8f5}.hs{fill:#f5a274}.htcp{fill:#98a1ad}.htls{fill:#c79bf2}"             \
	".total{stroke:#c8cdd4}.fold{fill:#242930}"
#define LOOK_SHAPE                                                                             \
	"text{font:11px 'DejaVu Sans Mono',Menlo,Consolas,monospace;stroke:none;"              \
	"white-space:pre}"                                                                     \
	".head,.side,.foot,text.rtt,.tick,.sum,.n,.wtcp,.wtls"                                 \
	"{font-family:'DejaVu Sans',Helvetica,Arial,sans-serif}"                               \
	".head{font-size:12px}.side{font-size:13px;font-weight:bold}"                          \
	".tick,.foot,text.rtt,.band,.wtcp{font-size:10px}.n{font-style:italic}"                \
	".sum{font-size:12px;font-weight:bold}"                                                \
	"line,polygon{fill:none;stroke-width:1.2}.life{stroke-dasharray:2 4}"                  \
	".live{stroke-width:2}polygon{stroke-width:.8}line.rtt{stroke-width:1}"                \
	".wc,.wtcp.l,.wtls.l,.l{text-anchor:end}.m{text-anchor:middle}"                        \
	".c{marker-end:url(#hc)}.s{marker-end:url(#hs)}.tcp{marker-end:url(#htcp)}"            \
	".tls{marker-end:url(#htls)}.tcp{stroke-dasharray:5 3}"

static const char style[] =
    LOOK_SHAPE LOOK_LIGHT "@media screen and (prefers-color-scheme:dark){" LOOK_DARK "}";

#define BOX "viewBox=\"0 0 10 8\" refX=\"10\" refY=\"4\" markerWidth=\"10\" markerHeight=\"8\" "
#define HEAD(id)                                                                               \
	"<marker id=\"" id "\" " BOX "markerUnits=\"userSpaceOnUse\" orient=\"auto\">"         \
	"<path class=\"" id "\" d=\"M0,0L10,4L0,8z\"/></marker>"
static const char defs[] = "<defs>" HEAD("hc") HEAD("hs") HEAD("htcp") HEAD("htls") "</defs>";

enum {
	EDGE = 7,
	ALL = 1000,
	TICK_ROOM = 14,
	TICK_X = 72,
	TOTAL_X = 20,
	BASE = 4,
	BAND_TYPE = 6
};

void diagram_time(char *text, size_t size, int64_t ns)
{
	double ms = (double)ns / (double)CLOCK_MS;
	if (ms < 10)
		snprintf(text, size, "%.2f ms", ms);
	else if (ms < 1000)
		snprintf(text, size, "%.1f ms", ms);
	else
		snprintf(text, size, "%.2f s", ms / 1000);
}

static struct svg_point at(double x, double y)
{
	return (struct svg_point){x, y};
}

static struct svg_point point_of(const struct figure *f, int place)
{
	const struct place *p = &f->places[place];
	const struct lane *l = &f->lanes[p->lane];
	return at(p->server ? l->server_x : l->client_x, p->y);
}

static void put_words(
    struct buf *out, const char *kind, struct svg_point where, const char *words, size_t most)
{
	svg_text(out, &(struct svg_words){kind, where, str_of(words), most, false});
}

/* ---- lanes ---- */

static void lane_words(const struct lane *l, char *text, size_t size)
{
	const char *what = l->data ? "data connection" : "connection";
	if (l->data && l->count > 1)
		snprintf(text, size, "%d %ss", l->count, what);
	else if (l->data)
		snprintf(text, size, "%s", what);
	else if (l->count > 1)
		snprintf(text, size, "%d %ss, one after the other: %d to %d", l->count, what,
		    l->first, l->last);
	else
		snprintf(text, size, "%s %d", what, l->first);
}

static void draw_lane(struct buf *out, const struct figure *f, const struct lane *l)
{
	char words[200], title[120];
	double middle = (l->client_x + l->server_x) / 2;
	size_t most = (size_t)((l->right - l->left) / 7);
	lane_words(l, title, sizeof title);
	put_words(out, "head m", at(middle, 20), title, most);
	snprintf(words, sizeof words, "%s", l->peer);
	put_words(out, "head m", at(middle, 36), words, most);
	put_words(out, "side m", at(l->client_x, 58), "client", ALL);
	put_words(out, "side m", at(l->server_x, 58), "server", ALL);
	double bottom = f->bottom - 40;
	svg_line(out, "life", at(l->client_x, f->top - 8), at(l->client_x, bottom));
	svg_line(out, "life", at(l->server_x, f->top - 8), at(l->server_x, bottom));
}

static void grow(double *low, double *high, double y)
{
	*low = *low == 0 || y < *low ? y : *low;
	*high = y > *high ? y : *high;
}

/* The life of the connection whose first place this is, on both sides. */
static void draw_life(struct buf *out, const struct figure *f, int first)
{
	const struct place *p = &f->places[first];
	const struct lane *l = &f->lanes[p->lane];
	double low[2] = {0}, high[2] = {0};
	for (int i = first; i < f->n_places; i++) {
		const struct place *q = &f->places[i];
		if (q->lane == p->lane && q->conn == p->conn)
			grow(&low[q->server], &high[q->server], q->y);
	}
	if (low[0] > 0)
		svg_line(out, "live", at(l->client_x, low[0]), at(l->client_x, high[0]));
	if (low[1] > 0)
		svg_line(out, "live", at(l->server_x, low[1]), at(l->server_x, high[1]));
}

static void draw_lives(struct buf *out, const struct figure *f)
{
	int drawn[MOST_LANES] = {0};
	for (int i = 0; i < f->n_places; i++) {
		const struct place *p = &f->places[i];
		if (drawn[p->lane] == p->conn)
			continue;
		drawn[p->lane] = p->conn;
		draw_life(out, f, i);
	}
}

/* ---- strokes ---- */

static void draw_arrow(struct buf *out, const struct figure *f, const struct stroke *s)
{
	const struct place *p = &f->places[s->from];
	const struct lane *l = &f->lanes[p->lane];
	struct svg_point from = point_of(f, s->from);
	char kind[20];
	snprintf(kind, sizeof kind, "w%s%s", s->look, p->server ? "" : " l");
	svg_line(out, s->look, from, point_of(f, s->to));
	from.x += p->server ? EDGE : -EDGE;
	from.y += BASE;
	put_words(out, kind, from, s->words, p->server ? l->right_columns : l->left_columns);
}

static void draw_band(struct buf *out, const struct figure *f, const struct stroke *s)
{
	struct svg_point corner[4] = {point_of(f, s->from), point_of(f, s->to),
	    point_of(f, s->to2), point_of(f, s->from2)};
	svg_quad(out, s->look, corner);
}

/* Inside if there is room between the slanting edges, else where its end is sent. */
static void draw_band_words(struct buf *out, const struct figure *f, const struct stroke *s)
{
	const struct place *p = &f->places[s->from];
	const struct lane *l = &f->lanes[p->lane];
	struct svg_point a = point_of(f, s->from), b = point_of(f, s->to);
	struct svg_point last = point_of(f, s->from2), end = point_of(f, s->to2);
	double wide = BAND_TYPE * (double)strlen(s->words), gap = l->server_x - l->client_x;
	double top = a.y + b.y, low = last.y + end.y;
	double slope = (b.y - a.y > end.y - last.y ? b.y - a.y : end.y - last.y) / gap;
	double side = (p->server ? last.x + EDGE : last.x - EDGE);
	if (wide < gap - 20 && (low - top) / 2 - slope * wide > BAND_TYPE + 6)
		put_words(
		    out, "band m", at((a.x + b.x) / 2, (top + low) / 4 + BASE), s->words, ALL);
	else
		put_words(out, p->server ? "band" : "band l", at(side, last.y + BASE), s->words,
		    p->server ? l->right_columns : l->left_columns);
}

static void draw_span(struct buf *out, const struct figure *f, const struct stroke *s)
{
	struct svg_point a = point_of(f, s->from), b = point_of(f, s->to);
	a.x -= 4;
	b.x -= 4;
	svg_line(out, "rtt", a, b);
	svg_line(out, "rtt", at(a.x - 2, a.y), at(a.x + 2, a.y));
	svg_line(out, "rtt", at(b.x - 2, b.y), at(b.x + 2, b.y));
	put_words(out, "rtt l", at(b.x + 4 - EDGE, b.y + BASE), s->words, ALL);
}

static void draw_note(struct buf *out, const struct figure *f, const struct stroke *s)
{
	const struct lane *l = &f->lanes[f->places[s->from].lane];
	struct svg_point p = point_of(f, s->from);
	put_words(out, "n l", at(p.x - EDGE, p.y + BASE), s->words, l->left_columns);
}

static void draw_strokes(struct buf *out, const struct figure *f)
{
	static void (*const draw[])(
	    struct buf *, const struct figure *, const struct stroke *) = {
	    [STROKE_ARROW] = draw_arrow,
	    [STROKE_BAND] = draw_band_words,
	    [STROKE_SPAN] = draw_span,
	    [STROKE_NOTE] = draw_note,
	};
	/* What covers comes first. */
	for (int i = 0; i < f->n_strokes; i++)
		if (f->strokes[i].kind == STROKE_BAND)
			draw_band(out, f, &f->strokes[i]);
	for (int i = 0; i < f->n_strokes; i++)
		draw[f->strokes[i].kind](out, f, &f->strokes[i]);
}

/* ---- time ---- */

/* The lowest y of the ticks so far is found anew each time: there are few places. */
static const struct place *next_tick(const struct figure *f, double below)
{
	const struct place *best = NULL;
	for (int i = 0; i < f->n_places; i++) {
		const struct place *p = &f->places[i];
		if (!p->server && p->y >= below && (!best || p->y < best->y))
			best = p;
	}
	return best;
}

static void draw_ticks(struct buf *out, const struct figure *f)
{
	char time[40], before[40] = "";
	double below = 0;
	for (const struct place *p; (p = next_tick(f, below)); below = p->y + TICK_ROOM) {
		diagram_time(time, sizeof time, p->at - f->start);
		if (strcmp(time, before) == 0)
			continue;
		memcpy(before, time, sizeof before);
		put_words(out, "tick l", at(TICK_X, p->y + BASE), time, ALL);
	}
}

static void draw_total(struct buf *out, const struct figure *f, const struct story *s)
{
	char time[40], words[80];
	int64_t until = f->end > s->end && s->end > f->start ? s->end : f->end;
	double low = f->bottom, high = 0;
	for (int i = 0; i < f->n_places; i++)
		if (!f->places[i].server || f->places[i].at <= until)
			grow(&low, &high, f->places[i].y);
	diagram_time(time, sizeof time, until - f->start);
	snprintf(words, sizeof words, "total %s", time);
	svg_line(out, "total", at(TOTAL_X, low), at(TOTAL_X, high));
	svg_line(out, "total", at(TOTAL_X - 3, low), at(TOTAL_X + 3, low));
	svg_line(out, "total", at(TOTAL_X - 3, high), at(TOTAL_X + 3, high));
	svg_text(out, &(struct svg_words){"sum m", at(TOTAL_X - 7, (low + high) / 2),
			  str_of(words), ALL, true});
}

static void draw_fold(struct buf *out, const struct figure *f, const struct story *s)
{
	char words[160], time[40];
	const struct mark *before = story_at(s, STORY_HALF - 1);
	const struct mark *after = story_at(s, STORY_HALF);
	diagram_time(time, sizeof time, after->at - before->at);
	snprintf(words, sizeof words, "… %llu more messages, in %s, are not drawn …",
	    (unsigned long long)story_lost(s), time);
	/* Beside the total, whose words stand at about this height. */
	svg_box(out, "fold", at(TOTAL_X + 6, f->fold_y - 16), at(f->width, f->fold_y + 16));
	put_words(out, "sum m", at(f->width / 2, f->fold_y + BASE), words, ALL);
}

static void draw_foot(struct buf *out, const struct figure *f)
{
	char words[200] =
	    "Time runs downwards, to scale; where words need room it is stretched.";
	if (f->hidden)
		snprintf(words, sizeof words,
		    "%d more connections at the same time are not drawn.", f->hidden);
	if (f->n_places == 0)
		snprintf(words, sizeof words, "There was no conversation.");
	put_words(out, "foot", at(TOTAL_X, f->bottom - 12), words, ALL);
}

void diagram_draw(struct buf *out, const struct figure *f, const struct story *s)
{
	svg_open(out, &(struct svg_page){f->width, f->bottom,
			  STR("Space-time diagram of the session"), style, defs});
	svg_box(out, "paper", at(0, 0), at(f->width, f->bottom));
	for (int i = 0; i < f->n_lanes; i++)
		draw_lane(out, f, &f->lanes[i]);
	draw_lives(out, f);
	draw_strokes(out, f);
	if (f->n_places) {
		draw_ticks(out, f);
		draw_total(out, f, s);
	}
	if (story_lost(s))
		draw_fold(out, f, s);
	draw_foot(out, f);
	svg_close(out);
}
