/*
 * Which bytes of a file are there, which are on their way, and which are next:
 * the plan of a file that several connections fetch at once. And how many of
 * them pay. Pure: no connection, no file, no clock of its own; the caller
 * holds the lock.
 */
#ifndef PARLEY_WEBGET_SEGMENTS_H
#define PARLEY_WEBGET_SEGMENTS_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/str.h"

/* begin..at is there, at..end is missing. One that nobody holds is all there or all missing. */
struct span {
	uint64_t begin, at, end;
	bool held;
	uint64_t from; /* where `at` was when it was taken, and when that was */
	int64_t since;
	struct span *next; /* by position, without gaps */
};

struct plan {
	struct span *first;
	uint64_t total;
	uint64_t there; /* bytes of it */
	uint64_t least; /* a span is not split into smaller ones */
};

void plan_open(struct plan *p, uint64_t total, uint64_t least);
void plan_close(struct plan *p);
/* from..to is there, or is missing after all. Only while nobody holds a span. */
void plan_mark(struct plan *p, uint64_t from, uint64_t to, bool there);
bool plan_is_whole(const struct plan *p);
/* The end of what is there from the first byte on. */
uint64_t plan_prefix(const struct plan *p);

/* What the caller should fetch: a span that nobody holds; or the second half of the one that
 * has longest to go; or all that is left of one, when the caller, at its `rate` (bytes a
 * second; 0: not known), has it in less than half the time. Borrowed until plan_release; NULL:
 * nothing. */
struct span *plan_take(struct plan *p, double rate, int64_t now);
/* The span that begins the missing part at `at`, for who is already getting it. */
struct span *plan_take_at(struct plan *p, uint64_t at, int64_t now);
/* n bytes more are there; s->end may be nearer than it was: it says how many counted. */
uint64_t plan_advance(struct plan *p, struct span *s, uint64_t n);
/* The holder stands at the end of its span, and what it reads goes on up to `limit`: true when
 * it may go on into the next one, because nobody has begun with that. */
bool plan_follow(struct plan *p, struct span *s, uint64_t limit);
/* Bytes a second since it was taken; 0: none came yet. */
double plan_rate(const struct span *s, int64_t now);
void plan_release(struct plan *p, struct span *s);

/* "0-1000,2000-3000": from and to of all that is there. */
void plan_put_map(const struct plan *p, struct buf *out);
/* Marks what such a map says. False, with nothing marked, for one that is malformed. */
bool plan_read_map(struct plan *p, struct str map);

/* How many connections to use: twice as many, step by step, for as long as the total rate grows
 * with them, and what is left takes longer than the step. */
struct crew {
	int wanted, most;
	int before;          /* how many there were at the step before */
	double rate_before;  /* and how fast they were together */
	int64_t window;      /* how long a step is measured */
	int64_t since, half; /* this step's measure began, and was half over; 0: not yet */
	uint64_t at_since, at_half;
};

void crew_open(struct crew *p, int most, int64_t window);
/* busy: connections on which bytes come; there: bytes so far; left: bytes to come. Changes
 * p->wanted. */
struct crew_view {
	int busy;
	uint64_t there, left;
	int64_t now;
};
void crew_look(struct crew *p, const struct crew_view *v);
/* A server would not have one more. */
void crew_limit(struct crew *p, int most);

#endif
