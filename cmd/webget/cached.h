/*
 * A task and the cache (--cache): looking its request up before it is sent,
 * answering from a stored answer as if that had come from a server, storing what comes. The
 * rules are in cache_policy.c, the files in cache_store.c. Whatever goes wrong with the cache
 * is an event of the trace, never a task's failure.
 */
#ifndef PARLEY_WEBGET_CACHED_H
#define PARLEY_WEBGET_CACHED_H

#include "cmd/webget/cache_store.h"
#include "cmd/webget/condition.h"
#include "cmd/webget/options.h"
#include "cmd/webget/outcome.h"
#include "common/net/trace.h"
#include "common/proto/http1.h"

struct task;
struct session;

/* The cache of a run. The counts are guarded by the run's lock. */
struct cache {
	struct cache_store *store; /* NULL: there is none */
	int hits, validated, misses;
	uint64_t saved; /* body bytes that did not come over the network */
};

enum cache_result { CACHE_UNUSED, CACHE_MISS, CACHE_HIT, CACHE_VALIDATED, CACHE_STALE };

/* What the cache has to do with a task's current request. */
struct cached {
	struct cache_found *found; /* to be served, or validated */
	struct condition check;    /* its validators, to ask with */
	struct cache_writer *writer;
	char *url, *user;      /* the key; NULL: the cache is not for this request */
	struct fields request; /* the fields that would be sent; they point into bytes */
	struct buf bytes;
	int64_t requested;
	bool ready;     /* cached_look found the answer, it is still to be taken */
	bool passed_by; /* no more of the cache for this task */
	uint64_t saved; /* body bytes that came from the cache */
	bool serving;   /* the answer that is being taken is the stored one */
	bool confirmed; /* a 304 to our question came */
	bool if_error;  /* found may stand in for a server that fails */
	bool if_slow;   /* or takes too long */
	enum cache_result result;
};

/* Nothing happens without --cache. What can't be used is said in an event. */
void cache_open(struct cache *c, const struct webget_options *o, struct trace *trace);
void cache_close(struct cache *c);
/* For --jsonl and -w: "hit", "miss", "validated", "stale"; NULL: not in use. */
const char *cached_word(enum cache_result result);

/* Before the current request is sent. True: don't send it, cached_answer has (or refuses, for
 * only-if-cached) the answer. Otherwise request.recheck may ask for a 304. */
bool cached_look(struct task *t);
/* Takes the stored answer as task_receive takes a server's. */
enum outcome cached_answer(struct task *t);

/* Before an answer is waited for. True: it takes too long, use cached_answer. */
bool cached_gives_up(struct task *t, struct session *s);
/* The head of an answer has come: what is stored may be confirmed or invalid, and the body may
 * be worth storing (then t->delivery.store takes it). */
void cached_take(struct task *t);
/* Its body has been taken, all of it if whole. */
void cached_end(struct task *t, bool whole);
/* The answer is a failure that a stale answer shall stand in for. */
bool cached_covers(const struct task *t);
/* After a failure of any kind: true if a stale answer may be used, by cached_answer. */
bool cached_rescue(struct task *t);
void cached_free(struct task *t);

#endif
