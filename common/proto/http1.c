/*
 * Heads and framing of HTTP/1.1. Refuses what could be read in two ways, for
 * there the next answer of a connection would begin where an attacker likes.
 */
#include "common/proto/http1.h"

#include <string.h>

#include "common/base/limits.h"
#include "common/text/number.h"

/* ---- the head ---- */

/* True when something of it had to be hidden. */
static bool trace_field(struct stream *s, struct str line)
{
	struct str value = line;
	struct str name;
	bool secret =
	    str_cut(&value, ':', &name) &&
	    (str_is_nocase(name, "set-cookie") || str_is_nocase(name, "authentication-info")) &&
	    !trace_shows_secrets(stream_trace(s));
	if (!secret) {
		trace_line(stream_trace(s), stream_conn(s), 'S', line);
		return false;
	}
	/* A cookie's name and attributes are no secret, its value is. */
	struct buf shown = BUF_INIT(LIMIT_LINE);
	size_t equals = str_find(value, '='), semicolon = str_find(value, ';');
	buf_addf(&shown, "%.*s:%.*s", STR_ARG(name), (int)(equals < semicolon ? equals + 1 : 0),
	    value.ptr);
	buf_add_text(&shown, "****");
	buf_add_str(&shown, str_sub(value, semicolon, value.len));
	trace_line(stream_trace(s), stream_conn(s), 'S', buf_str(&shown));
	buf_free(&shown);
	return true;
}

static void trace_head(struct stream *s, struct str bytes)
{
	struct str line;
	if (!trace_is_on(stream_trace(s)))
		return;
	bool secret = false;
	while (str_cut(&bytes, '\n', &line)) {
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		/* A folded line goes on with what stood before it, secret or not. */
		bool folded = line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
		if (folded && secret)
			trace_line(stream_trace(s), stream_conn(s), 'S', STR(" ****"));
		else
			secret = trace_field(s, line);
	}
}

static bool no_head(struct stream *s, size_t held)
{
	if (err_is_set(stream_err(s)))
		return false;
	return stream_fail(s, ERR_AGAIN,
	    held ? "the server closed the connection in the middle of the head"
		 : "empty reply: the server closed the connection without an answer");
}

/* Waits until a whole head is held; its length, or 0. */
static size_t gather(struct stream *s)
{
	size_t seen = 0;
	struct err not_http = {0};
	for (;;) {
		struct str held = stream_held(s);
		size_t len = held.len ? http_head_end(held, seen) : 0;
		if ((len ? len : held.len) > LIMIT_HEAD) {
			stream_fail(s, ERR_PROTOCOL, "the head of the answer is over %zu KiB",
			    LIMIT_HEAD / KIB);
			return 0;
		}
		if (held.len && seen < 16 && !http_head_begins(held, &not_http)) {
			stream_fail(s, not_http.kind, "%s", not_http.text);
			return 0;
		}
		if (len)
			return len;
		seen = held.len;
		if (!stream_fill(s)) {
			no_head(s, held.len);
			return 0;
		}
	}
}

bool http1_read_head(struct stream *s, struct http1_head *h)
{
	struct err bad = {0};
	*h = (struct http1_head){.bytes = BUF_INIT(LIMIT_HEAD)};
	size_t len = gather(s);
	if (len == 0)
		return false;
	h->wire_size = len;
	buf_add(&h->bytes, stream_held(s).ptr, len);
	stream_take(s, len);
	trace_head(s, buf_str(&h->bytes));
	if (http_head_parse(&h->head, h->bytes.ptr, h->bytes.len, &bad))
		return true;
	http1_free_head(h);
	return stream_fail(s, bad.kind, "%s", bad.text);
}

void http1_free_head(struct http1_head *h)
{
	http_head_free(&h->head);
	buf_free(&h->bytes);
	*h = (struct http1_head){.bytes = BUF_INIT(LIMIT_HEAD)};
}

/* ---- which framing ---- */

