/*
 * Facts of a message's bytes, at the speed of memory. Knows lines only.
 */
#include <string.h>

#include "common/mail/message.h"

enum { BLOCK = 64 };

/* Blocks of a fixed length, without branches: compilers make vector code of it. */
static void classify(struct message_scan *s, const unsigned char *p, size_t len)
{
	unsigned char high = 0, nul = 0;
	uint64_t cr = 0;
	for (; len >= BLOCK; p += BLOCK, len -= BLOCK) {
		unsigned char block_cr = 0;
		for (size_t i = 0; i < BLOCK; i++) {
			high |= p[i];
			nul |= p[i] == 0;
			block_cr = (unsigned char)(block_cr + (p[i] == '\r'));
		}
		cr += block_cr;
	}
	for (size_t i = 0; i < len; i++) {
		high |= p[i];
		nul |= p[i] == 0;
		cr += p[i] == '\r';
	}
	s->eight_bit |= high >= 0x80;
	s->nul |= nul != 0;
	s->cr += cr;
}

static void end_line(struct message_scan *s, bool cr)
{
	uint64_t len = s->line - cr;
	s->lf++;
	s->crlf += cr;
	if (len > s->longest)
		s->longest = len;
	s->line = 0;
}

static void lines(struct message_scan *s, struct str piece)
{
	const char *at = piece.ptr, *end = piece.ptr + piece.len, *lf;
	while (at < end && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		s->line += (uint64_t)(lf - at);
		end_line(s, lf > piece.ptr ? lf[-1] == '\r' : s->after_cr);
		at = lf + 1;
	}
	s->line += (uint64_t)(end - at);
}

void message_scan_add(struct message_scan *s, struct str piece)
{
	if (piece.len == 0)
		return;
	char last = piece.ptr[piece.len - 1];
	classify(s, (const unsigned char *)piece.ptr, piece.len);
	lines(s, piece);
	s->size += piece.len;
	s->after_cr = last == '\r';
	s->in_line = last != '\r' && last != '\n';
	/* A line that has not ended counts too; its last CR may be the end's. */
	if (s->line && s->line - s->after_cr > s->longest)
		s->longest = s->line - s->after_cr;
}

uint64_t message_scan_wire_size(const struct message_scan *s)
{
	return s->size + (s->lf - s->crlf) + (s->cr - s->crlf) + (s->in_line ? 2 : 0);
}
