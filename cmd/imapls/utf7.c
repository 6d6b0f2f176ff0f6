/*
 * Modified UTF-7: runs of UTF-16BE in base64, with a comma for the slash, between & and -.
 */
#include "cmd/imapls/utf7.h"

#include <string.h>

#include "common/text/utf8.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static void put_unit(struct buf *out, uint32_t unit, uint32_t *bits, unsigned *held)
{
	*bits = *bits << 16 | unit;
	*held += 16;
	while (*held >= 6) {
		*held -= 6;
		buf_add_byte(out, alphabet[*bits >> *held & 63]);
	}
	*bits &= (1U << *held) - 1;
}

/* A run of characters outside printable ASCII; how many bytes it took. */
static size_t encode_run(struct buf *out, struct str s)
{
	uint32_t bits = 0, code;
	unsigned held = 0;
	size_t i = 0, len;
	buf_add_byte(out, '&');
	while (i < s.len && (len = utf8_next(str_sub(s, i, s.len), &code)) != 0 &&
	       (code < 0x20 || code > 0x7e)) {
		if (code > 0xffff) {
			put_unit(out, 0xd800 + ((code - 0x10000) >> 10), &bits, &held);
			code = 0xdc00 + ((code - 0x10000) & 0x3ff);
		}
		put_unit(out, code, &bits, &held);
		i += len;
	}
	if (held)
		buf_add_byte(out, alphabet[bits << (6 - held) & 63]);
	buf_add_byte(out, '-');
	return i;
}

bool utf7_encode(struct buf *out, struct str s)
{
	if (!utf8_is_valid(s))
		return false;
	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.ptr[i];
		if (c == '&')
			buf_add_text(out, "&-"), i++;
		else if (c >= 0x20 && c <= 0x7e)
			buf_add_byte(out, (char)c), i++;
		else
			i += encode_run(out, str_sub(s, i, s.len));
	}
	return !out->over;
}

static int value_of(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

/* One UTF-16 unit more; false for a surrogate that has no other half. */
static bool take_unit(struct buf *out, uint32_t unit, uint32_t *high)
{
	bool low = unit >= 0xdc00 && unit <= 0xdfff;
	if (low != (*high != 0))
		return false;
	if (low)
		utf8_put(out, 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00));
	*high = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
	return low || *high || utf8_put(out, unit);
}

static bool decode_run(struct buf *out, struct str run)
{
	uint32_t bits = 0, high = 0;
	unsigned held = 0;
	for (size_t i = 0; i < run.len; i++) {
		int v = value_of(run.ptr[i]);
		if (v < 0)
			return false;
		bits = bits << 6 | (uint32_t)v;
		held += 6;
		if (held < 16)
			continue;
		held -= 16;
		if (!take_unit(out, bits >> held & 0xffff, &high))
			return false;
		bits &= (1U << held) - 1;
	}
	return held < 6 && bits == 0 && high == 0;
}

static bool decode(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '&') {
			buf_add_byte(out, s.ptr[i]);
			continue;
		}
		struct str run = str_sub(s, i + 1, s.len);
		run.len = str_find(run, '-');
		if (i + 1 + run.len >= s.len)
			return false;
		if (run.len == 0)
			buf_add_byte(out, '&');
		else if (!decode_run(out, run))
			return false;
		i += run.len + 1;
	}
	return true;
}

void utf7_decode(struct buf *out, struct str name)
{
	size_t start = out->len;
	if (decode(out, name))
		return;
	buf_truncate(out, start);
	buf_add_str(out, name);
}
