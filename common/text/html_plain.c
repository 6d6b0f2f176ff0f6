/*
 * A tokenizer (HTML Living Standard 13.2.5) that gives up wherever the standard's states or the
 * building of a tree would begin to matter. Knows no tree.
 */
#include "common/text/html_plain.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/html_rows.h"
#include "common/text/utf8.h"

/* More in one tag are the parser's. */
#define MOST_ATTRIBUTES 16

enum element {
	ELEMENT_OTHER,
	/* Put into the tree wherever it stands, with its attributes. */
	ELEMENT_FLOW,
	/* Left out of the tree, or joined with another, where it does not belong. */
	ELEMENT_FRAME,
	/* The same, and those that belong into it are left out elsewhere. */
	ELEMENT_TABLE,
	/* Nothing but its end tag is read in it. */
	ELEMENT_RAW,
};

/* In the order of bsearch. */
static const char *const flow[] = {"a", "abbr", "address", "area", "article", "aside", "audio",
    "b", "base", "big", "blockquote", "br", "center", "cite", "code", "dd", "del", "details",
    "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "label", "li", "link", "main",
    "map", "mark", "meta", "nav", "ol", "p", "picture", "pre", "q", "s", "samp", "section",
    "small", "source", "span", "strong", "sub", "summary", "sup", "time", "track", "tt", "u",
    "ul", "var", "video"};
static const char *const frame[] = {
    "body", "head", "html", "tbody", "td", "tfoot", "th", "thead", "tr"};
static const char *const raw[] = {"script", "style", "title"};

struct attribute {
	struct str name;
	size_t at, len; /* the value in the page, without its quotes */
	char quote;     /* 0: there is none */
	bool valued;
};

struct tag {
	struct str name;
	struct attribute attributes[MOST_ATTRIBUTES];
	size_t count;
};

/* What a token is to whoever reads on. */
enum token { TOKEN_WHOLE, TOKEN_CUT, TOKEN_ODD };

struct plain {
	struct str page;
	size_t at, end;
	struct html_pieces *out;
};

void html_pieces_add(struct html_pieces *list, const struct html_piece *piece)
{
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 16;
		list->all = mem_resize(list->all, list->room, sizeof *list->all);
	}
	list->all[list->count++] = *piece;
}

void html_pieces_free(struct html_pieces *list)
{
	free(list->all);
	*list = (struct html_pieces){0};
}

static int by_place(const void *a, const void *b)
{
	const struct html_piece *p = a, *q = b;
	if (p->at != q->at)
		return p->at < q->at ? -1 : 1;
	return (p->len > q->len) - (p->len < q->len);
}

void html_pieces_sort(struct html_pieces *list)
{
	size_t kept = 0;
	if (list->count)
		qsort(list->all, list->count, sizeof *list->all, by_place);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || list->all[i].at != list->all[kept - 1].at)
			list->all[kept++] = list->all[i];
	list->count = kept;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int by_name(const void *key, const void *row)
{
	const struct str *name = key;
	const char *known = *(const char *const *)row;
	size_t i = 0;
	while (i < name->len && known[i] && char_lower(name->ptr[i]) == known[i])
		i++;
	char c = i < name->len ? char_lower(name->ptr[i]) : '\0';
	return (unsigned char)c - (unsigned char)known[i];
}

#define IS_AMONG(name, list)                                                                   \
	(bsearch(&(name), list, sizeof list / sizeof *list, sizeof *list, by_name) != NULL)

static enum element element_of(struct str name)
{
	/* Most are: a, b, i, p ... */
	if (name.len == 1 && strchr("abipqsu", char_lower(name.ptr[0])))
		return ELEMENT_FLOW;
	if (IS_AMONG(name, flow))
		return ELEMENT_FLOW;
	if (IS_AMONG(name, frame))
		return ELEMENT_FRAME;
	if (IS_AMONG(name, raw))
		return ELEMENT_RAW;
	return str_is_nocase(name, "table") ? ELEMENT_TABLE : ELEMENT_OTHER;
}

/* ---- tags ---- */

static char peek(const struct plain *p)
{
	return p->at < p->end ? p->page.ptr[p->at] : '\0';
}

static void skip_space(struct plain *p)
{
	while (p->at < p->end && is_space(p->page.ptr[p->at]))
		p->at++;
}

static struct str take_name(struct plain *p, const char *stop)
{
	size_t start = p->at;
	while (p->at < p->end &&
	       (is_letter(p->page.ptr[p->at]) ||
		   (!is_space(p->page.ptr[p->at]) && !strchr(stop, p->page.ptr[p->at]))))
		p->at++;
	return str_sub(p->page, start, p->at - start);
}

