/*
 * The coding br (RFC 7932) by the brotli decoder. The only file that includes it.
 */
#include <brotli/decode.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/coding.h"

struct decoder {
	BrotliDecoderState *state;
	bool begun;
	const char *why;
};

static void *open_decoder(void)
{
	struct decoder *d = mem_alloc(sizeof *d);
	d->why = "";
	d->state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	if (d->state)
		return d;
	free(d);
	return NULL;
}

static enum coding_status bad(struct decoder *d, const char *why)
{
	d->why = why;
	return CODING_BAD;
}

static enum coding_status push(void *self, struct str *in, char *out, size_t cap, size_t *made)
{
	struct decoder *d = self;
	size_t in_len = in->len, out_len = cap;
	const uint8_t *from = (const uint8_t *)in->ptr;
	uint8_t *to = (uint8_t *)out;
	d->begun = d->begun || in->len;
	BrotliDecoderResult got =
	    BrotliDecoderDecompressStream(d->state, &in_len, &from, &out_len, &to, NULL);
	*in = str_sub(*in, in->len - in_len, in_len);
	*made = cap - out_len;
	if (got == BROTLI_DECODER_RESULT_ERROR)
		return bad(d, BrotliDecoderErrorString(BrotliDecoderGetErrorCode(d->state)));
	if (got == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
		return CODING_FULL;
	if (in->len)
		return bad(d, "bytes after the end of the compressed data");
	return CODING_MORE;
}

static bool end(const void *self)
{
	const struct decoder *d = self;
	return !d->begun || BrotliDecoderIsFinished(d->state);
}

static const char *why(const void *self)
{
	return ((const struct decoder *)self)->why;
}

static void close_decoder(void *self)
{
	struct decoder *d = self;
	if (d)
		BrotliDecoderDestroyInstance(d->state);
	free(d);
}

static const struct coding_ops brotli = {open_decoder, push, end, why, close_decoder};

static const struct coding_module table[] = {{"br", &brotli}, {NULL, NULL}};

MODULE_TABLE(table)
