/*
 * A request and how it is written (RFC 9110 7, RFC 9112 3). The head's order is
 * fixed: request line, Host, Authorization, User-Agent, Accept, then the rest.
 */
#ifndef PARLEY_WEBGET_REQUEST_H
#define PARLEY_WEBGET_REQUEST_H

#include "cmd/webget/condition.h"
#include "cmd/webget/options.h"
#include "cmd/webget/payload.h"
#include "cmd/webget/session.h"

struct request {
	const struct webget_options *o;
	const char *method;
	struct url url;
	struct payload payload;
	bool has_payload;
	bool trusted; /* still the origin that the user named: credentials and the user's
		       * Authorization and Cookie headers may go there */
	bool expect;  /* Expect: 100-continue */
	bool close;   /* Connection: close */
	struct condition condition;
	const struct condition
	    *recheck;         /* the cache asks instead of the user; borrowed, or NULL */
	char rest[64];        /* Range for a part of a file, or "" */
	const char *if_range; /* the version it must be of, or NULL; borrowed */
	char *authorization;  /* the field's value, or NULL; a secret */
	char *cookies;        /* the same for Cookie */
};

/* Method, URL and payload by the options. False with ERR_IO or ERR_USAGE. */
bool request_init(
    struct request *r, const struct webget_options *o, const struct url *url, struct err *err);
void request_free(struct request *r);
/* Safe to send again or behind an unanswered one (RFC 9110 9.2.2, RFC 9112 9.3.2). */
bool request_is_idempotent(const struct request *r);
/* Does the user's -H replace (or remove) this field? */
bool request_is_overridden(const struct request *r, const char *name);
/* Puts the head; returns the bytes put. The payload is the caller's to send. */
size_t request_put_head(const struct request *r, struct session *s);

#endif
