/*
 * Facts of a message's bytes, at the speed of memory. Knows lines only.
 */
#include <string.h>

#include "common/mail/message.h"

/* As long as counts of it fit a byte. */
enum { BLOCK = 192 };

/* Sums over bytes of which each has one before it. */
struct tally {
	uint64_t lf, cr, crlf;
	unsigned char high, nul;
};

/* Blocks of a fixed length, without branches: compilers make vector code of it. */
static void count_block(struct tally *t, const unsigned char *p)
{
	unsigned char high = 0, nul = 0, lf = 0, cr = 0, crlf = 0;
	for (size_t i = 0; i < BLOCK; i++) {
		unsigned char is_lf = p[i] == '\n';
		unsigned char behind_cr = (p - 1)[i] == '\r';
		high |= p[i];
		nul |= p[i] == 0;
		cr = (unsigned char)(cr + (p[i] == '\r'));
		lf = (unsigned char)(lf + is_lf);
		crlf = (unsigned char)(crlf + (is_lf & behind_cr));
	}
	t->high |= high;
	t->nul |= nul;
	t->lf += lf;
	t->cr += cr;
	t->crlf += crlf;
}

/* The same where no CR is: most of a text, at two thirds of the price. */
static void count_block_of_lf(struct tally *t, const unsigned char *p)
{
	unsigned char high = 0, nul = 0, lf = 0;
	for (size_t i = 0; i < BLOCK; i++) {
		high |= p[i];
		nul |= p[i] == 0;
		lf = (unsigned char)(lf + (p[i] == '\n'));
	}
	t->high |= high;
	t->nul |= nul;
	t->lf += lf;
}

static void count_byte(struct tally *t, unsigned char before, unsigned char byte)
{
	t->high |= byte;
	t->nul |= byte == 0;
	t->lf += byte == '\n';
	t->cr += byte == '\r';
	t->crlf += byte == '\n' && before == '\r';
}

static void count(struct message_scan *s, const unsigned char *p, size_t len)
{
	struct tally t = {0};
	count_byte(&t, s->after_cr ? '\r' : 0, p[0]);
	size_t i = 1;
	bool has_cr = memchr(p, '\r', len);
	for (; len - i >= BLOCK; i += BLOCK) {
		if (has_cr)
			count_block(&t, p + i);
		else
			count_block_of_lf(&t, p + i);
	}
	for (; i < len; i++)
		count_byte(&t, p[i - 1], p[i]);
	s->lf += t.lf;
	s->cr += t.cr;
	s->crlf += t.crlf;
	s->eight_bit |= t.high >= 0x80;
	s->nul |= t.nul != 0;
}

static void note_length(struct message_scan *s, uint64_t len)
{
	if (len > MESSAGE_LINE_MOST && len > s->longest)
		s->longest = len;
}

/* Looks for the last line end within reach of the line that has begun: what lies before it are
 * lines that are short enough, and need not be looked at one by one. */
static void lines(struct message_scan *s, struct str piece)
{
	const char *at = piece.ptr, *end = piece.ptr + piece.len;
	while (at < end) {
		size_t left = (size_t)(end - at);
		size_t reach =
		    s->line > MESSAGE_LINE_MOST ? 0 : MESSAGE_LINE_MOST + 1 - (size_t)s->line;
		size_t window = left < reach ? left : reach;
		const char *lf = window ? memrchr(at, '\n', window) : NULL;
		if (!lf && window == left) {
			s->line += left;
			return;
		}
		if (!lf) { /* this one is long */
			lf = memchr(at, '\n', left);
			s->line += (size_t)((lf ? lf : end) - at);
			if (!lf)
				return;
			bool cr = lf > piece.ptr ? lf[-1] == '\r' : s->after_cr;
			note_length(s, s->line - cr);
		}
		s->line = 0;
		at = lf + 1;
	}
}

void message_scan_add(struct message_scan *s, struct str piece)
{
	if (piece.len == 0)
		return;
	char last = piece.ptr[piece.len - 1];
	count(s, (const unsigned char *)piece.ptr, piece.len);
	lines(s, piece);
	s->size += piece.len;
	s->after_cr = last == '\r';
	s->in_line = last != '\r' && last != '\n';
	/* A line that has not ended counts too; its last CR may be the end's. */
	note_length(s, s->line - (s->line && s->after_cr));
}

uint64_t message_scan_wire_size(const struct message_scan *s)
{
	return s->size + (s->lf - s->crlf) + (s->cr - s->crlf) + (s->in_line ? 2 : 0);
}
