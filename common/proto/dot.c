/*
 * Dot-stuffing and line ends, both ways. Works on slices, line by line with
 * memchr, and knows nothing of what the text means.
 */
#include "common/proto/dot.h"

#include <string.h>

#include "common/base/limits.h"
#include "common/net/stream.h"

/* What is turned at a time: stays in the processor's nearer caches. */
#define SLICE (32 * KIB)
/* Waiting output that is sent before more is made: the stream could hold more, but the
 * server may work on it meanwhile. */
#define FLUSH_AT (128 * KIB)

/* ---- to the wire ---- */

static char *put_part(struct dot_filter *f, char *to, const char *from, size_t len)
{
	if (len == 0)
		return to;
	if (f->stuffs && !f->in_line && *from == '.')
		*to++ = '.';
	memcpy(to, from, len);
	f->in_line = true;
	return to + len;
}

static char *put_line_end(struct dot_filter *f, char *to)
{
	f->in_line = false;
	*to++ = '\r';
	*to++ = '\n';
	return to;
}

static const char *find(const char *from, const char *end, char byte)
{
	const char *at = from < end ? memchr(from, byte, (size_t)(end - from)) : NULL;
	return at ? at : end;
}

/* There must be room for twice the length. */
static char *convert(struct dot_filter *f, char *to, struct str in)
{
	const char *p = in.ptr, *end = in.ptr + in.len;
	if (f->after_cr && *p == '\n')
		p++;
	f->after_cr = false;
	/* Each is looked for again only once it is passed: a text without CR is searched for
	 * one once. */
	const char *lf = find(p, end, '\n'), *cr = find(p, end, '\r');
	while (p < end) {
		const char *stop = cr < lf ? cr : lf;
		to = put_part(f, to, p, (size_t)(stop - p));
		if (stop == end)
			break;
		to = put_line_end(f, to);
		f->after_cr = stop == cr && stop + 1 == end;
		p = stop + (stop == cr && lf == cr + 1 && lf < end ? 2 : 1);
		lf = lf < p ? find(p, end, '\n') : lf;
		cr = cr < p ? find(p, end, '\r') : cr;
	}
	return to;
}

bool dot_add(struct dot_filter *f, struct buf *out, struct str piece)
{
	while (piece.len) {
		char wire[2 * KIB];
		struct str slice = str_sub(piece, 0, sizeof wire / 2);
		size_t len = (size_t)(convert(f, wire, slice) - wire);
		if (!buf_add(out, wire, len))
			return false;
		piece = str_sub(piece, slice.len, piece.len);
	}
	return true;
}

bool dot_add_end(struct dot_filter *f, struct buf *out)
{
	bool whole = !f->in_line;
	f->in_line = f->after_cr = false;
	return whole || buf_add_text(out, "\r\n");
}

void dot_write_start(struct dot_writer *w, struct stream *s, bool stuffs)
{
	*w = (struct dot_writer){.stream = s, .filter = {.stuffs = stuffs}};
	trace_body_start(&w->trace, stream_trace(s), stream_conn(s), 'C', true);
}

bool dot_put(struct dot_writer *w, struct str piece)
{
	while (piece.len) {
		struct str slice = str_sub(piece, 0, SLICE);
		char *wire = stream_room(w->stream, 2 * slice.len);
		if (!wire)
			return false;
		struct str made = {wire, (size_t)(convert(&w->filter, wire, slice) - wire)};
		trace_body_add(&w->trace, made);
		stream_put_room(w->stream, made.len);
		w->written += made.len;
		if (stream_unsent(w->stream) >= FLUSH_AT && !stream_flush(w->stream))
			return false;
		piece = str_sub(piece, slice.len, piece.len);
	}
	return !err_is_set(stream_err(w->stream));
}

void dot_put_end(struct dot_writer *w)
{
	struct buf end = BUF_INIT(2);
	if (dot_add_end(&w->filter, &end) && end.len) {
		trace_body_add(&w->trace, buf_str(&end));
		stream_put(w->stream, end.ptr, end.len);
		w->written += end.len;
	}
	buf_free(&end);
	trace_body_end(&w->trace);
	if (w->filter.stuffs)
		stream_put_line(w->stream, ".");
	dot_write_free(w);
}

void dot_write_free(struct dot_writer *w)
{
	buf_free(&w->trace.partial);
}

