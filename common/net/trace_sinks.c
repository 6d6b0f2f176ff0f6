/*
 * The two ordinary sinks of a trace: the S:/C: notation as text, and JSON
 * Lines. One write a record, so that lines of several threads never mix.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/trace.h"
#include "common/text/json.h"
#include "common/text/visible.h"

struct fd_sink {
	struct trace_sink sink;
	int fd;
	bool owned, with_time;
	int failed;      /* errno of a write */
	struct buf text; /* of the current record; kept for its memory */
};

/* A byte becomes at most four as text (\x1b), six in JSON (\u001b). */
#define RECORD_MOST (6 * LIMIT_LINE + 4 * KIB)

static double seconds(const struct trace_record *r)
{
	return (double)(r->at - r->start) / (double)CLOCK_SECOND;
}

static bool wait_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	return poll(&p, 1, -1) > 0 || errno == EINTR;
}

static void put_out(struct fd_sink *f)
{
	struct str rest = buf_str(&f->text);
	/* A trace that can't be shown must not stop the conversation. */
	while (rest.len && !f->failed) {
		ssize_t n = write(f->fd, rest.ptr, rest.len);
		if (n < 0 && errno == EINTR)
			continue;
		/* A terminal or pipe that somebody else made non-blocking. */
		if (n < 0 && errno == EAGAIN && wait_writable(f->fd))
			continue;
		if (n < 0)
			f->failed = errno;
		else
			rest = str_sub(rest, (size_t)n, rest.len);
	}
}

/* A file that is not whole is said; that nobody reads standard error, or has read enough of
 * standard output, is not. */
static void finish(struct trace_sink *sink, struct err *err)
{
	struct fd_sink *f = (struct fd_sink *)sink;
	errno = f->failed;
	if (f->failed && f->owned)
		err_set_errno(err, ERR_IO, "--trace: the file is not whole");
	else if (f->failed && f->fd == STDOUT_FILENO && f->failed != EPIPE)
		err_set_errno(err, ERR_IO, "standard output");
}

static void close_sink(struct trace_sink *sink)
{
	struct fd_sink *f = (struct fd_sink *)sink;
	if (f->owned)
		close(f->fd);
	buf_free_secret(&f->text);
	free(f);
}

/* ---- text ---- */

static void put_number(struct buf *out, const struct trace_item *item)
{
	buf_addf(out, "%.*f", item->decimals, item->number);
	if (item->unit)
		buf_addf(out, " %s", item->unit);
}

static void put_event(struct buf *out, const struct trace_record *r)
{
	buf_addf(out, "[%s", r->event);
	for (int i = 0; i < r->count; i++) {
		if (r->items[i].aside)
			continue;
		buf_add_byte(out, ' ');
		if (r->items[i].text)
			visible_put(out, str_of(r->items[i].text));
		else
			put_number(out, &r->items[i]);
	}
	buf_add_byte(out, ']');
}

static void put_line(struct buf *out, const struct trace_record *r)
{
	buf_add_byte(out, r->from);
	if (r->conn > 1)
		buf_addf(out, "%d", r->conn);
	buf_add_byte(out, ':');
	if (r->line.len)
		buf_add_byte(out, ' ');
	visible_put(out, r->line);
}

/* Indented, so that whoever reads the notation passes over it. */
static void put_remark(struct buf *out, const struct trace_record *r)
{
	buf_add_text(out, "    ");
	visible_put(out, r->line);
}

static void show_text(struct trace_sink *sink, const struct trace_record *r)
{
	struct fd_sink *f = (struct fd_sink *)sink;
	buf_clear(&f->text);
	if (f->with_time && r->kind != TRACE_REMARK)
		buf_addf(&f->text, "%.3f ", seconds(r));
	if (r->kind == TRACE_LINE)
		put_line(&f->text, r);
	else if (r->kind == TRACE_REMARK)
		put_remark(&f->text, r);
	else
		put_event(&f->text, r);
	buf_add_byte(&f->text, '\n');
	put_out(f);
}

/* ---- JSON ---- */

static void show_json(struct trace_sink *sink, const struct trace_record *r)
{
	struct fd_sink *f = (struct fd_sink *)sink;
	struct buf *out = &f->text;
	buf_clear(out);
	json_open(out);
	json_key_double(out, "t", seconds(r), 6);
	json_key_int(out, "conn", r->conn);
	if (r->kind == TRACE_LINE) {
		json_key_str(out, "from", (struct str){&r->from, 1});
		json_key_str(out, "line", r->line);
	} else if (r->kind == TRACE_REMARK) {
		json_key_str(out, "explain", r->line);
	} else {
		json_key_text(out, "event", r->event);
		for (int i = 0; i < r->count; i++)
			if (r->items[i].text)
				json_key_text(out, r->items[i].name, r->items[i].text);
			else
				json_key_double(out, r->items[i].name, r->items[i].number,
				    r->items[i].decimals);
	}
	json_close(out);
	buf_add_byte(out, '\n');
	put_out(f);
}

static const struct trace_sink_ops text_ops = {show_text, finish, close_sink};
static const struct trace_sink_ops json_ops = {show_json, finish, close_sink};

static struct fd_sink *new_sink(const struct trace_sink_ops *ops, int fd, bool owned)
{
	struct fd_sink *f = mem_alloc(sizeof *f);
	*f = (struct fd_sink){
	    .sink.ops = ops, .fd = fd, .owned = owned, .text = BUF_INIT(RECORD_MOST)};
	return f;
}

struct trace_sink *trace_text_sink(int fd, bool owned, bool with_time)
{
	struct fd_sink *f = new_sink(&text_ops, fd, owned);
	f->with_time = with_time;
	return &f->sink;
}

struct trace_sink *trace_json_sink(int fd, bool owned)
{
	return &new_sink(&json_ops, fd, owned)->sink;
}
