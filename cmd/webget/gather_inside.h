/*
 * What the files of gather share: the run of one file (gather.c) and what each
 * of its threads does (gather_pull.c).
 */
#ifndef PARLEY_WEBGET_GATHER_INSIDE_H
#define PARLEY_WEBGET_GATHER_INSIDE_H

#include "cmd/webget/pieces.h"
#include "cmd/webget/segments.h"
#include "cmd/webget/source.h"
#include "cmd/webget/task.h"

/* from..to came from this source. */
struct gather_origin {
	uint64_t from, to;
	size_t source;
};

/* Guarded by the lock, where it changes. */
struct gather {
	struct task *task;
	const struct webget_options *o;
	const struct http1_head *head; /* of the first answer, and its body */
	struct http1_body *body;
	struct outfile *out;
	struct resume *resume; /* NULL: nothing is kept */
	bool will_be_checked;
	struct list digests; /* of the whole: the job's, and the answer's older Digest */
	const struct pieces *pieces;   /* NULL: none are known */
	struct gather_origin *origins; /* kept if they are */
	size_t origin_count;

	pthread_mutex_t lock;
	pthread_cond_t turned;
	pthread_t caller;
	struct span *first; /* what the first answer is read into */
	bool begun;         /* the calling thread reads the first answer ... */
	bool reading_first; /* ... and still does */
	int workers;        /* the numbers given to the others */
	int busy;           /* threads on which bytes come */
	struct plan plan;
	struct crew crew;
	struct source *sources;
	size_t count;
	struct err err; /* of the file; or the last one of a source */
	bool broken;    /* of the file: all is over */
	bool saving;
	int64_t saved_at;
	int64_t paced_from; /* --limit-rate is for all together */
	uint64_t paced;
	unsigned connections, ranges;
	int turns;
	_Atomic uint64_t *counter;

	/* The others' waits end with the work, not with their servers' patience. */
	struct net_settings settings;
	struct dialer *dialer;
	volatile sig_atomic_t over;
};

/* One thread, for workers_run. */
void gather_work(void *shared, int index);
/* With the lock: nothing more is to be done. */
void gather_end(struct gather *g);
/* Leaves a source out, and says so. With the lock. */
void gather_drop(struct gather *g, struct source *s, const char *why);
/* Writes down what is there, if it is time. Without the lock. */
void gather_save(struct gather *g, bool now);

/* Once more, after something has become missing: no other thread runs. */
void gather_again(struct gather *g);
/* What has come into a span is noted. With the lock. */
void gather_note_origin(struct gather *g, const struct span *s, size_t source);
/* After the run: bad pieces are fetched again, from others. False with ERR_DATA when nobody has
 * good ones, ERR_IO, ERR_INTERRUPT. */
bool gather_mend(struct gather *g, struct err *err);

#endif
