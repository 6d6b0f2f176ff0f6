/*
 * Connections to HTTP servers that stay open between requests, by origin.
 */
#ifndef PARLEY_WEBGET_SESSION_H
#define PARLEY_WEBGET_SESSION_H

#include "common/net/dial.h"
#include "common/text/url.h"

struct session {
	struct stream *stream;
	char *origin;  /* "https://host:port" */
	bool by_proxy; /* requests take the absolute form (RFC 9112 3.2.2) */
	char *proxy_authorization;
	unsigned answered; /* responses taken from it so far */
	bool usable;       /* may carry another request */
	bool is_11;        /* the last answer was HTTP/1.1: a pipeline may follow */
	struct session *next;
};

struct session_pool {
	struct dialer *dialer;
	int tls; /* enum tls_mode of the settings */
	struct session *idle;
	unsigned opened; /* connections of this run */
	int turns;       /* round trips of those that are closed */
	uint32_t rtt_us; /* the kernel's estimate, of the last one closed */
};

/* An idle session to the URL's origin, or a new one; NULL with err. The caller holds it until
 * it releases it: kept for the next request if it is usable, closed otherwise. */
struct session *session_get(struct session_pool *pool, const struct url *url, struct err *err);
void session_release(struct session_pool *pool, struct session *s); /* NULL is fine */
void session_pool_close(struct session_pool *pool);

#endif
