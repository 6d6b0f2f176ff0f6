/*
 * From a response to the next step: done, another URL, credentials; and from a
 * status to the error it is, and how long to wait before trying again. Pure:
 * it asks for nothing and changes nothing.
 */
#ifndef WEBGET_FOLLOW_H
#define WEBGET_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/text/httphead.h"
#include "common/text/url.h"

enum follow_step {
	FOLLOW_DONE,       /* this response is the result */
	FOLLOW_REDIRECT,   /* ask for result.next */
	FOLLOW_AUTH,       /* 401: ask again with credentials */
	FOLLOW_PROXY_AUTH, /* 407: the same for the proxy */
	FOLLOW_FAILED,     /* err says why */
};

struct follow_query {
	const struct http_head *head; /* a final response */
	const struct url *current;    /* what was asked for */
	const char *method;
	bool method_forced; /* by -X: 301 and 302 leave it (and the body) alone */
	bool follow;        /* --location */
	int redirects;      /* made so far */
	int max_redirs;     /* negative: any number */
	bool can_auth;      /* credentials are there and were not refused yet */
	bool can_auth_proxy;
};

struct follow_result {
	enum follow_step step;
	/* For FOLLOW_REDIRECT: */
	struct url next;       /* owned, see follow_free */
	const char *method;    /* static or the query's */
	bool drop_body;        /* and Content-* fields with it */
	bool drop_credentials; /* scheme, host or port changed: Authorization and Cookie too */
	bool downgraded;       /* from https to http: worth a word */
};

/* Always fills *out; FOLLOW_FAILED with ERR_PROTOCOL: one redirect too many, a scheme that is
 * not http(s), a Location that is no URL. A redirect without Location is the result. */
enum follow_step follow_next(
    const struct follow_query *q, struct follow_result *out, struct err *err);
/* Where Location leads, whether or not one follows: for %{redirect_url}. False if nowhere. */
bool follow_target(const struct http_head *head, const struct url *current, struct url *out);
void follow_free(struct follow_result *r);

/* ERR_NONE below 400; cli.md's table above. */
enum err_kind follow_status_kind(int status);
/* May a request that ended so be made again by --retry? Never when trying again can't help; a
 * method that is not idempotent (RFC 9110 9.2.2) only when the server answered. */
bool follow_may_retry(enum err_kind kind, int status, const char *method);
/* Milliseconds before retry number `retry` (from 0): fixed_ms if it is not negative, otherwise
 * 1, 2, 4 ... seconds; Retry-After (head may be NULL) instead if it asks for more. At most 600
 * seconds. now: wall clock, seconds since 1970. */
int64_t follow_retry_delay(
    const struct http_head *head, int retry, int64_t fixed_ms, int64_t now);

#endif
