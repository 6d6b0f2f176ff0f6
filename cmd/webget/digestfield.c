/*
 * Parsing digests in fields. Works on bytes; what they are compared with is
 * not known here.
 */
#include "cmd/webget/digestfield.h"

#include <string.h>

#include "common/text/base64.h"
#include "common/text/field.h"

struct found {
	struct digestfield *out;
	size_t count;
};

/* Later members of a dictionary replace earlier ones of the same key (RFC 8941 3.2). */
static void note(struct found *f, struct str algorithm, struct str raw)
{
	size_t want = str_is_nocase(algorithm, "sha-256")   ? 32
		      : str_is_nocase(algorithm, "sha-512") ? 64
							    : 0;
	size_t at = 0;
	while (at < f->count && !str_eq_nocase(f->out[at].algorithm, algorithm))
		at++;
	if (!want || at == DIGESTFIELD_MOST || raw.len == 0 || raw.len > sizeof f->out->bytes)
		return;
	f->out[at].algorithm = algorithm;
	f->out[at].len = raw.len;
	memcpy(f->out[at].bytes, raw.ptr, raw.len);
	f->count += at == f->count;
}

/* ---- RFC 8941 ---- */

static size_t skip(struct str s, size_t at, const char *set)
{
	while (at < s.len && s.ptr[at] && strchr(set, s.ptr[at]))
		at++;
	return at;
}

/* key = ( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" ) */
static size_t key_end(struct str s, size_t at)
{
	size_t start = at;
	while (at < s.len) {
		char c = s.ptr[at];
		bool first = (c >= 'a' && c <= 'z') || c == '*';
		bool more = char_is_digit(c) || c == '_' || c == '-' || c == '.';
		if (!first && !(more && at > start))
			break;
		at++;
	}
	return at;
}

/* The end of a string that begins at `at`; 0 if it has none. */
static size_t string_end(struct str s, size_t at)
{
	for (at++; at < s.len; at++) {
		if (s.ptr[at] == '"')
			return at + 1;
		at += s.ptr[at] == '\\';
	}
	return 0;
}

/* Behind a bare item (RFC 8941 3.3) of whatever type; 0 if there is none. */
static size_t bare_end(struct str s, size_t at)
{
	if (at == s.len)
		return 0;
	if (s.ptr[at] == '"')
		return string_end(s, at);
	if (s.ptr[at] == ':') {
		size_t colon = at + 1 + str_find(str_sub(s, at + 1, s.len), ':');
		return colon < s.len ? colon + 1 : 0;
	}
	size_t end = at;
	while (end < s.len && !strchr(" \t,;()\"", s.ptr[end]))
		end++;
	return end > at ? end : 0;
}

/* Behind parameters: *( ";" *SP key [ "=" bare-item ] ); 0 if they are malformed. */
static size_t params_end(struct str s, size_t at)
{
	while (at && at < s.len && s.ptr[at] == ';') {
		size_t key = skip(s, at + 1, " ");
		at = key_end(s, key);
		if (at == key)
			return 0;
		if (at < s.len && s.ptr[at] == '=')
			at = bare_end(s, at + 1);
	}
	return at;
}

/* Behind an inner list (RFC 8941 3.1.1); 0 if it is malformed. */
static size_t list_end(struct str s, size_t at)
{
	at = skip(s, at + 1, " ");
	while (at && at < s.len && s.ptr[at] != ')') {
		at = params_end(s, bare_end(s, at));
		at = at ? skip(s, at, " ") : 0;
	}
	return at && at < s.len ? at + 1 : 0;
}

static void take_bytes(struct found *f, struct str key, struct str item)
{
	struct buf raw = BUF_INIT(1000);
	if (item.len >= 2 && item.ptr[0] == ':' &&
	    base64_decode(&raw, str_sub(item, 1, item.len - 2)))
		note(f, key, buf_str(&raw));
	buf_free(&raw);
}

/* One member at `at`; where it ends, or 0. */
static size_t member(struct found *f, struct str s, size_t at)
{
	size_t end = key_end(s, at);
	struct str key = str_sub(s, at, end - at);
	if (key.len == 0)
		return 0;
	if (end == s.len || s.ptr[end] != '=')
		return params_end(s, end); /* a bare key is true */
	size_t value = end + 1;
	bool inner = value < s.len && s.ptr[value] == '(';
	end = inner ? list_end(s, value) : bare_end(s, value);
	if (end)
		take_bytes(f, key, str_sub(s, value, end - value));
	return params_end(s, end);
}

size_t digestfield_parse(struct str value, struct digestfield out[DIGESTFIELD_MOST])
{
	struct found f = {out, 0};
	struct str s = str_trim(value);
	for (size_t at = 0; at < s.len;) {
		at = member(&f, s, at);
		if (!at)
			return 0;
		at = skip(s, at, " \t");
		if (at == s.len)
			return f.count;
		size_t next = skip(s, at + 1, " \t");
		if (s.ptr[at] != ',' || next == s.len)
			return 0;
		at = next;
	}
	return f.count;
}

size_t digestfield_parse_old(struct str value, struct digestfield out[DIGESTFIELD_MOST])
{
	struct found f = {out, 0};
	struct str element, name;
	while (field_list_next(&value, &element)) {
		struct buf raw = BUF_INIT(1000);
		if (str_cut(&element, '=', &name) && element.len &&
		    base64_decode(&raw, element))
			note(&f, name, buf_str(&raw));
		buf_free(&raw);
	}
	return f.count;
}
