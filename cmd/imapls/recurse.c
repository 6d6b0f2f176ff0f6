/*
 * The messages of many mailboxes, one after the other, as ls -R has directories.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/imapls/list.h"
#include "common/cli/say.h"

/* The one that is named and those below it; all if none is. */
static bool is_meant(const struct folder *f, const char *top)
{
	size_t len = top ? strlen(top) : 0;
	if (!f->selectable)
		return false;
	return !top || (str_starts(str_of(f->name), top) &&
			   (f->name[len] == '\0' || f->name[len] == f->delimiter));
}

static size_t keep_meant(struct folders *f, const char *top)
{
	size_t kept = 0;
	for (size_t k = 0; k < f->count; k++) {
		if (is_meant(&f->items[k], top)) {
			struct folder x = f->items[kept];
			f->items[kept++] = f->items[k];
			f->items[k] = x;
		}
	}
	return kept;
}

static void pass_named(struct err *err, const struct err *own, const char *mailbox)
{
	err_set(err, own->kind, "%.200s: %.200s", mailbox, own->text);
	err_set_said(err, own->code, str_of(own->said));
}

bool list_recursive(struct session *s, struct show *w, bool last, struct err *err)
{
	struct folders f = {0};
	bool ok = folders_list(s, &f, false, false, err);
	size_t count = ok ? keep_meant(&f, s->target.mailbox) : 0;
	if (ok && count == 0 && s->target.mailbox)
		ok = err_set(err, ERR_ABSENT, "there is no mailbox of this name");
	w->many = true;
	for (size_t k = 0; k < count; k++) {
		struct err own = {0};
		show_heading(w, f.items[k].name, k == 0);
		if (list_letters(s, f.items[k].name, w, last && k + 1 == count, &own))
			continue;
		/* One that can't be read does not keep the others from being listed. The
		 * first such is told at the end, by whom the run is called. */
		if (err_is_set(err))
			say_error("imapls", f.items[k].name, &own);
		else
			pass_named(err, &own, f.items[k].name);
		ok = false;
		if (own.kind != ERR_ABSENT && own.kind != ERR_REFUSED)
			break;
	}
	folders_free(&f);
	return ok;
}
