/*
 * The sink of --compare: collects, aligns, and says the first difference. How
 * it looks is compare_show.c's; what is alike is turns.c's.
 */
#include "common/cli/compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/userfile.h"
#include "common/text/visible.h"

/* What is kept of a session: a dialogue to be compared is a page, not a mailbox. */
#define MOST_LINES 100000
#define MOST_BYTES (32 * MIB)
/* Of a line in the sentence that names the first difference. */
#define SAID 80

struct compare {
	struct trace_sink sink;
	char *name;
	bool exact;
	struct dialogue file, live;
	size_t bytes, dropped;
};

struct rows {
	struct compare_row *items;
	size_t count;
};

static void keep(struct trace_sink *sink, const struct trace_record *r)
{
	struct compare *c = (struct compare *)sink;
	if (r->kind != TRACE_LINE)
		return;
	if (c->live.count >= MOST_LINES || c->bytes + r->line.len > MOST_BYTES) {
		c->dropped++;
		return;
	}
	c->bytes += r->line.len;
	dialogue_add(&c->live, r->from, r->conn, r->line);
}

static void close_sink(struct trace_sink *sink)
{
	struct compare *c = (struct compare *)sink;
	dialogue_free(&c->file);
	dialogue_free(&c->live);
	free(c->name);
	free(c);
}

/* ---- rows ---- */