/* RFC 9112 6.3 (5): a list of identical numbers is one number, anything else is an error. */
static bool read_length(struct http1_body *b, const struct http_head *head)
{
	bool have = false;
	const struct field *f = fields_find(&head->fields, "content-length");
	for (; f; f = fields_next(&head->fields, f)) {
		struct str rest = f->value, one = STR_NONE;
		/* An empty value leaves `one` empty, which is no number. */
		str_cut(&rest, ',', &one);
		do {
			uint64_t n;
			/* off_t and the counters are signed: 2^63-1 is the most. */
			if (!number_parse_max(str_trim(one), INT64_MAX, &n))
				return stream_fail(b->stream, ERR_PROTOCOL,
				    "the Content-Length is not a number that can be: %.*s",
				    (int)(f->value.len < 40 ? f->value.len : 40), f->value.ptr);
			if (have && n != b->left)
				return stream_fail(b->stream, ERR_PROTOCOL,
				    "the answer has two different Content-Lengths");
			b->left = n;
			have = true;
		} while (str_cut(&rest, ',', &one));
	}
	if (have)
		b->framing = HTTP1_LENGTH;
	b->total = b->left;
	return true;
}

static bool read_codings(struct http1_body *b, const struct http_head *head)
{
	const struct field *f = fields_find(&head->fields, "transfer-encoding");
	for (; f; f = fields_next(&head->fields, f)) {
		struct str rest = f->value, coding;
		while (field_list_next(&rest, &coding)) {
			if (str_is_nocase(coding, "identity"))
				continue;
			/* Nothing may follow chunked, and no other coding was asked for (no
			 * TE). */
			if (b->framing == HTTP1_CHUNKED || !str_is_nocase(coding, "chunked"))
				return stream_fail(b->stream, ERR_PROTOCOL,
				    "a transfer coding that was not asked for: %.*s",
				    (int)(coding.len < 40 ? coding.len : 40), coding.ptr);
			b->framing = HTTP1_CHUNKED;
		}
	}
	return true;
}

static bool choose_framing(struct http1_body *b, const struct http_head *head, bool reused)
{
	b->framing = HTTP1_UNTIL_CLOSE;
	if (!read_codings(b, head))
		return false;
	if (b->framing != HTTP1_CHUNKED)
		return read_length(b, head);
	/* RFC 9112 6.1: chunked overrides a Content-Length and casts doubt on the sender. */
	bool both = fields_find(&head->fields, "content-length");
	b->suspicious = both || head->minor == 0;
	if (both && reused)
		return stream_fail(b->stream, ERR_PROTOCOL,
		    "the answer has both a Content-Length and a Transfer-Encoding");
	return true;
}

bool http1_body_start(struct http1_body *b, struct stream *s, const struct http_head *head,
    bool is_head, bool reused)
{
	*b = (struct http1_body){.stream = s, .trailers = {.bytes = BUF_INIT(LIMIT_TRAILER)}};
	trace_body_start(&b->trace, stream_trace(s), stream_conn(s), 'S', false);
	if (is_head || head->status / 100 == 1 || head->status == 204 || head->status == 304) {
		b->done = true;
		return true;
	}
	if (!choose_framing(b, head, reused))
		return false;
	b->done = b->framing == HTTP1_LENGTH && b->left == 0;
	return true;
}

void http1_body_free(struct http1_body *b)
{
	http1_free_head(&b->trailers);
	buf_free(&b->trace.partial);
}

bool http1_is_persistent(const struct http_head *head, const struct http1_body *b)
{
	if (!b->done || b->framing == HTTP1_UNTIL_CLOSE || b->suspicious)
		return false;
	if (fields_has_token(&head->fields, "connection", "close"))
		return false;
	return head->minor >= 1 || fields_has_token(&head->fields, "connection", "keep-alive");
}

/* ---- the bytes ---- */

static bool finish(struct http1_body *b)
{
	b->done = true;
	trace_body_end(&b->trace);
	return true;
}

static bool read_trailers(struct http1_body *b)
{
	struct err bad = {0};
	struct str line;
	do {
		if (!stream_line(b->stream, &line))
			return false;
		if (line.len)
			trace_field(b->stream, line);
		buf_add_str(&b->trailers.bytes, line);
		buf_add_text(&b->trailers.bytes, "\r\n");
	} while (line.len && !b->trailers.bytes.over);
	if (b->trailers.bytes.over)
		return stream_fail(b->stream, ERR_PROTOCOL, "the trailers are over %zu KiB",
		    LIMIT_TRAILER / KIB);
	struct buf *bytes = &b->trailers.bytes;
	if (!http_fields_parse(&b->trailers.head.fields, bytes->ptr, bytes->len, &bad))
		return stream_fail(b->stream, bad.kind, "in the trailers: %s", bad.text);
	return true;
}

