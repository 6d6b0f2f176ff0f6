/*
 * How a comparison looks: two columns or a unified diff. Decides nothing about
 * what is alike.
 */
#include <stdlib.h>
#include <sys/ioctl.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/cli/compare.h"
#include "common/cli/say.h"
#include "common/text/cells.h"
#include "common/text/visible.h"

#define SIDE_BY_SIDE 100
/* Wider columns are no easier to read. */
#define WIDEST 200
/* Turns alike that are shown around a difference, in a diff. */
#define CONTEXT 3
/* Of one line of a side: what a column or a screen can't show anyway. */
#define MOST_SHOWN (4 * KIB)
#define FLUSH (32 * KIB)

struct page {
	struct buf out;
	int fd;
	bool colour;
	size_t column; /* of one side; 0 is a diff */
	const struct turns *left;
};

static const char red[] = "\x1b[31m", green[] = "\x1b[32m", yellow[] = "\x1b[33m",
		  plain[] = "\x1b[0m";

/* By enum compare_mark, as diff -y has them. */
static const struct {
	char mark;
	const char *colour;
} looks[] = {{' ', ""}, {'|', yellow}, {'<', red}, {'>', green}};

static void flush(struct page *p, size_t above)
{
	struct err ignored = {0};
	if (p->out.len > above) {
		say_bytes(p->fd, "stderr", buf_str(&p->out), &ignored);
		buf_clear(&p->out);
	}
}

static void put_colour(struct page *p, const char *colour)
{
	if (p->colour && colour[0])
		buf_add_text(&p->out, colour);
}

static void put_spoken(struct buf *out, const struct turns *t, size_t line)
{
	const struct dialogue_line *l = &t->d->lines[line];
	struct str text = str_sub(dialogue_text(t->d, line), 0, MOST_SHOWN);
	buf_add_byte(out, l->from);
	if (l->conn > 1)
		buf_addf(out, "%d", l->conn);
	buf_add_text(out, text.len ? ": " : ":");
	visible_put(out, text);
}

/* ---- two columns ---- */

static size_t lines_of(const struct turn *turn)
{
	return turn ? turn->count : 0;
}

static void put_cell(struct page *p, const struct turns *t, const struct turn *turn, size_t i)
{
	struct buf cell = BUF_INIT(8 * MOST_SHOWN), tabless = BUF_INIT(8 * MOST_SHOWN);
	if (i < lines_of(turn))
		put_spoken(&cell, t, turn->first + i);
	for (size_t at = 0; at < cell.len; at++)
		buf_add_byte(&tabless, cell.ptr[at] == '\t' ? ' ' : cell.ptr[at]);
	cells_put(&p->out, buf_str(&tabless), p->column, t == p->left);
	buf_free(&cell);
	buf_free(&tabless);
}

static void put_columns(
    struct page *p, const struct compare_view *v, const struct compare_row *row)
{
	size_t lines = lines_of(row->file);
	if (lines_of(row->live) > lines)
		lines = row->live->count;
	for (size_t i = 0; i < lines; i++) {
		put_colour(p, looks[row->mark].colour);
		put_cell(p, v->file, row->file, i);
		buf_addf(&p->out, " %c ", looks[row->mark].mark);
		put_cell(p, v->live, row->live, i);
		put_colour(p, row->mark == COMPARE_ALIKE ? "" : plain);
		buf_add_byte(&p->out, '\n');
		flush(p, FLUSH);
	}
}

static void put_titles(struct page *p, const struct compare_view *v)
{
	cells_put(&p->out, str_of(v->name), p->column, true);
	buf_add_text(&p->out, "   ");
	cells_put(&p->out, STR("this session"), p->column, false);
	buf_add_byte(&p->out, '\n');
}

/* ---- a diff ---- */

static void put_signed(
    struct page *p, char sign, const struct turns *t, const struct turn *turn)
{
	const char *colour = sign == '-' ? red : sign == '+' ? green : "";
	for (size_t i = 0; i < lines_of(turn); i++) {
		put_colour(p, colour);
		buf_add_byte(&p->out, sign);
		put_spoken(&p->out, t, turn->first + i);
		put_colour(p, colour[0] ? plain : "");
		buf_add_byte(&p->out, '\n');
		flush(p, FLUSH);
	}
}

/* What is alike is shown in the session's words. */
static void put_diff(
    struct page *p, const struct compare_view *v, const struct compare_row *row)
{
	if (row->mark != COMPARE_ALIKE) {
		put_signed(p, '-', v->file, row->file);
		put_signed(p, '+', v->live, row->live);
	} else if (row->live) {
		put_signed(p, ' ', v->live, row->live);
	} else {
		put_signed(p, ' ', v->file, row->file);
	}
}

/* How many turns from here on are alike. */
static size_t alike_from(const struct compare_view *v, size_t at)
{
	size_t end = at;
	while (end < v->count && v->rows[end].mark == COMPARE_ALIKE)
		end++;
	return end - at;
}

static void put_all_diff(struct page *p, const struct compare_view *v)
{
	buf_addf(&p->out, "--- %s\n+++ this session\n", v->name);
	for (size_t i = 0; i < v->count; i++) {
		size_t alike = alike_from(v, i);
		bool to_end = i + alike == v->count;
		if (alike > 2 * CONTEXT + 1) {
			size_t before = i ? CONTEXT : 0, after = to_end ? 0 : CONTEXT;
			for (size_t k = 0; k < before; k++)
				put_diff(p, v, &v->rows[i + k]);
			buf_addf(&p->out, "@@ %zu turns alike @@\n", alike - before - after);
			i += alike - after;
			alike = after;
		}
		for (; alike > 0; alike--)
			put_diff(p, v, &v->rows[i++]);
		if (i < v->count)
			put_diff(p, v, &v->rows[i]);
	}
}

/* ---- */

static size_t column_width(int fd)
{
	struct winsize size;
	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < SIDE_BY_SIDE)
		return 0;
	size_t width = size.ws_col < WIDEST ? size.ws_col : WIDEST;
	return (width - 3) / 2;
}

void compare_show(const struct compare_view *v, int fd)
{
	const char *no_colour = getenv("NO_COLOR");
	struct page p = {
	    .out = BUF_INIT(MIB), .fd = fd, .column = column_width(fd), .left = v->file};
	p.colour = isatty(fd) && (!no_colour || !no_colour[0]);
	if (p.column) {
		put_titles(&p, v);
		for (size_t i = 0; i < v->count; i++)
			put_columns(&p, v, &v->rows[i]);
	} else {
		put_all_diff(&p, v);
	}
	if (v->dropped)
		buf_addf(&p.out, "(%zu more lines of the session)\n", v->dropped);
	flush(&p, 0);
	buf_free(&p.out);
}