static int by_conn(const void *a, const void *b)
{
	const struct dialogue_line *x = a, *y = b;
	if (x->conn != y->conn)
		return x->conn < y->conn ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Connection after connection, where the file tells them apart; otherwise all is one story. */
static void sort(struct dialogue *d)
{
	if (d->count)
		qsort(d->lines, d->count, sizeof *d->lines, by_conn);
}

static bool same(const void *of, size_t left, size_t right)
{
	const struct compare_view *v = of;
	return turns_same(v->file, left, v->live, right);
}

static void add_row(struct rows *rows, const struct turn *file, const struct turn *live)
{
	enum compare_mark mark = COMPARE_CHANGED;
	if (!live)
		mark = file && file->soft ? COMPARE_ALIKE : COMPARE_FILE;
	else if (!file)
		mark = live->soft ? COMPARE_ALIKE : COMPARE_LIVE;
	rows->items[rows->count++] = (struct compare_row){mark, file, live};
}

/* Two turns that stand against each other are one row if the same side speaks. */
static bool are_pair(const struct turn *file, const struct turn *live)
{
	return file->from == live->from && file->soft == live->soft;
}

/* The steps from `from` to `to` have nothing in common: pairs as far as they go. */
static void add_differing(struct rows *rows, const struct compare_view *v,
    const struct align *a, size_t from, size_t to)
{
	size_t left = a->steps[from].left, right = a->steps[from].right;
	size_t left_end = left, right_end = right;
	for (size_t i = from; i < to; i++) {
		left_end += a->steps[i].kind == ALIGN_LEFT;
		right_end += a->steps[i].kind == ALIGN_RIGHT;
	}
	while (left < left_end || right < right_end) {
		const struct turn *file = left < left_end ? &v->file->items[left] : NULL;
		const struct turn *live = right < right_end ? &v->live->items[right] : NULL;
		if (file && live && !are_pair(file, live))
			live = NULL;
		add_row(rows, file, live);
		left += file != NULL;
		right += live != NULL;
	}
}

static void make_rows(struct rows *rows, const struct compare_view *v, const struct align *a)
{
	rows->items = mem_array(a->count + 1, sizeof *rows->items);
	for (size_t i = 0, end; i < a->count; i = end) {
		const struct align_step *s = &a->steps[i];
		end = i + 1;
		if (s->kind == ALIGN_BOTH) {
			rows->items[rows->count++] = (struct compare_row){
			    COMPARE_ALIKE, &v->file->items[s->left], &v->live->items[s->right]};
			continue;
		}
		while (end < a->count && a->steps[end].kind != ALIGN_BOTH)
			end++;
		add_differing(rows, v, a, i, end);
	}
}

/* ---- the first difference ---- */

static void put_said(struct buf *out, const struct turns *t, size_t line)
{
	buf_addf(out, "%c: ", t->d->lines[line].from);
	visible_put_text(out, str_sub(dialogue_text(t->d, line), 0, SAID), "");
}

/* Of two heads that begin alike the field that is missing. */
static size_t differing_line(const struct compare_view *v, const struct compare_row *row)
{
	if (!row->live || !row->file->head || !str_is(str_of(row->file->key), row->live->key))
		return row->file->first;
	return turns_missing_field(v->file, row->file, v->live, row->live);
}

static void say_difference(
    const struct compare_view *v, const struct compare_row *row, struct err *err)
{
	struct buf want = BUF_INIT(2 * KIB), seen = BUF_INIT(2 * KIB);
	size_t line = row->file ? differing_line(v, row) : 0;
	if (row->file)
		put_said(&want, v->file, line);
	if (row->live)
		put_said(&seen, v->live, row->live->first);
	if (!row->file)
		err_set(err, ERR_DATA, "first difference: %.150s does not have: %s", v->name,
		    buf_cstr(&seen));
	else if (!row->live || line != row->file->first)
		err_set(err, ERR_DATA, "first difference: %.150s:%u, not said here: %s",
		    v->name, v->file->d->lines[line].line, buf_cstr(&want));
	else
		err_set(err, ERR_DATA, "first difference: %.120s:%u: %.160s; here: %.160s",
		    v->name, v->file->d->lines[line].line, buf_cstr(&want), buf_cstr(&seen));
	buf_free(&want);
	buf_free(&seen);
}

static void judge(const struct compare_view *v, struct err *err)
{
	size_t i = 0;
	while (i < v->count && v->rows[i].mark == COMPARE_ALIKE)
		i++;
	if (i < v->count)
		say_difference(v, &v->rows[i], err);
	else if (v->dropped)
		err_set(err, ERR_DATA, "the session was too long: %zu lines were not compared",
		    v->dropped);
}

static void judge_session(struct trace_sink *sink, struct err *err)
{
	struct compare *c = (struct compare *)sink;
	struct turns file, live;
	struct align align;
	struct rows rows = {0};
	if (c->file.conns > 1) {
		sort(&c->file);
		sort(&c->live);
	}
	turns_make(&file, &c->file, c->exact);
	turns_make(&live, &c->live, c->exact);
	struct compare_view view = {.name = c->name, .file = &file, .live = &live};
	align_run(&align, &(struct align_pair){file.count, live.count, &view, same});
	make_rows(&rows, &view, &align);
	view.rows = rows.items;
	view.count = rows.count;
	view.dropped = c->dropped;
	compare_show(&view, STDERR_FILENO);
	judge(&view, err);
	free(align.steps);
	free(rows.items);
	turns_free(&file);
	turns_free(&live);
}

static const struct trace_sink_ops compare_ops = {keep, judge_session, close_sink};

static bool read_file(struct compare *c, struct err *err)
{
	struct userfile f;
	struct err why = {0};
	bool ok = userfile_read(&f, c->name, &why);
	if (!ok)
		err_set(err, ERR_USAGE, "--compare: %s", why.text);
	else if (!f.found)
		ok = err_set(err, ERR_USAGE, "--compare: there is no %.200s", c->name);
	ok = ok && dialogue_read(&c->file, c->name, buf_str(&f.bytes), err);
	userfile_free(&f);
	return ok;
}

bool compare_add(struct trace *t, const char *file, bool exact, struct err *err)
{
	struct compare *c = mem_alloc(sizeof *c);
	c->sink = (struct trace_sink){.ops = &compare_ops, .always = true};
	c->name = mem_dup(file);
	c->exact = exact;
	if (!read_file(c, err)) {
		close_sink(&c->sink);
		return false;
	}
	trace_add_sink(t, &c->sink);
	return true;
}
