/*
 * LIST and STATUS.
 */
#include "cmd/imapls/folders.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/imapls/utf7.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"

/* Mailboxes of one account. */
#define FOLDERS_MOST 200000
#define NAME_MOST (64 * KIB)

static const struct {
	const char *attribute, *role;
} roles[] = {
    {"\\All", "all"},
    {"\\Archive", "archive"},
    {"\\Drafts", "drafts"},
    {"\\Flagged", "flagged"},
    {"\\Important", "important"},
    {"\\Junk", "junk"},
    {"\\Sent", "sent"},
    {"\\Trash", "trash"},
};

void folders_free(struct folders *f)
{
	for (size_t k = 0; k < f->count; k++) {
		free(f->items[k].raw);
		free(f->items[k].name);
	}
	free(f->items);
	*f = (struct folders){0};
}

/* ---- LIST ---- */

static void note_attribute(struct folder *x, const struct token *t)
{
	if (token_is(t, "\\Noselect") || token_is(t, "\\NonExistent"))
		x->selectable = false;
	if (token_is(t, "\\Subscribed"))
		x->subscribed = true;
	for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
		if (token_is(t, roles[k].attribute))
			x->role = roles[k].role;
}

static bool read_attributes(struct wire *w, struct folder *x)
{
	bool some;
	if (!wire_open(w, &some))
		return false;
	while (some) {
		struct token t = wire_token(w);
		if (t.kind == TOKEN_CLOSE)
			break;
		if (t.kind != TOKEN_ATOM)
			return wire_fail(w, "LIST: an attribute is no atom");
		note_attribute(x, &t);
	}
	return true;
}

static struct folder *add(struct folders *f)
{
	if (f->count == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 32;
		f->items = mem_resize(f->items, f->cap, sizeof *f->items);
	}
	f->items[f->count] = (struct folder){.selectable = true};
	return &f->items[f->count++];
}

/* (attributes) delimiter name */
static bool read_list(struct imap *i, struct folders *f)
{
	struct wire *w = &i->wire;
	struct buf delimiter = BUF_INIT(16), raw = BUF_INIT(NAME_MOST);
	if (f->count >= FOLDERS_MOST)
		return wire_fail(w, "more mailboxes than can be");
	struct folder *x = add(f);
	bool ok = read_attributes(w, x) && wire_string(w, &delimiter) && wire_string(w, &raw);
	if (ok) {
		struct buf name = BUF_INIT(2 * NAME_MOST);
		if (i->utf8)
			buf_add_str(&name, buf_str(&raw));
		else
			utf7_decode(&name, buf_str(&raw));
		x->name = buf_steal(&name);
		x->delimiter = delimiter.len ? delimiter.ptr[0] : '\0';
		x->raw = buf_steal(&raw);
	} else {
		f->count--;
	}
	buf_free(&delimiter);
	buf_free(&raw);
	return ok;
}

/* ---- STATUS ---- */

/* An answer, to be joined with its mailbox by name when all are there: servers send
 * them between and after those of LIST. */
static bool read_status(struct wire *w, struct folders *f)
{
	struct buf raw = BUF_INIT(NAME_MOST);
	bool some = false, ok = wire_string(w, &raw) && wire_open(w, &some);
	if (f->count >= FOLDERS_MOST)
		ok = wire_fail(w, "more mailboxes than can be");
	struct folder found = {.counted = true};
	while (ok && some) {
		struct token t = wire_token(w);
		uint64_t n;
		if (t.kind == TOKEN_CLOSE)
			break;
		if (token_is(&t, "MESSAGES"))
			ok = wire_number(w, &found.messages);
		else if (token_is(&t, "UNSEEN"))
			ok = wire_number(w, &found.unseen);
		else
			ok = t.kind == TOKEN_ATOM ? wire_number(w, &n)
						  : wire_fail(w, "STATUS names no item");
	}
	if (ok) {
		found.raw = buf_steal(&raw);
		*add(f) = found;
	}
	buf_free(&raw);
	return ok;
}

