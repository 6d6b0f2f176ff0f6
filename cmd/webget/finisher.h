/*
 * Tasks that are through are finished by a thread of their own, in their order: files put in
 * place and pages read for links while the lane takes the next answers. It knows no
 * connection.
 */
#ifndef PARLEY_WEBGET_FINISHER_H
#define PARLEY_WEBGET_FINISHER_H

#include <stdbool.h>

struct finisher;
struct task;

/* NULL when the system has no thread for it. */
struct finisher *finisher_open(void);
/* Takes over the task, and frees those that are finished, in the lane's thread; waits when many
 * are there. Without a finisher (NULL) it is finished here and now. */
void finisher_add(struct finisher *f, struct task *t);
/* Until all are finished, or half of them if they are many: what those pages lead to is known
 * then, and can be asked for while the others are read. False if there were none. */
bool finisher_wait(struct finisher *f);
/* The same, and the thread ends. NULL is fine. */
void finisher_close(struct finisher *f);

#endif
