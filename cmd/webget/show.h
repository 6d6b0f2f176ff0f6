/*
 * Results for people and machines: errors, -w, --jsonl, --timing.
 */
#ifndef PARLEY_WEBGET_SHOW_H
#define PARLEY_WEBGET_SHOW_H

#include "cmd/webget/task.h"

/* All that is to be said of a task that has ended. */
void show_task(struct task *t);
/* "webget: sentence", unless --quiet; above the progress line, as all that is said here. */
void show_note(struct run *run, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A URL that is none. */
void show_bad_url(struct run *run, const struct err *err);
/* The phases of an exchange and the textbook's model of it, to stderr. size: of the body. */
void show_timing(const struct timeline *time, const char *url, uint64_t size);
/* The sums of a run of several objects, with --timing. */
void show_run(const struct run *run);

#endif