/* ---- from the wire ---- */

void dot_read_start(struct dot_reader *r, struct stream *s, enum dot_line_end line_end)
{
	*r = (struct dot_reader){.stream = s, .line_end = line_end, .bytes = BUF_INIT(SLICE)};
	trace_body_start(&r->trace, stream_trace(s), stream_conn(s), 'S', true);
}

void dot_read_free(struct dot_reader *r)
{
	buf_free(&r->bytes);
	buf_free(&r->trace.partial);
}

enum dot_meaning { DOT_UNCLEAR, DOT_CLOSES, DOT_STUFFED };

/* A dot at the start of a line. */
static enum dot_meaning look(const struct dot_reader *r, struct str in)
{
	char second = in.len > 1 ? in.ptr[1] : '\r';
	if (second == '\n')
		return r->crlf_seen ? DOT_STUFFED : DOT_CLOSES;
	if (second != '\r')
		return DOT_STUFFED;
	if (in.len <= 2)
		return DOT_UNCLEAR;
	return in.ptr[2] == '\n' ? DOT_CLOSES : DOT_STUFFED;
}

static void end_line(struct dot_reader *r, char *to, bool is_crlf)
{
	if (is_crlf && r->line_end == DOT_AS_SENT)
		*to++ = '\r';
	*to++ = '\n';
	r->crlf_seen |= is_crlf;
	r->in_line = r->crlf_seen && !is_crlf;
}

/* Moves one line, or what is there of it, to the piece. The bytes used; 0: more must come. */
static size_t take_line(struct dot_reader *r, struct str in)
{
	size_t at = str_find(in, '\n');
	bool ends = at < in.len;
	/* A CR at the end of what is there waits for its LF. */
	bool has_cr = at > 0 && in.ptr[at - 1] == '\r';
	size_t len = has_cr ? at - 1 : at;
	if (len) {
		buf_add(&r->bytes, in.ptr, len);
		r->in_line = true;
	}
	if (!ends)
		return len;
	size_t break_len = has_cr && r->line_end == DOT_AS_SENT ? 2 : 1;
	char *to = buf_reserve(&r->bytes, break_len);
	end_line(r, to, has_cr);
	buf_commit(&r->bytes, break_len);
	return at + 1;
}

/* Fills the piece from what is held; the bytes used, without a closing line. */
static size_t unstuff(struct dot_reader *r, struct str in)
{
	size_t used = 0;
	while (used < in.len && !r->done) {
		struct str rest = str_sub(in, used, in.len);
		if (r->in_line || *rest.ptr != '.') {
			size_t n = take_line(r, rest);
			if (n == 0)
				break;
			used += n;
			continue;
		}
		enum dot_meaning dot = look(r, rest);
		if (dot == DOT_UNCLEAR)
			break;
		r->done = dot == DOT_CLOSES;
		r->in_line = true;
		used += dot == DOT_STUFFED;
	}
	return used;
}

static void count(struct dot_reader *r, struct str used)
{
	trace_body_add(&r->trace, used);
	r->received += used.len;
	stream_take(r->stream, used.len);
	if (!r->done)
		return;
	stream_take(r->stream, str_find(stream_held(r->stream), '\n') + 1);
	trace_body_end(&r->trace);
	trace_line(stream_trace(r->stream), stream_conn(r->stream), 'S', STR("."));
}

static bool was_cut(struct dot_reader *r)
{
	if (err_is_set(stream_err(r->stream)))
		return false;
	return stream_fail(r->stream, ERR_AGAIN,
	    "the message was cut: the server closed the connection after %llu bytes of it",
	    (unsigned long long)r->received);
}

bool dot_next(struct dot_reader *r, struct str *piece)
{
	*piece = STR_NONE;
	buf_clear(&r->bytes);
	while (!r->done && r->bytes.len == 0) {
		struct str in = str_sub(stream_held(r->stream), 0, SLICE);
		size_t used = unstuff(r, in);
		if (used || r->done)
			count(r, str_sub(in, 0, used));
		else if (!stream_fill(r->stream))
			return was_cut(r);
	}
	if (r->bytes.len)
		*piece = buf_str(&r->bytes);
	return true;
}

bool dot_skip(struct dot_reader *r)
{
	struct str piece;
	do {
		if (!dot_next(r, &piece))
			return false;
	} while (piece.len);
	return true;
}
