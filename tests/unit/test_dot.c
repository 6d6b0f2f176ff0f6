/*
 * Dot-stuffing and line ends: every short text over the bytes that matter, in
 * every division into pieces, against a plain reading of the RFC.
 */
#include "common/proto/dot.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/net/stream.h"
#include "tests/unit/unit.h"

/* ---- a carrier that gives so many bytes a read ---- */

struct drip {
	struct str left;
	size_t step;
};

static ssize_t drip_recv(void *self, void *bytes, size_t len, struct err *err)
{
	struct drip *d = self;
	(void)err;
	struct str some = str_sub(d->left, 0, d->step < len ? d->step : len);
	memcpy(bytes, some.len ? some.ptr : "", some.len);
	d->left = str_sub(d->left, some.len, d->left.len);
	return (ssize_t)some.len;
}

static ssize_t drip_send(void *self, const void *bytes, size_t len, struct err *err)
{
	(void)self;
	(void)bytes;
	(void)err;
	return (ssize_t)len;
}

static void drip_close(void *self)
{
	(void)self;
}

static const struct carrier_ops drip_ops = {drip_recv, drip_send, drip_close, false};

static struct stream *drip(struct drip *d)
{
	struct stream *s = stream_over_memory(STR_NONE, NULL);
	stream_set_carrier(s, &drip_ops, d);
	return s;
}

/* ---- to the wire ---- */

/* Byte by byte, as one would explain it. */
static void reference(struct buf *out, struct str in, bool stuffs)
{
	bool start = true;
	for (size_t i = 0; i < in.len; i++) {
		char c = in.ptr[i];
		if (c == '\n' && i && in.ptr[i - 1] == '\r')
			continue;
		if (c == '\r' || c == '\n') {
			buf_add_text(out, "\r\n");
			start = true;
			continue;
		}
		if (c == '.' && start && stuffs)
			buf_add_byte(out, '.');
		buf_add_byte(out, c);
		start = false;
	}
	if (!start)
		buf_add_text(out, "\r\n");
}

static void write_in_pieces(struct buf *out, struct str in, size_t cut, bool stuffs)
{
	struct stream *s = stream_over_memory(STR_NONE, out);
	struct dot_writer w;
	dot_write_start(&w, s, stuffs);
	dot_put(&w, str_sub(in, 0, cut));
	dot_put(&w, str_sub(in, cut, 1));
	dot_put(&w, str_sub(in, cut + 1, in.len));
	dot_put_end(&w);
	stream_flush(s);
	stream_close(s);
}

static void check_written(struct unit *t, struct str in, bool stuffs)
{
	struct buf want = BUF_INIT(1 * MIB), got = BUF_INIT(1 * MIB);
	reference(&want, in, stuffs);
	size_t lines = want.len;
	if (stuffs)
		buf_add_text(&want, ".\r\n");
	for (size_t cut = 0; cut <= in.len; cut++) {
		buf_clear(&got);
		write_in_pieces(&got, in, cut, stuffs);
		CHECK(str_eq(buf_str(&got), buf_str(&want)));
	}
	struct dot_filter f = {.stuffs = stuffs};
	buf_clear(&got);
	CHECK(dot_add(&f, &got, in) && dot_add_end(&f, &got));
	CHECK(str_eq(buf_str(&got), str_sub(buf_str(&want), 0, lines)));
	buf_free(&want);
	buf_free(&got);
}

/* Calls for each text of up to `most` bytes over an alphabet of four. */
static void every_text(struct unit *t, void (*check)(struct unit *, struct str))
{
	static const char alphabet[] = ".\r\nx";
	enum { MOST = 6 };
	char text[MOST];
	for (size_t len = 0; len <= MOST; len++)
		for (unsigned n = 0; n < 1u << 2 * len; n++) {
			for (size_t i = 0; i < len; i++)
				text[i] = alphabet[n >> 2 * i & 3];
			check(t, (struct str){text, len});
		}
}

static void check_both(struct unit *t, struct str text)
{
	check_written(t, text, true);
	check_written(t, text, false);
}

static void written(struct unit *t)
{
	every_text(t, check_both);
}

/* ---- from the wire ---- */

static bool read_all(
    struct unit *t, struct buf *out, struct drip d, enum dot_line_end end, struct err *err)
{
	struct stream *s = drip(&d);
	struct dot_reader r;
	struct str piece;
	dot_read_start(&r, s, end);
	buf_clear(out);
	bool ok;
	while ((ok = dot_next(&r, &piece)) && piece.len)
		buf_add_str(out, piece);
	err_clear(err);
	err_pass(err, stream_err(s));
	if (ok)
		CHECK(dot_next(&r, &piece) && piece.len == 0);
	dot_read_free(&r);
	stream_close(s);
	return ok;
}

