/*
 * The plan: a list of spans by position, and the pace.
 */
#include "cmd/webget/segments.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/number.h"

/* A span is taken over as a whole only from who would need longer than this. */
#define PATIENCE_S 1.0
/* Bytes a second that are as good as none. */
#define NO_RATE 1e-6
/* One more connection is worth it for so much of what it could bring. */
#define WORTH 0.4
/* Two halves of a measure that differ by more are no measure. */
#define UNEVEN 1.5

/* ---- spans ---- */

static struct span *make(uint64_t begin, uint64_t end, struct span *next)
{
	struct span *s = mem_alloc(sizeof *s);
	*s = (struct span){.begin = begin, .at = begin, .end = end, .next = next};
	return s;
}

static bool is_there(const struct span *s)
{
	return s->at == s->end;
}

void plan_open(struct plan *p, uint64_t total, uint64_t least)
{
	*p = (struct plan){.total = total, .least = least, .first = make(0, total, NULL)};
}

void plan_close(struct plan *p)
{
	while (p->first) {
		struct span *next = p->first->next;
		free(p->first);
		p->first = next;
	}
}

/* Cuts s in two at a place inside of it; what is there stays in front. */
static void cut(struct span *s, uint64_t at)
{
	bool there = is_there(s);
	struct span *rest = make(at, s->end, s->next);
	if (there)
		rest->at = rest->end;
	s->next = rest;
	s->end = at;
	if (there)
		s->at = at;
}

/* Spans that nobody holds become one with a neighbour of their kind; empty ones go. */
static void tidy(struct plan *p)
{
	for (struct span **at = &p->first; *at;) {
		struct span *s = *at, *next = s->next;
		if (!s->held && s->begin == s->end && (next || p->first != s)) {
			*at = next;
			free(s);
			continue;
		}
		if (next && !s->held && !next->held && is_there(s) == is_there(next)) {
			s->end = next->end;
			s->at = is_there(next) ? s->end : s->at;
			s->next = next->next;
			free(next);
			continue;
		}
		at = &s->next;
	}
}

void plan_mark(struct plan *p, uint64_t from, uint64_t to, bool there)
{
	for (struct span *s = p->first; s; s = s->next) {
		if (s->end <= from || s->begin >= to)
			continue;
		if (s->begin < from) {
			cut(s, from);
			continue;
		}
		if (s->end > to)
			cut(s, to);
		p->there -= s->at - s->begin;
		s->at = there ? s->end : s->begin;
		p->there += s->at - s->begin;
	}
	tidy(p);
}

bool plan_is_whole(const struct plan *p)
{
	return p->there == p->total;
}

uint64_t plan_prefix(const struct plan *p)
{
	uint64_t end = 0;
	for (const struct span *s = p->first; s && s->begin == end; s = s->next) {
		end = s->at;
		if (!is_there(s))
			break;
	}
	return end;
}

/* ---- taking ---- */

double plan_rate(const struct span *s, int64_t now)
{
	double seconds = clock_ms_between(s->since, now) / 1000;
	return seconds > 0 ? (double)(s->at - s->from) / seconds : 0;
}

static struct span *hold(struct span *s, int64_t now)
{
	s->held = true;
	s->from = s->at;
	s->since = now;
	return s;
}

/* What of s is still to come stands behind it as a span of its own. */
static struct span *split(struct span *s, uint64_t at)
{
	s->next = make(at, s->end, s->next);
	s->end = at;
	return s->next;
}

/* Seconds until s is there. Who has just begun is as fast as the caller. */
static double to_go(const struct span *s, double rate, int64_t now)
{
	bool begins = s->at == s->from && clock_ms_between(s->since, now) < PATIENCE_S * 1000;
	double own = begins ? rate : plan_rate(s, now);
	return (double)(s->end - s->at) / (own > NO_RATE ? own : NO_RATE);
}

struct span *plan_take(struct plan *p, double rate, int64_t now)
{
	struct span *slowest = NULL;
	for (struct span *s = p->first; s; s = s->next) {
		if (is_there(s))
			continue;
		if (!s->held)
			return hold(s, now);
		if (!slowest || to_go(s, rate, now) > to_go(slowest, rate, now))
			slowest = s;
	}
	if (!slowest)
		return NULL;
	uint64_t rest = slowest->end - slowest->at;
	if (rest >= 2 * p->least)
		return hold(split(slowest, slowest->at + rest / 2), now);
	double patience = PATIENCE_S + (rate > 1 ? 2 * (double)rest / rate : 0);
	bool stuck = clock_ms_between(slowest->since, now) / 1000 > patience;
	return stuck && to_go(slowest, rate, now) > patience
		   ? hold(split(slowest, slowest->at), now)
		   : NULL;
}

