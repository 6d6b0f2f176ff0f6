/*
 * One URL from its first request to its result: requests are sent, answers
 * taken, redirects and challenges followed, failures tried again. How many
 * tasks share a connection, and in which order, is lane.c's business.
 */
#ifndef PARLEY_WEBGET_TASK_H
#define PARLEY_WEBGET_TASK_H

#include <pthread.h>

#include "cmd/webget/cached.h"
#include "cmd/webget/cookies.h"
#include "cmd/webget/deliver.h"
#include "cmd/webget/hsts.h"
#include "cmd/webget/login.h"
#include "cmd/webget/outcome.h"
#include "cmd/webget/pace.h"
#include "cmd/webget/request.h"
#include "cmd/webget/sums.h"

/* What all tasks of a run share. What may change is guarded by the lock. */
struct run {
	const struct webget_options *o;
	struct trace *trace;
	struct dialer *dialer;
	pthread_mutex_t lock;
	pthread_cond_t turned;
	int lanes;
	bool in_turn; /* several lanes: results appear in the order of the URLs all the same */
	int turn;     /* the number of the job that is next to appear */
	struct jobs *jobs;         /* while the lanes run */
	struct crawl *crawl;       /* NULL: only what the user named is fetched */
	struct finisher *finisher; /* NULL: lanes finish their tasks themselves */
	struct pace pace;
	struct cookies cookies;
	struct cache cache;
	struct hsts hsts;
	struct login_memory logins;
	struct sums *sums;         /* --checksum-file, or NULL */
	struct outfile *out;       /* stdout, opened by the first body that goes there */
	bool to_terminal;          /* stdout is one */
	struct progress *progress; /* NULL: not shown */
	struct outfile *dump;      /* -D, opened by the first head */
	char *write_out;           /* -w's format, or NULL */
	bool unwritten;            /* that -w or --jsonl can't be written was said */
	struct err first;          /* the first failure: the run's status */
	int64_t start;             /* clock_now() */
	int objects;               /* tasks that were delivered */
	uint64_t received;         /* body bytes of them */
	unsigned connections; /* of the lanes that have ended, and the round trips on them */
	int turns;
	int handshake;   /* round trips before a connection's first request, the most of them */
	uint32_t rtt_us; /* by the kernel, the least */
	double body_ms;  /* that bodies took from their first byte to their last */
};

/* clock_now() at the stages of the last exchange; 0: not reached. */
struct timeline {
	int64_t start; /* of the task */
	int64_t hop;   /* of the last hop: after redirects */
	int64_t sent, first_byte, done;
	struct stream_report report; /* of the connection */
	bool reused;                 /* the connection was there before */
	char local[80];
	uint32_t rtt_us;
};

struct task {
	struct run *run;
	struct session_pool *pool; /* its lane's */
	struct job *job;
	struct request request;
	struct login login;
	struct delivery delivery;
	struct resume resume;
	struct cached cached;
	struct timeline time;
	struct err err;
	struct http1_head head; /* of the last answer */
	struct buf text;        /* of a small page, when its file is in place */
	bool has_head;          /* it came while the payload was held back (Expect) */
	bool moved;             /* it leads to another URL, which is a job of its own */
	bool withheld;          /* the announced payload stays here: the connection ends */
	uint64_t size_header, size_request, size_upload;
	int redirects, retries, connects;
	size_t mirror; /* the next one of job.mirrors */
	char *asked;   /* the host that others' requests wait for; NULL: none does */
};

/* Takes over the job. A task whose request can't be made has its err set. */
struct task *task_new(struct run *run, struct session_pool *pool, struct job *job);
/* Puts the request on the session, with its payload. Errors show in the answer. */
void task_send(struct task *t, struct session *s);
/* Takes the answer and says what is next; session.usable tells whether the connection goes on.
 */
enum outcome task_receive(struct task *t, struct session *s);
/* The rest of a task by itself, on sessions of the pool, until it is done or has failed for
 * good: when it has fallen out of its lane. */
void task_pursue(struct task *t, enum outcome so_far);
/* With the run's lock held: until another lane has got on, or for a second: the caller looks
 * again at what it waits for, and for an interrupt. */
void run_await_change(struct run *run);
/* With several lanes: until all that stands before it in the list of URLs has appeared. */
void task_wait_for_turn(const struct task *t);
/* With several lanes and a jar: until no answer is outstanding that may set a cookie of the
 * current request, which then is outstanding itself. Before it is looked up or sent. */
void task_wait_for_cookies(struct task *t);
/* What it can set is set, or it has failed: others need not wait for it. */
void task_end_wait(struct task *t);
/* Delivers or drops, and reports (errors, -w, --jsonl, --timing). Then it is to be freed. */
void task_finish(struct task *t);
void task_free(struct task *t);

#endif
