/*
 * Formulas of Kurose and Ross, 2.2.2, for each way to use connections.
 */
#include "cmd/webget/model.h"

#include "cmd/webget/options.h"

/* So many at a time: how many times that. */
static int rounds(int objects, int at_once)
{
	return objects > 0 ? (objects + at_once - 1) / at_once : 0;
}

/* They all begin with a connection; where it is used again only the first of them do. */
static int by_lanes(const struct model_run *m, int objects)
{
	int n = rounds(objects, m->lanes > 0 ? m->lanes : 1);
	return m->kept && n > 0 ? m->handshake + n : n * (m->handshake + 1);
}

int model_turns(const struct model_run *m)
{
	int each = m->handshake + 1; /* one to ask */
	switch (m->connection) {
	case CONNECTION_NONPERSISTENT: return m->objects * each;
	case CONNECTION_PARALLEL:
		return m->is_page ? each + by_lanes(m, m->objects - 1)
				  : by_lanes(m, m->objects);
	case CONNECTION_PERSISTENT: return m->handshake + m->objects;
	default:
		/* The first answer shows whether the server keeps the connection, and is waited
		 * for, page or not. */
		return m->handshake + (m->objects > 1 ? 2 : 1);
	}
}

void model_put(struct buf *out, const struct model_run *m)
{
	static const char *const names[] = {
	    "nonpersistent", "parallel", "persistent", "pipelined"};
	int turns = model_turns(m);
	buf_addf(out, "timing: model, %s: %d RTT + L/R = %d x %.2f ms + %.2f ms = %.2f ms",
	    names[m->connection], turns, turns, m->rtt_ms, m->body_ms,
	    turns * m->rtt_ms + m->body_ms);
}
