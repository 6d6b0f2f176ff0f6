/*
 * Bytes as hexadecimal digits.
 */
#include "common/text/hex.h"

bool hex_encode(struct buf *out, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	if (bytes.len > (out->max - out->len) / 2 || !buf_reserve(out, bytes.len * 2)) {
		out->over = true;
		return false;
	}
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];
		buf_add_byte(out, digits[byte >> 4]);
		buf_add_byte(out, digits[byte & 15]);
	}
	return true;
}

bool hex_decode(struct buf *out, struct str text)
{
	size_t before = out->len;
	bool good = text.len % 2 == 0;
	for (size_t i = 0; good && i < text.len; i += 2) {
		int high = char_hex(text.ptr[i]);
		int low = char_hex(text.ptr[i + 1]);
		good = high >= 0 && low >= 0 && buf_add_byte(out, (char)(high << 4 | low));
	}
	if (!good)
		buf_truncate(out, before);
	return good;
}
