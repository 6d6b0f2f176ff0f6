/*
 * Bodies in the trace: cut into lines, at most so many, the rest counted in one
 * event. Pieces may break anywhere.
 */
#ifndef PARLEY_NET_TRACE_BODY_H
#define PARLEY_NET_TRACE_BODY_H

#include "common/base/buf.h"
#include "common/net/trace.h"

struct trace_body {
	struct trace *trace;
	int conn;
	char from;     /* 'S' or 'C' */
	uint64_t most; /* lines to show; UINT64_MAX for all, 0 for none */
	uint64_t lines, hidden, bytes;
	bool in_hidden;     /* in the middle of a line that is only counted */
	struct buf partial; /* the line that is not complete yet */
};

/* A text body (mail): LIMIT_TRACE_LINES lines, all with --trace-bodies. A file's (HTTP,
 * FTP): no lines but one event, all with --trace-bodies. */
void trace_body_start(struct trace_body *b, struct trace *t, int conn, char from, bool is_text);
void trace_body_add(struct trace_body *b, struct str piece);
/* [body S 6821 bytes], or [body S 60 more lines, 6821 bytes]; frees what is held. */
void trace_body_end(struct trace_body *b);

#endif
