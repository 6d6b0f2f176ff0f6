/*
 * Compression under a stream: what one stream writes another reads, in any pieces; what follows
 * the agreement; what is corrupt.
 */
#include "common/net/deflate.h"

#include "common/base/limits.h"
#include "common/base/module.h"
#include "tests/unit/unit.h"

/* Compressed bytes of what `text` says, after the plain line before it. */
static void compress_into(struct buf *out, const char *plain, struct str text)
{
	struct stream *s = stream_over_memory(STR_NONE, out);
	stream_put_text(s, plain);
	stream_deflate(s);
	stream_put(s, text.ptr, text.len);
	stream_flush(s);
	stream_close(s);
}

static void test_there_and_back(struct unit *t)
{
	struct buf wire = BUF_INIT(MIB);
	compress_into(&wire, "A1 OK\r\n", STR("* 1 EXISTS\r\nA2 OK done\r\n"));
	struct stream *s = stream_over_memory(buf_str(&wire), NULL);
	struct str line = STR_NONE;
	CHECK(stream_line(s, &line));
	CHECK_SLICE(line, "A1 OK");
	/* What is compressed was received with the line already. */
	CHECK(stream_held(s).len > 0);
	CHECK(stream_deflate(s));
	CHECK(stream_line(s, &line));
	CHECK_SLICE(line, "* 1 EXISTS");
	CHECK(stream_line(s, &line));
	CHECK_SLICE(line, "A2 OK done");
	CHECK(!stream_line(s, &line));
	CHECK_INT(stream_err(s)->kind, ERR_AGAIN);
	stream_close(s);
	buf_free(&wire);
}

static void test_large(struct unit *t)
{
	struct buf wire = BUF_INIT(8 * MIB), text = BUF_INIT(8 * MIB);
	for (unsigned k = 0; text.len < 3 * MIB; k++)
		buf_addf(&text, "%u %x\n", k * 2654435761U, k * 40503U);
	compress_into(&wire, "", buf_str(&text));
	CHECK(wire.len < text.len);
	struct stream *s = stream_over_memory(buf_str(&wire), NULL);
	CHECK(stream_deflate(s));
	struct buf got = BUF_INIT(8 * MIB);
	while (stream_fill(s)) {
		buf_add_str(&got, stream_held(s));
		stream_take(s, stream_held(s).len);
	}
	CHECK(str_eq(buf_str(&got), buf_str(&text)));
	stream_close(s);
	buf_free(&got);
	buf_free(&text);
	buf_free(&wire);
}

static void test_corrupt(struct unit *t)
{
	struct str line;
	struct stream *s = stream_over_memory(STR("* CAPABILITY IMAP4rev1\r\n"), NULL);
	CHECK(stream_deflate(s));
	CHECK(!stream_line(s, &line));
	CHECK_INT(stream_err(s)->kind, ERR_PROTOCOL);
	stream_close(s);
}

/* ---- a carrier that gives and takes a byte at a time, and is busy in between ---- */

struct drip {
	struct str in;
	struct buf *out;
	bool busy;
};

static ssize_t drip_recv(void *self, void *bytes, size_t len, struct err *err)
{
	struct drip *d = self;
	(void)err;
	d->busy = !d->busy;
	if (d->busy)
		return CARRIER_WANT_READ;
	if (d->in.len == 0 || len == 0)
		return 0;
	*(char *)bytes = d->in.ptr[0];
	d->in = str_sub(d->in, 1, d->in.len);
	return 1;
}

static ssize_t drip_send(void *self, const void *bytes, size_t len, struct err *err)
{
	struct drip *d = self;
	(void)err;
	d->busy = !d->busy;
	if (d->busy || len == 0)
		return CARRIER_WANT_WRITE;
	buf_add(d->out, bytes, 1);
	return 1;
}

static void drip_close(void *self)
{
	(void)self;
}

static const struct carrier_ops drip = {drip_recv, drip_send, drip_close, false};

static void test_slow(struct unit *t)
{
	struct err err = {0};
	struct buf wire = BUF_INIT(MIB);
	const struct deflate_module *m = module_table("deflate", &err);
	struct drip d = {STR_NONE, &wire, false};
	void *c = m->open(&drip, &d, STR_NONE, &err);
	ssize_t n;
	while ((n = m->ops->send(c, "hello hello hello", 17, &err)) == CARRIER_WANT_WRITE)
		;
	CHECK_INT(n, 17);
	m->ops->close(c);
	struct drip back = {buf_str(&wire), NULL, false};
	c = m->open(&drip, &back, STR_NONE, &err);
	char got[64];
	size_t len = 0;
	while ((n = m->ops->recv(c, got + len, sizeof got - len, &err)) != 0)
		len += n > 0 ? (size_t)n : 0;
	CHECK_INT(len, 17);
	CHECK(memcmp(got, "hello hello hello", 17) == 0);
	m->ops->close(c);
	buf_free(&wire);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"there and back, what waited included", test_there_and_back},
	    {"megabytes", test_large},
	    {"what is not compressed", test_corrupt},
	    {"a byte at a time", test_slow},
	};
	return unit_run(tests, COUNT(tests));
}
