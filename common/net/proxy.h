/*
 * Which proxy serves a host, and how to ask it for a way through: HTTP CONNECT
 * (RFC 9110 9.3.6) and SOCKS5 (RFC 1928, 1929).
 */
#ifndef PARLEY_NET_PROXY_H
#define PARLEY_NET_PROXY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/net/settings.h"
#include "common/net/stream.h"

enum route_kind {
	ROUTE_DIRECT,
	ROUTE_HTTP,    /* an HTTP proxy: CONNECT, or absolute-form for http:// */
	ROUTE_SOCKS5,  /* names resolved here */
	ROUTE_SOCKS5H, /* names resolved by the proxy */
};

struct route {
	enum route_kind kind;
	char host[256];
	uint16_t port;
	char user[256], password[256];
};

/* The route for scheme://host:port by settings and environment (http_proxy in lower case
 * only, https_proxy, ftp_proxy, all_proxy, no_proxy). ERR_USAGE for a proxy URL that can't be
 * read. Wipe the route after use: it may hold a password. */
bool proxy_route(const struct net_settings *settings, const char *scheme, const char *host,
    struct route *route, struct err *err);
/* True when host matches an entry of list: names and their suffixes ("example.org" also covers
 * "www.example.org"), addresses, CIDR blocks, "*". */
bool proxy_is_excluded(const char *list, const char *host);
/* Asks the proxy at the other end of s for host:port. Errors are the stream's:
 * ERR_AUTH for 401, 403, 407, refused SOCKS credentials and rules, ERR_REFUSED for other
 * answers below 500, ERR_PROTOCOL for what is no such proxy, ERR_AGAIN otherwise. */
bool proxy_connect(
    struct stream *s, const struct route *route, const char *host, uint16_t port);
/* "Basic ..." for Proxy-Authorization, to be freed with mem_free_secret; NULL without a user.
 */
char *proxy_authorization(const struct route *route);

#endif
