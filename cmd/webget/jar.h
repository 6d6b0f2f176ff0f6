/*
 * The cookie jar: which cookies are kept and which go with a request (RFC
 * 6265bis 5.7, 5.8), and its file in the Netscape format that curl and wget share.
 */
#ifndef PARLEY_WEBGET_JAR_H
#define PARLEY_WEBGET_JAR_H

#include "cmd/webget/cookie.h"
#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/text/psl.h"

struct cookie_jar {
	struct cookie *items;
	size_t count, cap;
	uint64_t order;
	const struct psl_ops *psl; /* NULL: only names without a dot count as public suffixes */
};

void jar_free(struct cookie_jar *jar);
/* Judges a parsed cookie that came from url and takes it over: kept, replacing or removing the
 * one of the same name, domain and path, or refused with a reason (static text). */
bool jar_store(
    struct cookie_jar *jar, struct cookie *c, const struct url *from, const char **why);
/* Takes over a cookie that was judged already: from a file. */
void jar_append(struct cookie_jar *jar, struct cookie *c);
/* Whether what a answers may set a cookie that goes with a request to b: they are one host, or
 * stand under a common domain that is no public suffix. Ports and schemes part no cookies. */
bool jar_is_shared(const struct cookie_jar *jar, const char *a, const char *b);
/* Adds "a=1; b=2", the cookies for a request at now, longest path first; false if none. What
 * out has no room for is left out: the cookies whose turn is later. */
bool jar_put(struct cookie_jar *jar, const struct url *url, int64_t now, struct buf *out);
/* Drops those that expired before now, and session cookies if wanted. */
void jar_expire(struct cookie_jar *jar, int64_t now, bool session_too);

/* The lines of a file; those that are no cookies are skipped. And the file of a jar. */
void jar_read(struct cookie_jar *jar, struct str text);
void jar_write(const struct cookie_jar *jar, struct buf *out);

/* A missing file is an empty jar. Lines that are no cookies are skipped. ERR_IO. */
bool jar_load(struct cookie_jar *jar, const char *path, struct err *err);
/* Whole or not at all, 0600; "-" is stdout. ERR_CREATE, ERR_IO. */
bool jar_save(const struct cookie_jar *jar, const char *path, struct err *err);

#endif
