/*
 * Explanations beside the lines of a trace: a memory for each connection, as
 * commands of several may be under way. The words stand in common/text/explain*.c.
 */
#include "common/cli/explain_sink.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "common/text/explain.h"

struct explaining {
	struct trace_sink sink;
	struct trace_sink *inner;
	const struct trace *trace;
	const struct explain_book *book;
	struct explain **conns; /* [conn - 1]; NULL before the first record and after [close] */
	int count;
	struct buf words;
};

static struct explain *conn_of(struct explaining *e, int conn)
{
	if (conn > e->count) {
		e->conns = mem_resize(e->conns, (size_t)conn, sizeof *e->conns);
		for (; e->count < conn; e->count++)
			e->conns[e->count] = NULL;
	}
	struct explain **x = &e->conns[conn - 1];
	if (!*x) {
		*x = mem_alloc(sizeof **x);
		explain_start(*x, e->book);
	}
	return *x;
}

static void forget(struct explaining *e, int conn)
{
	free(e->conns[conn - 1]);
	e->conns[conn - 1] = NULL;
}

static void explain_record(struct explaining *e, const struct trace_record *r)
{
	struct explain *x = conn_of(e, r->conn);
	struct str what = str_of(r->count && r->items[0].text ? r->items[0].text : "");
	buf_clear(&e->words);
	if (r->kind == TRACE_LINE)
		explain_line(x, r->from, r->line, &e->words);
	else
		explain_event(x, r->event, what, &e->words);
}

static void show(struct trace_sink *sink, const struct trace_record *r)
{
	struct explaining *e = (struct explaining *)sink;
	e->inner->ops->show(e->inner, r);
	if (r->conn < 1)
		return;
	explain_record(e, r);
	struct trace_record remark = *r;
	remark.kind = TRACE_REMARK;
	remark.line = buf_str(&e->words);
	if (remark.line.len && trace_is_explained(e->trace))
		e->inner->ops->show(e->inner, &remark);
	if (r->kind == TRACE_EVENT && str_is(str_of(r->event), "close"))
		forget(e, r->conn);
}

static void finish(struct trace_sink *sink, struct err *err)
{
	struct explaining *e = (struct explaining *)sink;
	if (e->inner->ops->finish)
		e->inner->ops->finish(e->inner, err);
}

static void close_sink(struct trace_sink *sink)
{
	struct explaining *e = (struct explaining *)sink;
	e->inner->ops->close(e->inner);
	for (int i = 0; i < e->count; i++)
		free(e->conns[i]);
	free(e->conns);
	buf_free(&e->words);
	free(e);
}

static const struct trace_sink_ops ops = {show, finish, close_sink};

struct trace_sink *explain_sink(struct trace *t, struct trace_sink *inner, const char *protocol)
{
	const struct explain_book *book = explain_book_of(protocol);
	if (!book)
		return inner;
	struct explaining *e = mem_alloc(sizeof *e);
	*e = (struct explaining){.sink.ops = &ops,
	    .inner = inner,
	    .trace = t,
	    .book = book,
	    .words = BUF_INIT(1000)};
	return &e->sink;
}
