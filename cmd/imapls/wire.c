/*
 * Tokens off the stream. Lines are the stream's; knows no answer by name.
 */
#include "cmd/imapls/wire.h"

#include "common/base/limits.h"
#include "common/text/number.h"

/* Past this an answer is no answer: the lines between literals, together. */
#define ANSWER_MOST (64 * MIB)

void wire_start(struct wire *w, struct stream *s)
{
	*w = (struct wire){.stream = s};
}

bool wire_fail(struct wire *w, const char *what)
{
	return stream_fail(w->stream, ERR_PROTOCOL, "the server broke IMAP: %s", what);
}

static bool read_line(struct wire *w)
{
	if (!stream_line(w->stream, &w->rest)) {
		w->rest = STR_NONE;
		return false;
	}
	trace_line(stream_trace(w->stream), stream_conn(w->stream), 'S', w->rest);
	w->line_bytes += w->rest.len;
	return w->line_bytes <= ANSWER_MOST || wire_fail(w, "an answer has no end");
}

/* ---- literals ---- */

/* "{12}" or "~{12}" at the very end of a line (RFC 9051 4.3, RFC 3516). */
static bool literal_size(struct str s, uint64_t *size)
{
	if (str_starts(s, "~"))
		s = str_sub(s, 1, s.len);
	return s.len > 2 && s.ptr[0] == '{' && s.ptr[s.len - 1] == '}' &&
	       number_parse_max(str_sub(s, 1, s.len - 2), INT64_MAX, size);
}

static struct token begin_literal(struct wire *w)
{
	struct token t = {.kind = TOKEN_LITERAL};
	bool readable = literal_size(w->rest, &t.size);
	if (!readable || t.size > UINT32_MAX) {
		wire_fail(w,
		    readable ? "a literal of 4 GiB or more" : "a literal's size can't be read");
		return (struct token){.kind = TOKEN_FAILED};
	}
	w->rest = STR_NONE;
	w->literal = t.size;
	w->after_literal = true;
	trace_body_start(&w->shown, stream_trace(w->stream), stream_conn(w->stream), 'S', true);
	return t;
}

bool wire_piece(struct wire *w, struct str *piece)
{
	*piece = STR_NONE;
	if (w->literal == 0)
		return true;
	if (stream_held(w->stream).len == 0 && !stream_fill(w->stream)) {
		trace_body_end(&w->shown);
		w->literal = 0;
		/* At the end of input the stream has no error of its own yet. */
		return stream_fail(
		    w->stream, ERR_AGAIN, "the server closed the connection in a literal");
	}
	struct str held = stream_held(w->stream);
	if (held.len > w->literal)
		held.len = (size_t)w->literal;
	stream_take(w->stream, held.len);
	w->literal -= held.len;
	if (trace_is_on(stream_trace(w->stream)))
		trace_body_add(&w->shown, held);
	if (w->literal == 0)
		trace_body_end(&w->shown);
	*piece = held;
	return true;
}

bool wire_skip_literal(struct wire *w)
{
	struct str piece;
	do {
		if (!wire_piece(w, &piece))
			return false;
	} while (piece.len);
	return true;
}

/* The line that a literal interrupted goes on. */
static bool go_on(struct wire *w)
{
	if (w->literal && !wire_skip_literal(w))
		return false;
	if (!w->after_literal)
		return true;
	w->after_literal = false;
	return read_line(w);
}

/* ---- tokens ---- */

static struct token cut(struct wire *w, enum token_kind kind, size_t len)
{
	struct token t = {.kind = kind, .text = str_sub(w->rest, 0, len)};
	w->rest = str_sub(w->rest, len, w->rest.len);
	return t;
}

static struct token quoted(struct wire *w)
{
	for (size_t i = 1; i < w->rest.len; i++) {
		if (w->rest.ptr[i] == '\\')
			i++;
		else if (w->rest.ptr[i] == '"') {
			struct token t = cut(w, TOKEN_QUOTED, i + 1);
			t.text = str_sub(t.text, 1, i - 1);
			return t;
		}
	}
	wire_fail(w, "a quoted string does not end");
	return (struct token){.kind = TOKEN_FAILED};
}

/* Past a section in brackets, with the quoted strings in it; s.len if it does not end. */
static size_t section_end(struct str s, size_t i)
{
	bool in_quotes = false;
	for (; i < s.len; i++) {
		if (in_quotes && s.ptr[i] == '\\')
			i++;
		else if (s.ptr[i] == '"')
			in_quotes = !in_quotes;
		else if (s.ptr[i] == ']' && !in_quotes)
			return i;
	}
	return s.len;
}

