/*
 * A sink around another one: after each line of the trace, what it means
 * (--explain, and `explain` at the prompt).
 */
#ifndef PARLEY_CLI_EXPLAIN_SINK_H
#define PARLEY_CLI_EXPLAIN_SINK_H

#include "common/net/trace.h"

/* Owns `inner`, which is shown every record, and after it one of kind TRACE_REMARK while
 * trace_is_explained(t). `inner` itself when the protocol has no tables. */
struct trace_sink *explain_sink(
    struct trace *t, struct trace_sink *inner, const char *protocol);

#endif
