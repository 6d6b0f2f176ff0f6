/*
 * A chunked body read in pieces and copied to a file: both must give the same
 * bytes, trailers and verdict. Input: what follows the head.
 */
#include <string.h>
#include <sys/mman.h>

#include "common/base/limits.h"
#include "common/proto/http1.h"
#include "tests/fuzz/fuzz.h"

struct result {
	bool ok;
	enum err_kind kind;
	struct buf body;
	uint64_t received;
	size_t trailers, rest;
};

static bool pieces(struct http1_body *b, struct buf *out)
{
	struct str piece;
	bool ok;
	while ((ok = http1_body_next(b, &piece)) && piece.len)
		must(buf_add_str(out, piece));
	return ok;
}

static bool copied(struct http1_body *b, struct buf *out)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	_Atomic uint64_t counter = 0;
	bool ok = http1_body_copy(b, fd, &counter);
	size_t len = (size_t)lseek(fd, 0, SEEK_END);
	must(counter == len);
	char *room = buf_reserve(out, len);
	must(room && pread(fd, room, len, 0) == (ssize_t)len);
	buf_commit(out, len);
	close(fd);
	return ok;
}

static struct result read_body(
    struct str text, bool (*way)(struct http1_body *b, struct buf *out))
{
	char line[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
	struct stream *s = stream_over_memory(text, NULL);
	struct result r = {.body = BUF_INIT(MIB)};
	struct err err = {0};
	struct http_head head;
	struct http1_body b;
	must(http_head_parse(&head, line, strlen(line), &err));
	must(http1_body_start(&b, s, &head, false, false));
	r.ok = way(&b, &r.body);
	must(r.ok == b.done && r.ok != err_is_set(stream_err(s)));
	must(http1_is_persistent(&head, &b) == r.ok);
	r.kind = stream_err(s)->kind;
	r.received = b.received;
	r.trailers = b.trailers.head.fields.count;
	r.rest = stream_held(s).len;
	http1_body_free(&b);
	http_head_free(&head);
	stream_close(s);
	return r;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct result one = read_body(text, pieces), two = read_body(text, copied);
	must(one.ok == two.ok && one.kind == two.kind);
	must(str_eq(buf_str(&one.body), buf_str(&two.body)));
	must(one.received == two.received && one.received == one.body.len);
	must(one.trailers == two.trailers && (!one.ok || one.rest == two.rest));
	buf_free(&one.body);
	buf_free(&two.body);
	return 0;
}