static int by_raw(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;
	return strcmp(x->raw, y->raw);
}

static void join(struct folders *f, const struct folders *statuses)
{
	if (statuses->count)
		qsort(statuses->items, statuses->count, sizeof *statuses->items, by_raw);
	for (size_t k = 0; k < f->count && statuses->count; k++) {
		const struct folder *found = bsearch(&f->items[k], statuses->items,
		    statuses->count, sizeof *statuses->items, by_raw);
		if (!found)
			continue;
		f->items[k].counted = true;
		f->items[k].messages = found->messages;
		f->items[k].unseen = found->unseen;
	}
}

/* ---- the whole ---- */

static bool read_answers(struct session *s, unsigned tag, struct folders *f,
    struct folders *statuses, struct err *err)
{
	struct imap *i = &s->imap;
	while (imap_next(i, tag, err)) {
		if (imap_is(i, "LIST"))
			read_list(i, f);
		else if (imap_is(i, "STATUS"))
			read_status(&i->wire, statuses);
	}
	return i->answered >= tag && !err_is_set(stream_err(i->stream));
}

static unsigned put_list(struct session *s, bool counts)
{
	unsigned can = s->imap.capabilities;
	bool status = counts && (can & IMAP_LIST_STATUS);
	const char *use = can & IMAP_SPECIAL_USE ? "SPECIAL-USE" : "";
	if (status)
		return imap_put(&s->imap,
		    "LIST \"\" \"*\" RETURN (%s%sSTATUS (MESSAGES UNSEEN))", use,
		    *use ? " " : "");
	if (*use && (can & IMAP_LIST_EXTENDED))
		return imap_put(&s->imap, "LIST \"\" \"*\" RETURN (%s)", use);
	return imap_put(&s->imap, "LIST \"\" \"*\"");
}

/* Where LIST can't count: one STATUS each, all sent at once. */
static bool count_each(
    struct session *s, struct folders *f, struct folders *statuses, struct err *err)
{
	unsigned tag = s->imap.answered;
	bool ok = true;
	for (size_t k = 0, sent = 0; ok && k < f->count; k++) {
		struct buf name = BUF_INIT(2 * NAME_MOST);
		/* As the server wrote it, bytes that should not be in there too. */
		if (f->items[k].selectable && str_is_one_line(str_of(f->items[k].raw)) &&
		    imap_add_quoted_any(&name, str_of(f->items[k].raw))) {
			tag =
			    imap_put(&s->imap, "STATUS %s (MESSAGES UNSEEN)", buf_cstr(&name));
			sent++;
		}
		buf_free(&name);
		/* So many that no buffer on the way fills up. */
		if (sent == 500) {
			ok = read_answers(s, tag, f, statuses, err);
			sent = 0;
		}
	}
	return ok && read_answers(s, tag, f, statuses, err);
}

static int by_name(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;
	bool inbox_x = str_is_nocase(str_of(x->name), "INBOX");
	bool inbox_y = str_is_nocase(str_of(y->name), "INBOX");
	if (inbox_x != inbox_y)
		return inbox_y - inbox_x;
	return strcmp(x->name, y->name);
}

bool folders_list(struct session *s, struct folders *f, bool counts, bool last, struct err *err)
{
	struct folders statuses = {0};
	if (!session_know(s, err))
		return false;
	bool together = !counts || (s->imap.capabilities & IMAP_LIST_STATUS);
	if (!session_enable(s, NULL, err))
		return false;
	unsigned tag = put_list(s, counts);
	if (together && last)
		imap_put_logout(&s->imap);
	bool ok = read_answers(s, tag, f, &statuses, err) &&
		  imap_good(&s->imap, ERR_REFUSED, "LIST was refused", err) &&
		  (together || count_each(s, f, &statuses, err));
	if (ok) {
		join(f, &statuses);
		if (f->count)
			qsort(f->items, f->count, sizeof *f->items, by_name);
	} else if (!err_is_set(err)) {
		err_pass(err, stream_err(s->imap.stream));
	}
	folders_free(&statuses);
	return ok;
}
