/*
 * Directory listings made into entries: MLSD facts (RFC 3659 7), and what LIST
 * says on Unix, Windows and a few others, which no standard covers. Lines in,
 * entries out; no I/O.
 */
#ifndef PARLEY_FTPC_LISTING_H
#define PARLEY_FTPC_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/str.h"

enum entry_type { ENTRY_FILE, ENTRY_DIR, ENTRY_LINK, ENTRY_OTHER };

struct entry {
	char *name;   /* as the server says it: see listing_is_safe */
	char *target; /* of a link, NULL if not known */
	enum entry_type type;
	bool size_known, time_known;
	uint64_t size;
	int64_t time;      /* taken for UTC */
	int64_t precision; /* of time, in seconds: 1, 60 or 86400 */
	int mode;          /* permission bits, -1 if not known */
};

struct listing {
	struct entry *entries;
	size_t count, room;
};

enum listing_form { LISTING_MLSD, LISTING_LIST };

/* Takes a line. False for one that is no entry: "total 12", ".", "..", the directory itself,
 * what is not understood. now: for LIST's dates without a year. Time is linear in the line. */
bool listing_parse(enum listing_form form, struct str line, int64_t now, struct entry *out);
/* Adds the entry of a line if it has one; at most LISTING_MOST of them (false then). */
bool listing_add(struct listing *l, enum listing_form form, struct str line, int64_t now);
void listing_sort(struct listing *l); /* by name, bytewise */
const struct entry *listing_find(const struct listing *l, const char *name);
void listing_free(struct listing *l);
void entry_free(struct entry *e);

/* A name may become a file of ours: one component, not empty, no dots alone, nothing that a
 * shell or terminal would take for something else: no control bytes, no leading - or |. */
bool listing_is_safe(const char *name);

enum { LISTING_MOST = 1000000 };

#endif
