/*
 * What the two files between a task and the cache share, and nobody else.
 */
#ifndef PARLEY_WEBGET_CACHED_INSIDE_H
#define PARLEY_WEBGET_CACHED_INSIDE_H

#include "cmd/webget/cache_policy.h"
#include "cmd/webget/cached.h"
#include "cmd/webget/task.h"

#define NOTE(t, ...) trace_note((t)->run->trace, 1, "cache", __VA_ARGS__)

static inline struct cache_key cached_key(const struct cached *c)
{
	return (struct cache_key){c->url, c->user, &c->request};
}

#endif
