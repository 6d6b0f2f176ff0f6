/*
 * The metalink of --metalink, wherever it is; and the word to the user that
 * what was fetched is one, or has one.
 */
#ifndef PARLEY_WEBGET_LINKED_H
#define PARLEY_WEBGET_LINKED_H

#include "cmd/webget/metalink.h"
#include "cmd/webget/task.h"

/* From a file, stdin, or http(s). NULL with *err, or when fetching it failed, which was said.
 */
struct metalink *linked_load(struct run *run, struct err *err);
/* After a task that was asked for. */
void linked_offer(const struct task *t);

#endif
