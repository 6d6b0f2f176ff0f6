/*
 * Options of the command line that change nothing because what they are about was not asked
 * for. That is said, and is no error: what stands in the config file may wait there for its
 * partner.
 */
#include "cmd/webget/options_pages.h"

#include "common/cli/say.h"

static bool goes_to_files(const struct webget_options *o)
{
	return o->outputs.count || o->remote_name_all || o->metalink || options_crawl(o);
}

void options_note_idle(const struct webget_options *o, const struct webget_options *before)
{
	const struct {
		bool given, used;
		const char *option, *partner;
	} rows[] = {
	    {o->level != before->level, o->recursive, "level", "--recursive"},
	    {o->parent != before->parent, o->recursive, "no-parent", "--recursive"},
	    {o->span_hosts && !before->span_hosts, o->recursive, "span-hosts", "--recursive"},
	    {o->cut_dirs != before->cut_dirs, options_crawl(o), "cut-dirs",
		"--recursive or --page-requisites"},
	    {o->cache.size != before->cache.size, o->cache.dir, "cache-size", "--cache"},
	    {o->cache.if_slow_ms != before->cache.if_slow_ms, o->cache.dir, "stale-if-slow",
		"--cache"},
	    {o->xattr && !before->xattr, goes_to_files(o), "xattr", "-o FILE or -O"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].given && !rows[i].used)
			say_note("webget", o->common.quiet, "--%s does nothing without %s",
			    rows[i].option, rows[i].partner);
}
