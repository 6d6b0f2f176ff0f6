/*
 * Strangers' bytes made fit to be shown. Knows no terminal: the same bytes give
 * the same text everywhere.
 */
#include "common/text/visible.h"

#include <string.h>

#include "common/text/utf8.h"

/* C1 controls, and the marks that turn the writing direction: both can make a terminal show
 * something else than was sent. */
static bool is_deceptive(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void put_hex(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		buf_addf(out, "\\x%02x", (unsigned char)bytes.ptr[i]);
}

static bool is_kept(uint32_t code, const char *keep)
{
	return code && code < 0x20 && strchr(keep, (int)code);
}

void visible_put_text(struct buf *out, struct str bytes, const char *keep)
{
	while (bytes.len) {
		uint32_t code = 0;
		size_t len = utf8_next(bytes, &code);
		struct str front = str_sub(bytes, 0, len ? len : 1);
		if (len && (!is_deceptive(code) || is_kept(code, keep)))
			buf_add_str(out, front);
		else
			put_hex(out, front);
		bytes = str_sub(bytes, front.len, bytes.len);
	}
}

void visible_put(struct buf *out, struct str bytes)
{
	struct str part;
	while (bytes.len) {
		size_t at = str_find(bytes, '\\');
		part = str_sub(bytes, 0, at);
		visible_put_text(out, part, "\t");
		if (at < bytes.len)
			buf_add_text(out, "\\\\");
		bytes = str_sub(bytes, at + 1, bytes.len);
	}
}

/* The byte an escape stands for, its length in *len; -1 if it is none. */
static int escaped(struct str s, size_t *len)
{
	*len = 2;
	if (s.len >= 2 && s.ptr[1] == '\\')
		return '\\';
	*len = 4;
	if (s.len < 4 || s.ptr[1] != 'x' || char_hex(s.ptr[2]) < 0 || char_hex(s.ptr[3]) < 0)
		return -1;
	return char_hex(s.ptr[2]) << 4 | char_hex(s.ptr[3]);
}

bool visible_parse(struct buf *out, struct str text)
{
	size_t before = out->len;
	while (text.len) {
		size_t at = str_find(text, '\\');
		buf_add_str(out, str_sub(text, 0, at));
		text = str_sub(text, at, text.len);
		if (text.len == 0)
			break;
		size_t len;
		int byte = escaped(text, &len);
		if (byte < 0) {
			buf_truncate(out, before);
			return false;
		}
		buf_add_byte(out, (char)byte);
		text = str_sub(text, len, text.len);
	}
	return true;
}
