/*
 * HTTP/1.1 framing over a socket: random chunkings, pieces that break anywhere,
 * several answers in a row, and what the trace shows of it.
 */
#include <signal.h>
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/proto/http1.h"
#include "tests/unit/talk.h"

/* xorshift: the same sequence everywhere. */
static uint32_t roll(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

struct script {
	struct talk talk; /* first: the thread is given this */
	struct buf wire, body;
	uint32_t seed;
};

static void put_random(struct buf *out, size_t len, uint32_t *seed)
{
	for (size_t i = 0; i < len; i++)
		buf_add_byte(out, (char)roll(seed));
}

/* Chunks of 1 to `most` bytes, some with extensions. */
static void chunked_answer(struct script *s, size_t total, size_t most)
{
	buf_add_text(&s->wire, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	while (s->body.len < total) {
		size_t from = s->body.len;
		put_random(&s->body, 1 + roll(&s->seed) % most, &s->seed);
		size_t len = s->body.len - from;
		buf_addf(&s->wire, roll(&s->seed) & 1 ? "%zx\r\n" : "%zX;x=\"y\"\r\n", len);
		buf_add(&s->wire, s->body.ptr + from, len);
		buf_add_text(&s->wire, "\r\n");
	}
	buf_add_text(&s->wire, "0\r\nDigest: none\r\n\r\n");
}

static void *say_in_pieces(void *arg)
{
	struct script *s = arg;
	struct str rest = buf_str(&s->wire);
	uint32_t seed = s->seed;
	while (rest.len) {
		struct str piece = str_sub(rest, 0, 1 + roll(&seed) % 70000);
		talk_say(s->talk.peer, piece.ptr, piece.len);
		rest = str_sub(rest, piece.len, rest.len);
	}
	return NULL;
}

static struct buf read_pieces(struct http1_body *b, bool *ok)
{
	struct buf got = BUF_INIT(64 * MIB);
	struct str piece;
	while ((*ok = http1_body_next(b, &piece)) && piece.len)
		buf_add_str(&got, piece);
	return got;
}

static struct buf read_file(struct http1_body *b, bool *ok)
{
	int fd = talk_memory();
	_Atomic uint64_t counter = 0;
	*ok = http1_body_copy(b, fd, &counter);
	struct buf got = talk_file(fd);
	*ok = *ok && counter == got.len;
	close(fd);
	return got;
}

static void one_chunking(struct unit *t, uint32_t seed, size_t most, bool by_copy)
{
	struct script s = {
	    .wire = BUF_INIT(64 * MIB), .body = BUF_INIT(64 * MIB), .seed = seed};
	struct http1_head h;
	struct http1_body b;
	bool ok = false;
	chunked_answer(&s, most * 8, most);
	talk_open(&s.talk, NULL);
	talk_start(&s.talk, say_in_pieces);
	CHECK(http1_read_head(s.talk.stream, &h));
	CHECK(http1_body_start(&b, s.talk.stream, &h.head, false, false));
	struct buf got = by_copy ? read_file(&b, &ok) : read_pieces(&b, &ok);
	CHECK(ok && str_eq(buf_str(&got), buf_str(&s.body)));
	CHECK(b.received == s.body.len && b.trailers.head.fields.count == 1);
	CHECK(http1_is_persistent(&h.head, &b));
	http1_body_free(&b);
	http1_free_head(&h);
	talk_close(&s.talk);
	buf_free(&got);
	buf_free(&s.wire);
	buf_free(&s.body);
}

static void random_chunkings(struct unit *t)
{
	static const size_t most[] = {1, 7, 300, 70000, 600000};
	for (uint32_t i = 0; i < 30; i++)
		one_chunking(t, 12345 + i * 7919, most[i % COUNT(most)], i & 1);
}

static void in_a_row(struct unit *t)
{
	static const char wire[] = "HTTP/1.1 103 Hints\r\n\r\n"
				   "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
				   "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n"
				   "3\r\ntwo\r\n0\r\n\r\n"
				   "HTTP/1.1 200 OK\r\n\r\nthree";
	static const char *const want[] = {"", "one", "two", "three"};
	struct stream *s = stream_over_memory(STR(wire), NULL);
	for (int i = 0; i < 4; i++) {
		struct http1_head h;
		struct http1_body b;
		bool ok = false;
		CHECK(http1_read_head(s, &h));
		CHECK(http1_body_start(&b, s, &h.head, false, i > 0));
		struct buf got = i & 1 ? read_pieces(&b, &ok) : read_file(&b, &ok);
		CHECK(ok && http1_is_persistent(&h.head, &b) == (i < 3));
		CHECK_STR(buf_cstr(&got), want[i]);
		http1_body_free(&b);
		http1_free_head(&h);
		buf_free(&got);
	}
	stream_close(s);
}

/* After one of many bytes at once the rest must not have been lost, nor more taken. */
static void by_splice(struct unit *t)
{
	struct script s = {.wire = BUF_INIT(64 * MIB), .body = BUF_INIT(64 * MIB), .seed = 77};
	struct http1_head h;
	struct http1_body b;
	bool ok = false;
	put_random(&s.body, 2000000, &s.seed);
	buf_addf(&s.wire, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", s.body.len);
	buf_add_str(&s.wire, buf_str(&s.body));
	buf_add_text(&s.wire, "HTTP/1.1 204 None\r\n\r\n");
	talk_open(&s.talk, NULL);
	talk_start(&s.talk, say_in_pieces);
	CHECK(http1_read_head(s.talk.stream, &h));
	CHECK(http1_body_start(&b, s.talk.stream, &h.head, false, false));
	struct buf got = read_file(&b, &ok);
	CHECK(ok && str_eq(buf_str(&got), buf_str(&s.body)) && b.received == s.body.len);
	http1_body_free(&b);
	http1_free_head(&h);
	CHECK(http1_read_head(s.talk.stream, &h) && h.head.status == 204);
	http1_free_head(&h);
	talk_close(&s.talk);
	buf_free(&got);
	buf_free(&s.wire);
	buf_free(&s.body);
}

static void traced(struct unit *t)
{
	static const char wire[] =
	    "HTTP/1.1 200 OK\r\nSet-Cookie: id=secret; Path=/\r\nset-cookie: bare\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n2\r\n\n2\r\n"
	    "0\r\nSet-Cookie: a=b\r\n\r\n";
	struct trace *trace = trace_open();
	int fd = talk_memory();
	struct talk k;
	struct http1_head h;
	struct http1_body b;
	bool ok = false;
	trace_add_sink(trace, trace_text_sink(fd, false, false));
	talk_open(&k, trace);
	talk_say(k.peer, wire, sizeof wire - 1);
	CHECK(http1_read_head(k.stream, &h));
	CHECK_INT(h.wire_size, str_find_str(STR(wire), STR("\r\n\r\n")) + 4);
	CHECK(http1_body_start(&b, k.stream, &h.head, false, false));
	struct buf got = read_pieces(&b, &ok);
	CHECK(ok && str_is(buf_str(&got), "one\n2"));
	CHECK(str_is(fields_value(&h.head.fields, "set-cookie"), "id=secret; Path=/"));
	http1_body_free(&b);
	http1_free_head(&h);
	struct buf text = talk_file(fd);
	CHECK_STR(buf_cstr(&text), "S: HTTP/1.1 200 OK\nS: Set-Cookie: id=****; Path=/\n"
				   "S: set-cookie:****\nS: Transfer-Encoding: chunked\nS:\n"
				   "S: Set-Cookie: a=****\n[body S 5 bytes]\n");
	talk_close(&k);
	trace_close(trace);
	close(fd);
	buf_free(&text);
	buf_free(&got);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"random chunkings, both ways", random_chunkings},
	    {"several answers in a row", in_a_row},
	    {"a big body and what follows it", by_splice},
	    {"the trace of an answer", traced},
	};
	signal(SIGPIPE, SIG_IGN);
	return unit_run(tests, COUNT(tests));
}
