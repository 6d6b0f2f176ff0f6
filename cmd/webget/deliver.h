/*
 * Where an answer goes: stdout or a file, as it is or decoded, its head before
 * it if wanted. Nothing of an error's body, nothing half-written under a
 * file's name, nothing raw to a terminal.
 */
#ifndef PARLEY_WEBGET_DELIVER_H
#define PARLEY_WEBGET_DELIVER_H

#include "cmd/webget/cache_store.h"
#include "cmd/webget/jobs.h"
#include "cmd/webget/resume.h"
#include "common/cli/outfile.h"
#include "common/cli/progress.h"
#include "common/proto/http1.h"

struct task;

struct delivery {
	const struct webget_options *o;
	const struct job *job;
	struct outfile *out;        /* opened by the first answer that is delivered */
	struct resume *resume;      /* NULL: nothing can be gone on with */
	struct cache_writer *store; /* gets the bytes too, as they came; NULL: none */
	bool rest;                  /* this answer is the rest of the file */
	/* Takes the body instead, with others' help; NULL: nobody helps. Only for a file. */
	bool (*gather)(
	    struct task *t, const struct http1_head *h, struct http1_body *b, struct err *err);
	struct task *task;              /* gather's */
	char *name;                     /* of the file that was made, after the commit */
	uint64_t written;               /* body bytes, decoded */
	uint64_t most_decoded;          /* what a coded body may grow to; 0: anything */
	struct outfile **run_out;       /* the run's stdout, shared by all that goes there */
	bool to_terminal;               /* this goes to a terminal: made visible */
	struct progress_file *progress; /* NULL: not shown */
	bool looked;                    /* the first bytes were looked at: is it text? */
	char cut[4]; /* the beginning of a character whose rest is still to come */
	size_t cut_len;
};

/* The head (with -i or -I) and the body of an answer. False with
 * *err, or with the stream's error. */
bool deliver_answer(
    struct delivery *d, const struct http1_head *h, struct http1_body *b, struct err *err);
/* For --continue: the file, before there is an answer. ERR_CREATE. */
bool deliver_open_partial(struct delivery *d, struct err *err);
/* Reads what is left of a body that nobody wants, if that is little: the connection can then be
 * used again. False when it can't. store: gets them, may be NULL. */
bool deliver_discard(struct http1_body *b, struct cache_writer *store);
/* Before a retry: false if what went out can't be taken back. */
bool deliver_again(struct delivery *d, struct err *err);
/* The file appears; or it and its temporary disappear. */
bool deliver_commit(struct delivery *d, struct err *err);
void deliver_abandon(struct delivery *d);
#endif
