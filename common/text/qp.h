/*
 * Quoted-printable (RFC 2045 6.7), of text: a line end is a line end and not
 * data. In pieces of any size, so that a message need not be held.
 */
#ifndef PARLEY_TEXT_QP_H
#define PARLEY_TEXT_QP_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* Zero it to start. */
struct qp_encoder {
	size_t column;
	char held; /* white space or CR whose meaning the next byte decides; 0 if none */
	bool from; /* "From " could still come about at the start of this line */
};

/* Adds to out: lines of at most 76 characters, ended by CRLF; CRLF and LF of the input are line
 * ends, a bare CR is data. A line never starts with "From " or ".": nothing on the way can
 * quote it. At most 3 bytes and one soft break (3 more) come of one. False past out's
 * ceiling. */
bool qp_encode(struct qp_encoder *e, struct buf *out, struct str piece);
/* Adds what is held back; no line end is added that was not there. */
bool qp_encode_end(struct qp_encoder *e, struct buf *out);

/* Zero it to start. */
struct qp_decoder {
	char held[80]; /* an escape or white space that may end the line */
	size_t len;
};

/* Never fails but for out's ceiling: what is no escape stays as it stands (RFC 2045 6.7 note
 * on robustness). Line ends come out as they are. White space before a line end is dropped. */
bool qp_decode(struct qp_decoder *d, struct buf *out, struct str piece);
bool qp_decode_end(struct qp_decoder *d, struct buf *out);

#endif
