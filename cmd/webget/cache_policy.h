/*
 * The rules of a private HTTP cache (RFC 9111): what may be stored, how long it
 * is fresh, what a request makes of a stored answer, and how a 304 changes it. Pure: heads
 * and times in, verdicts with their reasons out. Times are seconds since 1970.
 */
#ifndef PARLEY_WEBGET_CACHE_POLICY_H
#define PARLEY_WEBGET_CACHE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/text/httphead.h"

/* Cache-Control of a request or an answer; -1: the directive is not there. */
struct cache_control {
	bool no_store, no_cache, must_revalidate, only_if_cached, is_public, must_understand;
	int64_t max_age, min_fresh, max_stale, stale_if_error, stale_while_revalidate;
};

/* All Cache-Control fields; with none, Pragma: no-cache counts (5.4). What is malformed is
 * read as the smaller promise. */
struct cache_control cache_control_of(const struct fields *fields);

struct cache_stored {
	const struct http_head *head;
	int64_t requested, received; /* when it was asked for, and came */
	bool has_query;              /* its URL has one */
};

/* 4.2.1, 4.2.2: s-maxage is not for us. */
int64_t cache_lifetime(const struct cache_stored *s);
/* 4.2.3 */
int64_t cache_age(const struct cache_stored *s, int64_t now);

enum cache_use {
	CACHE_FETCH,    /* it is of no use */
	CACHE_VALIDATE, /* ask whether it still holds */
	CACHE_SERVE,
};

struct cache_verdict {
	enum cache_use use;
	char why[96];
	int64_t age, lifetime;
	bool if_error; /* stale, but better than a server's failure (RFC 5861 4) */
	bool if_slow;  /* within stale-while-revalidate (RFC 5861 3) */
};

/* A stored answer that the request selects, at now. */
struct cache_verdict cache_judge(
    const struct cache_stored *s, const struct fields *request, int64_t now);

/* May the cache be asked at all? False with the reason (static text). */
bool cache_may_ask(const char *method, const struct fields *request, const char **why);
/* 3: may the answer to this request be stored? False with the reason (static text). */
bool cache_may_store(const struct cache_stored *s, const char *method,
    const struct fields *request, const char **why);
/* 4.4: does this answer to an unsafe method make what is stored invalid? */
bool cache_invalidates(const char *method, int status);
/* RFC 5861 4: is this status such an error? */
bool cache_is_error(int status);
/* Has it an ETag or a Last-Modified to ask with? */
bool cache_has_validator(const struct http_head *head);
/* 4.3.4, 4.3.5: does the answer (304, or to HEAD) speak of the stored one? */
bool cache_is_same(const struct http_head *stored, const struct http_head *said);

/* The head as it is stored: without the fields of the connection (3.1) and of the framing. */
void cache_put_head(struct buf *out, const struct http_head *head);
/* 3.2: the stored head with the new one's fields in their place. */
void cache_put_merged(
    struct buf *out, const struct http_head *stored, const struct http_head *said);

/* The names that choose between answers (4.1): those of Vary, and Accept-Encoding for an
 * encoded one. Lower case, each once, in their order, one a line. More than fits is no answer
 * to keep: ask out->over. */
void cache_put_vary(struct buf *out, const struct http_head *head);
/* A field of a request as it is compared: its values joined, white space made one. False if
 * it isn't there. */
bool cache_put_field(struct buf *out, const struct fields *request, const char *name);

#endif
