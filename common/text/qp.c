/*
 * Quoted-printable. Knows lines, no message.
 */
#include "common/text/qp.h"

#include <string.h>

/* 76 with the = of a soft break. */
enum { TEXT_COLUMNS = 75, SLICE = 512, WORST = 6 };

/* What one slice becomes; the end of it is where the next byte goes. */
struct room {
	char bytes[WORST * (SLICE + 2)];
	size_t len;
};

static void add(struct room *r, const char *bytes, size_t len)
{
	memcpy(r->bytes + r->len, bytes, len);
	r->len += len;
}

static void break_before(struct qp_encoder *e, struct room *r, size_t width)
{
	if (e->column + width <= TEXT_COLUMNS)
		return;
	add(r, "=\r\n", 3);
	e->column = 0;
}

static void put_escape(struct qp_encoder *e, struct room *r, char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char value = (unsigned char)byte;
	char escape[3] = {'=', digits[value >> 4], digits[value & 15]};
	break_before(e, r, sizeof escape);
	add(r, escape, sizeof escape);
	e->column += sizeof escape;
	e->from = false;
}

/* "From " and a dot at the start of a line are what mail software changes on the way. The
 * blank of "From " is escaped and not its F: then nothing has to be looked ahead. */
static void put_plain(struct qp_encoder *e, struct room *r, char byte)
{
	break_before(e, r, 1);
	if (e->column == 0)
		e->from = true;
	e->from = e->from && e->column < 5 && byte == "From "[e->column];
	if ((byte == '.' && e->column == 0) || (e->from && byte == ' ')) {
		put_escape(e, r, byte);
		return;
	}
	add(r, &byte, 1);
	e->column++;
}

static void put_line_end(struct qp_encoder *e, struct room *r)
{
	add(r, "\r\n", 2);
	e->column = 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* What was held, now that the next byte is known. True if that byte is used up with it. */
static bool settle(struct qp_encoder *e, struct room *r, char next)
{
	char held = e->held;
	e->held = 0;
	if (held == '\r' && next == '\n') {
		put_line_end(e, r);
		return true;
	}
	if (held == '\r' || (is_blank(held) && (next == '\r' || next == '\n')))
		put_escape(e, r, held);
	else if (held)
		put_plain(e, r, held);
	return false;
}

static void encode_byte(struct qp_encoder *e, struct room *r, char byte)
{
	if (settle(e, r, byte))
		return;
	if (byte == '\r' || is_blank(byte))
		e->held = byte;
	else if (byte == '\n')
		put_line_end(e, r);
	else if (byte > ' ' && byte < 0x7f && byte != '=')
		put_plain(e, r, byte);
	else
		put_escape(e, r, byte);
}

bool qp_encode(struct qp_encoder *e, struct buf *out, struct str piece)
{
	struct room r;
	while (piece.len) {
		struct str slice = str_sub(piece, 0, SLICE);
		r.len = 0;
		for (size_t i = 0; i < slice.len; i++)
			encode_byte(e, &r, slice.ptr[i]);
		if (!buf_add(out, r.bytes, r.len))
			return false;
		piece = str_sub(piece, slice.len, piece.len);
	}
	return true;
}

bool qp_encode_end(struct qp_encoder *e, struct buf *out)
{
	struct room r = {.len = 0};
	char held = e->held;
	e->held = 0;
	if (held)
		put_escape(e, &r, held);
	return buf_add(out, r.bytes, r.len);
}

static void flush(struct qp_decoder *d, struct buf *out)
{
	buf_add(out, d->held, d->len);
	d->len = 0;
}

static void hold(struct qp_decoder *d, struct buf *out, char byte)
{
	if (d->len == sizeof d->held)
		flush(d, out);
	d->held[d->len++] = byte;
}

/* After "=": true if the byte belongs to it. Blanks may stand between a soft break's = and its
 * line end: some gateways add them. */
static bool decode_escape(struct qp_decoder *d, struct buf *out, char byte)
{
	bool after_digit = d->len == 2 && char_hex(d->held[1]) >= 0;
	if (after_digit && char_hex(byte) >= 0) {
		d->len = 0;
		buf_add_byte(out, (char)(char_hex(d->held[1]) << 4 | char_hex(byte)));
		return true;
	}
	if (!after_digit && byte == '\n') {
		d->len = 0;
		return true;
	}
	bool soft = is_blank(byte) || byte == '\r';
	if (d->len == sizeof d->held || after_digit ||
	    !(soft || (d->len == 1 && char_hex(byte) >= 0)))
		return false;
	d->held[d->len++] = byte;
	return true;
}

static void decode_byte(struct qp_decoder *d, struct buf *out, char byte)
{
	if (d->len && d->held[0] == '=' && decode_escape(d, out, byte))
		return;
	if (d->len && is_blank(d->held[0]) && (byte == '\r' || byte == '\n'))
		d->len = 0;
	else if (d->len && !(is_blank(d->held[0]) && is_blank(byte)))
		flush(d, out);
	if (byte == '=' || is_blank(byte))
		hold(d, out, byte);
	else
		buf_add_byte(out, byte);
}

/* Length of the front that means itself. */
static size_t plain_run(struct str s)
{
	size_t i = 0;
	while (i < s.len && s.ptr[i] != '=' && s.ptr[i] != ' ' && s.ptr[i] != '\t')
		i++;
	return i;
}

bool qp_decode(struct qp_decoder *d, struct buf *out, struct str piece)
{
	while (piece.len && !out->over) {
		size_t run = d->len ? 0 : plain_run(piece);
		buf_add(out, piece.ptr, run);
		if (run < piece.len)
			decode_byte(d, out, piece.ptr[run++]);
		piece = str_sub(piece, run, piece.len);
	}
	return !out->over;
}

bool qp_decode_end(struct qp_decoder *d, struct buf *out)
{
	/* A soft break at the very end, or blanks before it: nothing is lost by dropping them.
	 */
	if (d->len && (is_blank(d->held[0]) || d->len == 1 || char_hex(d->held[1]) < 0))
		d->len = 0;
	flush(d, out);
	return !out->over;
}
