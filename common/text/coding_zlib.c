/*
 * The codings gzip (RFC 1952) and deflate (RFC 1950, or 1951 as some servers
 * send it) by zlib. The only file that includes it.
 */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/coding.h"

enum form { GZIP, DEFLATE };

struct decoder {
	z_stream z;
	enum form form;
	bool begun;      /* some input was seen */
	bool ended;      /* a stream is complete, and nothing after it seen */
	bool known;      /* deflate: the two-byte header was looked at */
	char head[2];    /* deflate: its bytes until then */
	size_t head_len; /* how many there are */
	const char *why;
};

/* Window bits, plus 16: gzip only. Negative: raw. */
enum { BITS_ZLIB = 15, BITS_GZIP = 15 + 16, BITS_RAW = -15 };

static void *open_form(enum form form)
{
	struct decoder *d = mem_alloc(sizeof *d);
	d->form = form;
	d->why = "";
	if (inflateInit2(&d->z, form == GZIP ? BITS_GZIP : BITS_ZLIB) == Z_OK)
		return d;
	free(d);
	return NULL;
}

static void *open_gzip(void)
{
	return open_form(GZIP);
}

static void *open_deflate(void)
{
	return open_form(DEFLATE);
}

static enum coding_status bad(struct decoder *d, const char *why)
{
	d->why = why;
	return CODING_BAD;
}

/* One call of inflate, as much as it takes. */
static int step(struct decoder *d, struct str *in, char *out, size_t cap, size_t *made)
{
	uInt in_len = in->len < UINT_MAX ? (uInt)in->len : UINT_MAX;
	uInt out_len = cap < UINT_MAX ? (uInt)cap : UINT_MAX;
	/* zlib does not write through next_in, but an old declaration lets it seem so. */
	union {
		const char *given;
		Bytef *wanted;
	} from = {in->ptr};
	d->z.next_in = from.wanted;
	d->z.avail_in = in_len;
	d->z.next_out = (Bytef *)out;
	d->z.avail_out = out_len;
	int rc = inflate(&d->z, Z_NO_FLUSH);
	*in = str_sub(*in, in_len - d->z.avail_in, in->len);
	*made += out_len - d->z.avail_out;
	return rc;
}

/* Another member may follow a gzip member (RFC 1952 2.2), nothing a deflate stream. */
static enum coding_status next_member(struct decoder *d, struct str in)
{
	if (d->form == DEFLATE || (unsigned char)in.ptr[0] != 0x1f)
		return bad(d, "bytes after the end of the compressed data");
	inflateReset(&d->z);
	d->ended = false;
	return CODING_MORE;
}

static enum coding_status inflate_some(
    struct decoder *d, struct str *in, char *out, size_t cap, size_t *made)
{
	for (;;) {
		if (d->ended && in->len == 0)
			return CODING_MORE;
		if (d->ended && next_member(d, *in) == CODING_BAD)
			return CODING_BAD;
		int rc = step(d, in, out + *made, cap - *made, made);
		d->ended = rc == Z_STREAM_END;
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return bad(d, d->z.msg ? d->z.msg : "the compressed data is corrupt");
		if (*made == cap)
			return CODING_FULL;
		if (in->len == 0)
			return CODING_MORE;
	}
}

/*
 * deflate: is the start a zlib header (method 8, window at most 32 KiB, a multiple of 31)? If
 * not, the server sent the raw form. The two bytes may come in two pushes.
 */
static void look_at_head(struct decoder *d, struct str *in)
{
	while (d->head_len < 2 && in->len) {
		d->head[d->head_len++] = in->ptr[0];
		*in = str_sub(*in, 1, in->len);
	}
	if (d->head_len < 2)
		return;
	unsigned a = (unsigned char)d->head[0], b = (unsigned char)d->head[1];
	bool wrapped = (a & 15) == Z_DEFLATED && a >> 4 <= 7 && (a << 8 | b) % 31 == 0;
	if (!wrapped)
		inflateReset2(&d->z, BITS_RAW);
	d->known = true;
}

static enum coding_status push(void *self, struct str *in, char *out, size_t cap, size_t *made)
{
	struct decoder *d = self;
	*made = 0;
	d->begun = d->begun || in->len;
	if (d->form == DEFLATE && !d->known)
		look_at_head(d, in);
	if (d->form == DEFLATE && !d->known)
		return CODING_MORE;
	if (d->head_len) {
		/* No output byte needs less than two of input: none of the head is left over.
		 */
		struct str head = {d->head, d->head_len};
		enum coding_status got = inflate_some(d, &head, out, cap, made);
		d->head_len = 0;
		if (got != CODING_MORE)
			return got;
	}
	return inflate_some(d, in, out, cap, made);
}

static bool end(const void *self)
{
	const struct decoder *d = self;
	return d->ended || !d->begun;
}

static const char *why(const void *self)
{
	return ((const struct decoder *)self)->why;
}

static void close_decoder(void *self)
{
	struct decoder *d = self;
	if (d)
		inflateEnd(&d->z);
	free(d);
}

static const struct coding_ops gzip = {open_gzip, push, end, why, close_decoder};
static const struct coding_ops deflate_ops = {open_deflate, push, end, why, close_decoder};

static const struct coding_module table[] = {
    {"gzip", &gzip}, {"x-gzip", &gzip}, {"deflate", &deflate_ops}, {NULL, NULL}};

MODULE_TABLE(table)
