/*
 * A scanner of style sheets that sees URLs only. Bytes in, slices out.
 */
#include "common/text/css.h"

#include <limits.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/text/utf8.h"

void css_open(struct css *c, struct str text)
{
	/* data: URLs stand here too: one that is longer is cut, and was no name of a file. */
	*c = (struct css){.text = text, .url = BUF_INIT(LIMIT_URL)};
}

void css_close(struct css *c)
{
	buf_free(&c->url);
}

static bool is_space(char b)
{
	return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f';
}

static bool is_newline(char b)
{
	return b == '\n' || b == '\r' || b == '\f';
}

static bool is_name(char b)
{
	return char_is_alpha(b) || char_is_digit(b) || b == '_' || b == '-' ||
	       (unsigned char)b >= 0x80;
}

static char peek(const struct css *c, size_t ahead)
{
	return c->at + ahead < c->text.len ? c->text.ptr[c->at + ahead] : '\0';
}

static bool ended(const struct css *c)
{
	return c->at >= c->text.len;
}

static void skip_space(struct css *c)
{
	while (!ended(c) && is_space(peek(c, 0)))
		c->at++;
}

/* c->at is behind a backslash: up to six hexadecimal digits and a space, or any byte. */
static void take_escape(struct css *c, struct buf *out)
{
	uint32_t code = 0;
	int digits = 0;
	for (; digits < 6 && char_hex(peek(c, 0)) >= 0; digits++, c->at++)
		code = code << 4 | (uint32_t)char_hex(peek(c, 0));
	if (digits == 0) {
		if (!ended(c))
			buf_add_byte(out, c->text.ptr[c->at++]);
		return;
	}
	utf8_put(out, code ? code : 0xfffd);
	if (!ended(c) && is_space(peek(c, 0)))
		c->at++;
}

/* An identifier, its escapes read; only its beginning matters. */
static void take_name(struct css *c, struct buf *out)
{
	while (!ended(c)) {
		char b = peek(c, 0);
		if (b == '\\' && !is_newline(peek(c, 1))) {
			c->at++;
			take_escape(c, out);
		} else if (is_name(b)) {
			buf_add_byte(out, b);
			c->at++;
		} else {
			return;
		}
	}
}

/* c->at is at a quote. False for a bad string: a line ended in it. */
static bool take_string(struct css *c)
{
	char quote = c->text.ptr[c->at++];
	buf_clear(&c->url);
	while (!ended(c)) {
		char b = c->text.ptr[c->at];
		if (is_newline(b))
			return false;
		c->at++;
		if (b == quote)
			return true;
		if (b != '\\')
			buf_add_byte(&c->url, b);
		else if (is_newline(peek(c, 0)))
			c->at += peek(c, 0) == '\r' && peek(c, 1) == '\n' ? 2 : 1;
		else
			take_escape(c, &c->url);
	}
	return true;
}

/* CSS Syntax 4.3.14. */
static void skip_bad_url(struct css *c)
{
	while (!ended(c) && peek(c, 0) != ')')
		c->at += peek(c, 0) == '\\' && peek(c, 1) ? 2 : 1;
}

/* url(... without quotes: c->at is at its first byte. */
static bool take_bare_url(struct css *c, struct css_ref *ref)
{
	buf_clear(&c->url);
	ref->at = c->at;
	ref->len = 0;
	while (!ended(c)) {
		char b = peek(c, 0);
		ref->len = c->at - ref->at;
		if (is_space(b))
			skip_space(c);
		if (ended(c) || peek(c, 0) == ')')
			break;
		if (is_space(b) || strchr("\"'(", b) || (unsigned char)b < 0x20 || b == 0x7f ||
		    (b == '\\' && is_newline(peek(c, 1)))) {
			skip_bad_url(c);
			return false;
		}
		c->at++;
		if (b == '\\')
			take_escape(c, &c->url);
		else
			buf_add_byte(&c->url, b);
		ref->len = c->at - ref->at;
	}
	return true;
}

static bool take_url(struct css *c, struct css_ref *ref)
{
	skip_space(c);
	if (peek(c, 0) != '"' && peek(c, 0) != '\'')
		return take_bare_url(c, ref);
	ref->at = c->at;
	bool good = take_string(c);
	ref->len = c->at - ref->at;
	return good;
}

/* A byte that is in no name. A value that was not closed ends with its declaration. */
static void take_mark(struct css *c)
{
	char b = c->text.ptr[c->at++];
	c->depth += b == '(' && c->depth < INT_MAX;
	c->depth -= b == ')' && c->depth > 0;
	if (b && strchr(";{}", b)) {
		c->depth = 0;
		c->names = false;
	}
	if (c->depth < c->set)
		c->set = 0;
}

/* An identifier, or a function's name with its parenthesis. True for a URL to be told. */
static bool take_word(struct css *c, struct css_ref *ref)
{
	struct buf name = BUF_INIT(24);
	size_t begin = c->at;
	take_name(c, &name);
	bool calls = peek(c, 0) == '(' && !name.over;
	bool is_url = calls && str_is_nocase(buf_str(&name), "url");
	bool is_set = calls && (str_is_nocase(buf_str(&name), "image-set") ||
				   str_is_nocase(buf_str(&name), "-webkit-image-set"));
	buf_free(&name);
	if (is_set && !c->set)
		c->set = c->depth + 1;
	if (c->at == begin)
		take_mark(c);
	if (!is_url)
		return false;
	c->at++;
	c->depth++; /* its end is a mark like any other */
	return take_url(c, ref) && !c->names;
}

static void take_rule(struct css *c)
{
	struct buf name = BUF_INIT(16);
	c->at++;
	take_name(c, &name);
	c->import = !name.over && str_is_nocase(buf_str(&name), "import");
	c->names = !name.over && str_is_nocase(buf_str(&name), "namespace");
	buf_free(&name);
}

static void skip_comment(struct css *c)
{
	struct str rest = str_sub(c->text, c->at + 2, c->text.len);
	c->at += 2 + str_find_str(rest, STR("*/")) + 2;
}

/* One token. True when it was a URL to be told. */
static bool take_token(struct css *c, struct css_ref *ref)
{
	char b = peek(c, 0);
	bool told = c->import || (c->set && c->depth == c->set && !c->names);
	if (b == '/' && peek(c, 1) == '*') {
		skip_comment(c);
		return false;
	}
	if (is_space(b)) {
		skip_space(c);
		return false;
	}
	c->import = false;
	if (b == '"' || b == '\'') {
		ref->at = c->at;
		bool good = take_string(c);
		ref->len = c->at - ref->at;
		return good && told;
	}
	if (b == '@') {
		take_rule(c);
		return false;
	}
	return take_word(c, ref);
}

bool css_next(struct css *c, struct css_ref *ref)
{
	while (!ended(c)) {
		if (!take_token(c, ref) || c->url.over)
			continue;
		ref->url = str_trim(buf_str(&c->url));
		return true;
	}
	return false;
}

void css_put_string(struct buf *out, struct str text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char b = (unsigned char)text.ptr[i];
		if (b < 0x20 || b == 0x7f)
			buf_addf(out, "\\%x ", b);
		else if (b == '"' || b == '\\')
			buf_addf(out, "\\%c", b);
		else
			buf_add_byte(out, (char)b);
	}
	buf_add_byte(out, '"');
}
