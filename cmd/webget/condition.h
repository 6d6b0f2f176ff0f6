/*
 * Conditional requests (RFC 9110 13): only if it changed. -z, --etag-compare,
 * --timestamping make the question; a 304 is an answer without a body.
 */
#ifndef PARLEY_WEBGET_CONDITION_H
#define PARLEY_WEBGET_CONDITION_H

#include "cmd/webget/options.h"
#include "common/text/httphead.h"

/* The fields of a condition, with their line ends left to the caller; NULL where there is none.
 */
struct condition {
	char *etags;     /* If-None-Match */
	char *since;     /* If-Modified-Since */
	char *not_since; /* If-Unmodified-Since */
};

/* An ETag is one URL's: --etag-... with several, or with a list of them, is ERR_USAGE. */
bool condition_check(const struct webget_options *o, struct err *err);
/* By the options and, for --timestamping, the file that may be there already (a page only if
 * links are not converted). ERR_USAGE: -z is neither a date nor a file; ERR_IO. */
bool condition_make(
    struct condition *c, const struct webget_options *o, const char *output, struct err *err);
void condition_free(struct condition *c);

/* --etag-save: the answer's ETag into its file (an empty one if it has none). */
bool condition_save_etag(
    const struct webget_options *o, const struct http_head *head, struct err *err);
/* --timestamping: the file gets the answer's Last-Modified as its time. */
void condition_set_time(const struct http_head *head, int fd);

#endif
