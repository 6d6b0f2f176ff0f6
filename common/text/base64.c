/*
 * Base64. Knows no line but those it is told to make.
 */
#include "common/text/base64.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (char_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* 1 to 3 bytes to 4 characters. */
static void encode_group(char quad[4], const char *bytes, size_t len)
{
	unsigned a = (unsigned char)bytes[0];
	unsigned b = len > 1 ? (unsigned char)bytes[1] : 0;
	unsigned c = len > 2 ? (unsigned char)bytes[2] : 0;
	quad[0] = alphabet[a >> 2];
	quad[1] = alphabet[(a & 3) << 4 | b >> 4];
	quad[2] = len > 1 ? alphabet[(b & 15) << 2 | c >> 6] : '=';
	quad[3] = len > 2 ? alphabet[c & 63] : '=';
}

bool base64_encode(struct buf *out, struct str bytes)
{
	size_t quads = bytes.len / 3 + (bytes.len % 3 != 0);
	if (quads > (out->max - out->len) / 4) {
		out->over = true;
		return false;
	}
	char *room = buf_reserve(out, quads * 4);
	for (size_t i = 0; i < quads; i++) {
		size_t left = bytes.len - i * 3;
		encode_group(room + i * 4, bytes.ptr + i * 3, left < 3 ? left : 3);
	}
	buf_commit(out, quads * 4);
	return true;
}

bool base64_encode_lines(struct buf *out, struct str bytes, size_t width)
{
	size_t step = width / 4 * 3;
	bool good = true;
	for (size_t at = 0; good && step && at < bytes.len; at += step)
		good = base64_encode(out, str_sub(bytes, at, step)) && buf_add(out, "\r\n", 2);
	return good;
}

/* 4 characters to 3 bytes, `pad` of the characters being padding. False if bits are left over
 * (RFC 4648 3.5) or a character is foreign. */
static bool decode_group(char bytes[3], const char *quad, size_t pad)
{
	unsigned group = 0;
	for (size_t i = 0; i < 4; i++) {
		int value = i < 4 - pad ? value_of(quad[i]) : 0;
		if (value < 0)
			return false;
		group = group << 6 | (unsigned)value;
	}
	bytes[0] = (char)(group >> 16);
	bytes[1] = (char)(group >> 8 & 255);
	bytes[2] = (char)(group & 255);
	return (group & ((1u << (8 * pad)) - 1)) == 0;
}

static size_t padding(struct str text)
{
	size_t pad = 0;
	while (pad < 2 && pad < text.len && text.ptr[text.len - 1 - pad] == '=')
		pad++;
	return pad;
}

bool base64_decode(struct buf *out, struct str text)
{
	size_t before = out->len;
	size_t pad = padding(text);
	bool good = text.len % 4 == 0;
	for (size_t i = 0; good && i < text.len; i += 4) {
		char bytes[3];
		size_t here = i + 4 == text.len ? pad : 0;
		good = decode_group(bytes, text.ptr + i, here) && buf_add(out, bytes, 3 - here);
	}
	if (!good)
		buf_truncate(out, before);
	return good;
}
