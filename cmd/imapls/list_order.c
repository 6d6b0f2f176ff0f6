/*
 * Threads and the largest messages: the server's THREAD and SORT (RFC 5256) where it has them;
 * otherwise what decides is fetched of all, and the lines of those that are shown only.
 */
#include <stdlib.h>

#include "cmd/imapls/list_inside.h"
#include "cmd/imapls/search.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/mail/message.h"
#include "common/text/number.h"

/* What is kept of the fields that make threads, of one message. */
#define FIELDS_MOST (64 * KIB)

/* Which messages are meant, as SORT and THREAD take it, or FETCH. */
struct chosen {
	struct set found; /* unique ids, if a search says so */
	bool searched;
	uint64_t from; /* otherwise numbers from here on */
	bool empty;
};

static bool choose(struct list_state *l, unsigned select, struct chosen *c, struct err *err)
{
	struct session *s = l->s;
	uint64_t most = s->o->by_size ? 0 : (uint64_t)s->o->most;
	c->searched = options_search(s->o) || s->target.search;
	c->from = 1;
	bool ok = c->searched ? search_run(s, select, &c->found, err)
			      : session_take_select(s, select, err);
	if (!ok)
		return false;
	if (most)
		set_keep_last(&c->found, most);
	if (most && s->imap.exists > most)
		c->from = s->imap.exists - most + 1;
	c->empty = c->searched ? c->found.count == 0 : s->imap.exists == 0;
	return s->imap.has_capabilities || imap_capability(&s->imap, err);
}

/* False when they don't fit in a line. */
static bool put_chosen(const struct chosen *c, struct buf *out)
{
	size_t next = 0;
	if (c->searched) {
		buf_add_text(out, "UID ");
		set_put(&c->found, out, &next, RANGES_MOST);
		return next == c->found.count;
	}
	return buf_addf(out, "%llu:*", (unsigned long long)c->from);
}

/* ---- asking the server ---- */

static bool read_sorted(struct wire *w, struct order *o)
{
	for (;;) {
		struct token t = wire_token(w);
		uint64_t uid;
		if (t.kind == TOKEN_END)
			return true;
		if (t.kind != TOKEN_ATOM || !number_parse_max(t.text, UINT32_MAX, &uid) ||
		    !order_add(o, (uint32_t)uid, 0))
			return wire_fail(w, "SORT lists what is no number");
	}
}

/* False with *err still empty: it can't, or does not want to. */
static bool ask_server(
    struct list_state *l, const struct chosen *c, const char *verb, struct err *err)
{
	struct imap *i = &l->s->imap;
	struct buf keys = BUF_INIT(LIMIT_LINE);
	bool fits = put_chosen(c, &keys), ok = true;
	unsigned tag = fits ? imap_put(i, "UID %s UTF-8 %s", verb, buf_cstr(&keys)) : 0;
	buf_free(&keys);
	while (fits && ok && imap_next(i, tag, err)) {
		if (imap_is(i, "THREAD"))
			ok = order_read_threads(&i->wire, &l->order);
		else if (imap_is(i, "SORT"))
			ok = read_sorted(&i->wire, &l->order);
	}
	err_pass(err, stream_err(i->stream));
	return fits && ok && !err_is_set(err) && i->status == IMAP_OK;
}

/* ---- finding out ---- */

struct facts {
	struct answer *items;
	size_t count, cap;
};

static struct answer *add_fact(struct facts *f, const struct letter *l, int64_t key)
{
	if (f->count == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 64;
		f->items = mem_resize(f->items, f->cap, sizeof *f->items);
	}
	f->items[f->count] = (struct answer){.uid = (uint32_t)l->uid, .time = key};
	return &f->items[f->count++];
}

static char *first_id(struct str value)
{
	size_t from = str_find(value, '<'), len;
	value = str_sub(value, from, value.len);
	len = str_find(value, '>');
	return len < value.len ? str_dup(str_sub(value, 0, len + 1)) : NULL;
}

static void take_fields(struct answer *a, struct buf *fields)
{
	struct message_head head = {0};
	struct buf parents = BUF_INIT(3 * FIELDS_MOST);
	if (!fields->over && message_head_parse(&head, buf_str(fields))) {
		a->id = first_id(message_head_value(&head, "Message-ID"));
		buf_add_str(&parents, message_head_value(&head, "In-Reply-To"));
		buf_add_str(&parents, message_head_value(&head, "References"));
	}
	a->parents = buf_steal(&parents);
	message_head_free(&head);
}

