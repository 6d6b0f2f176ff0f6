/*
 * The bytes of a data connection to their local end: as they are, by the
 * kernel's shortest way; or looked at, for text (RFC 959 3.1.1.1), digests and
 * terminals.
 */
#ifndef PARLEY_FTPC_RECEIVE_H
#define PARLEY_FTPC_RECEIVE_H

#include "cmd/ftpc/local.h"
#include "common/net/stream.h"

struct checksum;

struct receiver {
	struct local *out;
	bool ascii;           /* CRLF becomes LF */
	struct checksum *sum; /* NULL: none is wanted */
	_Atomic uint64_t *counter;
	struct trace *trace; /* for --trace-bodies */
	int conn;
};

/* All until the end. False with err: the stream's (ERR_AGAIN: lost, cut) or ours (ERR_IO;
 * ERR_USAGE for binary to a terminal). */
bool receive_all(struct receiver *r, struct stream *s, struct err *err);
/* Adds text to out with CRLF as LF. *cr: a CR is held back, for the next piece. */
void receive_text(struct str piece, bool *cr, struct buf *out);

#endif
