/*
 * One cookie: from a Set-Cookie line to its attributes (RFC 6265bis 5.6), and
 * which requests it may go with (5.1.3, 5.1.4). Pure; what is kept is jar.c's business.
 */
#ifndef PARLEY_WEBGET_COOKIE_H
#define PARLEY_WEBGET_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/str.h"
#include "common/text/url.h"

enum cookie_site { COOKIE_SITE_DEFAULT, COOKIE_SITE_NONE, COOKIE_SITE_LAX, COOKIE_SITE_STRICT };

/* Owns its strings; none is NULL. */
struct cookie {
	char *name, *value; /* the name may be empty */
	char *domain;       /* lower case, no dot at its front; empty: none was given */
	char *path;         /* empty: none that counts was given */
	int64_t expires;    /* seconds since 1970; COOKIE_SESSION: with the session */
	bool host_only;     /* for that very host, not for those under it */
	bool secure, http_only;
	enum cookie_site site;
	uint64_t order; /* of creation, within a jar */
};

#define COOKIE_SESSION INT64_MAX

/* Parses a Set-Cookie value as received; now in seconds since 1970. False with a reason (static
 * text) and nothing to free. The result is not judged yet: see jar_store. */
bool cookie_parse(struct cookie *out, struct str line, int64_t now, const char **why);
void cookie_free(struct cookie *c);
/* Control bytes other than HTAB, which stand in no cookie (5.6). */
bool cookie_has_control(struct str s);

/* RFC 6265bis 5.1.1: dates as servers have written them since 1994. */
bool cookie_date(struct str text, int64_t *out);
/* 5.1.3: is host the domain or a name under it? Addresses are under nothing. */
bool cookie_domain_matches(const char *host, const char *domain);
bool cookie_is_address(const char *host);
/* 5.1.4 */
bool cookie_path_matches(const char *request, const char *path);
/* The directory of a URL's path; the caller frees it. */
char *cookie_default_path(const struct url *url);

#endif