static bool read_fact(struct list_state *l, struct facts *f, struct err *err)
{
	struct imap *i = &l->s->imap;
	struct letter *x = &l->letter;
	struct buf fields = BUF_INIT(FIELDS_MOST);
	struct token body;
	enum letter_step step = LETTER_FAILED;
	bool ok = letter_start(x, i);
	while (ok && (step = letter_next(x, i, &body)) == LETTER_BODY)
		ok = wire_take_string(&i->wire, &body, &fields);
	ok = ok && step == LETTER_END;
	if (ok && f->count >= LIMIT_MESSAGES)
		ok = wire_fail(&i->wire, "it lists more messages than can be");
	if (ok && x->uid && (l->s->o->thread ? x->has_time : x->size > 0)) {
		struct answer *a = add_fact(f, x, l->s->o->thread ? x->time : (int64_t)x->size);
		if (l->s->o->thread)
			take_fields(a, &fields);
	}
	buf_free(&fields);
	return ok || err_pass(err, stream_err(i->stream));
}

static bool read_facts(struct list_state *l, struct facts *f, unsigned tag, struct err *err)
{
	struct imap *i = &l->s->imap;
	while (imap_next(i, tag, err))
		if (imap_is(i, "FETCH") && !read_fact(l, f, err))
			return false;
	return i->answered >= tag && imap_good(i, ERR_REFUSED, "FETCH was refused", err);
}

static bool fetch_facts(struct list_state *l, const struct chosen *c, struct facts *f,
    const char *items, struct err *err)
{
	struct imap *i = &l->s->imap;
	size_t next = 0;
	bool ok = true;
	if (!c->searched)
		return read_facts(l, f,
		    imap_put(i, "FETCH %llu:* %s", (unsigned long long)c->from, items), err);
	while (ok && next < c->found.count) {
		struct buf set = BUF_INIT(LIMIT_URL);
		set_put(&c->found, &set, &next, RANGES_MOST);
		ok = read_facts(
		    l, f, imap_put(i, "UID FETCH %s %s", buf_cstr(&set), items), err);
		buf_free(&set);
	}
	return ok;
}

static int by_size(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;
	if (x->time != y->time)
		return x->time < y->time ? 1 : -1;
	return (x->uid < y->uid) - (x->uid > y->uid);
}

static bool find_out(struct list_state *l, const struct chosen *c, struct err *err)
{
	static const char threads[] = "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID "
				      "IN-REPLY-TO REFERENCES)])";
	struct facts f = {0};
	bool thread = l->s->o->thread;
	order_free(&l->order);
	bool ok = fetch_facts(l, c, &f, thread ? threads : "(UID RFC822.SIZE)", err);
	if (ok && thread)
		ok = order_build(f.items, f.count, &l->order);
	else if (ok && f.count)
		qsort(f.items, f.count, sizeof *f.items, by_size);
	for (size_t k = 0; ok && !thread && k < f.count; k++)
		ok = order_add(&l->order, f.items[k].uid, 0);
	for (size_t k = 0; k < f.count; k++) {
		free(f.items[k].id);
		free(f.items[k].parents);
	}
	free(f.items);
	return ok;
}

/* ---- the whole ---- */

static bool show_ordered(struct list_state *l, bool last, struct err *err)
{
	struct set set = {0};
	bool ok = order_put_set(&l->order, &set) && list_fetch_set(l, &set, last, err);
	set_free(&set);
	return ok;
}

static bool list_by(
    struct list_state *l, unsigned select, const char *verb, unsigned needs, struct err *err)
{
	struct chosen c = {0};
	bool ok = choose(l, select, &c, err);
	if (ok && !c.empty) {
		bool can = l->s->imap.capabilities & needs;
		ok = (can && ask_server(l, &c, verb, err)) ||
		     (!err_is_set(err) && find_out(l, &c, err));
	}
	set_free(&c.found);
	return ok;
}

bool list_threads(struct list_state *l, unsigned select, bool last, struct err *err)
{
	l->threaded = true;
	return list_by(l, select, "THREAD REFERENCES", IMAP_THREAD, err) &&
	       show_ordered(l, last, err);
}

bool list_largest(struct list_state *l, unsigned select, bool last, struct err *err)
{
	if (!list_by(l, select, "SORT (REVERSE SIZE)", IMAP_SORT, err))
		return false;
	if (l->order.count > (size_t)l->s->o->most)
		l->order.count = (size_t)l->s->o->most;
	return show_ordered(l, last, err);
}
