/*
 * Header fields: the list, and what values are made of. Knows no field by name.
 */
#include "common/text/field.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/url.h"
#include "common/text/utf8.h"

void fields_free(struct fields *list)
{
	free(list->items);
	*list = (struct fields){0};
}

bool fields_add(struct fields *list, struct str name, struct str value)
{
	if (list->count >= LIMIT_HEAD_FIELDS)
		return false;
	if (list->count == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 16;
		list->items = mem_resize(list->items, list->cap, sizeof *list->items);
	}
	list->items[list->count++] = (struct field){name, value};
	return true;
}

static const struct field *find_from(const struct fields *list, struct str name, size_t i)
{
	for (; i < list->count; i++)
		if (str_eq_nocase(list->items[i].name, name))
			return &list->items[i];
	return NULL;
}

const struct field *fields_find(const struct fields *list, const char *name)
{
	return find_from(list, str_of(name), 0);
}

const struct field *fields_next(const struct fields *list, const struct field *after)
{
	return find_from(list, after->name, (size_t)(after - list->items) + 1);
}

size_t fields_count(const struct fields *list, const char *name)
{
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		count += str_is_nocase(list->items[i].name, name);
	return count;
}

struct str fields_value(const struct fields *list, const char *name)
{
	const struct field *f = fields_find(list, name);
	return f ? f->value : STR_NONE;
}

bool fields_combine(const struct fields *list, const char *name, struct buf *out)
{
	const struct field *first = fields_find(list, name);
	for (const struct field *f = first; f; f = fields_next(list, f)) {
		if (f != first)
			buf_add_text(out, ", ");
		buf_add_str(out, f->value);
	}
	return first != NULL;
}

bool fields_has_token(const struct fields *list, const char *name, const char *token)
{
	const struct field *f = fields_find(list, name);
	for (; f; f = fields_next(list, f)) {
		struct str rest = f->value, element, params;
		while (field_list_next(&rest, &element))
			if (str_is_nocase(field_main(element, &params), token))
				return true;
	}
	return false;
}

static bool is_token_char(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

bool field_is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_token_char(s.ptr[i]))
			return false;
	return s.len > 0;
}

bool field_is_value(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\t') || s.ptr[i] == 0x7f)
			return false;
	return true;
}

bool field_parse(struct str line, struct field *out)
{
	size_t colon = str_find(line, ':');
	struct str name = str_sub(line, 0, colon);
	if (colon == line.len || !field_is_token(name) || !str_is_one_line(line))
		return false;
	*out = (struct field){name, str_trim(str_sub(line, colon + 1, line.len))};
	return true;
}

/* Takes what stands before the first sep outside quoted strings, and the sep, off *rest. */
static struct str cut_unquoted(struct str *rest, char sep)
{
	bool quoted = false;
	size_t i = 0;
	for (; i < rest->len; i++) {
		char c = rest->ptr[i];
		if (c == '"')
			quoted = !quoted;
		else if (c == '\\' && quoted)
			i++;
		else if (c == sep && !quoted)
			break;
	}
	struct str head = str_sub(*rest, 0, i);
	*rest = str_sub(*rest, i < rest->len ? i + 1 : i, rest->len);
	return head;
}

bool field_list_next(struct str *rest, struct str *element)
{
	while (rest->len) {
		*element = str_trim(cut_unquoted(rest, ','));
		if (element->len)
			return true;
	}
	return false;
}

struct str field_main(struct str value, struct str *params)
{
	*params = value;
	return str_trim(cut_unquoted(params, ';'));
}

bool field_param_parse(struct str text, struct field_param *out)
{
	size_t at = str_find(text, '=');
	out->name = str_trim(str_sub(text, 0, at));
	out->value = at < text.len ? str_trim(str_sub(text, at + 1, text.len)) : STR_NONE;
	return field_is_token(out->name);
}

bool field_param_next(struct str *rest, struct field_param *out)
{
	while (rest->len)
		if (field_param_parse(cut_unquoted(rest, ';'), out))
			return true;
	return false;
}

void field_unquote(struct str value, struct buf *out)
{
	if (!str_starts(value, "\"")) {
		buf_add_str(out, value);
		return;
	}
	for (size_t i = 1; i < value.len && value.ptr[i] != '"'; i++) {
		if (value.ptr[i] == '\\' && i + 1 < value.len)
			i++;
		buf_add_byte(out, value.ptr[i]);
	}
}

void field_put_quoted(struct buf *out, struct str text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add_byte(out, '"');
}

static void put_latin1(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		utf8_put(out, (unsigned char)bytes.ptr[i]);
}

/* RFC 8187 3.2: charset'language'percent-encoded. */
static bool put_extended(struct buf *out, struct str value)
{
	struct str charset, language;
	if (!str_cut(&value, '\'', &charset) || !str_cut(&value, '\'', &language))
		return false;
	struct buf bytes = BUF_INIT(out->max);
	url_decode(&bytes, value);
	bool latin1 = str_is_nocase(charset, "ISO-8859-1");
	bool good =
	    latin1 || (str_is_nocase(charset, "UTF-8") && utf8_is_valid(buf_str(&bytes)));
	if (good && latin1)
		put_latin1(out, buf_str(&bytes));
	else if (good)
		buf_add_str(out, buf_str(&bytes));
	buf_free(&bytes);
	return good;
}

/* "name*" for name. */
static bool is_extended(struct str found, const char *name)
{
	return str_ends_nocase(found, "*") &&
	       str_is_nocase(str_sub(found, 0, found.len - 1), name);
}

bool field_param_get(struct str params, const char *name, struct buf *out)
{
	struct str rest = params;
	struct field_param p, plain = {STR_NONE, STR_NONE};
	while (field_param_next(&rest, &p)) {
		if (is_extended(p.name, name) && put_extended(out, p.value))
			return true;
		/* The first of its name counts, as in browsers. */
		if (!plain.name.ptr && str_is_nocase(p.name, name))
			plain = p;
	}
	if (!plain.name.ptr)
		return false;
	field_unquote(plain.value, out);
	return true;
}