static void check_round_trip(struct unit *t, struct str text)
{
	struct buf lines = BUF_INIT(100), wire = BUF_INIT(100), got = BUF_INIT(100);
	struct err err;
	reference(&lines, text, false);
	reference(&wire, text, true);
	buf_add_text(&wire, ".\r\n");
	for (size_t step = 1; step <= 4; step++) {
		CHECK(
		    read_all(t, &got, (struct drip){buf_str(&wire), step}, DOT_AS_SENT, &err));
		CHECK(str_eq(buf_str(&got), buf_str(&lines)));
		struct str cut = str_sub(buf_str(&wire), 0, wire.len - 1);
		CHECK(!read_all(t, &got, (struct drip){cut, step}, DOT_AS_SENT, &err));
		CHECK_INT(err.kind, ERR_AGAIN);
	}
	buf_free(&lines);
	buf_free(&wire);
	buf_free(&got);
}

static void round_trips(struct unit *t)
{
	every_text(t, check_round_trip);
}

static void wires(struct unit *t)
{
	static const struct {
		const char *wire, *sent, *lf;
	} rows[] = {
	    {".\r\n", "", ""},
	    {"a\r\n.\r\n", "a\r\n", "a\n"},
	    {"..\r\n...\r\n.x\r\n.\r\n", ".\r\n..\r\nx\r\n", ".\n..\nx\n"},
	    {"a\r\r\nb\rc\r\n.\r\n", "a\r\r\nb\rc\r\n", "a\r\nb\rc\n"},
	    /* Once the server is known to send CRLF, a bare LF begins no line. */
	    {"a\r\nb\n.\nc\n..d\r\n.\r\n", "a\r\nb\n.\nc\n..d\r\n", "a\nb\n.\nc\n..d\n"},
	    {"a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", "a\n\nb\n"},
	    /* One that sends bare LF only is understood too. */
	    {"a\n..b\n.\n", "a\n.b\n", "a\n.b\n"},
	    {".\rx\r\n.\r\n", "\rx\r\n", "\rx\n"},
	};
	struct buf got = BUF_INIT(1000);
	struct err err;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t step = 1; step < 6; step++) {
			struct str wire = str_of(rows[i].wire);
			CHECK(read_all(t, &got, (struct drip){wire, step}, DOT_AS_SENT, &err));
			CHECK_STR(buf_cstr(&got), rows[i].sent);
			CHECK(read_all(t, &got, (struct drip){wire, step}, DOT_LF, &err));
			CHECK_STR(buf_cstr(&got), rows[i].lf);
		}
	buf_free(&got);
}

/* What follows the dot belongs to the next reply. */
static void what_follows(struct unit *t)
{
	struct stream *s = stream_over_memory(STR("a\r\n.\r\n+OK next\r\n"), NULL);
	struct dot_reader r;
	struct str line;
	dot_read_start(&r, s, DOT_LF);
	CHECK(dot_skip(&r));
	CHECK_INT(r.received, 3);
	CHECK(stream_line(s, &line));
	CHECK_SLICE(line, "+OK next");
	dot_read_free(&r);
	stream_close(s);
}

/* Lines of all lengths around the slices' borders, 3 MB of them, and one of 3 MB. */
static void big(struct unit *t)
{
	struct buf text = BUF_INIT(16 * MIB), out = BUF_INIT(32 * MIB),
		   got = BUF_INIT(32 * MIB);
	struct err err;
	for (size_t width = 1; text.len < 3 * MIB; width = width % 4099 + 7) {
		buf_add_byte(&text, '.');
		for (size_t i = 1; i < width; i++)
			buf_add_byte(&text, (char)('a' + i % 26));
		buf_add_byte(&text, '\n');
	}
	char *line = buf_reserve(&text, 3 * MIB);
	memset(line, 'y', 3 * MIB);
	buf_commit(&text, 3 * MIB);
	write_in_pieces(&out, buf_str(&text), 100000, true);
	buf_add_byte(&text, '\n');
	CHECK(read_all(t, &got, (struct drip){buf_str(&out), 50000}, DOT_LF, &err));
	CHECK(str_eq(buf_str(&got), buf_str(&text)));
	buf_free(&text);
	buf_free(&out);
	buf_free(&got);
}

/* The trace shows the wire's form, so that it can be played back. */
static void traced(struct unit *t)
{
	static const struct net_settings settings;
	int pair[2], out[2];
	char shown[200] = "";
	struct trace *trace = trace_open();
	struct dot_writer w;
	struct dot_reader r;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pipe(out) == 0);
	trace_add_sink(trace, trace_text_sink(out[1], true, false));
	struct stream *s = stream_open(pair[0], &settings, trace);
	dot_write_start(&w, s, true);
	dot_put(&w, STR("a\n.b"));
	dot_put_end(&w);
	CHECK(write(pair[1], "..c\r\n.\r\n", 8) == 8);
	dot_read_start(&r, s, DOT_LF);
	CHECK(dot_skip(&r));
	dot_read_free(&r);
	trace_pause(trace, true);
	stream_close(s);
	trace_close(trace);
	CHECK(read(out[0], shown, sizeof shown - 1) > 0);
	CHECK_STR(shown, "C: a\nC: ..b\nC: .\nS: ..c\nS: .\n");
	close(out[0]);
	close(pair[1]);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"written, in all pieces", written},
	    {"read again", round_trips},
	    {"odd wires", wires},
	    {"what follows stays", what_follows},
	    {"big ones", big},
	    {"the trace", traced},
	};
	return unit_run(tests, COUNT(tests));
}
