/*
 * Bodies in the trace. Knows no framing: it is handed the decoded bytes.
 */
#include "common/net/trace_body.h"

#include "common/base/limits.h"

void trace_body_start(struct trace_body *b, struct trace *t, int conn, char from, bool is_text)
{
	uint64_t most = trace_wants_bodies(t) ? UINT64_MAX : is_text ? LIMIT_TRACE_LINES : 0;
	*b = (struct trace_body){t, conn, from, most, 0, 0, 0, false, BUF_INIT(LIMIT_LINE)};
}

static void show_line(struct trace_body *b)
{
	struct str line = buf_str(&b->partial);
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	trace_line(b->trace, b->conn, b->from, line);
	b->lines++;
	buf_clear(&b->partial);
}

/* A part of a line; one over the ceiling is shown in parts rather than held. */
static void add_part(struct trace_body *b, struct str part)
{
	while (part.len && b->lines < b->most) {
		struct str fits = str_sub(part, 0, b->partial.max - b->partial.len);
		buf_add_str(&b->partial, fits);
		part = str_sub(part, fits.len, part.len);
		if (part.len)
			show_line(b);
	}
	b->in_hidden |= part.len > 0;
}

void trace_body_add(struct trace_body *b, struct str piece)
{
	b->bytes += piece.len;
	if (!trace_is_on(b->trace) || b->most == 0)
		return;
	while (piece.len) {
		size_t at = str_find(piece, '\n');
		add_part(b, str_sub(piece, 0, at));
		if (at == piece.len)
			return;
		if (b->lines < b->most)
			show_line(b);
		else
			b->hidden++;
		b->in_hidden = false;
		piece = str_sub(piece, at + 1, piece.len);
	}
}

void trace_body_end(struct trace_body *b)
{
	if (b->partial.len)
		show_line(b);
	b->hidden += b->in_hidden;
	char from[2] = {b->from, '\0'};
	struct trace_item items[] = {TRACE_TEXT("from", from),
	    TRACE_COUNT("more_lines", b->hidden, "more lines,"),
	    TRACE_COUNT("bytes", b->bytes, "bytes")};
	if (b->hidden)
		trace_event(b->trace, b->conn, "body", items, 3);
	else if (b->most == 0 || trace_wants_bodies(b->trace)) {
		items[1] = items[2];
		trace_event(b->trace, b->conn, "body", items, 2);
	}
	buf_free(&b->partial);
}