struct span *plan_take_at(struct plan *p, uint64_t at, int64_t now)
{
	for (struct span *s = p->first; s; s = s->next)
		if (!s->held && !is_there(s) && s->begin <= at && at < s->end) {
			if (s->begin < at) {
				cut(s, at);
				s = s->next;
			}
			return hold(s, now);
		}
	return NULL;
}

uint64_t plan_advance(struct plan *p, struct span *s, uint64_t n)
{
	uint64_t left = s->end - s->at;
	n = n < left ? n : left;
	s->at += n;
	p->there += n;
	return n;
}

bool plan_follow(struct plan *p, struct span *s, uint64_t limit)
{
	struct span *next = s->next;
	/* Taken from their holder, and empty since. */
	while (next && next->begin == next->end)
		next = next->next;
	if (!next || next->at != next->begin || s->end >= limit)
		return false;
	if (next->end > limit) {
		if (next->held)
			return false;
		cut(next, limit);
	}
	s->end = next->end;
	/* Whoever holds these finds nothing to do. */
	for (struct span *e = s->next; e != next->next; e = e->next)
		e->begin = e->at = e->end = e->from = s->end;
	tidy(p);
	return true;
}

void plan_release(struct plan *p, struct span *s)
{
	s->held = false;
	if (s->at > s->begin && s->at < s->end) {
		split(s, s->at);
		s->at = s->end;
	}
	tidy(p);
}

/* ---- the map ---- */

void plan_put_map(const struct plan *p, struct buf *out)
{
	const char *comma = "";
	for (const struct span *s = p->first; s;) {
		uint64_t from = s->begin, to = s->at;
		while (is_there(s) && s->next) {
			s = s->next;
			to = s->at;
		}
		if (to > from)
			buf_addf(out, "%s%llu-%llu", comma, (unsigned long long)from,
			    (unsigned long long)to);
		comma = to > from ? "," : comma;
		s = s->next;
	}
}

static bool read_span(struct str text, uint64_t *from, uint64_t *to)
{
	struct str head;
	return str_cut(&text, '-', &head) && number_parse(head, from) &&
	       number_parse(text, to) && *from < *to;
}

bool plan_read_map(struct plan *p, struct str map)
{
	struct str rest = map, item;
	uint64_t from, to, last = 0;
	while (str_cut(&rest, ',', &item)) {
		if (!read_span(item, &from, &to) || from < last || to > p->total)
			return false;
		last = to;
	}
	rest = map;
	while (str_cut(&rest, ',', &item))
		if (read_span(item, &from, &to))
			plan_mark(p, from, to, true);
	return true;
}

/* ---- the pace ---- */

void crew_open(struct crew *p, int most, int64_t window)
{
	*p = (struct crew){.most = most, .wanted = most < 2 ? most : 2, .window = window};
}

static double rate_between(uint64_t from, uint64_t to, int64_t start, int64_t end)
{
	return end > start ? (double)(to - from) / clock_ms_between(start, end) * 1000 : 0;
}

/* A server that limits a connection's rate may do so in bursts of a second's worth: then what
 * was measured in less says nothing, and the benefit of the doubt goes to one more. */
static bool is_even(const struct crew *p, const struct crew_view *v)
{
	double first = rate_between(p->at_since, p->at_half, p->since, p->half);
	double second = rate_between(p->at_half, v->there, p->half, v->now);
	return first < UNEVEN * second && second < UNEVEN * first;
}

static void step(struct crew *p, const struct crew_view *v)
{
	double rate = rate_between(p->at_since, v->there, p->since, v->now);
	double hoped = p->before ? (double)p->wanted / p->before - 1 : 0;
	bool even = is_even(p, v);
	p->since = p->half = 0;
	/* What would they do, once they are there? */
	if ((double)v->left < rate * (double)p->window / (double)CLOCK_SECOND)
		return;
	if (p->before && rate < p->rate_before * (1 + WORTH * hoped) && even) {
		p->most = p->wanted = p->before;
		return;
	}
	p->before = p->wanted;
	p->rate_before = rate;
	p->wanted = 2 * p->wanted < p->most ? 2 * p->wanted : p->most;
}

void crew_look(struct crew *p, const struct crew_view *v)
{
	bool settled = p->wanted >= p->most && p->before == p->wanted;
	if (settled || v->busy < p->wanted)
		return;
	if (!p->since) {
		p->since = v->now;
		p->at_since = v->there;
	} else if (!p->half && v->now - p->since >= p->window / 2) {
		p->half = v->now;
		p->at_half = v->there;
	} else if (p->half && v->now - p->since >= p->window) {
		step(p, v);
	}
}

void crew_limit(struct crew *p, int most)
{
	p->most = most < p->most ? (most < 1 ? 1 : most) : p->most;
	p->wanted = p->wanted < p->most ? p->wanted : p->most;
}
