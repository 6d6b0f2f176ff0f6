/*
 * HTTP/1.1 on a stream (RFC 9112): the head of a response, and where its body
 * ends. What the message means is the caller's business.
 */
#ifndef PARLEY_PROTO_HTTP1_H
#define PARLEY_PROTO_HTTP1_H

#include "common/net/stream.h"
#include "common/net/trace_body.h"
#include "common/text/httphead.h"

/* A head and the bytes its slices point into. */
struct http1_head {
	struct http_head head;
	struct buf bytes;
	size_t wire_size; /* bytes it took on the wire */
};

/* Reads one head, 1xx included. False with the stream's error: ERR_AGAIN when the connection
 * ends (text "empty reply" when before the first byte), ERR_PROTOCOL for what is not HTTP/1 or
 * too long. h is empty then. Traced as S: lines, cookies masked. */
bool http1_read_head(struct stream *s, struct http1_head *h);
void http1_free_head(struct http1_head *h);

enum http1_framing { HTTP1_NO_BODY, HTTP1_LENGTH, HTTP1_CHUNKED, HTTP1_UNTIL_CLOSE };

struct http1_body {
	struct stream *stream;
	enum http1_framing framing;
	uint64_t left;     /* of the body (HTTP1_LENGTH) or the chunk */
	uint64_t total;    /* promised by Content-Length; 0 if not known */
	uint64_t received; /* body bytes without framing */
	bool in_chunk;     /* a chunk-size line was read, its CRLF is still to come */
	bool done;
	bool suspicious;            /* both framings: the connection must not be used again */
	struct http1_head trailers; /* head.fields: of a chunked body, after its end */
	struct trace_body trace;
};

/* Decides the framing (RFC 9112 6.3). is_head: the request was HEAD. reused: an answer was
 * already taken from this connection, so that doubtful framing is refused. False with the
 * stream's ERR_PROTOCOL. Free with http1_body_free in either case. */
bool http1_body_start(struct http1_body *b, struct stream *s, const struct http_head *head,
    bool is_head, bool reused);
/* The next piece, borrowed until the next read from the stream; empty at the end. False with
 * the stream's error; a cut body is ERR_AGAIN. */
bool http1_body_next(struct http1_body *b, struct str *piece);
/* The same, of at most so many bytes. */
bool http1_body_take(struct http1_body *b, size_t most, struct str *piece);
/* All that is left of it to fd, the cheapest way; counts into *counter (may be NULL). */
bool http1_body_copy(struct http1_body *b, int fd, _Atomic uint64_t *counter);
void http1_body_free(struct http1_body *b);

/* After the body: may the connection carry another request (RFC 9112 9.3)? */
bool http1_is_persistent(const struct http_head *head, const struct http1_body *b);

#endif
