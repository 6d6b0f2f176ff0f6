/*
 * The space-time diagram of a session (--diagram FILE.svg): client and server as vertical
 * lines, time downwards, an arrow for each handshake segment, command and reply, a band
 * for a body. A sink of the trace: what it knows is what the trace shows, masked alike.
 * Of a long session the first and last marks are kept and the rest is counted, so memory
 * does not grow with it.
 */
#ifndef PARLEY_CLI_DIAGRAM_H
#define PARLEY_CLI_DIAGRAM_H

#include "common/cli/outfile.h"
#include "common/net/trace.h"

/* Takes over `out`: the figure is written and committed when the session is finished, however
 * it ended: ERR_IO, ERR_CREATE. Closed unfinished it leaves nothing. */
struct trace_sink *diagram_sink(struct outfile *out);

#endif
