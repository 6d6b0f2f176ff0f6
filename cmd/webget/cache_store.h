/*
 * The cache's directory: finding a stored answer, putting one there, forgetting
 * one. Several runs share it without waiting for each other: a file is written
 * under a temporary name and renamed, read through a descriptor that stays good when it is
 * replaced or removed, and believed only when its sums are right. Knows no
 * freshness and no network.
 *
 * DIR/CACHEDIR.TAG       says whose directory it is
 * DIR/ab/URLSUM-KEYSUM   one file for each variant of a URL, 0600
 * DIR/size               about how much there is, for the limit
 */
#ifndef PARLEY_WEBGET_CACHE_STORE_H
#define PARLEY_WEBGET_CACHE_STORE_H

#include "cmd/webget/cache_entry.h"
#include "common/base/err.h"

struct cache_store;

/* Makes the directory if it isn't there. NULL with ERR_CREATE when it can't be used: not ours,
 * others may write to it, no directory at all. most: bytes to keep. */
struct cache_store *cache_store_open(const char *dir, uint64_t most, struct err *err);
/* Brings the directory under its limit if this run added to it; the least recently used goes
 * first. NULL is fine. */
void cache_store_close(struct cache_store *s);

struct cache_key {
	const char *url, *user; /* as in cache_about */
	const struct fields *request;
};

struct cache_found {
	struct cache_entry entry;
	int fd; /* reads the file; its position is of no meaning */
	char *path;
};

/* The newest stored answer that the request selects (RFC 9111 4.1), body and all checked;
 * NULL. Damaged files are removed. */
struct cache_found *cache_store_find(struct cache_store *s, const struct cache_key *key);
void cache_found_free(struct cache_found *f); /* NULL is fine */
/* Removes every stored answer of a URL. How many there were. */
int cache_store_forget(struct cache_store *s, const char *url);

struct cache_writer;

/* An answer (as cache_put_head has it) that is about to be stored; NULL when it can't be. What
 * selects it is taken from key and the answer's head. */
struct cache_writer *cache_writer_open(struct cache_store *s, const struct cache_key *key,
    const int64_t times[2], struct str answer, struct err *err);
/* The body, piece by piece. Failures wait for the commit. */
void cache_writer_add(struct cache_writer *w, struct str piece); /* NULL is fine */
/* The same bytes as in a file that is stored already. */
void cache_writer_add_body(struct cache_writer *w, const struct cache_found *from);
/* It is there for everyone to find; or it leaves nothing. Both free w. */
bool cache_writer_commit(struct cache_writer *w, struct err *err);
void cache_writer_abandon(struct cache_writer *w); /* NULL is fine */

/* For cache_store_close: accounts for what was added, and removes what is too much. */
void cache_evict(const char *dir, uint64_t most, uint64_t added);

#endif
