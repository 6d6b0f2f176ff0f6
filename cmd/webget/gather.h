/*
 * One file from several connections, and several servers, at once (--segments,
 * --mirror). The answer to the ordinary request goes on being read while
 * others fetch what is further behind.
 */
#ifndef PARLEY_WEBGET_GATHER_H
#define PARLEY_WEBGET_GATHER_H

#include "cmd/webget/task.h"

/* Would it help with this answer's body? It has to be large, of a known length and version. */
bool gather_fits(const struct task *t, const struct http1_body *b);
/* Reads the body and fetches the rest into the task's output, and checks the digests. False
 * with *err; what is there of the file is noted in t->resume then. */
bool gather_run(
    struct task *t, const struct http1_head *h, struct http1_body *b, struct err *err);

#endif
