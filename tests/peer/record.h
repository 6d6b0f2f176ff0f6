/*
 * A recorder: stands between a client and a real server, carries the bytes, and
 * writes the dialogue that the peer can play. Plain text protocols only.
 */
#ifndef PARLEY_PEER_RECORD_H
#define PARLEY_PEER_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/err.h"

struct record {
	const char *server; /* HOST:PORT, an IPv6 address in brackets */
	int listener;
	int64_t timeout; /* nanoseconds that nothing may move; 0 is for ever */
	uint64_t times;  /* connections to be carried, one after the other */
	FILE *out;
};

/* Passwords become `*`, which matches anything. False with ERR_USAGE for a server that is none,
 * ERR_IO or ERR_AGAIN when it can't be reached or nothing moves. */
bool record_run(const struct record *r, struct err *err);

#endif
