/*
 * The stream's side of compression: the module is loaded, and the carrier put around the one
 * that is there. Knows nothing of zlib.
 */
#include "common/net/deflate.h"

#include "common/base/module.h"
#include "common/net/stream_inside.h"

bool stream_deflate(struct stream *s)
{
	if (!stream_flush(s))
		return false;
	const struct deflate_module *m = module_table("deflate", &s->err);
	struct str held = stream_held(s);
	void *carrier = m ? m->open(s->ops, s->carrier, held, &s->err) : NULL;
	if (!carrier)
		return false;
	s->ops = m->ops;
	s->carrier = carrier;
	/* The carrier holds what poll(2) doesn't know of. */
	s->more = held.len > 0;
	stream_take(s, held.len);
	trace_event(s->trace, s->conn, "compress", &TRACE_TEXT("method", "deflate"), 1);
	return true;
}
