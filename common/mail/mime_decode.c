/*
 * Transfer encodings taken off (RFC 2045 6). Knows no tree.
 */
#include <string.h>

#include "common/base/limits.h"
#include "common/mail/mime.h"
#include "common/text/charset.h"
#include "common/text/word2047.h"

/* Comments may follow the word. */
enum mime_encoding mime_encoding_of(struct str value)
{
	static const struct {
		const char *name;
		enum mime_encoding encoding;
	} names[] = {{"", MIME_IDENTITY}, {"7bit", MIME_IDENTITY}, {"8bit", MIME_IDENTITY},
	    {"binary", MIME_IDENTITY}, {"base64", MIME_BASE64}, {"quoted-printable", MIME_QP},
	    {"uuencode", MIME_UUENCODE}, {"x-uuencode", MIME_UUENCODE},
	    {"x-uue", MIME_UUENCODE}};
	struct str word = str_sub(value, 0, str_find(value, '('));
	word = str_trim(str_sub(word, 0, str_find(word, ';')));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(word, names[i].name))
			return names[i].encoding;
	return MIME_UNKNOWN;
}

/* --- base64: what is not of its alphabet is passed over (RFC 2045 6.8) --- */

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

static void put_quad(struct mime_decoder *d, struct buf *out)
{
	unsigned group = 0;
	for (size_t i = 0; i < 4; i++)
		group = group << 6 | (i < d->quad_len ? (unsigned)d->quad[i] : 0);
	char bytes[3] = {(char)(group >> 16), (char)(group >> 8 & 255), (char)(group & 255)};
	if (d->quad_len > 1)
		buf_add(out, bytes, d->quad_len - 1);
	d->bad |= d->quad_len == 1;
	d->quad_len = 0;
}

/* Padding ends one text; another one may follow where programs glued two together. */
static void base64_byte(struct mime_decoder *d, struct buf *out, char c)
{
	int value = value_of(c);
	if (value >= 0) {
		d->quad[d->quad_len++] = (char)value;
		d->ended = false;
		if (d->quad_len == 4)
			put_quad(d, out);
	} else if (c == '=') {
		d->bad |= d->quad_len < 2 && !d->ended;
		put_quad(d, out);
		d->ended = true;
	} else {
		d->bad |= c != '\r' && c != '\n' && c != ' ' && c != '\t';
	}
}

/* --- uuencode: begin, lines of a length and that many bytes, end --- */

static unsigned uu_value(struct str line, size_t at)
{
	return at < line.len ? ((unsigned char)line.ptr[at] - 32u) & 63u : 0;
}

static void uu_line(struct buf *out, struct str line)
{
	size_t len = uu_value(line, 0);
	for (size_t i = 0; i < len; i += 3) {
		size_t at = 1 + i / 3 * 4;
		unsigned group = uu_value(line, at) << 18 | uu_value(line, at + 1) << 12 |
				 uu_value(line, at + 2) << 6 | uu_value(line, at + 3);
		char bytes[3] = {
		    (char)(group >> 16), (char)(group >> 8 & 255), (char)(group & 255)};
		buf_add(out, bytes, len - i < 3 ? len - i : 3);
	}
}

static bool uu_decode(struct str text, struct buf *out)
{
	struct str line;
	bool inside = false;
	while (str_cut(&text, '\n', &line)) {
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (inside && (str_is(line, "end") || out->over))
			return !out->over;
		if (inside && line.len)
			uu_line(out, line);
		inside |= str_starts(line, "begin ");
	}
	return false;
}

/* --- In pieces --- */

bool mime_decoder_add(struct mime_decoder *d, struct buf *out, struct str piece)
{
	if (d->encoding == MIME_QP)
		return qp_decode(&d->qp, out, piece);
	if (d->encoding != MIME_BASE64)
		return buf_add_str(out, piece);
	for (size_t i = 0; i < piece.len && !out->over; i++)
		base64_byte(d, out, piece.ptr[i]);
	return !out->over;
}

bool mime_decoder_end(struct mime_decoder *d, struct buf *out)
{
	if (d->encoding == MIME_QP)
		return qp_decode_end(&d->qp, out);
	if (d->encoding == MIME_BASE64 && d->quad_len) {
		put_quad(d, out);
		d->bad = true;
	}
	return !d->bad && !out->over && d->encoding != MIME_UNKNOWN &&
	       d->encoding != MIME_UUENCODE;
}

/* --- Whole parts --- */

bool mime_decode(const struct mime_part *p, struct buf *out)
{
	struct mime_decoder d = {.encoding = p->encoding};
	if (p->encoding == MIME_UUENCODE)
		return uu_decode(p->body, out);
	return mime_decoder_add(&d, out, p->body) && mime_decoder_end(&d, out);
}

/* CRLF to LF, in place. */
static void to_lf(struct buf *b, size_t from)
{
	size_t to = from;
	for (size_t i = from; i < b->len; i++)
		if (b->ptr[i] != '\r' || i + 1 == b->len || b->ptr[i + 1] != '\n')
			b->ptr[to++] = b->ptr[i];
	buf_truncate(b, to);
}

bool mime_decode_text(const struct mime_part *p, struct buf *out)
{
	struct buf bytes = BUF_INIT(out->max), charset = BUF_INIT(200);
	size_t before = out->len;
	bool good = mime_decode(p, &bytes);
	word2047_get_param(p->params, "charset", &charset);
	good = charset_to_utf8(out, buf_str(&charset), buf_str(&bytes)) && good;
	to_lf(out, before);
	buf_free(&bytes);
	buf_free(&charset);
	return good;
}
