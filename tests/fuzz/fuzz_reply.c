/*
 * Replies and dot-stuffed bodies from a hostile server. Input: a byte of
 * choices, then what the server sends: replies, each followed by a body.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/net/stream.h"
#include "common/proto/dot.h"
#include "common/proto/reply.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_reply(const struct reply *r)
{
	struct buf words = BUF_INIT(2 * LIMIT_REPLY);
	struct str rest = reply_lines(r), line;
	size_t lines = 0;
	while (str_cut(&rest, '\n', &line))
		lines++;
	must(r->code >= 100 && r->code <= 599 && lines == r->lines && lines >= 1);
	must(r->text.len <= LIMIT_REPLY && lines <= LIMIT_REPLY_LINES);
	must(!r->status.class || r->status.class == reply_class(r));
	must(reply_add_words(r, &words) && words.len >= 3);
	must(reply_kind(r) != ERR_NONE);
	buf_free(&words);
}

/* The body, and what it becomes when it is sent on. */
static bool read_body(struct stream *s, enum dot_line_end end, struct buf *body)
{
	struct dot_reader r;
	struct str piece;
	bool ok;
	buf_clear(body);
	dot_read_start(&r, s, end);
	while ((ok = dot_next(&r, &piece)) && piece.len)
		buf_add_str(body, piece);
	must(body->len <= r.received);
	dot_read_free(&r);
	return ok;
}

/* Whatever is written comes back the same, in CRLF lines. */
static void send_on(struct str body, size_t cut)
{
	struct buf wire = BUF_INIT(4 * MIB), lines = BUF_INIT(4 * MIB), got = BUF_INIT(4 * MIB);
	struct dot_filter plain = {0};
	struct dot_writer w;
	must(dot_add(&plain, &lines, body) && dot_add_end(&plain, &lines));
	struct stream *out = stream_over_memory(STR_NONE, &wire);
	dot_write_start(&w, out, true);
	dot_put(&w, str_sub(body, 0, cut));
	dot_put(&w, str_sub(body, cut, body.len));
	dot_put_end(&w);
	must(stream_flush(out));
	stream_close(out);
	struct stream *in = stream_over_memory(buf_str(&wire), NULL);
	must(read_body(in, DOT_AS_SENT, &got) && stream_held(in).len == 0);
	must(str_eq(buf_str(&got), buf_str(&lines)));
	stream_close(in);
	buf_free(&wire);
	buf_free(&lines);
	buf_free(&got);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	if (size == 0)
		return 0;
	enum reply_flavour flavour = data[0] & 1 ? REPLY_FTP : REPLY_SMTP;
	enum dot_line_end end = data[0] & 2 ? DOT_LF : DOT_AS_SENT;
	struct str input = {(const char *)data + 1, size - 1};
	struct stream *s = stream_over_memory(input, NULL);
	struct reply r = {0};
	struct buf body = BUF_INIT(1 * MIB);
	while (reply_read(s, flavour, &r)) {
		check_reply(&r);
		if (r.code / 100 == 3 && !read_body(s, end, &body))
			break;
		send_on(buf_str(&body), data[0] >> 2);
	}
	must(err_is_set(stream_err(s)));
	reply_free(&r);
	buf_free(&body);
	stream_close(s);
	return 0;
}
