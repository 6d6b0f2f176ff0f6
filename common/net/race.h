/*
 * Happy eyeballs (RFC 8305): the addresses of a name, families interleaved, are
 * tried 250 ms apart; the first connection that stands wins, the others are
 * closed.
 */
#ifndef PARLEY_NET_RACE_H
#define PARLEY_NET_RACE_H

#include <netdb.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/net/settings.h"

struct race {
	const struct net_settings *settings;
	int64_t deadline; /* a point of clock_now() */
	const char *name; /* "host:port", for the error */
};

/* A connected, non-blocking socket with TCP_NODELAY, or -1: ERR_AGAIN names every address that
 * failed and how, ERR_INTERRUPT. *peer gets "192.0.2.1:80". addresses keeps its order of
 * preference within a family. */
int race_connect(
    const struct race *race, const struct addrinfo *addresses, char peer[80], struct err *err);

/* "192.0.2.1:80", "[2001:db8::1]:80" */
void race_show_address(const struct sockaddr *address, socklen_t len, char out[80]);

#endif
