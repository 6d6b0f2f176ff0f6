/*
 * Heads and framing of HTTP/1.1: what is taken, what is refused, and whether the
 * connection may go on. Every body is read in two ways, which must agree.
 */
#include <signal.h>
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/proto/http1.h"
#include "tests/unit/talk.h"

struct taken {
	enum err_kind kind; /* ERR_NONE: head and body came whole */
	char text[512];
	struct buf body;
	int status;
	size_t trailers;
	bool persistent;
	bool has_rest; /* something stands behind the body */
};

struct how {
	bool is_head, reused, by_copy;
};

static bool take_body(struct http1_body *b, bool by_copy, struct buf *out)
{
	struct str piece = STR_NONE;
	if (by_copy) {
		int fd = talk_memory();
		_Atomic uint64_t counter = 0;
		bool ok = http1_body_copy(b, fd, &counter);
		*out = talk_file(fd);
		close(fd);
		return ok && counter == out->len && b->received == out->len;
	}
	do {
		if (!http1_body_next(b, &piece))
			return false;
		buf_add_str(out, piece);
	} while (piece.len);
	return b->received == out->len;
}

static struct taken take_from(struct stream *s, struct how how)
{
	struct taken got = {.body = BUF_INIT(64 * MIB)};
	struct http1_head h;
	struct http1_body b;
	if (http1_read_head(s, &h)) {
		got.status = h.head.status;
		if (http1_body_start(&b, s, &h.head, how.is_head, how.reused) &&
		    take_body(&b, how.by_copy, &got.body))
			got.persistent = http1_is_persistent(&h.head, &b);
		else if (!err_is_set(stream_err(s)))
			abort();
		got.trailers = b.trailers.head.fields.count;
		http1_body_free(&b);
	}
	http1_free_head(&h);
	got.kind = stream_err(s)->kind;
	memcpy(got.text, stream_err(s)->text, sizeof got.text);
	got.has_rest = stream_held(s).len > 0;
	return got;
}

static struct taken take(struct str text, struct how how)
{
	struct stream *s = stream_over_memory(text, NULL);
	struct taken got = take_from(s, how);
	stream_close(s);
	return got;
}

/* The same both ways; the caller frees .body. */
static struct taken take_twice(struct unit *t, struct str text, struct how how)
{
	struct taken one = take(text, how);
	how.by_copy = true;
	struct taken two = take(text, how);
	CHECK_INT(one.kind, two.kind);
	CHECK(str_eq(buf_str(&one.body), buf_str(&two.body)));
	CHECK(one.persistent == two.persistent && one.trailers == two.trailers);
	CHECK(one.has_rest == two.has_rest);
	buf_free(&two.body);
	return one;
}

/* ---- accepted ---- */

struct good_case {
	const char *text, *body;
	bool persistent;
};

static void goods(struct unit *t, const struct good_case *cases, size_t count, struct how how)
{
	for (size_t i = 0; i < count; i++) {
		const struct good_case *c = &cases[i];
		struct taken got = take_twice(t, str_of(c->text), how);
		bool good = CHECK_INT(got.kind, ERR_NONE);
		good &= CHECK_STR(buf_cstr(&got.body), c->body);
		good &= CHECK_INT(got.persistent, c->persistent);
		if (!good)
			CHECK_STR(c->text, got.text);
		buf_free(&got.body);
	}
}

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static void lengths(struct unit *t)
{
	static const struct good_case cases[] = {
	    {OK "Content-Length: 5\r\n\r\nhello", "hello", true},
	    {OK "Content-Length: 5\r\n\r\nhelloHTTP/1.1 ", "hello", true},
	    {OK "Content-Length: 0\r\n\r\n", "", true},
	    {OK "Content-Length: 005\r\n\r\nhello", "hello", true},
	    {OK "Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello", "hello", true},
	    {OK "Content-Length: 5, 5\r\n\r\nhello", "hello", true},
	    {OK "Content-Length: 5 ,5\r\nContent-Length: 5\r\n\r\nhello", "hello", true},
	    {OK "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nhi", "hi", true},
	};
	goods(t, cases, COUNT(cases), (struct how){0});
	goods(t, cases, COUNT(cases), (struct how){.reused = true});
}

