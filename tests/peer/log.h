/*
 * The event log: when each burst of bytes came or went, so that a test can
 * count round trips from the wire. One line an event:
 *
 *     SECONDS WHAT BYTES CONN
 *     0.000123 recv 85 1
 *
 * SECONDS since the peer began to listen, six decimals; WHAT is accept, recv,
 * send, eof (the client closed), close or reset (the peer did); BYTES are those on the
 * wire, TLS included, 0 for the others; CONN counts from 1, `data` is an FTP data connection.
 */
#ifndef PARLEY_PEER_LOG_H
#define PARLEY_PEER_LOG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct log {
	FILE *to; /* NULL: nothing is logged */
	int64_t start;
};

/* The number of an FTP data connection. */
#define LOG_DATA 0

void log_event(const struct log *log, const char *what, size_t bytes, unsigned conn);

#endif
