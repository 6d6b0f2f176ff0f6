/*
 * The option rows of the cache and of HSTS; see options.c.
 */
#include "cmd/webget/options.h"

#define PLACE(member) .place = offsetof(struct webget_options, member)

const struct opt_row options_cache[] = {
    {"cache", 0, OPT_STRING, PLACE(cache.dir), "DIR",
	"keep answers in DIR, and use them as long as they hold (RFC 9111)",
	.completes = "dir"},
    {"cache-size", 0, OPT_SIZE, PLACE(cache.size), "BYTES",
	"keep at most so much; the least recently used goes (256M)", .min = 1,
	.max = INT64_MAX / 2},
    {"stale-if-slow", 0, OPT_SECONDS, PLACE(cache.if_slow_ms), "SECONDS",
	"after so long use what is stored, if its server allowed stale-while-revalidate"},
    {"hsts", 0, OPT_STRING, PLACE(hsts), "FILE",
	"keep in FILE which hosts want https only, and ask those no other way",
	.completes = "file"},
    {.name = NULL},
};
