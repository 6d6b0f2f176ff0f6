/*
 * How far a crawl goes: hosts, directories, names, depth. A pure answer to "is
 * this link to be followed?"; robots.txt is asked elsewhere.
 */
#ifndef PARLEY_WEBGET_SCOPE_H
#define PARLEY_WEBGET_SCOPE_H

#include "cmd/webget/options.h"
#include "common/text/url.h"

struct start {
	char *host;      /* "*": none */
	char *directory; /* of the path, with its slash */
};

struct scope {
	const struct webget_options *o;
	struct start *starts;
	size_t count;
};

enum verdict {
	VERDICT_NO,
	VERDICT_YES,
	VERDICT_LINKS_ONLY, /* its name is not wanted, but it is a page that may lead on */
};

void scope_free(struct scope *s);
/* The user named this one, or was led to it from there. */
void scope_add_start(struct scope *s, const struct url *url);
/* A link found `level` steps from a start. */
enum verdict scope_judge(const struct scope *s, const struct url *url, int level);
/* --accept and --reject alone, by the name of the file; a query is no part of it. */
bool scope_wants_name(const struct webget_options *o, const struct url *url);

#endif
