/*
 * The progress line as text. Knows no terminal; widths are cells.
 */
#include "common/cli/progress_line.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/text/cells.h"
#include "common/text/number.h"
#include "common/text/visible.h"

enum {
	BAR_LEAST = 5,
	BAR_MOST = 40,
	LABEL_LEAST = 8,
	FIGURES = 4, /* share, bytes, rate, time left: in the order of their weight */
};

/* A longer wait is not worth telling: the rate will have changed. */
#define TELLABLE_SECONDS 360000

static void put_time(struct buf *out, int64_t seconds)
{
	if (seconds >= 3600)
		buf_addf(out, "%" PRId64 ":%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60),
		    (int)(seconds % 60));
	else
		buf_addf(out, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

/* How many of `parts` are here, rounded down, whatever a double makes of it. */
static size_t share_of(const struct progress_view *v, size_t parts)
{
	if (v->done >= v->total)
		return parts;
	size_t share = (size_t)((double)v->done / (double)v->total * (double)parts);
	return share < parts ? share : parts - 1;
}

/* ---- figures ---- */

static void put_share(struct buf *out, const struct progress_view *v)
{
	if (v->whole)
		buf_addf(out, " %3d%%", (int)share_of(v, 100));
}

/* "12.3 MiB of 40.0 MiB"; of what is not known to be all "of 40.0+ MiB". */
static void put_bytes(struct buf *out, const struct progress_view *v)
{
	char done[NUMBER_SHOWN], total[NUMBER_SHOWN];
	buf_addf(out, "  %s", number_show_bytes(v->done, done));
	number_show_bytes(v->total, total);
	int digits = (int)strcspn(total, " ");
	if (v->whole || v->total > v->done)
		buf_addf(
		    out, " of %.*s%s%s", digits, total, v->whole ? "" : "+", total + digits);
}

static void put_rate(struct buf *out, const struct progress_view *v)
{
	char rate[NUMBER_SHOWN];
	buf_addf(out, "  %s", number_show_rate(v->rate, rate));
}

static void put_left(struct buf *out, const struct progress_view *v)
{
	double left = v->total > v->done ? (double)(v->total - v->done) : 0;
	if (!v->whole || left <= 0 || v->rate <= 0 || left / v->rate >= TELLABLE_SECONDS)
		return;
	buf_add_text(out, "  ");
	put_time(out, (int64_t)(left / v->rate + 0.5));
	buf_add_text(out, " left");
}

static void put_figures(struct buf *out, const struct progress_view *v, size_t count)
{
	static void (*const put[FIGURES])(struct buf *, const struct progress_view *) = {
	    put_share, put_bytes, put_rate, put_left};
	for (size_t i = 0; i < count; i++)
		put[i](out, v);
}

/* ---- what it is about ---- */

static void put_files(struct buf *out, const struct progress_view *v, bool over)
{
	if (!over || v->ended != v->files)
		buf_addf(out, "%" PRIu64 " of ", v->ended);
	buf_addf(out, "%" PRIu64 "%s file%s", v->files, v->more ? "+" : "",
	    v->files == 1 && !v->more ? "" : "s");
	if (v->failed)
		buf_addf(out, ", %" PRIu64 " failed", v->failed);
}

static void put_name(struct buf *out, const struct progress_view *v, bool over)
{
	if (v->label)
		visible_put_text(out, str_sub(str_of(v->label), 0, 400), "");
	else
		put_files(out, v, over);
}

/* ---- the line ---- */

static void put_bar(struct buf *out, const struct progress_view *v, size_t cells)
{
	size_t full = share_of(v, cells);
	buf_add_text(out, " [");
	for (size_t i = 0; i < cells; i++)
		buf_add_byte(out, i < full ? '=' : i == full ? '>' : ' ');
	buf_add_byte(out, ']');
}

static size_t minus(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

/* As many as fit beside a name that says something. */
static void choose_figures(
    struct buf *figures, const struct progress_view *v, size_t name, size_t width)
{
	size_t least = v->label && name > LABEL_LEAST ? LABEL_LEAST : name;
	for (size_t count = FIGURES; count; count--) {
		buf_clear(figures);
		put_figures(figures, v, count);
		if (least + figures->len <= width)
			return;
	}
	buf_clear(figures);
}

void progress_put_line(struct buf *out, const struct progress_view *v, size_t width)
{
	struct buf name = BUF_INIT(2 * KIB), figures = BUF_INIT(KIB);
	put_name(&name, v, false);
	size_t cells = cells_count(buf_str(&name));
	choose_figures(&figures, v, cells, width);
	size_t room = minus(width, figures.len);
	/* A long name leaves half of the room to the bar. */
	if (v->label && v->whole && cells > room / 2 && room / 2 >= LABEL_LEAST)
		cells = room / 2;
	cells = cells < room ? cells : room;
	cells_put(out, buf_str(&name), cells, false);
	size_t bar = v->whole ? minus(room, cells + 3) : 0;
	if (bar >= BAR_LEAST)
		put_bar(out, v, bar < BAR_MOST ? bar : BAR_MOST);
	buf_add_str(out, buf_str(&figures));
	buf_free(&name);
	buf_free(&figures);
}

void progress_put_end(struct buf *out, const struct progress_view *v)
{
	char done[NUMBER_SHOWN], rate[NUMBER_SHOWN];
	put_name(out, v, true);
	buf_addf(out, "  %s in ", number_show_bytes(v->done, done));
	put_time(out, v->seconds);
	buf_addf(out, " (%s)", number_show_rate(v->rate, rate));
}
