/*
 * A task whose file is there in part: what is asked for, and what of the
 * answer may be believed.
 */
#ifndef PARLEY_WEBGET_REST_H
#define PARLEY_WEBGET_REST_H

#include "cmd/webget/task.h"

/* Before the first request: opens and looks at what a run before this one left. */
void rest_prepare(struct task *t);
/* After a 206: true when the body may be appended, its overlap taken off and compared;
 * otherwise, without an error, all has to be asked for. */
bool rest_take(struct task *t, struct session *s, struct http1_body *b);
/* After a 416 that says so: all of it is there. It is checked as if it had come now. */
enum outcome rest_complete(struct task *t, struct session *s, struct http1_body *b);
/* Forgets what is there: all is asked for. */
enum outcome rest_refuse(struct task *t, struct session *s, struct http1_body *b);
/* Is this a part (206) where all was asked for? */
bool rest_is_unasked(const struct task *t);

#endif
