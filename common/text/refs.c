/*
 * Pieces taken apart into URLs. Resolves none.
 */
#include "common/text/refs.h"

#include <string.h>

static bool is_space(char b)
{
	return b && strchr(" \t\r\n\f", b);
}

static bool is_css(enum html_form form)
{
	return form == HTML_STYLE || form == HTML_SHEET;
}

void refs_open(struct refs *r, enum html_form form, struct str value)
{
	*r = (struct refs){.form = form, .value = value};
	if (is_css(form))
		css_open(&r->css, value);
}

void refs_close(struct refs *r)
{
	css_close(&r->css);
}

static bool take(struct refs *r, struct ref *ref, size_t begin, size_t end)
{
	while (begin < end && is_space(r->value.ptr[begin]))
		begin++;
	while (end > begin && is_space(r->value.ptr[end - 1]))
		end--;
	*ref = (struct ref){str_sub(r->value, begin, end - begin), begin, end - begin};
	return true;
}

/* "1x", "100w": to the next comma that stands in no parentheses. */
static void skip_descriptors(struct refs *r)
{
	for (int depth = 0; r->at < r->value.len; r->at++) {
		char b = r->value.ptr[r->at];
		depth += b == '(';
		depth -= b == ')' && depth > 0;
		if (b == ',' && depth == 0)
			return;
	}
}

/* HTML, "parsing a srcset attribute". */
static bool next_candidate(struct refs *r, struct ref *ref)
{
	struct str v = r->value;
	while (r->at < v.len && (is_space(v.ptr[r->at]) || v.ptr[r->at] == ','))
		r->at++;
	size_t begin = r->at;
	while (r->at < v.len && !is_space(v.ptr[r->at]))
		r->at++;
	size_t end = r->at;
	while (end > begin && v.ptr[end - 1] == ',')
		end--;
	if (end == r->at)
		skip_descriptors(r);
	return end > begin && take(r, ref, begin, end);
}

/* HTML, "shared declarative refresh steps". */
static bool next_page(struct refs *r, struct ref *ref)
{
	struct str v = r->value;
	size_t at = 0;
	while (
	    at < v.len && (is_space(v.ptr[at]) || char_is_digit(v.ptr[at]) || v.ptr[at] == '.'))
		at++;
	while (at < v.len && (is_space(v.ptr[at]) || v.ptr[at] == ';' || v.ptr[at] == ','))
		at++;
	if (str_starts_nocase(str_sub(v, at, v.len), "url")) {
		size_t sign = at + 3;
		while (sign < v.len && is_space(v.ptr[sign]))
			sign++;
		if (sign < v.len && v.ptr[sign] == '=')
			at = sign + 1;
	}
	while (at < v.len && is_space(v.ptr[at]))
		at++;
	size_t end = v.len;
	if (at < v.len && (v.ptr[at] == '"' || v.ptr[at] == '\'')) {
		char quote = v.ptr[at++];
		end = at + str_find(str_sub(v, at, v.len), quote);
	}
	r->at = v.len;
	return at < end && take(r, ref, at, end);
}

static bool next_css(struct refs *r, struct ref *ref)
{
	struct css_ref c;
	if (!css_next(&r->css, &c))
		return false;
	*ref = (struct ref){c.url, c.at, c.len};
	return true;
}

bool refs_next(struct refs *r, struct ref *ref)
{
	if (is_css(r->form))
		return next_css(r, ref);
	if (r->at >= r->value.len)
		return false;
	switch (r->form) {
	case HTML_SRCSET: return next_candidate(r, ref);
	case HTML_REFRESH: return next_page(r, ref);
	case HTML_URL: r->at = r->value.len; return take(r, ref, 0, r->value.len);
	default: return false;
	}
}

void refs_put(struct buf *out, enum html_form form, struct str url)
{
	if (is_css(form)) {
		css_put_string(out, url);
		return;
	}
	/* A comma at an end would be srcset's, a quote refresh's. */
	for (size_t i = 0; i < url.len; i++) {
		char b = url.ptr[i];
		if ((form == HTML_SRCSET && b == ',') || (form == HTML_REFRESH && b == '\''))
			buf_addf(out, "%%%02X", (unsigned char)b);
		else
			buf_add_byte(out, b);
	}
}
