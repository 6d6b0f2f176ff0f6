/*
 * Other places of a file that an answer names itself: Link with rel=duplicate
 * or describedby (RFC 6249 on RFC 8288). Whether they may be believed is
 * the caller's question. Pure.
 */
#ifndef PARLEY_WEBGET_DUPLICATES_H
#define PARLEY_WEBGET_DUPLICATES_H

#include "common/base/list.h"
#include "common/text/httphead.h"
#include "common/text/url.h"

enum { DUPLICATES_MOST = 16 };

/* Adds the URLs of http(s) that hold the same file, the preferred ones (pri) first. base: of
 * the answer; from https nothing leads to http. */
void duplicates_find(const struct http_head *head, const struct url *base, struct list *out);
/* The URL of a metalink that describes the file, to be freed; NULL: none. */
char *duplicates_description(const struct http_head *head, const struct url *base);
/* Is the answer a metalink itself? */
bool duplicates_is_metalink(const struct http_head *head);

#endif
