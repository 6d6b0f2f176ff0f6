/*
 * Patterns with stars. Knows nothing of lines or connections.
 */
#include "tests/peer/pattern.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/visible.h"

bool pattern_parse(struct pattern *p, struct str notation)
{
	*p = (struct pattern){.bytes = BUF_INIT(LIMIT_LINE)};
	struct str rest = notation;
	for (;;) {
		size_t piece = str_find(rest, '*');
		if (!visible_parse(&p->bytes, str_sub(rest, 0, piece)))
			return false;
		if (piece == rest.len)
			return true;
		p->stars = mem_resize(p->stars, p->count + 1, sizeof *p->stars);
		p->stars[p->count++] = p->bytes.len;
		rest = str_sub(rest, piece + 1, rest.len);
	}
}

static struct str piece_between(const struct pattern *p, size_t from, size_t to)
{
	return str_sub(buf_str(&p->bytes), from, to - from);
}

/* Each inner piece takes the first place where it fits: what is left for the
 * later ones is then the most it can be, so nothing has to be tried twice. */
bool pattern_matches(const struct pattern *p, struct str seen)
{
	if (p->count == 0)
		return str_eq(buf_str(&p->bytes), seen);
	struct str first = piece_between(p, 0, p->stars[0]);
	struct str last = piece_between(p, p->stars[p->count - 1], p->bytes.len);
	if (seen.len < first.len + last.len || !str_eq(str_sub(seen, 0, first.len), first) ||
	    !str_eq(str_sub(seen, seen.len - last.len, last.len), last))
		return false;
	struct str middle = str_sub(seen, first.len, seen.len - first.len - last.len);
	for (size_t i = 1; i < p->count; i++) {
		struct str piece = piece_between(p, p->stars[i - 1], p->stars[i]);
		if (piece.len == 0)
			continue;
		size_t at = str_find_str(middle, piece);
		if (at == middle.len)
			return false;
		middle = str_sub(middle, at + piece.len, middle.len);
	}
	return true;
}

void pattern_free(struct pattern *p)
{
	buf_free(&p->bytes);
	free(p->stars);
	*p = (struct pattern){.bytes = BUF_INIT(LIMIT_LINE)};
}
