/*
 * Two raw deflate streams (RFC 1951) over another carrier, by zlib. The module "deflate". Knows
 * no stream and no protocol.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/net/deflate.h"

enum { BITS_RAW = -15, PIECE = 64 * KIB, OUT_ROOM = PIECE + 4 * KIB };

struct squeeze {
	const struct carrier_ops *ops;
	void *inner;
	z_stream in, out;
	char *received; /* compressed, not yet all inflated */
	size_t room;
	bool full; /* the last receive filled the room: there may be more that can't be seen */
	bool ended;
	struct err later; /* of the inner carrier, behind bytes that were good */
	char unsent[OUT_ROOM];
	size_t from, to; /* of those */
	size_t owed;     /* bytes of the caller's that are in there, not yet acknowledged */
};

static void *open_squeeze(
    const struct carrier_ops *ops, void *inner, struct str waiting, struct err *err)
{
	struct squeeze *c = mem_alloc(sizeof *c);
	c->ops = ops;
	c->inner = inner;
	c->room = waiting.len > PIECE ? waiting.len : PIECE;
	c->received = mem_alloc(c->room);
	if (waiting.len)
		memcpy(c->received, waiting.ptr, waiting.len);
	c->in.next_in = (Bytef *)c->received;
	c->in.avail_in = (uInt)waiting.len;
	bool in = inflateInit2(&c->in, BITS_RAW) == Z_OK;
	bool out = in && deflateInit2(&c->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, BITS_RAW, 8,
			     Z_DEFAULT_STRATEGY) == Z_OK;
	if (out)
		return c;
	if (in)
		inflateEnd(&c->in);
	free(c->received);
	free(c);
	err_set(err, ERR_INTERNAL, "zlib can't compress");
	return NULL;
}

/* ---- receiving ---- */

static bool inflate_some(struct squeeze *c, struct err *err)
{
	int rc = c->ended ? Z_STREAM_END : inflate(&c->in, Z_SYNC_FLUSH);
	c->ended = rc == Z_STREAM_END;
	/* No progress (Z_BUF_ERROR) is no fault: more has to be received. */
	return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR ||
	       err_set(err, ERR_PROTOCOL, "the server's compressed data is corrupt");
}

/* One receive of the inner carrier; its code if there was nothing. */
static ssize_t receive(struct squeeze *c)
{
	ssize_t n = c->ops->recv(c->inner, c->received, c->room, &c->later);
	c->full = n > 0 && (size_t)n == c->room;
	c->in.next_in = (Bytef *)c->received;
	c->in.avail_in = n > 0 ? (uInt)n : 0;
	return n;
}

static ssize_t squeeze_recv(void *self, void *bytes, size_t len, struct err *err)
{
	struct squeeze *c = self;
	ssize_t n = 1;
	c->in.next_out = bytes;
	c->in.avail_out = (uInt)len;
	do {
		if (!inflate_some(c, err))
			return CARRIER_FAILED;
		size_t made = len - c->in.avail_out;
		/* What the inner one may still hold unseen is asked for at once. */
		if (made == len || c->ended || (made && !c->full))
			return (ssize_t)made;
		if (!err_is_set(&c->later))
			n = receive(c);
		else
			n = CARRIER_FAILED;
	} while (n > 0);
	size_t made = len - c->in.avail_out;
	if (made)
		return (ssize_t)made;
	if (n == CARRIER_FAILED)
		err_pass(err, &c->later);
	return n;
}

/* ---- sending ---- */

static ssize_t send_rest(struct squeeze *c, struct err *err)
{
	while (c->from < c->to) {
		ssize_t n = c->ops->send(c->inner, c->unsent + c->from, c->to - c->from, err);
		if (n < 0)
			return n;
		c->from += (size_t)n;
	}
	return 1;
}

/* As TLS does: what could not go yet is offered again by the caller, and acknowledged when it
 * is out. */
static ssize_t squeeze_send(void *self, const void *bytes, size_t len, struct err *err)
{
	struct squeeze *c = self;
	if (!c->owed) {
		c->owed = len < PIECE ? len : PIECE;
		c->out.next_in = (Bytef *)(uintptr_t)bytes;
		c->out.avail_in = (uInt)c->owed;
	}
	for (;;) {
		ssize_t n = send_rest(c, err);
		if (n < 0)
			return n;
		/* All taken, and the last call had room to spare: nothing is left inside. */
		if (c->out.avail_in == 0 && c->to < sizeof c->unsent && c->to > 0)
			break;
		c->out.next_out = (Bytef *)c->unsent;
		c->out.avail_out = sizeof c->unsent;
		deflate(&c->out, Z_SYNC_FLUSH);
		c->from = 0;
		c->to = sizeof c->unsent - c->out.avail_out;
		if (c->to == 0)
			break;
	}
	ssize_t taken = (ssize_t)c->owed;
	c->owed = c->from = c->to = 0;
	return taken;
}

/* The goodbye is the dialogue's: no end of the deflate stream is awaited by anybody. */
static void squeeze_close(void *self)
{
	struct squeeze *c = self;
	inflateEnd(&c->in);
	deflateEnd(&c->out);
	c->ops->close(c->inner);
	mem_wipe(c->unsent, sizeof c->unsent);
	free(c->received);
	free(c);
}

static const struct carrier_ops ops = {squeeze_recv, squeeze_send, squeeze_close, false};
static const struct deflate_module module = {open_squeeze, &ops};

MODULE_TABLE(&module)
