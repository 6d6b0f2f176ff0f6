/*
 * Lists. In the server's order a line is shown as it comes; in another one lines are made as
 * they come, and kept.
 */
#include "cmd/imapls/list.h"

#include <stdlib.h>

#include "cmd/imapls/list_inside.h"
#include "cmd/imapls/search.h"
#include "common/base/limits.h"
#include "common/base/mem.h"

/* ---- mailboxes ---- */

static int by_messages(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;
	return (x->messages < y->messages) - (x->messages > y->messages);
}

bool list_folders(struct session *s, struct show *w, bool last, struct err *err)
{
	struct folders f = {0};
	bool ok = folders_list(s, &f, !s->o->one_column || s->o->by_size, last, err);
	if (ok && s->o->by_size && f.count)
		qsort(f.items, f.count, sizeof *f.items, by_messages);
	for (size_t k = 0; ok && k < f.count; k++)
		show_folder(w, &f.items[s->o->reverse ? f.count - 1 - k : k]);
	folders_free(&f);
	return ok;
}

/* ---- messages ---- */

static bool keep_row(struct list_state *l)
{
	if (l->count >= LIMIT_MESSAGES)
		return wire_fail(&l->s->imap.wire, "it lists more messages than can be");
	if (l->count == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 64;
		l->rows = mem_resize(l->rows, l->cap, sizeof *l->rows);
	}
	const struct ordered *at =
	    l->threaded ? order_find(&l->order, (uint32_t)l->letter.uid) : NULL;
	l->letter.depth = at ? at->depth : 0;
	buf_clear(&l->line);
	show_put_letter(l->show, &l->line, &l->letter, l->mailbox);
	const struct imapls_options *o = l->s->o;
	int64_t key = o->by_time ? l->letter.time : o->by_size ? (int64_t)l->letter.size : 0;
	/* One that came meanwhile stands at the end. */
	if (l->threaded)
		key = at ? -(int64_t)at->place : INT64_MIN;
	l->rows[l->count] =
	    (struct row){key, l->count, str_dup(buf_str(&l->line)), l->line.len};
	l->count++;
	return true;
}

/* Largest key first, of equal ones the later message; without keys the server's order. */
static int by_key(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? 1 : -1;
	return (x->place < y->place) - (x->place > y->place);
}

static void show_rows(struct list_state *l)
{
	const struct imapls_options *o = l->s->o;
	bool sorted = o->by_time || o->by_size || l->threaded;
	size_t most = o->most ? (size_t)o->most : SIZE_MAX;
	if (sorted && l->count)
		qsort(l->rows, l->count, sizeof *l->rows, by_key);
	if (most > l->count)
		most = l->count;
	for (size_t k = 0; k < most; k++) {
		const struct row *r = &l->rows[o->reverse ? most - 1 - k : k];
		show_line(l->show, (struct str){r->line, r->len});
	}
}

/* The answers of one FETCH. What the server tells of other messages meanwhile has no
 * unique id or nothing but flags. */
static bool read_letters(struct list_state *l, unsigned tag, struct err *err)
{
	struct imap *i = &l->s->imap;
	bool bare = l->s->o->one_column && !l->s->o->common.jsonl;
	while (imap_next(i, tag, err)) {
		if (!imap_is(i, "FETCH"))
			continue;
		if (!letter_read(&l->letter, i))
			return err_pass(err, stream_err(i->stream));
		if (!l->letter.uid || (bare ? !l->letter.has_time : !l->letter.has_envelope))
			continue;
		if (!l->keep)
			show_letter(l->show, &l->letter, l->mailbox);
		else if (!keep_row(l))
			return err_pass(err, stream_err(i->stream));
		if (err_is_set(l->show->err))
			return false;
	}
	return i->answered >= tag && imap_good(i, ERR_REFUSED, "FETCH was refused", err);
}

static const char *items_of(const struct list_state *l)
{
	return l->s->o->one_column && !l->s->o->common.jsonl ? "(UID INTERNALDATE RFC822.SIZE)"
							     : letter_items;
}

/* All of them: asked for before anything is answered. */
static bool list_all(struct list_state *l, unsigned select, bool last, struct err *err)
{
	struct imap *i = &l->s->imap;
	unsigned tag = imap_put(i, "UID FETCH 1:* %s", items_of(l));
	if (last)
		imap_put_logout(i);
	return session_take_select(l->s, select, err) && read_letters(l, tag, err);
}

static bool list_newest(struct list_state *l, unsigned select, bool last, struct err *err)
{
	struct imap *i = &l->s->imap;
	uint64_t most = (uint64_t)l->s->o->most;
	if (!session_take_select(l->s, select, err))
		return false;
	if (i->exists == 0)
		return true;
	uint64_t from = i->exists > most ? i->exists - most + 1 : 1;
	unsigned tag = imap_put(i, "FETCH %llu:* %s", (unsigned long long)from, items_of(l));
	if (last)
		imap_put_logout(i);
	return read_letters(l, tag, err);
}

bool list_fetch_set(struct list_state *l, const struct set *set, bool last, struct err *err)
{
	struct imap *i = &l->s->imap;
	size_t next = 0;
	bool ok = true;
	while (ok && next < set->count) {
		struct buf text = BUF_INIT(LIMIT_URL);
		set_put(set, &text, &next, RANGES_MOST);
		unsigned tag = imap_put(i, "UID FETCH %s %s", buf_cstr(&text), items_of(l));
		if (last && next == set->count)
			imap_put_logout(i);
		ok = read_letters(l, tag, err);
		buf_free(&text);
	}
	return ok;
}

static bool list_found(struct list_state *l, unsigned select, bool last, struct err *err)
{
	struct set found = {0};
	bool ok = search_run(l->s, select, &found, err);
	if (l->s->o->most)
		set_keep_last(&found, (uint64_t)l->s->o->most);
	ok = ok && list_fetch_set(l, &found, last, err);
	set_free(&found);
	return ok;
}

static bool choose_way(struct list_state *l, unsigned select, bool last, struct err *err)
{
	const struct imapls_options *o = l->s->o;
	if (o->thread)
		return list_threads(l, select, last, err);
	if (o->most && o->by_size)
		return list_largest(l, select, last, err);
	if (options_search(o) || l->s->target.search)
		return list_found(l, select, last, err);
	if (o->most)
		return list_newest(l, select, last, err);
	return list_all(l, select, last, err);
}

bool list_letters(
    struct session *s, const char *mailbox, struct show *w, bool last, struct err *err)
{
	const struct imapls_options *o = s->o;
	struct list_state l = {.s = s,
	    .show = w,
	    .mailbox = mailbox,
	    .keep = o->by_time || o->by_size || o->reverse || o->thread,
	    .line = BUF_INIT(16 * MIB)};
	letter_init(&l.letter);
	unsigned select = session_put_select(s, mailbox, false, err);
	bool ok = select != 0 && choose_way(&l, select, last, err);
	if (ok)
		show_rows(&l);
	for (size_t k = 0; k < l.count; k++)
		free(l.rows[k].line);
	free(l.rows);
	order_free(&l.order);
	buf_free(&l.line);
	letter_free(&l.letter);
	return ok;
}
