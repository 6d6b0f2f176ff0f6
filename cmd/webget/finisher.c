/*
 * A ring of tasks between two threads.
 */
#include "cmd/webget/finisher.h"

#include <pthread.h>
#include <stdlib.h>

#include "cmd/webget/task.h"
#include "common/base/mem.h"
#include "common/base/workers.h"

/* Room for as many; each may hold a file open. */
#define ROOM 64
/* So many at once: waking a thread costs as much as finishing a task. */
#define BATCH 8

struct finisher {
	struct worker *thread;
	pthread_mutex_t lock;
	pthread_cond_t more, fewer;
	struct task *ring[ROOM];
	size_t first, count; /* what is being finished counts until it is */
	bool ends;
};

static void finish_all(void *shared, int index)
{
	struct finisher *f = shared;
	(void)index;
	pthread_mutex_lock(&f->lock);
	while (f->count || !f->ends) {
		if (!f->count) {
			pthread_cond_wait(&f->more, &f->lock);
			continue;
		}
		struct task *t = f->ring[f->first];
		pthread_mutex_unlock(&f->lock);
		task_finish(t);
		pthread_mutex_lock(&f->lock);
		f->first = (f->first + 1) % ROOM;
		f->count--;
		if (f->count == 0 || f->count == ROOM / 2)
			pthread_cond_signal(&f->fewer);
	}
	pthread_mutex_unlock(&f->lock);
}

struct finisher *finisher_open(void)
{
	struct finisher *f = mem_alloc(sizeof *f);
	*f = (struct finisher){.lock = PTHREAD_MUTEX_INITIALIZER,
	    .more = PTHREAD_COND_INITIALIZER,
	    .fewer = PTHREAD_COND_INITIALIZER};
	f->thread = worker_start(finish_all, f);
	if (f->thread)
		return f;
	free(f);
	return NULL;
}

static void wait_for(struct finisher *f, size_t count)
{
	pthread_cond_signal(&f->more);
	while (f->count > count)
		pthread_cond_wait(&f->fewer, &f->lock);
}

void finisher_add(struct finisher *f, struct task *t)
{
	if (!f) {
		task_finish(t);
		return;
	}
	pthread_mutex_lock(&f->lock);
	if (f->count == ROOM)
		wait_for(f, ROOM / 2);
	f->ring[(f->first + f->count++) % ROOM] = t;
	if (f->count == BATCH)
		pthread_cond_signal(&f->more);
	pthread_mutex_unlock(&f->lock);
}

void finisher_wait(struct finisher *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	if (f->count)
		wait_for(f, 0);
	pthread_mutex_unlock(&f->lock);
}

void finisher_close(struct finisher *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->ends = true;
	pthread_cond_signal(&f->more);
	pthread_mutex_unlock(&f->lock);
	worker_join(f->thread);
	pthread_cond_destroy(&f->more);
	pthread_cond_destroy(&f->fewer);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
