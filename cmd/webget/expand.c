/*
 * Patterns in URLs. A pattern becomes pieces, text and groups; a group knows its
 * values by number, so that nothing is spelt out before it is asked for.
 */
#include "cmd/webget/expand.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/list.h"
#include "common/base/mem.h"
#include "common/text/number.h"

enum piece_kind { PIECE_TEXT, PIECE_SET, PIECE_NUMBERS, PIECE_LETTERS };

struct piece {
	enum piece_kind kind;
	struct list values;   /* of a set; of a text one */
	uint64_t first, step; /* of numbers and letters */
	int width;            /* numbers: digits at least */
	uint64_t count;       /* values it has */
	uint64_t at;          /* the current one */
};

struct expand {
	struct piece *pieces;
	size_t count, cap;
	uint64_t total;
	bool started;
};

struct reading {
	const char *pattern, *at;
	struct expand *e;
	struct err *err;
};

static bool refuse(const struct reading *r, const char *where, const char *why)
{
	return err_set(r->err, ERR_USAGE, "%s in column %zu of \"%.200s\"", why,
	    (size_t)(where - r->pattern) + 1, r->pattern);
}

static struct piece *add_piece(struct expand *e, enum piece_kind kind)
{
	if (e->count == e->cap) {
		e->cap = e->cap ? 2 * e->cap : 4;
		e->pieces = mem_resize(e->pieces, e->cap, sizeof *e->pieces);
	}
	struct piece *p = &e->pieces[e->count++];
	*p = (struct piece){.kind = kind, .count = 1};
	return p;
}

/* Moves what was collected to the piece as one more value. */
static void add_value(struct piece *p, struct buf *text)
{
	list_add(&p->values, NULL, buf_cstr(text));
	p->count = p->values.count;
	buf_clear(text);
}

/* Is it [::1], [fe80::1%25eth0]? Returns the length with both brackets, or 0. */
static size_t address_length(const char *at)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;
	size_t whole = strcspn(at, "]"), len = strcspn(at, "]%") - 1;
	if (at[whole] != ']' || len >= sizeof text)
		return 0;
	memcpy(text, at + 1, len);
	text[len] = '\0';
	return inet_pton(AF_INET6, text, &address) == 1 ? whole + 1 : 0;
}

static bool read_text(struct reading *r)
{
	struct buf text = BUF_INIT(strlen(r->at));
	while (*r->at && *r->at != '{') {
		size_t len = *r->at == '[' ? address_length(r->at) : 1;
		if (len == 0)
			break;
		if (*r->at == '}' || *r->at == ']') {
			buf_free(&text);
			return refuse(r, r->at, "nothing was opened that could be closed");
		}
		if (*r->at == '\\' && r->at[1] && strchr("{}[]", r->at[1]))
			r->at++;
		buf_add(&text, r->at, len);
		r->at += len;
	}
	if (text.len)
		add_value(add_piece(r->e, PIECE_TEXT), &text);
	buf_free(&text);
	return true;
}

static bool read_set(struct reading *r)
{
	const char *open = r->at++;
	struct buf value = BUF_INIT(strlen(r->at));
	struct piece *p = add_piece(r->e, PIECE_SET);
	if (*r->at == '}')
		return refuse(r, r->at, "nothing in the braces");
	for (; *r->at && !strchr("{}[]", *r->at); r->at++) {
		if (*r->at == ',')
			add_value(p, &value);
		else
			buf_add_byte(&value, *r->at == '\\' && r->at[1] ? *++r->at : *r->at);
	}
	add_value(p, &value);
	buf_free(&value);
	if (*r->at && *r->at != '}')
		return refuse(r, r->at, "a bracket inside braces");
	if (!*r->at++)
		return refuse(r, open, "the brace is not closed");
	return true;
}

/* first-last, with the step taken off. */
static bool read_bounds(struct piece *p, struct str text, uint64_t *last)
{
	struct str from = STR_NONE;
	str_cut(&text, '-', &from);
	if (from.len == 1 && text.len == 1 && char_is_alpha(*from.ptr)) {
		p->kind = PIECE_LETTERS;
		p->first = (unsigned char)*from.ptr;
		*last = (unsigned char)*text.ptr;
		return char_is_alpha(*text.ptr) && *last - p->first <= 'z' - 'a';
	}
	if (from.len && *from.ptr == '0')
		p->width = (int)(from.len < 20 ? from.len : 20);
	return number_parse(from, &p->first) && number_parse(text, last);
}

