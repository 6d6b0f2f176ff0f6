/*
 * The coding zstd (RFC 8878) by libzstd. The only file that includes it.
 */
#include <stdlib.h>
#include <zstd.h>

#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/coding.h"

/* RFC 9659: a content coding needs no window above 8 MiB, and none larger is accepted. */
enum { WINDOW_LOG_MAX = 23 };

struct decoder {
	ZSTD_DStream *state;
	size_t left; /* 0: a frame is complete, and nothing after it seen */
	const char *why;
};

static void *open_decoder(void)
{
	struct decoder *d = mem_alloc(sizeof *d);
	d->why = "";
	d->state = ZSTD_createDStream();
	if (d->state && !ZSTD_isError(ZSTD_DCtx_setParameter(
			    d->state, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
		return d;
	ZSTD_freeDStream(d->state);
	free(d);
	return NULL;
}

static enum coding_status push(void *self, struct str *in, char *out, size_t cap, size_t *made)
{
	struct decoder *d = self;
	ZSTD_outBuffer to = {out, cap, 0};
	ZSTD_inBuffer from = {in->ptr, in->len, 0};
	*made = 0;
	/* With nothing more to give, a call would begin a new frame and unsay the end. */
	while (from.pos < from.size || d->left) {
		size_t pos = from.pos, made_before = to.pos;
		size_t left = ZSTD_decompressStream(d->state, &to, &from);
		*made = to.pos;
		if (ZSTD_isError(left)) {
			d->why = ZSTD_getErrorName(left);
			return CODING_BAD;
		}
		d->left = left;
		if (to.pos == cap || (from.pos == pos && to.pos == made_before))
			break;
	}
	*in = str_sub(*in, from.pos, in->len);
	return to.pos == cap ? CODING_FULL : CODING_MORE;
}

static bool end(const void *self)
{
	return ((const struct decoder *)self)->left == 0;
}

static const char *why(const void *self)
{
	return ((const struct decoder *)self)->why;
}

static void close_decoder(void *self)
{
	struct decoder *d = self;
	if (d)
		ZSTD_freeDStream(d->state);
	free(d);
}

static const struct coding_ops zstd = {open_decoder, push, end, why, close_decoder};

static const struct coding_module table[] = {{"zstd", &zstd}, {NULL, NULL}};

MODULE_TABLE(table)
