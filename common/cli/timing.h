/*
 * --timing: where the time of a session went, on stderr, and the model beside
 * it: each round trip at the kernel's RTT, and the transfer, L/R. Knows no protocol.
 */
#ifndef PARLEY_CLI_TIMING_H
#define PARLEY_CLI_TIMING_H

#include "common/base/buf.h"
#include "common/net/tally.h"

/* One row: its name, milliseconds, a remark or "". */
void timing_put_row(struct buf *out, const char *name, double ms, const char *remark);
/* The line of the model beside what was measured, without its end; returns the milliseconds
 * that the model does not know: the server's work, and everybody else's. */
double timing_put_model(
    struct buf *out, int turns, uint32_t rtt_us, double transfer_ms, double total_ms);
/* All of a session; nothing if there was no connection. host: the server as the user
 * names it, NULL for its address alone.
 * data: FTP's data connections, whose handshakes count too and whose transfers pass while the
 * control connection waits; NULL for none. */
void timing_put(
    struct buf *out, const char *host, const struct tally *t, const struct tally *data);
/* The same, to stderr. */
void timing_show(const char *host, const struct tally *t, const struct tally *data);

#endif
