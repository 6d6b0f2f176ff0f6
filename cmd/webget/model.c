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

int model_turns(const struct model_run *m)
{
	int each = m->handshake + 1; /* one to ask */
	int lanes = m->lanes > 0 ? m->lanes : 1;
	switch (m->connection) {
	case CONNECTION_NONPERSISTENT: return m->objects * each;
	case CONNECTION_PARALLEL:
		return m->is_page ? each + rounds(m->objects - 1, lanes) * each
				  : rounds(m->objects, lanes) * each;
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
