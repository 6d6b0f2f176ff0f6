/*
 * The diff. A greedy alignment is enough: a client that strayed is shown where
 * it came back to the dialogue, if it did.
 */
#include "tests/peer/diff.h"

#include <stdlib.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/text/visible.h"

/* Steps shown before and after, lines seen that are shown. */
#define CONTEXT 4
#define MOST_SEEN 20

struct place {
	FILE *out;
	const struct script *s;
	size_t at; /* the next step to be shown */
	unsigned conn;
};

static void show_step(const struct place *p, char mark, size_t at)
{
	struct str raw = str_of(p->s->steps[at].raw);
	fprintf(p->out, "%c%.*s\n", mark, STR_ARG(raw));
}

static void show_seen(const struct place *p, struct str line)
{
	struct buf shown = BUF_INIT(4 * LIMIT_WORDS);
	visible_put(&shown, str_sub(line, 0, LIMIT_WORDS));
	if (p->conn > 1)
		fprintf(p->out, "+C%u: %s\n", p->conn, buf_cstr(&shown));
	else
		fprintf(p->out, "+C:%s%s\n", shown.len ? " " : "", buf_cstr(&shown));
	buf_free(&shown);
}

/* The end of the run of C: lines that begins at `from`: what was expected in this turn. */
static size_t turn_end(const struct place *p, size_t from)
{
	size_t end = from;
	while (end < p->s->count && p->s->steps[end].kind == STEP_EXPECT &&
	       p->s->steps[end].conn == p->conn)
		end++;
	return end;
}

static size_t find_expected(const struct place *p, size_t end, struct str line)
{
	size_t at = p->at;
	while (at < end && !pattern_matches(&p->s->steps[at].say, line))
		at++;
	return at;
}

static struct str without_cr(struct str line)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* Shows `held`, lines that were seen where nothing fits, up to (not with) the line `until`. */
static void show_held(const struct place *p, struct str held, const char *until)
{
	struct str line;
	while (held.ptr < until && str_cut(&held, '\n', &line))
		show_seen(p, without_cr(line));
}

/* What was expected and not seen stands before what was seen instead. */
static void show_turn(struct place *p, struct str seen)
{
	size_t end = turn_end(p, p->at);
	struct str held = seen, line;
	const char *last = seen.ptr;
	for (int i = 0; i < MOST_SEEN && str_cut(&seen, '\n', &line); i++) {
		size_t hit = find_expected(p, end, without_cr(line));
		last = line.ptr + line.len + 1;
		if (hit == end)
			continue;
		while (p->at < hit)
			show_step(p, '-', p->at++);
		show_held(p, held, line.ptr);
		show_step(p, ' ', p->at++);
		held = seen;
	}
	while (p->at < end)
		show_step(p, '-', p->at++);
	show_held(p, held, last);
}

void diff_print(FILE *out, const struct script *s, const struct stray *stray)
{
	size_t at = stray->at;
	struct place p = {.out = out, .s = s, .conn = stray->conn};
	p.at = at > CONTEXT ? at - CONTEXT : 0;
	fprintf(out, "--- %s\n+++ seen\n@@ line %u @@\n", s->name, s->steps[p.at].line);
	while (p.at < at)
		show_step(&p, ' ', p.at++);
	if (p.at < s->count && s->steps[p.at].kind != STEP_EXPECT)
		show_step(&p, '-', p.at++);
	show_turn(&p, stray->seen);
	for (size_t i = 0; i < CONTEXT && p.at < s->count; i++)
		show_step(&p, ' ', p.at++);
	fprintf(out, "peer: %s\n", stray->why);
}