static void chunks(struct unit *t)
{
	static const struct good_case cases[] = {
	    {CHUNKED "5\r\nhello\r\n0\r\n\r\n", "hello", true},
	    {CHUNKED "5\r\nhello\r\n0\r\n\r\nHTTP", "hello", true},
	    {CHUNKED "0\r\n\r\n", "", true},
	    {CHUNKED "1\r\na\r\n00A\r\n0123456789\r\n000\r\n\r\n", "a0123456789", true},
	    {CHUNKED "0000000000000005\r\nhello\r\n0\r\n\r\n", "hello", true},
	    {CHUNKED "5;a=b\r\nhello\r\n0;x=\"y;z\"\r\n\r\n", "hello", true},
	    {CHUNKED "5 ; a\r\nhello\r\n0\r\n\r\n", "hello", true},
	    /* Old servers pad the size. */
	    {CHUNKED "5  \r\nhello\r\n0\r\n\r\n", "hello", true},
	    {CHUNKED "5\nhello\n0\n\n", "hello", true},
	    {OK "transfer-encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nT: v\r\n\r\n", "a", true},
	    {OK "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n1\r\na\r\n0\r\n\r\n",
		"a", false},
	    {OK "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", "", false},
	    {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
	     "1\r\na\r\n0\r\n\r\n",
		"a", false},
	};
	goods(t, cases, COUNT(cases), (struct how){0});
}

static void heads(struct unit *t)
{
	static const struct good_case cases[] = {
	    {"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "hi", true},
	    {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", "hi", true},
	    {"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi", "hi", true},
	    {OK "X: a\r\n b\r\n\tc\r\nContent-Length:\r\n 2\r\n\r\nhi", "hi", true},
	};
	goods(t, cases, COUNT(cases), (struct how){0});
}

static void persistence(struct unit *t)
{
	static const struct good_case cases[] = {
	    {OK "\r\nall of it", "all of it", false},
	    {OK "Connection: keep-alive\r\n\r\n", "", false},
	    {OK "Content-Length: 1\r\nConnection: Close\r\n\r\na", "a", false},
	    {OK "Content-Length: 1\r\nConnection: x, close\r\n\r\na", "a", false},
	    {OK "Content-Length: 1\r\nConnection: keep-alive\r\n\r\na", "a", true},
	    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "a", false},
	    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: Keep-Alive\r\n\r\na", "a",
		true},
	    {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "", false},
	    {"HTTP/1.9 200 OK\r\nContent-Length: 1\r\n\r\na", "a", true},
	};
	goods(t, cases, COUNT(cases), (struct how){0});
}

