/*
 * Sums over the files of a run. A total is whole only if every file that is
 * known of has said its size, so that no share is made up.
 */
#include "common/cli/progress_sum.h"

#include "common/base/clock.h"

void progress_sum_add(struct progress_sum *s, struct progress_file *f, uint64_t total)
{
	f->total = total;
	f->next = s->live;
	if (s->live)
		s->live->before = f;
	s->live = f;
}

static uint64_t moved(const struct progress_file *f)
{
	uint64_t now = f->counter;
	return f->moved + (now > f->from ? now - f->from : 0);
}

void progress_sum_begin(struct progress_file *f, uint64_t have, uint64_t total)
{
	f->moved = moved(f);
	f->counter = have;
	f->from = have;
	f->total = total != PROGRESS_UNKNOWN ? total : f->total;
}

void progress_sum_end(struct progress_sum *s, struct progress_file *f, enum progress_end how)
{
	*(f->before ? &f->before->next : &s->live) = f->next;
	if (f->next)
		f->next->before = f->before;
	s->bytes += f->counter;
	s->moved += moved(f);
	s->dropped += how == PROGRESS_DROPPED;
	s->ended += how != PROGRESS_DROPPED;
	s->failed += how == PROGRESS_FAILED;
}

/* A server may announce any length: the sum of two must not begin again at nothing. */
static uint64_t plus(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

uint64_t progress_sum_look(const struct progress_sum *s, struct progress_view *v)
{
	uint64_t came = s->moved, sized = s->ended + s->plan.sized;
	uint64_t files = s->plan.files > s->dropped ? s->plan.files - s->dropped : 0;
	v->done = s->bytes;
	v->total = plus(s->bytes, s->plan.bytes);
	for (const struct progress_file *f = s->live; f; f = f->next) {
		uint64_t here = f->counter;
		bool known = f->total != PROGRESS_UNKNOWN;
		came += moved(f);
		v->done += here;
		v->total = plus(v->total, known && f->total > here ? f->total : here);
		sized += known;
	}
	v->files = files;
	v->more = s->plan.more;
	v->ended = s->ended;
	v->failed = s->failed;
	v->whole = !v->more && sized >= files;
	v->label = files == 1 && !v->more ? s->label : NULL;
	return came;
}

double progress_rate_measure(struct progress_rate *r, int64_t now, uint64_t bytes)
{
	struct progress_sample *place = &r->samples[r->taken % PROGRESS_SAMPLES];
	struct progress_sample from = r->taken < PROGRESS_SAMPLES ? r->samples[0] : *place;
	*place = (struct progress_sample){now, bytes};
	if (r->taken++ == 0)
		return 0;
	double seconds = clock_ms_between(from.at, now) / 1000;
	return seconds > 0 && bytes > from.bytes ? (double)(bytes - from.bytes) / seconds : 0;
}
