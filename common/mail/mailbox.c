/*
 * Address lists: a parser of one pass over the text. Knows no field.
 */
#include "common/mail/mailbox.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/field.h"
#include "common/text/visible.h"

struct parser {
	struct str text;
	size_t at;
	bool in_group;
	/* Of the element being read: */
	size_t start;
	struct buf name;  /* its words as a display name */
	struct buf local; /* the same as a local part: quotes and white space taken off */
	struct buf domain;
	struct buf comment; /* the last one: the name in "ada@example.org (Ada)" */
	bool loose;         /* words with white space between them and no dot: no local part */
	bool any;           /* something stood there */
	bool quoted;        /* one of the words was a quoted string */
};

enum { PART_MAX = 4000 }; /* of an element; the longest address is far shorter */

void mailboxes_free(struct mailboxes *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].address);
		free(list->items[i].name);
	}
	free(list->items);
	*list = (struct mailboxes){0};
}

/* --- Characters --- */

static bool is_atext(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || (unsigned char)c >= 0x80 ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

bool mailbox_is_dot_atom(struct str s)
{
	if (s.len == 0 || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_atext(s.ptr[i]) && !(s.ptr[i] == '.' && s.ptr[i - 1] != '.'))
			return false;
	return true;
}

static bool at_end(const struct parser *p)
{
	return p->at >= p->text.len;
}

static char peek(const struct parser *p)
{
	return at_end(p) ? '\0' : p->text.ptr[p->at];
}

static bool skip(struct parser *p, char c)
{
	bool there = !at_end(p) && peek(p) == c;
	p->at += there;
	return there;
}

/* --- White space and comments --- */

static bool read_comment(struct parser *p)
{
	size_t depth = 0;
	buf_clear(&p->comment);
	do {
		char c = peek(p);
		p->at++;
		depth += c == '(';
		depth -= c == ')';
		if (c == '\\' && !at_end(p))
			c = p->text.ptr[p->at++];
		else if ((c == '(' && depth == 1) || depth == 0 || c == '\r' || c == '\n')
			continue;
		buf_add_byte(&p->comment, c);
	} while (depth && !at_end(p));
	return depth == 0;
}

/* False for a comment that does not end. *any (may be NULL) tells whether there was any. */
static bool skip_space(struct parser *p, bool *any)
{
	size_t before = p->at;
	bool good = true;
	while (good && !at_end(p)) {
		if (strchr(" \t\r\n", peek(p)) && peek(p))
			p->at++;
		else if (peek(p) == '(')
			good = read_comment(p);
		else
			break;
	}
	if (any)
		*any = p->at > before;
	return good;
}

/* --- Words --- */

/* A quoted string; its text goes to both. CR and LF are its folding. */
static bool read_quoted(struct parser *p)
{
	p->at++;
	p->quoted = true;
	while (!at_end(p) && peek(p) != '"') {
		char c = p->text.ptr[p->at++];
		if (c == '\\' && !at_end(p))
			c = p->text.ptr[p->at++];
		if (c == '\r' || c == '\n')
			continue;
		buf_add_byte(&p->name, c);
		buf_add_byte(&p->local, c);
	}
	return skip(p, '"');
}

static void read_atom(struct parser *p)
{
	size_t from = p->at;
	while (!at_end(p) && (is_atext(peek(p)) || peek(p) == '.'))
		p->at++;
	struct str atom = str_sub(p->text, from, p->at - from);
	buf_add_str(&p->name, atom);
	buf_add_str(&p->local, atom);
}

static bool is_word(char c)
{
	return is_atext(c) || c == '"' || c == '.';
}

static bool ends_in_dot(const struct buf *b)
{
	return b->len && b->ptr[b->len - 1] == '.';
}

/* Words up to something else. */
static bool read_words(struct parser *p)
{
	bool space = false;
	if (!skip_space(p, NULL))
		return false;
	while (!at_end(p) && is_word(peek(p))) {
		if (p->any && space) {
			p->loose |= peek(p) != '.' && !ends_in_dot(&p->local);
			buf_add_byte(&p->name, ' ');
		}
		p->any = true;
		if (peek(p) != '"')
			read_atom(p);
		else if (!read_quoted(p))
			return false;
		if (!skip_space(p, &space))
			return false;
	}
	return true;
}

/* --- Addresses --- */

static bool read_literal(struct parser *p)
{
	while (!at_end(p) && peek(p) != ']') {
		char c = p->text.ptr[p->at++];
		if (c <= ' ' || c == '\\' || c == 0x7f)
			return false;
		buf_add_byte(&p->domain, c);
	}
	buf_add_byte(&p->domain, ']');
	return skip(p, ']');
}

static bool read_domain(struct parser *p)
{
	buf_clear(&p->domain);
	if (!skip_space(p, NULL))
		return false;
	if (peek(p) == '[')
		return read_literal(p) && skip_space(p, NULL);
	/* RFC 5322 4.4: white space and comments may stand around the dots. */
	while (!at_end(p) && (is_atext(peek(p)) || peek(p) == '.')) {
		bool space = false;
		buf_add_byte(&p->domain, p->text.ptr[p->at++]);
		if (!skip_space(p, &space))
			return false;
		if (space && is_atext(peek(p)) && !ends_in_dot(&p->domain))
			return false;
	}
	return mailbox_is_dot_atom(buf_str(&p->domain));
}

static void reset_words(struct parser *p)
{
	buf_clear(&p->name);
	buf_clear(&p->local);
	p->any = p->loose = p->quoted = false;
}

/* RFC 5322 4.4: "@a,@b:" before the address means nothing any more. */
static bool skip_route(struct parser *p)
{
	if (peek(p) != '@')
		return true;
	while (!at_end(p) && peek(p) != ':' && peek(p) != '>')
		p->at++;
	return skip(p, ':');
}

/* What stands in local and domain, as one string; NULL if that is no address. */
static char *joined(struct parser *p, bool has_domain)
{
	struct buf out = BUF_INIT(LIMIT_ADDRESS);
	struct str local = buf_str(&p->local);
	bool good = p->any && !p->loose && !p->local.over && (local.len || p->quoted);
	if (mailbox_is_dot_atom(local))
		buf_add_str(&out, local);
	else
		field_put_quoted(&out, local);
	if (has_domain)
		buf_addf(&out, "@%s", buf_cstr(&p->domain));
	good = good && !out.over && !p->domain.over && !memchr(buf_cstr(&out), '\0', out.len);
	char *text = good ? buf_steal(&out) : NULL;
	buf_free(&out);
	return text;
}

static bool add(struct mailboxes *list, char *address, char *name)
{
	if (!address || list->count >= LIMIT_RECIPIENTS) {
		free(address);
		free(name);
		return false;
	}
	if (list->count == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 8;
		list->items = mem_resize(list->items, list->cap, sizeof *list->items);
	}
	list->items[list->count++] = (struct mailbox){address, name};
	return true;
}

/* A name as a C string: what follows a NUL is not a name's. */
static char *named(const struct buf *b)
{
	return b->len ? mem_dup(buf_cstr(b)) : NULL;
}

/* After "<". An empty one, "<>", is the null path: no mailbox. */
static bool read_angle(struct parser *p, struct mailboxes *list)
{
	char *name = p->any ? named(&p->name) : NULL;
	reset_words(p);
	bool good = skip_space(p, NULL) && skip_route(p) && read_words(p);
	bool has_domain = good && skip(p, '@');
	if (has_domain)
		good = read_domain(p);
	good = good && skip(p, '>') && skip_space(p, NULL);
	if (good && (p->any || has_domain))
		return add(list, joined(p, has_domain), name);
	free(name);
	return good;
}

static bool read_bare(struct parser *p, struct mailboxes *list)
{
	bool has_domain = skip(p, '@');
	if (has_domain && !read_domain(p))
		return false;
	if (!p->any && !has_domain)
		return true; /* an empty element */
	return add(list, joined(p, has_domain), named(&p->comment));
}

/* One element and what ends it. */
static bool read_element(struct parser *p, struct mailboxes *list)
{
	reset_words(p);
	buf_clear(&p->comment);
	p->start = p->at;
	if (!read_words(p))
		return false;
	if (!p->in_group && skip(p, ':')) {
		p->in_group = true;
		return true;
	}
	if (!(skip(p, '<') ? read_angle(p, list) : read_bare(p, list)))
		return false;
	if (p->in_group && skip(p, ';')) {
		p->in_group = false;
		/* Nothing but a comma may follow a group; its absence is forgiven. */
		return skip_space(p, NULL) && (skip(p, ',') || true);
	}
	return at_end(p) || skip(p, ',') || skip(p, ';');
}

static bool refuse(const struct parser *p, struct err *err)
{
	enum { SHOWN = 80 };
	struct buf shown = BUF_INIT(4 * SHOWN + 4);
	struct str bad = str_trim(str_sub(p->text, p->start, SHOWN));
	visible_put_text(&shown, bad, "");
	err_set(err, ERR_DATA, "not a mail address: %s", buf_cstr(&shown));
	buf_free(&shown);
	return false;
}

bool mailboxes_parse(struct mailboxes *list, struct str text, struct err *err)
{
	struct parser p = {.text = text};
	bool good = true;
	p.name = p.local = p.domain = p.comment = BUF_INIT(PART_MAX);
	while (good && !at_end(&p))
		good = read_element(&p, list);
	if (!good && list->count >= LIMIT_RECIPIENTS)
		err_set(err, ERR_DATA, "more than %d addresses", LIMIT_RECIPIENTS);
	else if (!good)
		refuse(&p, err);
	buf_free(&p.name);
	buf_free(&p.local);
	buf_free(&p.domain);
	buf_free(&p.comment);
	return good;
}

bool mailboxes_parse_one(struct mailboxes *list, struct str text, struct err *err)
{
	size_t before = list->count;
	struct parser whole = {.text = text};
	if (!mailboxes_parse(list, text, err))
		return false;
	return list->count == before + 1 || refuse(&whole, err);
}
