/*
 * A message to be pulled: parts of memory and files, read and coded piece by
 * piece. How bytes get into one from outside is in source_add.c.
 */
#include "common/mail/source.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/mail/source_inside.h"
#include "common/text/base64.h"

/* A coded piece is made of this many bytes: whole lines of base64. */
enum { B64_LINE_BYTES = 57, B64_LINE = 78, CODED = B64_LINE_BYTES * 1024, PLAIN = 64 * 1024 };

void source_rewind(struct source *s)
{
	s->at = 0;
	s->taken = s->dropped = 0;
	s->front_done = false;
	s->qp = (struct qp_encoder){0};
	s->line_start = true;
}

void source_free(struct source *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->parts[i].owned);
		free(s->parts[i].name);
		if (s->parts[i].owns_fd)
			close(s->parts[i].fd);
	}
	free(s->parts);
	buf_free(&s->front);
	buf_free(&s->in);
	buf_free(&s->out);
	*s = (struct source){0};
}

struct source_part *source_append(struct source *s)
{
	if (s->count == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 4;
		s->parts = mem_resize(s->parts, s->cap, sizeof *s->parts);
	}
	s->parts[s->count] = (struct source_part){.fd = -1};
	return &s->parts[s->count++];
}

void source_set_front(struct source *s, uint64_t skip, struct str bytes)
{
	s->front.max = bytes.len > s->front.max ? bytes.len : s->front.max;
	buf_clear(&s->front);
	buf_add_str(&s->front, bytes);
	s->skip = skip;
	source_rewind(s);
}

/* --- Bytes of a part, before their coding --- */

/* Exactly len bytes of the file, which it had when the part was made. */
static bool read_file(
    struct source *s, const struct source_part *p, size_t len, struct err *err)
{
	s->in.max = PLAIN;
	buf_clear(&s->in);
	char *room = buf_reserve(&s->in, len);
	for (size_t got = 0; got < len;) {
		off_t at = (off_t)(p->from + s->taken + got);
		ssize_t n = pread(p->fd, room + got, len - got, at);
		if (n < 0)
			return err_set_errno(err, ERR_IO, "cannot read %s", p->name);
		if (n == 0)
			return err_set(
			    err, ERR_IO, "%s became shorter while it was read", p->name);
		got += (size_t)n;
	}
	buf_commit(&s->in, len);
	return true;
}

static bool take(
    struct source *s, const struct source_part *p, struct str *raw, struct err *err)
{
	uint64_t left = p->len - s->taken;
	size_t most = p->coding == SOURCE_PLAIN ? PLAIN : CODED;
	size_t len = left < most ? (size_t)left : most;
	if (p->fd < 0)
		*raw = str_sub(p->bytes, (size_t)s->taken, len);
	else if (!read_file(s, p, len, err))
		return false;
	else
		*raw = buf_str(&s->in);
	s->taken += len;
	return true;
}

/* --- Codings --- */

/* A line of >s and "From " loses a >. The look at a line stops where the piece does: a line
 * start cut in two is left for the next piece. */
static size_t unquote(struct source *s, struct str raw, bool last)
{
	size_t at = 0;
	while (at < raw.len) {
		struct str rest = str_sub(raw, at, raw.len);
		size_t marks = 0;
		while (s->line_start && marks < rest.len && rest.ptr[marks] == '>')
			marks++;
		struct str after = str_sub(rest, marks, 5);
		if (marks && after.len < 5 && !last && at > 0)
			break;
		size_t lf = str_find(rest, '\n');
		bool quoted = marks && str_is(after, "From ");
		buf_add_str(&s->out, str_sub(rest, quoted, lf + 1 - quoted));
		s->line_start = lf < rest.len;
		at += lf < rest.len ? lf + 1 : rest.len;
	}
	return at;
}

static void code(struct source *s, const struct source_part *p, struct str raw)
{
	bool last = s->taken == p->len;
	s->out.max = 8 * (size_t)CODED;
	buf_clear(&s->out);
	if (p->coding == SOURCE_BASE64) {
		base64_encode_lines(&s->out, raw, B64_LINE - 2);
	} else if (p->coding == SOURCE_QP) {
		qp_encode(&s->qp, &s->out, raw);
		if (last)
			qp_encode_end(&s->qp, &s->out);
	} else {
		s->taken -= raw.len - unquote(s, raw, last);
	}
}

static void leave_part(struct source *s)
{
	s->at++;
	s->taken = 0;
	s->qp = (struct qp_encoder){0};
	s->line_start = true;
}

/* The next piece of the parts; empty only at their end. */
static bool next_of_parts(struct source *s, struct str *piece, struct err *err)
{
	*piece = STR_NONE;
	while (s->at < s->count && piece->len == 0) {
		const struct source_part *p = &s->parts[s->at];
		if (s->taken >= p->len) {
			leave_part(s);
			continue;
		}
		if (!take(s, p, piece, err))
			return false;
		if (p->coding != SOURCE_PLAIN) {
			code(s, p, *piece);
			*piece = buf_str(&s->out);
		}
	}
	return true;
}

bool source_next(struct source *s, struct str *piece, struct err *err)
{
	if (!s->front_done) {
		s->front_done = true;
		*piece = buf_str(&s->front);
		if (piece->len)
			return true;
	}
	do {
		if (!next_of_parts(s, piece, err))
			return false;
		uint64_t left = s->skip - s->dropped;
		size_t drop = left < piece->len ? (size_t)left : piece->len;
		bool end = piece->len == 0;
		s->dropped += drop;
		*piece = str_sub(*piece, drop, piece->len);
		if (end)
			break;
	} while (piece->len == 0);
	return true;
}

/* --- Length --- */

static uint64_t base64_length(uint64_t len)
{
	uint64_t rest = len % B64_LINE_BYTES;
	return len / B64_LINE_BYTES * B64_LINE + (rest ? (rest + 2) / 3 * 4 + 2 : 0);
}

static bool length_by_reading(struct source *s, uint64_t *len, struct err *err)
{
	struct str piece;
	*len = 0;
	source_rewind(s);
	do {
		if (!source_next(s, &piece, err))
			return false;
		*len += piece.len;
	} while (piece.len);
	source_rewind(s);
	return true;
}

bool source_length(struct source *s, uint64_t *len, struct err *err)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct source_part *p = &s->parts[i];
		if (p->coding != SOURCE_PLAIN && p->coding != SOURCE_BASE64)
			return length_by_reading(s, len, err);
		sum += p->coding == SOURCE_PLAIN ? p->len : base64_length(p->len);
	}
	*len = s->front.len + (sum > s->skip ? sum - s->skip : 0);
	source_rewind(s);
	return true;
}
