/*
 * The rules that the user set for a recursion. Knows no page and no queue.
 */
#include "cmd/webget/scope.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/localname.h"
#include "common/base/mem.h"

void scope_free(struct scope *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->starts[i].host);
		free(s->starts[i].directory);
	}
	free(s->starts);
}

static const char *file_of(const struct url *url)
{
	const char *slash = strrchr(url->path, '/');
	return slash ? slash + 1 : url->path;
}

void scope_add_start(struct scope *s, const struct url *url)
{
	size_t len = (size_t)(file_of(url) - url->path);
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->starts[i].host, url->host) == 0 &&
		    str_eq(str_of(s->starts[i].directory), str_sub(str_of(url->path), 0, len)))
			return;
	s->starts = mem_resize(s->starts, s->count + 1, sizeof *s->starts);
	s->starts[s->count++] =
	    (struct start){mem_dup(url->host), str_dup(str_sub(str_of(url->path), 0, len))};
}

/* On a host where a recursion began, and with --no-parent below one of the directories. A host
 * that was only led to has no directory to be above of. */
static bool is_in_place(const struct scope *s, const struct url *url)
{
	bool host_known = false, below = false;
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->starts[i].host, url->host) != 0)
			continue;
		host_known = true;
		below = below || str_starts(str_of(url->path), s->starts[i].directory);
	}
	if (!host_known)
		return s->o->span_hosts;
	return s->o->parent || below;
}

/* wget's rule: with a wildcard it is a pattern for the whole name, otherwise an ending. */
static bool matches(struct str wanted, const char *name)
{
	char *pattern = str_dup(str_trim(wanted));
	bool wild = strpbrk(pattern, "*?[");
	bool hit = wild ? fnmatch(pattern, name, 0) == 0
			: *pattern && str_ends_nocase(str_of(name), pattern);
	free(pattern);
	return hit;
}

static bool is_among(const struct list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		struct str rest = str_of(list->items[i].text), one;
		while (str_cut(&rest, ',', &one))
			if (matches(one, name))
				return true;
	}
	return false;
}

bool scope_wants_name(const struct webget_options *o, const struct url *url)
{
	const char *name = file_of(url);
	if (!*name)
		name = LOCALNAME_INDEX;
	return (o->accept.count == 0 || is_among(&o->accept, name)) &&
	       !is_among(&o->reject, name);
}

static bool may_be_page(const struct url *url)
{
	struct str name = str_of(file_of(url));
	return name.len == 0 || str_ends_nocase(name, ".html") ||
	       str_ends_nocase(name, ".htm") || str_ends_nocase(name, ".xhtml");
}

enum verdict scope_judge(const struct scope *s, const struct url *url, int level)
{
	int64_t most = s->o->level;
	if (!s->o->recursive || (most && level > most) || !is_in_place(s, url))
		return VERDICT_NO;
	if (scope_wants_name(s->o, url))
		return VERDICT_YES;
	return may_be_page(url) && (!most || level < most) ? VERDICT_LINKS_ONLY : VERDICT_NO;
}
