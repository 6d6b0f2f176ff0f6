/*
 * Numbered strings in a hash table. Knows not what they mean.
 */
#include "cmd/webget/names.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"

void names_init(struct names *n, size_t most)
{
	*n = (struct names){.text = BUF_INIT(most)};
	n->seed = (uint64_t)clock_now() ^ (uint64_t)(uintptr_t)n;
}

void names_free(struct names *n)
{
	buf_free(&n->text);
	free(n->at);
	free(n->slots);
}

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static uint64_t hash(const struct names *n, struct str s)
{
	uint64_t h = n->seed ^ s.len;
	for (; s.len >= sizeof h; s = str_sub(s, sizeof h, s.len)) {
		uint64_t word;
		memcpy(&word, s.ptr, sizeof word);
		h = mix(h ^ word) + n->seed;
	}
	uint64_t word = 0;
	if (s.len)
		memcpy(&word, s.ptr, s.len);
	return mix(mix(h ^ word) + n->seed);
}

struct str names_get(const struct names *n, uint32_t number)
{
	size_t end = number + 1 < n->count ? n->at[number + 1] : n->text.len;
	return str_sub(buf_str(&n->text), n->at[number], end - n->at[number]);
}

/* The slot where it is, or the empty one where it belongs. */
static uint32_t *slot_of(const struct names *n, struct str name)
{
	uint64_t i = hash(n, name);
	for (;; i++) {
		uint32_t *slot = &n->slots[i & (n->slot_count - 1)];
		if (*slot == NAMES_NONE || str_eq(names_get(n, *slot), name))
			return slot;
	}
}

uint32_t names_find(const struct names *n, struct str name)
{
	return n->slot_count ? *slot_of(n, name) : NAMES_NONE;
}

static void grow(struct names *n)
{
	n->slot_count = n->slot_count ? 2 * n->slot_count : 256;
	n->slots = mem_resize(n->slots, n->slot_count, sizeof *n->slots);
	for (uint32_t i = 0; i < n->slot_count; i++)
		n->slots[i] = NAMES_NONE;
	for (uint32_t i = 0; i < n->count; i++)
		*slot_of(n, names_get(n, i)) = i;
}

uint32_t names_add(struct names *n, struct str name, bool *is_new)
{
	*is_new = false;
	if (n->slot_count <= n->count + n->count / 2)
		grow(n);
	uint32_t *slot = slot_of(n, name);
	if (*slot != NAMES_NONE)
		return *slot;
	uint32_t at = (uint32_t)n->text.len;
	if (!buf_add_str(&n->text, name))
		return NAMES_NONE;
	if (n->count == n->cap) {
		n->cap = n->cap ? 2 * n->cap : 64;
		n->at = mem_resize(n->at, n->cap, sizeof *n->at);
	}
	n->at[n->count] = at;
	*slot = n->count;
	*is_new = true;
	return n->count++;
}
