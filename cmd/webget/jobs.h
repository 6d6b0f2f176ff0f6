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
	int number;          /* from 0 */
	struct list digests; /* what the body must have: who says so, "sha256:HEX" */
};

struct jobs;

struct jobs *jobs_open(const struct webget_options *o);
void jobs_close(struct jobs *j);
/* The next job without taking it, NULL at the end; or NULL with err set for a bad URL or
 * pattern, which counts as taken. */
const struct job *jobs_peek(struct jobs *j, struct err *err);
/* Takes the job that jobs_peek showed; free it with job_free. */
struct job *jobs_take(struct jobs *j);
void job_free(struct job *job);
/* The base name that a list may know the job's file by, to be freed: that of its output, or
 * (number 1) that of its URL. NULL when there is none. */
char *job_base_name(const struct job *job, int number);

#endif