static enum token read_value(struct plain *p, struct attribute *a)
{
	a->valued = true;
	a->quote = peek(p) == '"' || peek(p) == '\'' ? peek(p) : '\0';
	p->at += a->quote != '\0';
	a->at = p->at;
	struct str rest = str_sub(p->page, p->at, p->end - p->at);
	if (a->quote) {
		a->len = str_find(rest, a->quote);
		p->at += a->len + 1;
		return p->at <= p->end ? TOKEN_WHOLE : TOKEN_CUT;
	}
	a->len = take_name(p, ">").len;
	return a->len ? TOKEN_WHOLE : p->at < p->end ? TOKEN_ODD : TOKEN_CUT;
}

static bool is_named_twice(const struct tag *tag)
{
	const struct attribute *last = &tag->attributes[tag->count - 1];
	for (size_t i = 0; i + 1 < tag->count; i++)
		if (str_eq_nocase(tag->attributes[i].name, last->name))
			return true;
	return false;
}

static enum token read_attribute(struct plain *p, struct tag *tag)
{
	if (tag->count == MOST_ATTRIBUTES)
		return TOKEN_ODD;
	struct attribute *a = &tag->attributes[tag->count++];
	*a = (struct attribute){.name = take_name(p, "/>=\"'<")};
	if (p->at < p->end && (!a->name.len || strchr("\"'<", peek(p)) || is_named_twice(tag)))
		return TOKEN_ODD;
	skip_space(p);
	if (peek(p) != '=')
		return TOKEN_WHOLE;
	p->at++;
	skip_space(p);
	enum token token = read_value(p, a);
	bool apart = p->at >= p->end || is_space(peek(p)) || peek(p) == '>' || peek(p) == '/';
	return token == TOKEN_WHOLE && !apart ? TOKEN_ODD : token;
}

/* From the name to behind the >. */
static enum token read_tag(struct plain *p, struct tag *tag)
{
	enum token token = TOKEN_WHOLE;
	tag->count = 0;
	tag->name = take_name(p, "/>");
	while (token == TOKEN_WHOLE) {
		skip_space(p);
		if (p->at >= p->end)
			return TOKEN_CUT;
		char c = peek(p);
		if (c == '>')
			break;
		if (c == '/')
			p->at++;
		else
			token = read_attribute(p, tag);
	}
	p->at++;
	return token;
}

/* ---- what is in them ---- */

/* What parsers replace by another character or take for a part of one. */
static bool is_replaced(uint32_t code)
{
	return code == '&' || (code < ' ' && code != '\t' && code != '\n') ||
	       (code >= 0x7f && code < 0xa0) || (code >= 0xfdd0 && code < 0xfdf0) ||
	       (code & 0xfffe) == 0xfffe;
}

/* A value that a parser would hand on as it stands. */
static bool is_clean(struct str value)
{
	while (value.len) {
		uint32_t code;
		size_t len = utf8_next(value, &code);
		if (!len || is_replaced(code))
			return false;
		value = str_sub(value, len, value.len);
	}
	return true;
}

static struct str value_of(const struct plain *p, const struct attribute *a)
{
	return str_sub(p->page, a->at, a->len);
}

/* An attribute's value, empty if it has none. False when a parser is to read it. */
static bool get(
    const struct plain *p, const struct tag *tag, const char *name, struct str *value)
{
	*value = STR_NONE;
	for (size_t i = 0; i < tag->count; i++)
		if (str_is_nocase(tag->attributes[i].name, name))
			*value = value_of(p, &tag->attributes[i]);
	return is_clean(*value);
}

static bool add_guard(struct plain *p, const struct attribute *a)
{
	if (!is_clean(value_of(p, a)))
		return false;
	size_t at = (size_t)(a->name.ptr - p->page.ptr);
	size_t end = a->at + a->len + (a->quote != '\0');
	struct html_piece piece = {.form = HTML_GUARD,
	    .use = HTML_MENTIONED,
	    .value = value_of(p, a),
	    .at = at,
	    .len = end - at};
	html_pieces_add(p->out, &piece);
	return true;
}

static bool add_attribute(struct plain *p, const struct tag *tag, const struct attribute *a,
    const struct html_row *row)
{
	struct str rel;
	if (!a->valued)
		return false;
	if (row->form == HTML_GUARD)
		return add_guard(p, a);
	struct html_piece piece = {.form = row->form,
	    .use = row->use,
	    .value = value_of(p, a),
	    .at = a->at,
	    .len = a->len,
	    .quote = a->quote};
	if (!is_clean(piece.value) || !get(p, tag, "rel", &rel))
		return false;
	if (str_is_nocase(tag->name, "link") && row->form == HTML_URL)
		piece.use = html_use_of_link(rel);
	piece.nofollow = html_has_word(rel, "nofollow");
	html_pieces_add(p->out, &piece);
	return true;
}

static bool add_meta(struct plain *p, const struct tag *tag, const struct attribute *a)
{
	static const struct html_row refresh = {NULL, NULL, HTML_REFRESH, HTML_LINKED};
	static const struct html_row robots = {NULL, NULL, HTML_ROBOTS, HTML_MENTIONED};
	struct str name, equivalent;
	if (!get(p, tag, "name", &name) || !get(p, tag, "http-equiv", &equivalent))
		return false;
	if (str_is_nocase(equivalent, "refresh"))
		return add_attribute(p, tag, a, &refresh);
	return !str_is_nocase(name, "robots") || add_attribute(p, tag, a, &robots);
}

