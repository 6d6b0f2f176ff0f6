/*
 * Text bodies between "lines that end anyhow, as many as there are" and the
 * wire's CRLF lines closed by a lone dot (RFC 5321 4.5.2, RFC 1939 3, RFC 3977
 * 3.1.1). Both ways as filters, piece by piece: a message is never held, and a
 * line may have any length. Knows no verb.
 */
#ifndef PARLEY_PROTO_DOT_H
#define PARLEY_PROTO_DOT_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"
#include "common/net/trace_body.h"

struct stream;

/* ---- to the wire ---- */

/* The state between two pieces. LF, CRLF and bare CR each end a line and become CRLF; pieces
 * may break anywhere. Begins as {0}, or {.stuffs = true} where a dot at the start of a line is
 * to be doubled. */
struct dot_filter {
	bool stuffs;
	bool in_line;  /* the line being written has bytes already */
	bool after_cr; /* a CR was the last byte and its CRLF is written: an LF adds nothing */
};

/* Adds the piece's wire form to out: for BDAT and APPEND, which have to know the size, and for
 * measuring. At most twice the piece's length. False past out's ceiling; part may be there. */
bool dot_add(struct dot_filter *f, struct buf *out, struct str piece);
/* CRLF if the last line has none. */
bool dot_add_end(struct dot_filter *f, struct buf *out);

/* The same onto a stream, traced as C: lines (wire form). Flushes now and then, when much is
 * waiting, so that memory stays small; a small message leaves with what stands around it. */
struct dot_writer {
	struct stream *stream;
	struct dot_filter filter;
	uint64_t written; /* bytes, the closing dot not counted */
	struct trace_body trace;
};

/* stuffs: with dots doubled and closed by a dot (DATA, POST); otherwise lines only. */
void dot_write_start(struct dot_writer *w, struct stream *s, bool stuffs);
/* Like all writing: an error shows at the next read or flush. False once it is known that the
 * stream is broken, so that a long loop may stop. */
bool dot_put(struct dot_writer *w, struct str piece);
/* The last CRLF if it is missing, and ".CRLF" if it stuffs. Frees what is held. */
void dot_put_end(struct dot_writer *w);
/* Gives a message up in the middle: frees what is held and writes nothing. */
void dot_write_free(struct dot_writer *w);

/* ---- from the wire ---- */

enum dot_line_end {
	DOT_AS_SENT, /* exact bytes */
	DOT_LF,      /* CRLF becomes LF; a bare CR stays */
};

struct dot_reader {
	struct stream *stream;
	enum dot_line_end line_end;
	bool in_line;
	bool crlf_seen; /* see dot_next */
	bool done;
	uint64_t received; /* bytes of the body on the wire, without the closing dot's line */
	struct buf bytes;  /* the piece that was given out */
	struct trace_body trace;
};

void dot_read_start(struct dot_reader *r, struct stream *s, enum dot_line_end line_end);
/*
 * The next piece without the dots' doubling, borrowed until the next call; empty at the end.
 * False with the stream's error; the connection's end inside the body is ERR_AGAIN.
 * Only CRLF begins a new line here, so that a message with "LF dot LF" inside can't cut itself
 * short, except for a server that has sent no CRLF in this body yet: for it a bare LF will do.
 */
bool dot_next(struct dot_reader *r, struct str *piece);
/* Reads on to the end and forgets it. */
bool dot_skip(struct dot_reader *r);
void dot_read_free(struct dot_reader *r);

#endif