static void bodiless(struct unit *t)
{
	static const struct good_case cases[] = {
	    {"HTTP/1.1 204 None\r\n\r\nHTTP/1.1", "", true},
	    {"HTTP/1.1 304 Same\r\nContent-Length: 50\r\n\r\n", "", true},
	    {"HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked\r\n\r\n", "", true},
	    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1", "", true},
	    {"HTTP/1.1 204 None\r\nConnection: close\r\n\r\n", "", false},
	};
	static const struct good_case answers_to_head[] = {
	    {OK "Content-Length: 50\r\n\r\nHTTP", "", true},
	    {CHUNKED, "", true},
	    {OK "\r\n", "", true},
	    {OK "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "", true},
	};
	goods(t, cases, COUNT(cases), (struct how){0});
	goods(t, answers_to_head, COUNT(answers_to_head), (struct how){.is_head = true});
}

/* ---- refused ---- */

struct bad_case {
	struct str text;
	enum err_kind kind;
	const char *words;
};

#define BAD(text, kind, words)                                                                 \
	{                                                                                      \
		{(text), sizeof(text) - 1}, (kind), (words)                                    \
	}

static void bads(struct unit *t, const struct bad_case *cases, size_t count, struct how how)
{
	for (size_t i = 0; i < count; i++) {
		const struct bad_case *c = &cases[i];
		struct taken got = take_twice(t, c->text, how);
		CHECK_INT(got.kind, c->kind);
		CHECK(!got.persistent);
		if (!CHECK(strstr(got.text, c->words)))
			CHECK_STR(got.text, c->words);
		buf_free(&got.body);
	}
}

static void bad_lengths(struct unit *t)
{
	static const struct bad_case cases[] = {
	    BAD(OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", ERR_PROTOCOL,
		"two different Content-Lengths"),
	    BAD(OK "Content-Length: 5, 6\r\n\r\nhello", ERR_PROTOCOL, "two different"),
	    BAD(OK "Content-Length: -1\r\n\r\n", ERR_PROTOCOL, "not a number"),
	    BAD(OK "Content-Length: +5\r\n\r\nhello", ERR_PROTOCOL, "not a number"),
	    BAD(OK "Content-Length: 5 5\r\n\r\nhello", ERR_PROTOCOL, "not a number"),
	    BAD(OK "Content-Length: 0x5\r\n\r\nhello", ERR_PROTOCOL, "not a number"),
	    BAD(OK "Content-Length: \r\n\r\nhello", ERR_PROTOCOL, "not a number"),
	    BAD(OK "Content-Length: 5\r\nContent-Length:\r\n\r\nhello", ERR_PROTOCOL,
		"not a number"),
	    BAD(OK "Content-Length: ,5\r\n\r\nhello", ERR_PROTOCOL, "not a number"),
	    BAD(OK "Content-Length: 9223372036854775808\r\n\r\n", ERR_PROTOCOL, "not a number"),
	    BAD(OK "Content-Length: 18446744073709551617\r\n\r\n", ERR_PROTOCOL,
		"not a number"),
	    BAD(OK "Content-Length: 99999999999999999999999999\r\n\r\n", ERR_PROTOCOL,
		"not a number"),
	    BAD(OK "Content-Length: 6\r\n\r\nhello", ERR_AGAIN, ""),
	    BAD(OK "Content-Length: 9223372036854775807\r\n\r\nhello", ERR_AGAIN, ""),
	};
	bads(t, cases, COUNT(cases), (struct how){0});
}

static void bad_codings(struct unit *t)
{
	static const struct bad_case cases[] = {
	    BAD(OK "Transfer-Encoding: gzip\r\n\r\n", ERR_PROTOCOL, "not asked for: gzip"),
	    BAD(OK "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", ERR_PROTOCOL, "gzip"),
	    BAD(OK "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", ERR_PROTOCOL, "gzip"),
	    BAD(OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		ERR_PROTOCOL, "chunked"),
	    BAD(OK "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", ERR_PROTOCOL, "xchunked"),
	    BAD(OK "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", ERR_PROTOCOL, "chunked"),
	};
	static const struct bad_case on_reused[] = {
	    BAD(OK "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
		ERR_PROTOCOL, "both a Content-Length and a Transfer-Encoding"),
	};
	bads(t, cases, COUNT(cases), (struct how){0});
	bads(t, on_reused, COUNT(on_reused), (struct how){.reused = true});
}

#define SIZE(text) BAD(CHUNKED text, ERR_PROTOCOL, "size of a chunk is malformed")

static void bad_chunks(struct unit *t)
{
	static const struct bad_case cases[] = {
	    SIZE("-5\r\nhello\r\n0\r\n\r\n"),
	    SIZE("+5\r\nhello\r\n0\r\n\r\n"),
	    SIZE("0x5\r\nhello\r\n0\r\n\r\n"),
	    SIZE(" 5\r\nhello\r\n0\r\n\r\n"),
	    SIZE("\t5\r\nhello\r\n0\r\n\r\n"),
	    SIZE(" 5;x\r\nhello\r\n0\r\n\r\n"),
	    SIZE("5 5\r\nhello\r\n0\r\n\r\n"),
	    SIZE("\r\nhello\r\n0\r\n\r\n"),
	    SIZE(";x\r\nhello\r\n0\r\n\r\n"),
	    SIZE("5g\r\nhello\r\n0\r\n\r\n"),
	    SIZE("5\r;x\r\nhello\r\n0\r\n\r\n"),
	    SIZE("5;\0\r\nhello\r\n0\r\n\r\n"),
	    SIZE("5;a\rb\r\nhello\r\n0\r\n\r\n"),
	    SIZE("00000000000000005\r\nhello\r\n0\r\n\r\n"),
	    SIZE("8000000000000000\r\nhello"),
	    SIZE("ffffffffffffffff\r\nhello"),
	    SIZE("10000000000000005\r\nhello"),
	    SIZE("5\r\nhello\r\n-0\r\n\r\n"),
	    BAD(CHUNKED "5\r\nhello!\r\n0\r\n\r\n", ERR_PROTOCOL, "longer than its announced"),
	    BAD(CHUNKED "5\r\nhello0\r\n\r\n", ERR_PROTOCOL, "longer than its announced"),
	    BAD(CHUNKED, ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "5", ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "5\r\n", ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "5\r\nhel", ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "5\r\nhello", ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "5\r\nhello\r\n", ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "5\r\nhello\r\n0\r\n", ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "0\r\nX: y\r\n", ERR_AGAIN, "closed the connection"),
	    BAD(CHUNKED "7fffffffffffffff\r\nhello", ERR_AGAIN, ""),
	};
	bads(t, cases, COUNT(cases), (struct how){0});
}

static void bad_heads(struct unit *t)
{
	static const struct bad_case cases[] = {
	    BAD("", ERR_AGAIN, "empty reply"),
	    BAD("HTTP/1.1 200 OK\r\nA: b", ERR_AGAIN, "in the middle of the head"),
	    BAD("H", ERR_AGAIN, "in the middle of the head"),
	    BAD("<html>hello</html>", ERR_PROTOCOL, "<html>hello"),
	    BAD("SSH-2.0-OpenSSH_9.6\r\n", ERR_PROTOCOL, "SSH-2.0-OpenSSH_9.6"),
	    BAD("220 mail.example.org ESMTP\r\n", ERR_PROTOCOL, "not an answer in HTTP/1"),
	    BAD("HTTP/2 200\r\n\r\n", ERR_PROTOCOL, "not an answer in HTTP/1"),
	    BAD("http/1.1 200 OK\r\n\r\n", ERR_PROTOCOL, "not an answer in HTTP/1"),
	    BAD("\r\nHTTP/1.1 200 OK\r\n\r\n", ERR_PROTOCOL, "not an answer"),
	    BAD("HTTP/1.1 20 OK\r\n\r\n", ERR_PROTOCOL, "status line"),
	    BAD("HTTP/1.1 2000 OK\r\n\r\n", ERR_PROTOCOL, "status line"),
	    BAD("HTTP/1.1  200 OK\r\n\r\n", ERR_PROTOCOL, "status line"),
	    BAD("HTTP/1.1 099 OK\r\n\r\n", ERR_PROTOCOL, "status line"),
	    BAD(OK "A: b\0c\r\n\r\n", ERR_PROTOCOL, "NUL"),
	    BAD(OK "A: b\rc\r\n\r\n", ERR_PROTOCOL, "bare CR"),
	    BAD("HTTP/1.1 200 O\rK\r\n\r\n", ERR_PROTOCOL, "bare CR"),
	    BAD(OK "A : b\r\n\r\n", ERR_PROTOCOL, "before a colon"),
	    BAD(OK " folded\r\n\r\n", ERR_PROTOCOL, "without a field"),
	    BAD(OK "no colon\r\n\r\n", ERR_PROTOCOL, "without a colon"),
	    BAD(OK ": b\r\n\r\n", ERR_PROTOCOL, "field name"),
	};
	bads(t, cases, COUNT(cases), (struct how){0});
}

/* A head of so many fields, each `size` bytes on the wire, no body. */
static struct taken many_fields(size_t count, size_t size)
{
	struct buf text = BUF_INIT(4 * MIB);
	buf_add_text(&text, "HTTP/1.1 204 None\r\n");
	for (size_t i = 0; i < count; i++)
		buf_addf(&text, "X:%*s\r\n", (int)size - 4, "y");
	buf_add_text(&text, "\r\n");
	struct taken got = take(buf_str(&text), (struct how){0});
	buf_free(&text);
	buf_free(&got.body);
	return got;
}

static void big_heads(struct unit *t)
{
	CHECK_INT(many_fields(LIMIT_HEAD_FIELDS, 5).kind, ERR_NONE);
	struct taken got = many_fields(LIMIT_HEAD_FIELDS + 1, 5);
	CHECK(got.kind == ERR_PROTOCOL && strstr(got.text, "5000 fields"));
	CHECK_INT(many_fields(299, 1024).kind, ERR_NONE);
	got = many_fields(300, 1024);
	CHECK(got.kind == ERR_PROTOCOL && strstr(got.text, "over 300 KiB"));
	got = many_fields(1, 2 * MIB);
	CHECK(got.kind == ERR_PROTOCOL && strstr(got.text, "over 300 KiB"));
}

static void trailers(struct unit *t)
{
	struct taken got = take_twice(t,
	    STR(CHUNKED "1\r\na\r\n0\r\nA: b\r\nSet-Cookie: c=d\r\n\r\nHTTP"), (struct how){0});
	CHECK(got.kind == ERR_NONE && got.trailers == 2 && got.has_rest);
	buf_free(&got.body);
	static const struct bad_case cases[] = {
	    BAD(CHUNKED "0\r\nno colon\r\n\r\n", ERR_PROTOCOL, "in the trailers"),
	    BAD(CHUNKED "0\r\nA: b\0\r\n\r\n", ERR_PROTOCOL, "NUL"),
	    BAD(CHUNKED "0\r\nA: b\r\r\n\r\n", ERR_PROTOCOL, "bare CR"),
	    BAD(CHUNKED "0\r\n\r\r\n\r\n", ERR_PROTOCOL, "bare CR"),
	};
	bads(t, cases, COUNT(cases), (struct how){0});
	struct buf text = BUF_INIT(MIB);
	buf_add_text(&text, CHUNKED "0\r\n");
	for (size_t i = 0; i < LIMIT_TRAILER / KIB + 1; i++)
		buf_addf(&text, "X: %*s\r\n", (int)KIB, "y");
	buf_add_text(&text, "\r\n");
	got = take_twice(t, buf_str(&text), (struct how){0});
	CHECK(got.kind == ERR_PROTOCOL && strstr(got.text, "trailers are over 64 KiB"));
	buf_free(&got.body);
	buf_free(&text);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"Content-Length", lengths},
	    {"chunked", chunks},
	    {"lenient heads", heads},
	    {"until the end, and persistence", persistence},
	    {"answers without a body", bodiless},
	    {"bad lengths", bad_lengths},
	    {"bad codings", bad_codings},
	    {"bad chunks", bad_chunks},
	    {"bad heads", bad_heads},
	    {"heads too big", big_heads},
	    {"trailers", trailers},
	};
	return unit_run(tests, COUNT(tests));
}
