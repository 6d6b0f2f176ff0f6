/*
 * XXH64 as its specification has it: four lanes over stripes of 32 bytes, then
 * what is left over. Bytes are read in little-endian order on any machine.
 */
#include "common/base/sum64.h"

#include <string.h>

#define P1 0x9e3779b185ebca87U
#define P2 0xc2b2ae3d27d4eb4fU
#define P3 0x165667b19e3779f9U
#define P4 0x85ebca77c2b2ae63U
#define P5 0x27d4eb2f165667c5U
#define STRIPE 32

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

/* Compilers make one load of it. */
static uint64_t load(const unsigned char *p, int bytes)
{
	uint64_t x = 0;
	for (int i = 0; i < bytes; i++)
		x |= (uint64_t)p[i] << (8 * i);
	return x;
}

static uint64_t round_of(uint64_t lane, uint64_t input)
{
	return rotate(lane + input * P2, 31) * P1;
}

void sum64_start(struct sum64 *s)
{
	*s = (struct sum64){.lanes = {P1 + P2, P2, 0, 0 - P1}};
}

static void add_stripe(uint64_t lanes[4], const unsigned char *p)
{
	for (int i = 0; i < 4; i++)
		lanes[i] = round_of(lanes[i], load(p + 8 * i, 8));
}

void sum64_add(struct sum64 *s, struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;
	size_t left = bytes.len, held = s->total % STRIPE;
	s->total += left;
	if (held && held + left >= STRIPE) {
		memcpy(s->held + held, p, STRIPE - held);
		add_stripe(s->lanes, s->held);
		p += STRIPE - held;
		left -= STRIPE - held;
		held = 0;
	}
	for (; left >= STRIPE; p += STRIPE, left -= STRIPE)
		add_stripe(s->lanes, p);
	if (left)
		memcpy(s->held + held, p, left);
}

static uint64_t add_rest(uint64_t sum, const unsigned char *p, size_t left)
{
	for (; left >= 8; p += 8, left -= 8)
		sum = rotate(sum ^ round_of(0, load(p, 8)), 27) * P1 + P4;
	if (left >= 4) {
		sum = rotate(sum ^ (load(p, 4) * P1), 23) * P2 + P3;
		p += 4;
		left -= 4;
	}
	for (; left; p++, left--)
		sum = rotate(sum ^ (*p * P5), 11) * P1;
	return sum;
}

uint64_t sum64_value(const struct sum64 *s)
{
	static const int turns[] = {1, 7, 12, 18};
	uint64_t sum = s->total < STRIPE ? P5 : 0;
	for (int i = 0; s->total >= STRIPE && i < 4; i++)
		sum += rotate(s->lanes[i], turns[i]);
	for (int i = 0; s->total >= STRIPE && i < 4; i++)
		sum = (sum ^ round_of(0, s->lanes[i])) * P1 + P4;
	sum = add_rest(sum + s->total, s->held, s->total % STRIPE);
	sum = (sum ^ sum >> 33) * P2;
	sum = (sum ^ sum >> 29) * P3;
	return sum ^ sum >> 32;
}

uint64_t sum64_of(struct str bytes)
{
	struct sum64 s;
	sum64_start(&s);
	sum64_add(&s, bytes);
	return sum64_value(&s);
}
