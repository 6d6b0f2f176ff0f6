/*
 * The plan of a file that several connections fetch, and how many of them pay.
 */
#include "cmd/webget/segments.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

static void maps_to(struct unit *t, struct plan *p, const char *want)
{
	struct buf map = BUF_INIT(10000);
	plan_put_map(p, &map);
	unit_check_str(t, buf_str(&map), str_of(want), want);
	buf_free(&map);
}

static void marks(struct unit *t)
{
	struct plan p;
	plan_open(&p, 1000, 10);
	maps_to(HERE(t), &p, "");
	plan_mark(&p, 100, 200, true);
	plan_mark(&p, 300, 400, true);
	maps_to(HERE(t), &p, "100-200,300-400");
	plan_mark(&p, 150, 350, true);
	maps_to(HERE(t), &p, "100-400");
	CHECK_INT(p.there, 300);
	CHECK_INT(plan_prefix(&p), 0);
	plan_mark(&p, 200, 210, false);
	maps_to(HERE(t), &p, "100-200,210-400");
	plan_mark(&p, 0, 1000, true);
	CHECK(plan_is_whole(&p));
	CHECK_INT(plan_prefix(&p), 1000);
	plan_close(&p);
}

static void maps(struct unit *t)
{
	static const char *const bad[] = {"1", "5-5", "7-3", "10-20,15-30", "0-1001", "a-b",
	    "0-10,,20-30", "0-10 20-30", "-5", "99999999999999999999-100000000000000000000"};
	struct plan p;
	plan_open(&p, 1000, 10);
	for (size_t i = 0; i < COUNT(bad); i++)
		unit_check(HERE(t), !plan_read_map(&p, str_of(bad[i])), bad[i]);
	CHECK_INT(p.there, 0);
	CHECK(plan_read_map(&p, STR("0-10,20-30,30-40,990-1000")));
	maps_to(HERE(t), &p, "0-10,20-40,990-1000");
	CHECK_INT(plan_prefix(&p), 10);
	plan_close(&p);
}

static void taking(struct unit *t)
{
	struct plan p;
	plan_open(&p, 1000, 100);
	struct span *first = plan_take_at(&p, 0, 1);
	plan_advance(&p, first, 200);
	struct span *second = plan_take(&p, 0, CLOCK_SECOND);
	CHECK_INT(second->begin, 600);
	CHECK_INT(first->end, 600);
	/* The slower one is relieved: it has 390 to go at 200 a second, the other none at all.
	 */
	plan_advance(&p, second, 10);
	struct span *third = plan_take(&p, 0, 2 * CLOCK_SECOND);
	CHECK_INT(third->begin, 805);
	plan_release(&p, second);
	plan_release(&p, third);
	maps_to(HERE(t), &p, "0-200,600-610");
	CHECK_INT(plan_take(&p, 0, 0)->begin, 610);
	plan_close(&p);
}

static void stuck(struct unit *t)
{
	struct plan p;
	plan_open(&p, 150, 100);
	struct span *slow = plan_take(&p, 0, 1);
	plan_advance(&p, slow, 50);
	CHECK(!plan_take(&p, 1000, CLOCK_SECOND));
	/* 50 bytes in 10 seconds; the caller has a thousand a second. */
	struct span *fast = plan_take(&p, 1000, 10 * CLOCK_SECOND);
	CHECK(fast && fast->begin == 50 && fast->end == 150);
	CHECK_INT(plan_advance(&p, slow, 10), 0);
	plan_advance(&p, fast, 100);
	CHECK(plan_is_whole(&p));
	plan_release(&p, slow);
	plan_release(&p, fast);
	maps_to(HERE(t), &p, "0-150");
	plan_close(&p);
}

static void following(struct unit *t)
{
	struct plan p;
	plan_open(&p, 1000, 100);
	struct span *first = plan_take(&p, 0, 1);
	struct span *second = plan_take(&p, 0, 1);
	CHECK(second->begin == 500);
	plan_advance(&p, first, 500);
	CHECK(!plan_follow(&p, first, 500));
	/* Nothing of it came yet: who is already there goes on. */
	CHECK(plan_follow(&p, first, 1000));
	CHECK_INT(first->end, 1000);
	CHECK_INT(plan_advance(&p, second, 100), 0);
	plan_release(&p, second);
	CHECK_INT(plan_advance(&p, first, 600), 500);
	plan_release(&p, first);
	CHECK(plan_is_whole(&p));
	plan_close(&p);
}

