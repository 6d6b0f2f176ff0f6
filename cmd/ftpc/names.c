/*
 * Globs on the server's side.
 */
#include "cmd/ftpc/names.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/cli/say.h"

static char ask(struct shell *sh, const char *verb, const char *name)
{
	struct str answer;
	struct err ignored = {0};
	char *question = mem_printf("%s %s [anpqy?]? ", verb, name);
	bool typed = say_text(STDERR_FILENO, question, strlen(question), &ignored) &&
		     shell_read_line(sh, "", &answer);
	free(question);
	return !typed ? 'q' : answer.len ? char_lower(answer.ptr[0]) : 'y';
}

bool names_confirm(struct hand *h, struct shell *sh, const char *verb, const char *name)
{
	struct str help =
	    STR("y: yes; n: not this one; a: this and all that follow; q: none from here on\n"
		"p: as a, and prompt off\n");
	struct err ignored = {0};
	if (h->leaves_rest)
		return false;
	if (!h->asks || h->takes_rest || !shell_is_interactive(sh))
		return true;
	for (;;) {
		char answer = ask(sh, verb, name);
		h->takes_rest = answer == 'a' || answer == 'p';
		h->leaves_rest = answer == 'q';
		h->asks = answer != 'p';
		if (answer == 'n' || answer == 'q')
			return false;
		if (answer != '?')
			return true;
		say_text(STDERR_FILENO, help.ptr, help.len, &ignored);
	}
}

void names_begin(struct hand *h)
{
	h->takes_rest = h->leaves_rest = false;
}

static void add(struct names *n, char *path, const char *name)
{
	n->items = mem_resize(n->items, n->count + 1, sizeof *n->items);
	n->items[n->count++] = (struct name){path, mem_dup(name)};
}

static void take(struct names *n, struct hand *h, const char *dir, const char *name)
{
	if (!listing_is_safe(name)) {
		say_note(
		    "ftpc", false, "%s%s: a name that is not safe here is skipped", dir, name);
		return;
	}
	(void)h;
	add(n, mem_printf("%s%s", dir, name), name);
}

struct search {
	struct hand *h;
	struct shell *sh;
	const char *verb;
};

static bool match(struct names *n, const struct search *s, const char *pattern, struct err *err)
{
	const struct listing *l = &s->h->names;
	const char *slash = strrchr(pattern, '/');
	char *dir = str_dup((struct str){pattern, slash ? (size_t)(slash - pattern) + 1 : 0});
	bool ok = hand_find_names(s->h, dir, err);
	bool any = false;
	for (size_t i = 0; ok && i < l->count; i++) {
		const struct entry *e = &l->entries[i];
		if (e->type == ENTRY_DIR || fnmatch(slash ? slash + 1 : pattern, e->name, 0))
			continue;
		any = true;
		if (names_confirm(s->h, s->sh, s->verb, e->name))
			take(n, s->h, dir, e->name);
	}
	free(dir);
	return ok && (any || err_set(err, ERR_ABSENT, "%s: nothing there fits", pattern));
}

bool names_find(struct names *n, struct hand *h, struct shell *sh, char **argv, struct err *err)
{
	struct search s = {h, sh, argv[0]};
	bool ok = true;
	*n = (struct names){0};
	names_begin(h);
	for (int i = 1; ok && argv[i]; i++) {
		const char *slash = strrchr(argv[i], '/');
		const char *base = slash ? slash + 1 : argv[i];
		if (h->globs && strpbrk(base, "*?["))
			ok = match(n, &s, argv[i], err);
		else if (!listing_is_safe(base))
			ok = err_set(err, ERR_USAGE, "%s: not a safe name here", argv[i]);
		else if (names_confirm(h, sh, argv[0], argv[i]))
			add(n, mem_dup(argv[i]), base);
	}
	return ok;
}

void names_free(struct names *n)
{
	for (size_t i = 0; i < n->count; i++) {
		free(n->items[i].path);
		free(n->items[i].name);
	}
	free(n->items);
	*n = (struct names){0};
}
