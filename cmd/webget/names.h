/*
 * A set of strings that gives each a number, from 0 in the order they came: the
 * URLs that were seen, the origins, the paths that are taken. Compact: a
 * site of a million pages has a million of them.
 */
#ifndef PARLEY_WEBGET_NAMES_H
#define PARLEY_WEBGET_NAMES_H

#include <stdint.h>

#include "common/base/buf.h"

#define NAMES_NONE UINT32_MAX

struct names {
	struct buf text;
	uint32_t *at; /* where each begins in text */
	uint32_t count, cap;
	uint32_t *slots; /* an open hash table of numbers */
	uint32_t slot_count;
	uint64_t seed; /* nobody may choose strings that collide */
};

/* most: bytes of all strings together. */
void names_init(struct names *n, size_t most);
void names_free(struct names *n);
/* Its number, new or not; NAMES_NONE when there is no room. */
uint32_t names_add(struct names *n, struct str name, bool *is_new);
uint32_t names_find(const struct names *n, struct str name);
/* Borrowed until the next names_add. */
struct str names_get(const struct names *n, uint32_t number);

#endif
