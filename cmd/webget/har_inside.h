/*
 * Shared by the two halves of --har: the exchange as it is put together from the trace, and as
 * it is written down.
 */
#ifndef PARLEY_WEBGET_HAR_INSIDE_H
#define PARLEY_WEBGET_HAR_INSIDE_H

#include <stdint.h>

#include "common/base/buf.h"

/* Times are clock_now(); 0: not reached. The heads have a LF after each line. */
struct har_exchange {
	struct buf request, response;
	int64_t asked, sent_at, answered, head_end, end;
	uint64_t sent, received; /* body bytes */
	uint64_t content;        /* those received, decoded if they were */
	struct har_exchange *next;
};

/* What is known of the connection; the times are the first exchange's only. */
struct har_connection {
	int number;
	char address[80];
	bool tls;
	int64_t opened; /* the handshakes began; 0: it was there before */
	double dns_ms, connect_ms, tls_ms;
};

/* Of an answer whose head is whole: does anything follow it (RFC 9112 6.3)? */
bool har_has_body(const struct har_exchange *x);
/* Adds one element of "entries". wall: nanoseconds from clock_now() to the time since 1970. */
void har_put_entry(struct buf *out, const struct har_exchange *x,
    const struct har_connection *c, int64_t wall);

#endif
