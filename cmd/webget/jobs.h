/*
 * The jobs of a run: one for each URL that the operands stand for, made when
 * it is its turn, for a pattern may stand for a million.
 */
#ifndef PARLEY_WEBGET_JOBS_H
#define PARLEY_WEBGET_JOBS_H

#include "cmd/webget/options.h"
#include "common/text/url.h"

struct job {
	struct url url;
	char *text;          /* the URL as given, pattern expanded */
	char *output;        /* where the body goes; NULL for stdout */
	bool remote_name;    /* -O: Content-Disposition may rename it (-J) */
	bool nameless;       /* the same, but the URL names no file: it is not fetched */
	int number;          /* from 0 */
	struct list mirrors; /* URLs of the same file */
	struct list digests; /* what the body must have: who says so, "sha256:HEX" */
	uint32_t item;       /* the crawl's number for its URL, or for its origin */
	uint64_t size;       /* what it must have, if `sized` */
	bool sized;
	const struct pieces *pieces; /* digests of its pieces; NULL: not known; borrowed */
	bool robots;                 /* the crawl's robots.txt */
	bool aside;   /* fetched for the run itself: not something that was asked for */
	bool foreign; /* of an origin that the user did not name */
	bool placed;  /* the crawl has given it its output */
	bool fresh;   /* in a directory where nothing was before */
};

struct jobs;

struct crawl;
struct metalink;
struct progress;

/* What a crawl finds (NULL: there is none) comes behind the operands. */
struct jobs *jobs_open(const struct webget_options *o, struct crawl *crawl);
void jobs_close(struct jobs *j);
/* The files of a metalink, which is taken over, come behind the operands. */
void jobs_add_metalink(struct jobs *j, struct metalink *m);
/* The next job without taking it, NULL at the end, which a crawl's job may move on when it
 * ends; or NULL with err set for a bad URL or pattern, which counts as taken. */
struct job *jobs_peek(struct jobs *j, struct err *err);
/* Takes the job that jobs_peek showed; free it with job_free. */
struct job *jobs_take(struct jobs *j);
/* Tells the progress line how many there are, as far as that is known. */
void jobs_tell(struct jobs *j, struct progress *p);
void job_free(struct job *job);
/* The base name that a list may know the job's file by, to be freed: that of its output, or
 * (number 1) that of its URL. NULL when there is none. */
char *job_base_name(const struct job *job, int number);

#endif