static bool read_range(struct reading *r)
{
	const char *open = r->at++;
	struct str whole = {r->at, strcspn(r->at, "]")}, bounds = STR_NONE;
	struct piece *p = add_piece(r->e, PIECE_NUMBERS);
	uint64_t last;
	if (r->at[whole.len] != ']')
		return refuse(r, open, "the bracket is not closed");
	r->at += whole.len + 1;
	bool stepped = str_has_byte(whole, ':');
	str_cut(&whole, ':', &bounds);
	p->step = 1;
	if (!read_bounds(p, bounds, &last))
		return refuse(r, open, "not a range like [1-100] or [a-z]");
	if (stepped && (!number_parse(whole, &p->step) || p->step == 0))
		return refuse(r, open, "the step is not a number from 1");
	if (last < p->first)
		return refuse(r, open, "the range runs backwards");
	uint64_t steps = (last - p->first) / p->step;
	p->count = steps < LIMIT_EXPAND ? steps + 1 : LIMIT_EXPAND + 1;
	return true;
}

static bool read_pattern(struct reading *r)
{
	while (*r->at) {
		const char *from = r->at;
		bool ok = *from == '{'                                ? read_set(r)
			  : *from == '[' && address_length(from) == 0 ? read_range(r)
								      : read_text(r);
		if (!ok)
			return false;
		const struct piece *p = &r->e->pieces[r->e->count - 1];
		r->e->total *= p->count;
		if (r->e->total > LIMIT_EXPAND)
			return refuse(r, from, "more URLs than the limit of one million");
	}
	return true;
}

struct expand *expand_open(const char *pattern, struct err *err)
{
	struct expand *e = mem_alloc(sizeof *e);
	struct reading r = {pattern, pattern, e, err};
	e->total = 1;
	if (read_pattern(&r))
		return e;
	expand_close(e);
	return NULL;
}

struct expand *expand_open_plain(const char *url)
{
	struct expand *e = mem_alloc(sizeof *e);
	struct piece *p = add_piece(e, PIECE_TEXT);
	list_add(&p->values, NULL, url);
	e->total = 1;
	return e;
}

static bool put_value(const struct piece *p, struct buf *out)
{
	uint64_t number = p->first + p->at * p->step;
	switch (p->kind) {
	case PIECE_NUMBERS:
		return buf_addf(out, "%0*llu", p->width, (unsigned long long)number);
	case PIECE_LETTERS: return buf_add_byte(out, (char)number);
	default: return buf_add_text(out, p->values.items[p->at].text);
	}
}

/* Like an odometer. False when it went round. */
static bool advance(struct expand *e)
{
	for (size_t i = e->count; i-- > 0;) {
		if (++e->pieces[i].at < e->pieces[i].count)
			return true;
		e->pieces[i].at = 0;
	}
	return false;
}

bool expand_next(struct expand *e, struct buf *url)
{
	if (e->started && (e->total == 0 || !advance(e))) {
		e->total = 0;
		return false;
	}
	e->started = true;
	buf_clear(url);
	bool ok = true;
	for (size_t i = 0; ok && i < e->count; i++)
		ok = put_value(&e->pieces[i], url);
	return ok;
}

unsigned long expand_count(const struct expand *e)
{
	return e->total;
}

/* Group number n, from 1; NULL if there is none. */
static const struct piece *group(const struct expand *e, uint64_t n)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->pieces[i].kind != PIECE_TEXT && --n == 0)
			return &e->pieces[i];
	return NULL;
}

static bool put_group(const struct piece *p, struct buf *out)
{
	size_t from = out->len;
	bool ok = put_value(p, out);
	for (size_t i = from; i < out->len; i++)
		if (out->ptr[i] == '/')
			out->ptr[i] = '_';
	return ok;
}

bool expand_output(const struct expand *e, const char *tmpl, struct buf *out)
{
	bool ok = true;
	while (ok && *tmpl) {
		size_t digits = *tmpl == '#' ? strspn(tmpl + 1, "0123456789") : 0;
		uint64_t n = 0;
		const struct piece *p = NULL;
		if (digits && number_parse((struct str){tmpl + 1, digits}, &n) && n)
			p = group(e, n);
		ok = p ? put_group(p, out) : buf_add_byte(out, *tmpl);
		tmpl += p ? digits + 1 : 1;
	}
	return ok;
}

void expand_close(struct expand *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->count; i++)
		list_free(&e->pieces[i].values);
	free(e->pieces);
	free(e);
}
