/*
 * A JSON writer. Whether a comma is due is read off the last byte written: a
 * brace or bracket that opens can stand last only if nothing follows it yet,
 * as strings end with their quote.
 */
#include "common/text/json.h"

#include <math.h>

#include "common/text/utf8.h"

static void put_comma(struct buf *out)
{
	char last = out->len ? out->ptr[out->len - 1] : '\n';
	if (!str_has_byte(STR("{[:\n"), last))
		buf_add_byte(out, ',');
}

static void put_escaped(struct buf *out, char c)
{
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	size_t at = str_find(STR(from), c);
	if (at < sizeof from - 1)
		buf_addf(out, "\\%c", to[at]);
	else
		buf_addf(out, "\\u%04x", (unsigned char)c);
}

/* How many bytes at the front stand for themselves; *len is that of the exception after them,
 * 0 if it is not UTF-8. */
static size_t plain_run(struct str s, size_t *len)
{
	size_t at = 0;
	uint32_t code;
	*len = 0;
	while (at < s.len) {
		*len = utf8_next(str_sub(s, at, s.len), &code);
		if (*len == 0 || code < 0x20 || code == '"' || code == '\\' || code == 0x7f)
			break;
		at += *len;
	}
	return at;
}

void json_put_str(struct buf *out, struct str s)
{
	buf_add_byte(out, '"');
	while (s.len) {
		size_t len;
		size_t at = plain_run(s, &len);
		buf_add_str(out, str_sub(s, 0, at));
		if (at < s.len && len == 0)
			utf8_put(out, 0xfffd);
		else if (at < s.len)
			put_escaped(out, s.ptr[at]);
		s = str_sub(s, at + 1, s.len);
	}
	buf_add_byte(out, '"');
}

void json_open(struct buf *out)
{
	put_comma(out);
	buf_add_byte(out, '{');
}

void json_close(struct buf *out)
{
	buf_add_byte(out, '}');
}

static void put_key(struct buf *out, const char *key)
{
	put_comma(out);
	json_put_str(out, str_of(key));
	buf_add_byte(out, ':');
}

void json_key_str(struct buf *out, const char *key, struct str value)
{
	put_key(out, key);
	json_put_str(out, value);
}

void json_key_text(struct buf *out, const char *key, const char *value)
{
	if (value)
		json_key_str(out, key, str_of(value));
	else
		json_key_null(out, key);
}

void json_key_int(struct buf *out, const char *key, int64_t value)
{
	put_key(out, key);
	buf_addf(out, "%lld", (long long)value);
}

void json_key_double(struct buf *out, const char *key, double value, int decimals)
{
	if (!isfinite(value)) {
		json_key_null(out, key);
		return;
	}
	put_key(out, key);
	size_t at = out->len;
	buf_addf(out, "%.*f", decimals, value);
	/* A library may have set a locale that writes 0,5. */
	for (; at < out->len; at++)
		if (out->ptr[at] == ',')
			out->ptr[at] = '.';
}

void json_key_bool(struct buf *out, const char *key, bool value)
{
	put_key(out, key);
	buf_add_text(out, value ? "true" : "false");
}

void json_key_null(struct buf *out, const char *key)
{
	put_key(out, key);
	buf_add_text(out, "null");
}

void json_key_open(struct buf *out, const char *key)
{
	put_key(out, key);
	buf_add_byte(out, '{');
}

void json_key_array(struct buf *out, const char *key)
{
	put_key(out, key);
	buf_add_byte(out, '[');
}

void json_close_array(struct buf *out)
{
	buf_add_byte(out, ']');
}

void json_item_str(struct buf *out, struct str value)
{
	put_comma(out);
	json_put_str(out, value);
}

void json_item_int(struct buf *out, int64_t value)
{
	put_comma(out);
	buf_addf(out, "%lld", (long long)value);
}
