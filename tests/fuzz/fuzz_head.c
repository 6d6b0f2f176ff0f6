/*
 * Answers of an HTTP server one after the other: head, framing, body, until the
 * bytes are used up or refused. What a head parses to must hold, and all that was
 * taken must have been sent.
 */
#include "common/base/limits.h"
#include "common/proto/http1.h"
#include "tests/fuzz/fuzz.h"

static bool within(struct str part, const struct buf *whole)
{
	return part.len == 0 ||
	       (part.ptr >= whole->ptr && part.ptr + part.len <= whole->ptr + whole->len);
}

static void holds(const struct http1_head *h)
{
	must(h->head.status >= 100 && h->head.status <= 999);
	must(h->head.major == 1 && h->head.minor >= 0 && h->head.minor <= 9);
	must(h->head.fields.count <= LIMIT_HEAD_FIELDS && h->wire_size <= LIMIT_HEAD);
	must(within(h->head.reason, &h->bytes) && str_is_one_line(h->head.reason));
	for (size_t i = 0; i < h->head.fields.count; i++) {
		const struct field *f = &h->head.fields.items[i];
		must(within(f->name, &h->bytes) && field_is_token(f->name));
		must(within(f->value, &h->bytes) && str_is_one_line(f->value));
	}
}

static bool drain(struct http1_body *b)
{
	struct str piece;
	uint64_t got = 0;
	do {
		if (!http1_body_next(b, &piece))
			return false;
		got += piece.len;
	} while (piece.len);
	must(b->done && got == b->received);
	must(b->framing != HTTP1_LENGTH || got == b->total);
	return true;
}

/* One answer; false when there can't be another. */
static bool answer(struct stream *s, bool is_head, bool reused)
{
	struct http1_head h;
	struct http1_body b;
	bool go_on = false;
	if (http1_read_head(s, &h)) {
		holds(&h);
		go_on = http1_body_start(&b, s, &h.head, is_head, reused) && drain(&b) &&
			http1_is_persistent(&h.head, &b);
		http1_body_free(&b);
	}
	must(go_on || h.head.status || err_is_set(stream_err(s)));
	http1_free_head(&h);
	return go_on;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct stream *s = stream_over_memory(text, NULL);
	/* The fuzzer's own bytes choose which requests were HEAD. */
	for (unsigned i = 0; i < 8 && answer(s, size && data[size - 1] >> i & 1, i > 0); i++)
		must(!err_is_set(stream_err(s)));
	stream_close(s);
	return 0;
}