static struct token atom(struct wire *w)
{
	struct str s = w->rest;
	size_t i = 0;
	for (; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '[')
			i = section_end(s, i);
		else if (c == ' ' || c == '(' || c == ')' || c == '"' || c == '{')
			break;
	}
	if (i > s.len)
		i = s.len;
	if (i > 0)
		return cut(w, TOKEN_ATOM, i);
	wire_fail(w, "a value is missing");
	return (struct token){.kind = TOKEN_FAILED};
}

struct token wire_token(struct wire *w)
{
	if (!go_on(w))
		return (struct token){.kind = TOKEN_FAILED};
	while (w->rest.len && w->rest.ptr[0] == ' ')
		w->rest = str_sub(w->rest, 1, w->rest.len);
	if (w->rest.len == 0)
		return (struct token){.kind = TOKEN_END};
	switch (w->rest.ptr[0]) {
	case '(': return cut(w, TOKEN_OPEN, 1);
	case ')': return cut(w, TOKEN_CLOSE, 1);
	case '"': return quoted(w);
	case '{': return begin_literal(w);
	case '~':
		if (w->rest.len > 1 && w->rest.ptr[1] == '{')
			return begin_literal(w);
		break;
	default: break;
	}
	return atom(w);
}

struct str wire_text(struct wire *w)
{
	struct str s = w->rest;
	w->rest = STR_NONE;
	return s;
}

bool wire_next(struct wire *w)
{
	/* What nobody wanted is walked over as the grammar has it. */
	struct token t;
	while (w->rest.len || w->after_literal) {
		t = wire_token(w);
		if (t.kind == TOKEN_FAILED)
			return false;
	}
	w->line_bytes = 0;
	return read_line(w);
}

/* ---- values ---- */

bool token_is(const struct token *t, const char *name)
{
	return t->kind == TOKEN_ATOM && str_is_nocase(t->text, name);
}

void wire_unquote(struct buf *out, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '\\' || i + 1 == s.len)
			continue;
		buf_add(out, s.ptr + from, i - from);
		from = ++i;
	}
	buf_add(out, s.ptr + from, s.len - from);
}

bool wire_take_string(struct wire *w, const struct token *t, struct buf *out)
{
	struct str piece;
	if (t->kind == TOKEN_FAILED)
		return false;
	if (token_is(t, "NIL"))
		return true;
	if (t->kind == TOKEN_ATOM)
		buf_add_str(out, t->text);
	else if (t->kind == TOKEN_QUOTED)
		wire_unquote(out, t->text);
	else if (t->kind != TOKEN_LITERAL)
		return wire_fail(w, "a string is missing");
	if (t->kind == TOKEN_LITERAL && t->size > ANSWER_MOST)
		return wire_fail(w, "a string is larger than can be");
	while (t->kind == TOKEN_LITERAL) {
		if (!wire_piece(w, &piece))
			return false;
		if (piece.len == 0)
			break;
		if (!out->over)
			buf_add_str(out, piece);
	}
	return true;
}

bool wire_string(struct wire *w, struct buf *out)
{
	struct token t = wire_token(w);
	return wire_take_string(w, &t, out);
}

bool wire_skip_value(struct wire *w, const struct token *first)
{
	struct token t = *first;
	size_t depth = 0;
	for (;; t = wire_token(w)) {
		if (t.kind == TOKEN_FAILED)
			return false;
		if (t.kind == TOKEN_END || (t.kind == TOKEN_CLOSE && depth == 0))
			return wire_fail(w, "a value is missing, or a parenthesis");
		depth += t.kind == TOKEN_OPEN;
		depth -= t.kind == TOKEN_CLOSE;
		if (depth == 0)
			return t.kind != TOKEN_LITERAL || wire_skip_literal(w);
	}
}

bool wire_skip(struct wire *w)
{
	struct token t = wire_token(w);
	return wire_skip_value(w, &t);
}

bool wire_number(struct wire *w, uint64_t *out)
{
	struct token t = wire_token(w);
	if (t.kind == TOKEN_FAILED)
		return false;
	return (t.kind == TOKEN_ATOM && number_parse(t.text, out)) ||
	       wire_fail(w, "a number is missing");
}

bool wire_open(struct wire *w, bool *some)
{
	struct token t = wire_token(w);
	*some = t.kind == TOKEN_OPEN;
	if (t.kind == TOKEN_FAILED)
		return false;
	return *some || token_is(&t, "NIL") || wire_fail(w, "a list is missing");
}

bool wire_close(struct wire *w)
{
	for (;;) {
		struct token t = wire_token(w);
		if (t.kind == TOKEN_CLOSE)
			return true;
		if (!wire_skip_value(w, &t))
			return false;
	}
}