/* ---- many hands, at random ---- */

enum { HANDS = 7, SIZE = 100000 };

struct hand {
	struct span *span;
	uint64_t at, limit; /* of the answer it reads */
};

struct crowd {
	struct plan plan;
	struct hand hands[HANDS];
	unsigned char file[SIZE]; /* 1: written */
	uint64_t random;
	int64_t now;
};

static unsigned dice(struct crowd *c, unsigned sides)
{
	c->random = c->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(c->random >> 33) % sides;
}

/* What gather's threads do: take, read on, follow, give up. */
static void act(struct unit *t, struct crowd *c, struct hand *h)
{
	struct span *s = h->span;
	c->now += CLOCK_SECOND / 100;
	if (!s) {
		h->span = plan_take(&c->plan, dice(c, 2) * 1000, c->now);
		if (h->span) {
			h->at = h->span->at;
			h->limit = h->span->end;
		}
		return;
	}
	if (s->at == h->at && s->at == s->end && h->at < h->limit)
		plan_follow(&c->plan, s, h->limit);
	uint64_t left = s->at == h->at ? s->end - s->at : 0;
	uint64_t n = left ? 1 + dice(c, left < 3000 ? (unsigned)left : 3000) : 0;
	if (n && dice(c, 3) == 0 && s->next && s->next->held)
		plan_take(&c->plan, 1e9, c->now); /* somebody who then does nothing */
	memset(c->file + h->at, 1, n);
	if (n == 0 || plan_advance(&c->plan, s, n) < n || dice(c, 50) == 0) {
		plan_release(&c->plan, s);
		h->span = NULL;
	}
	h->at += n;
	unit_check(t, h->at <= h->limit, "inside the answer");
}

static void crowd(struct unit *t)
{
	struct crowd *c = mem_alloc(sizeof *c);
	for (unsigned seed = 0; seed < 300; seed++) {
		memset(c, 0, sizeof *c);
		c->random = seed;
		plan_open(&c->plan, SIZE, 500);
		int steps = 0;
		while (!plan_is_whole(&c->plan) && steps++ < 100000)
			act(HERE(t), c, &c->hands[dice(c, HANDS)]);
		CHECK(plan_is_whole(&c->plan));
		CHECK(!memchr(c->file, 0, SIZE));
		plan_close(&c->plan);
	}
	free(c);
}

/* ---- the pace ---- */

/* Connections wanted in the end, when `each` has so many bytes a second and all together at
 * most `all`, in a file that takes long. */
static int settles(double each, double all, bool bursts)
{
	struct crew p;
	double there = 0;
	crew_open(&p, 16, CLOCK_SECOND / 10);
	for (int64_t now = 1; now < 20 * CLOCK_SECOND; now += CLOCK_SECOND / 100) {
		double rate = each * p.wanted < all ? each * p.wanted : all;
		if (!bursts)
			there += rate / 100;
		else if (now / (CLOCK_SECOND / 100) % 100 == 0)
			there += rate;
		struct crew_view v = {p.wanted, (uint64_t)there, 1u << 30, now};
		crew_look(&p, &v);
	}
	return p.wanted;
}

static void paces(struct unit *t)
{
	CHECK_INT(settles(1e6, 1e9, false), 16);
	CHECK_INT(settles(1e6, 1e9, true), 16);
	CHECK_INT(settles(1e6, 2e6, false), 2);
	CHECK_INT(settles(1e6, 4.1e6, false), 4);
	struct crew p;
	crew_open(&p, 16, 10);
	crew_limit(&p, 1);
	CHECK_INT(p.wanted, 1);
	crew_open(&p, 1, 10);
	CHECK_INT(p.wanted, 1);
	/* What is left is there before more would be. */
	crew_open(&p, 16, 100);
	for (int64_t now = 1; now < 10000; now += 10) {
		struct crew_view v = {p.wanted, (uint64_t)now * 1000, 1000, now};
		crew_look(&p, &v);
	}
	CHECK_INT(p.wanted, 2);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"what is there", marks},
	    {"maps", maps},
	    {"spans are taken, and split where that helps most", taking},
	    {"who is stuck loses all of its span", stuck},
	    {"who is there goes on", following},
	    {"many hands at random make a whole file", crowd},
	    {"more connections while they pay", paces},
	};
	return unit_run(tests, COUNT(tests));
}
