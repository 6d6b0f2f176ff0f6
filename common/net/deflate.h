/*
 * Compression of a whole conversation (RFC 4978): a carrier around the one that a stream has,
 * by zlib, in the module "deflate". Both directions are one raw deflate stream each, flushed
 * after every write. Knows no protocol that agrees on it.
 */
#ifndef PARLEY_NET_DEFLATE_H
#define PARLEY_NET_DEFLATE_H

#include "common/net/stream.h"

/* What module_table("deflate") gives. */
struct deflate_module {
	/* Takes `self` over, which is carried on by `ops`; `waiting` was received already and
	 * is compressed. NULL with err (self is untouched) when zlib can't start. */
	void *(*open)(
	    const struct carrier_ops *ops, void *self, struct str waiting, struct err *err);
	const struct carrier_ops *ops;
};

/* From here on all bytes of the stream are compressed, those that were received and not yet
 * taken included: they follow the answer that agreed. False with the stream's error; what can't
 * be decompressed later is ERR_PROTOCOL. */
bool stream_deflate(struct stream *s);

#endif
