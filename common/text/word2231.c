/*
 * Parameter values that are not ASCII or too long for a line (RFC 2231).
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/charset.h"
#include "common/text/field.h"
#include "common/text/utf8.h"
#include "common/text/word2047.h"

enum { LINE = 76, SECTIONS = 100 };

static void put(struct buf *out, struct str text, size_t *column)
{
	buf_add_byte(out, ';');
	bool fold = *column + 2 + text.len > LINE;
	buf_add_text(out, fold ? "\r\n " : " ");
	buf_add_str(out, text);
	*column = (fold ? 1 : *column + 2) + text.len;
}

/* RFC 2045 5.1: tokens of MIME lack tspecials. */
static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f ||
		    strchr("()<>@,;:\\\"/[]?=", s.ptr[i]))
			return false;
	return s.len > 0;
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < ' ' || s.ptr[i] >= 0x7f)
			return false;
	return true;
}

/* RFC 2231 7: what is none of "*", "'", "%" and fit for a token. */
static void put_percent(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (char_is_alpha(c) || char_is_digit(c) || (c && strchr("-._~", c)))
			buf_add_byte(out, c);
		else
			buf_addf(out, "%%%02X", (unsigned char)c);
	}
}

/* As many whole characters as make a section of the line's length. */
static size_t section_len(struct str s, size_t room)
{
	size_t taken = 0, width = 0;
	while (taken < s.len) {
		uint32_t code;
		size_t len = utf8_next(str_sub(s, taken, s.len), &code);
		len = len ? len : 1;
		width +=
		    len == 1 && (char_is_alpha(s.ptr[taken]) || char_is_digit(s.ptr[taken]))
			? 1
			: 3 * len;
		if (taken && width > room)
			break;
		taken += len;
	}
	return taken;
}

static bool put_sections(struct buf *out, const char *name, struct str value, size_t *column)
{
	struct buf text = BUF_INIT(4 * LINE);
	size_t room = LINE - strlen(name) % (LINE / 2) - sizeof "*00*=UTF-8'';" - 2;
	bool many = section_len(value, room) < value.len;
	for (unsigned i = 0; i < SECTIONS && (value.len || i == 0); i++) {
		struct str front = str_sub(value, 0, section_len(value, room));
		buf_clear(&text);
		if (many)
			buf_addf(&text, "%s*%u*=%s", name, i, i ? "" : "UTF-8''");
		else
			buf_addf(&text, "%s*=UTF-8''", name);
		put_percent(&text, front);
		put(out, buf_str(&text), column);
		value = str_sub(value, front.len, value.len);
	}
	buf_free(&text);
	return value.len == 0 && !out->over;
}

bool word2047_put_param(struct buf *out, const char *name, struct str value, size_t *column)
{
	struct buf text = BUF_INIT(4 * LINE);
	bool plain = is_printable(value) && strlen(name) + value.len + 6 <= LINE;
	if (plain) {
		buf_addf(&text, "%s=", name);
		if (is_token(value))
			buf_add_str(&text, value);
		else
			field_put_quoted(&text, value);
		put(out, buf_str(&text), column);
	}
	buf_free(&text);
	return plain ? !out->over : put_sections(out, name, value, column);
}

struct section {
	struct str value;
	bool there, extended;
};

/* What a list says about one name, in its three forms. */
struct found {
	struct section plain, whole;
	struct section sections[SECTIONS];
};

/* After the name: "", "*", "*7" or "*7*". */
static void note(struct found *f, struct str suffix, struct str value)
{
	struct section *s = &f->plain;
	size_t digits = 1;
	unsigned number = 0;
	if (suffix.len == 1)
		s = &f->whole;
	if (suffix.len > 1) {
		for (; digits < suffix.len && digits < 4 && char_is_digit(suffix.ptr[digits]);
		     digits++)
			number = number * 10 + (unsigned)(suffix.ptr[digits] - '0');
		if (digits == 1 || number >= SECTIONS)
			return;
		s = &f->sections[number];
	}
	bool extended = suffix.len > 0 && suffix.ptr[suffix.len - 1] == '*';
	if (!s->there && (suffix.len < 2 || digits + extended == suffix.len))
		*s = (struct section){value, true, extended};
}

static void collect(struct found *f, struct str params, const char *name)
{
	size_t len = strlen(name);
	struct field_param p;
	while (field_param_next(&params, &p)) {
		struct str suffix = str_sub(p.name, len, p.name.len);
		if (str_starts_nocase(p.name, name) &&
		    (suffix.len == 0 || suffix.ptr[0] == '*'))
			note(f, suffix, p.value);
	}
}

static void unpercent(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '%' && i + 2 < s.len && char_hex(s.ptr[i + 1]) >= 0 &&
		    char_hex(s.ptr[i + 2]) >= 0) {
			buf_add_byte(
			    out, (char)(char_hex(s.ptr[i + 1]) << 4 | char_hex(s.ptr[i + 2])));
			i += 2;
		} else {
			buf_add_byte(out, s.ptr[i]);
		}
	}
}

/* Takes charset'language' off the front. */
static struct str cut_charset(struct str *value)
{
	struct str rest = *value, charset, language;
	if (!str_has_byte(*value, '\'') || !str_cut(&rest, '\'', &charset) ||
	    !str_has_byte(rest, '\'') || !str_cut(&rest, '\'', &language))
		return STR_NONE;
	*value = rest;
	return charset;
}

/* The charset stands in the first section and is that of all extended ones. */
static void put_extended(struct buf *out, const struct section *s, size_t count)
{
	struct buf bytes = BUF_INIT(LIMIT_MAIL_HEAD);
	struct buf charset = BUF_INIT(LIMIT_MAIL_HEAD);
	for (size_t i = 0; i < count && s[i].there; i++) {
		struct buf value = BUF_INIT(LIMIT_MAIL_HEAD);
		field_unquote(s[i].value, &value);
		struct str text = buf_str(&value);
		if (i == 0 && s[i].extended)
			buf_add_str(&charset, cut_charset(&text));
		if (s[i].extended)
			unpercent(&bytes, text);
		else
			buf_add_str(&bytes, text);
		buf_free(&value);
	}
	charset_to_utf8(out, buf_str(&charset), buf_str(&bytes));
	buf_free(&charset);
	buf_free(&bytes);
}

bool word2047_get_param(struct str params, const char *name, struct buf *out)
{
	struct found *f = mem_alloc(sizeof *f);
	collect(f, params, name);
	bool there = f->plain.there || f->whole.there || f->sections[0].there;
	if (f->whole.there) {
		put_extended(out, &f->whole, 1);
	} else if (f->sections[0].there) {
		put_extended(out, f->sections, SECTIONS);
	} else if (there) {
		struct buf value = BUF_INIT(LIMIT_MAIL_HEAD);
		field_unquote(f->plain.value, &value);
		word2047_decode(out, buf_str(&value));
		buf_free(&value);
	}
	free(f);
	return there;
}