/* RFC 9112 7.1: chunk-size [ chunk-ext ] CRLF, with BWS before an extension. */
static bool read_chunk_size(struct http1_body *b)
{
	struct str line;
	if (!stream_line(b->stream, &line))
		return false;
	struct str size = str_trim(str_sub(line, 0, str_find(line, ';')));
	bool extended = size.len < line.len && line.ptr[0] != ' ' && line.ptr[0] != '\t';
	if ((size.len != line.len && !extended) || !number_parse_hex(size, 16, &b->left) ||
	    b->left > INT64_MAX || str_has_byte(line, '\r') || str_has_byte(line, '\0'))
		return stream_fail(b->stream, ERR_PROTOCOL, "the size of a chunk is malformed");
	b->in_chunk = true;
	return true;
}

static bool end_chunk(struct http1_body *b)
{
	struct str line;
	if (!stream_line(b->stream, &line))
		return false;
	b->in_chunk = false;
	return line.len == 0 || stream_fail(b->stream, ERR_PROTOCOL,
				    "a chunk is longer than its announced size");
}

/* To the next chunk that has bytes; done at the last one. */
static bool advance(struct http1_body *b)
{
	if (b->framing != HTTP1_CHUNKED || b->left)
		return true;
	if ((b->in_chunk && !end_chunk(b)) || !read_chunk_size(b))
		return false;
	if (b->left)
		return true;
	return read_trailers(b) && finish(b);
}

static bool was_cut(struct http1_body *b)
{
	const struct err *e = stream_err(b->stream);
	if (err_is_set(e))
		return false;
	if (b->framing == HTTP1_UNTIL_CLOSE)
		return finish(b);
	if (b->framing == HTTP1_CHUNKED)
		return stream_fail(b->stream, ERR_AGAIN,
		    "the body was cut: the server closed the connection inside a chunk");
	return stream_fail(b->stream, ERR_AGAIN, "the body was cut: %llu of %llu bytes came",
	    (unsigned long long)b->received, (unsigned long long)b->total);
}

bool http1_body_take(struct http1_body *b, size_t most, struct str *piece)
{
	*piece = STR_NONE;
	if (b->done || !advance(b) || b->done)
		return !err_is_set(stream_err(b->stream));
	if (stream_held(b->stream).len == 0 && !stream_fill(b->stream))
		return was_cut(b);
	struct str held = stream_held(b->stream);
	bool bounded = b->framing != HTTP1_UNTIL_CLOSE;
	held = str_sub(held, 0, most);
	*piece = bounded && held.len > b->left ? str_sub(held, 0, (size_t)b->left) : held;
	stream_take(b->stream, piece->len);
	b->left -= bounded ? piece->len : 0;
	b->received += piece->len;
	trace_body_add(&b->trace, *piece);
	if (b->framing == HTTP1_LENGTH && b->left == 0)
		return finish(b);
	return true;
}

bool http1_body_next(struct http1_body *b, struct str *piece)
{
	return http1_body_take(b, SIZE_MAX, piece);
}

static bool copy_span(struct http1_body *b, int fd, _Atomic uint64_t *counter)
{
	uint64_t before = stream_received(b->stream) - stream_held(b->stream).len;
	int64_t len = b->framing == HTTP1_UNTIL_CLOSE ? -1 : (int64_t)b->left;
	bool ok = stream_copy(b->stream, fd, len, counter);
	uint64_t moved = stream_received(b->stream) - stream_held(b->stream).len - before;
	b->received += moved;
	b->trace.bytes += moved;
	b->left = 0;
	return ok || was_cut(b);
}

bool http1_body_copy(struct http1_body *b, int fd, _Atomic uint64_t *counter)
{
	while (!b->done) {
		if (!advance(b))
			return false;
		if (b->done)
			break;
		if (!copy_span(b, fd, counter))
			return false;
		if (b->framing != HTTP1_CHUNKED)
			return finish(b);
	}
	return true;
}
