/*
 * A crawl: what is fetched beside the URLs that the user named, because pages
 * need it or lead there. Makes jobs of links, gives their files places in the
 * tree, reads what came for more links. How a job is fetched is lane.c's and task.c's.
 *
 * All may be called from several threads; the crawl has a lock of its own.
 */
#ifndef PARLEY_WEBGET_CRAWL_H
#define PARLEY_WEBGET_CRAWL_H

#include "cmd/webget/jobs.h"

struct crawl;
struct progress_plan;
struct task;
struct trace;

/* NULL when the options ask for none. */
struct crawl *crawl_open(const struct webget_options *o, struct trace *trace);
void crawl_close(struct crawl *c);
/* A job of the user's. False when that URL is being fetched already. */
bool crawl_start(struct crawl *c, struct job *job);
/* A job for the next URL that may be fetched now; NULL when there is none now. */
struct job *crawl_next(struct crawl *c);
/* True while jobs are under way, which may bring more. */
bool crawl_expects(struct crawl *c);
/* Adds what is queued to what the progress line knows of. */
void crawl_tell(struct crawl *c, struct progress_plan *plan);
/* Before an answer is delivered: where its file goes. False with the task's error set. */
bool crawl_place(struct crawl *c, struct task *t);
/* An answer leads elsewhere: true when that became a job of its own (or is one already), or the
 * task's error was set; false when the task may follow. */
bool crawl_redirect(struct crawl *c, struct task *t, const struct url *next);
/* Before its file is closed: the text of a small page is wanted, which need not be opened again
 * then. */
void crawl_read(struct task *t);
/* A task has ended, and its file is in place: what it leads to is queued. */
void crawl_done(struct crawl *c, struct task *t);
/* At the end: --convert-links. */
bool crawl_finish(struct crawl *c, struct err *err);

#endif