static bool add_pieces(struct plain *p, const struct tag *tag, enum element element)
{
	bool is_meta = str_is_nocase(tag->name, "meta");
	for (size_t i = 0; i < tag->count; i++) {
		const struct attribute *a = &tag->attributes[i];
		const struct html_row *row = html_row_next(tag->name, a->name, NULL);
		if (row && (element == ELEMENT_FRAME || !add_attribute(p, tag, a, row)))
			return false;
		if (is_meta && str_is_nocase(a->name, "content") && !add_meta(p, tag, a))
			return false;
	}
	return true;
}

/* ---- tokens ---- */

/* To behind the end tag of an element whose text is not read. */
static enum token pass_raw(struct plain *p, struct str name)
{
	struct str text = str_sub(p->page, p->at, p->end - p->at);
	size_t at = 0;
	for (;; at++) {
		at += str_find(str_sub(text, at, text.len), '<');
		struct str end = str_sub(text, at + 2, name.len);
		if (at >= text.len)
			return TOKEN_CUT;
		/* In a script this hides its end. */
		if (str_starts(str_sub(text, at, 4), "<!--"))
			return TOKEN_ODD;
		if (text.ptr[at + 1 < text.len ? at + 1 : at] == '/' &&
		    str_eq_nocase(end, name))
			break;
	}
	if (str_is_nocase(name, "style")) {
		struct html_piece sheet = {.form = HTML_SHEET,
		    .use = HTML_NEEDED,
		    .value = str_sub(text, 0, at),
		    .at = p->at,
		    .len = at};
		html_pieces_add(p->out, &sheet);
	}
	p->at += at + 2 + name.len;
	if (p->at >= p->end)
		return TOKEN_CUT;
	return p->page.ptr[p->at++] == '>' ? TOKEN_WHOLE : TOKEN_ODD;
}

static enum token read_start(struct plain *p)
{
	struct tag tag;
	enum token token = read_tag(p, &tag);
	if (token != TOKEN_WHOLE)
		return token;
	enum element element = element_of(tag.name);
	/* A parser that reads on from the middle of a table must know that. */
	bool hides = element == ELEMENT_TABLE && p->end < p->page.len;
	if (element == ELEMENT_OTHER || hides || !add_pieces(p, &tag, element))
		return TOKEN_ODD;
	return element == ELEMENT_RAW ? pass_raw(p, tag.name) : TOKEN_WHOLE;
}

/* A comment or the document's type. */
static enum token read_declaration(struct plain *p)
{
	struct str rest = str_sub(p->page, p->at, p->end - p->at);
	size_t len;
	if (str_starts(rest, "--")) {
		struct str text = str_sub(rest, 2, rest.len);
		len = str_find_str(text, STR("-->"));
		struct str inside = str_sub(text, 0, len);
		if (str_starts(text, ">") || str_starts(text, "->") ||
		    str_find_str(inside, STR("--!>")) < inside.len)
			return TOKEN_ODD;
		len += 2 + 3;
	} else {
		len = str_find(rest, '>') + 1;
		if (rest.len >= 7 && !str_eq_nocase(str_sub(rest, 0, 7), STR("doctype")))
			return TOKEN_ODD;
	}
	p->at += len;
	return p->at <= p->end ? TOKEN_WHOLE : TOKEN_CUT;
}

/* From a < on. */
static enum token read_token(struct plain *p)
{
	struct tag end_tag;
	char c = p->at + 1 < p->end ? p->page.ptr[p->at + 1] : '\0';
	char d = p->at + 2 < p->end ? p->page.ptr[p->at + 2] : '\0';
	if (p->at + 2 >= p->end)
		return TOKEN_CUT;
	if (is_letter(c)) {
		p->at++;
		return read_start(p);
	}
	p->at += 2;
	if (c == '/' && is_letter(d))
		return read_tag(p, &end_tag);
	return c == '!' ? read_declaration(p) : TOKEN_ODD;
}

bool html_plain_read(struct str page, size_t *from, size_t end, struct html_pieces *out)
{
	struct plain p = {.page = page, .at = *from, .end = end, .out = out};
	enum token token = TOKEN_WHOLE;
	size_t whole = *from;
	while (token == TOKEN_WHOLE) {
		size_t pieces = out->count;
		p.at += str_find(str_sub(page, p.at, end - p.at), '<');
		whole = p.at;
		if (p.at >= end)
			break;
		token = read_token(&p);
		if (token == TOKEN_CUT)
			out->count = pieces;
	}
	/* What the page ends in the middle of is nothing. */
	if (token == TOKEN_CUT && end == page.len)
		return false;
	bool moved = token != TOKEN_ODD && whole > *from;
	*from = moved ? whole : *from;
	return moved;
}
