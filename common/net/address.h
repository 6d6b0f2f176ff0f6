/*
 * From a host name to addresses: --resolve first, then the system's resolver.
 */
#ifndef PARLEY_NET_ADDRESS_H
#define PARLEY_NET_ADDRESS_H

#include <netdb.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/net/settings.h"

/* A list for freeaddrinfo(3), or NULL: ERR_HOST when there is no such name, ERR_AGAIN when the
 * resolver could not tell now or not before the deadline, ERR_USAGE for a bad --resolve entry.
 */
struct addrinfo *address_find(const struct net_settings *settings, const char *host,
    uint16_t port, int64_t deadline, struct err *err);
/* Whether all --resolve entries have the form HOST:PORT:ADDR; the addresses are read when they
 * are used. ERR_USAGE. */
bool address_check(const struct net_settings *settings, struct err *err);
/* True for 127.0.0.0/8 and ::1, written as addresses, and for "localhost" (RFC 6761 6.3). */
bool address_is_loopback(const char *host);

#endif
