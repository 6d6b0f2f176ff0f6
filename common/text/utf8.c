/*
 * UTF-8, strictly. Knows code points, nothing of what they mean.
 */
#include "common/text/utf8.h"

#include <string.h>

enum { FIRST_SURROGATE = 0xd800, LAST_SURROGATE = 0xdfff, LAST_CODE = 0x10ffff };

/* Length that a lead byte announces, 0 if it is none; its payload goes to *code. */
static size_t lead(unsigned char byte, uint32_t *code)
{
	if (byte < 0x80) {
		*code = byte;
		return 1;
	}
	if (byte >= 0xc2 && byte <= 0xdf) {
		*code = byte & 0x1fu;
		return 2;
	}
	if ((byte & 0xf0) == 0xe0) {
		*code = byte & 0x0fu;
		return 3;
	}
	*code = byte & 0x07u;
	return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

static bool is_code(uint32_t code)
{
	return code <= LAST_CODE && !(code >= FIRST_SURROGATE && code <= LAST_SURROGATE);
}

size_t utf8_next(struct str s, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = s.len ? lead((unsigned char)s.ptr[0], code) : 0;
	if (len == 0 || len > s.len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		unsigned char byte = (unsigned char)s.ptr[i];
		if ((byte & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (byte & 0x3fu);
	}
	return *code >= least[len] && is_code(*code) ? len : 0;
}

bool utf8_is_valid(struct str s)
{
	uint32_t code;
	while (s.len) {
		size_t len = utf8_next(s, &code);
		if (len == 0)
			return false;
		s = str_sub(s, len, s.len);
	}
	return true;
}

/* The rest of a code point that was cut, byte by byte; what is left of the piece. */
static struct str mend(struct utf8_checker *c, struct str piece)
{
	uint32_t code;
	while (c->len && piece.len && !c->bad) {
		c->cut[c->len++] = *piece.ptr;
		piece = str_sub(piece, 1, piece.len);
		if (utf8_next((struct str){c->cut, c->len}, &code))
			c->len = 0;
		else
			c->bad = c->len == sizeof c->cut;
	}
	return piece;
}

void utf8_check(struct utf8_checker *c, struct str piece)
{
	uint32_t code;
	size_t len;
	piece = mend(c, piece);
	while (piece.len && (len = utf8_next(piece, &code)) > 0)
		piece = str_sub(piece, len, piece.len);
	if (piece.len >= sizeof c->cut) {
		c->bad = true;
	} else if (piece.len && !c->bad) {
		memcpy(c->cut, piece.ptr, piece.len);
		c->len = piece.len;
	}
}

bool utf8_check_end(const struct utf8_checker *c)
{
	return !c->bad && c->len == 0;
}

bool utf8_put(struct buf *out, uint32_t code)
{
	if (!is_code(code))
		code = 0xfffd;
	if (code < 0x80)
		return buf_add_byte(out, (char)code);
	char bytes[4];
	size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = len; i-- > 1; code >>= 6)
		bytes[i] = (char)(0x80 | (code & 0x3f));
	bytes[0] = (char)((0xf0 << (4 - len)) | code);
	return buf_add(out, bytes, len);
}
