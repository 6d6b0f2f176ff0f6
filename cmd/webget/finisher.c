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
	/* From `first` on: `done` that are finished and may be freed, then `count` that are
	 * not, the one that is being finished among them. */
	size_t first, done, count;
	size_t awaited; /* the lane sleeps until there are no more than so many */
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
		struct task *t = f->ring[(f->first + f->done) % ROOM];
		pthread_mutex_unlock(&f->lock);
		task_finish(t);
		pthread_mutex_lock(&f->lock);
		f->done++;
		f->count--;
		if (f->count <= f->awaited)
			pthread_cond_signal(&f->fewer);
	}
	pthread_mutex_unlock(&f->lock);
}

struct finisher *finisher_open(void)
{
	struct finisher *f = mem_alloc(sizeof *f);
	*f = (struct finisher){.lock = MUTEX_BRIEF,
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
	f->awaited = count;
	pthread_cond_signal(&f->more);
	while (f->count > count)
		pthread_cond_wait(&f->fewer, &f->lock);
}

/* Those that are finished, out of the ring. A thread frees what it allocated: the heap's locks
 * would be shared otherwise. */
static size_t take_done(struct finisher *f, struct task *done[ROOM])
{
	size_t count = f->done;
	for (; f->done; f->done--) {
		done[count - f->done] = f->ring[f->first];
		f->first = (f->first + 1) % ROOM;
	}
	return count;
}

static void free_all(struct task *done[ROOM], size_t count)
{
	for (size_t i = 0; i < count; i++)
		task_free(done[i]);
}

void finisher_add(struct finisher *f, struct task *t)
{
	struct task *done[ROOM];
	if (!f) {
		task_finish(t);
		task_free(t);
		return;
	}
	pthread_mutex_lock(&f->lock);
	if (f->count == ROOM)
		wait_for(f, ROOM / 2);
	size_t count = take_done(f, done);
	f->ring[(f->first + f->count++) % ROOM] = t;
	if (f->count == BATCH)
		pthread_cond_signal(&f->more);
	pthread_mutex_unlock(&f->lock);
	free_all(done, count);
}

bool finisher_wait(struct finisher *f)
{
	if (!f)
		return false;
	pthread_mutex_lock(&f->lock);
	bool any = f->count > 0;
	if (any)
		wait_for(f, f->count > 2 * BATCH ? f->count / 2 : 0);
	pthread_mutex_unlock(&f->lock);
	return any;
}

void finisher_close(struct finisher *f)
{
	struct task *done[ROOM];
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->ends = true;
	pthread_cond_signal(&f->more);
	pthread_mutex_unlock(&f->lock);
	worker_join(f->thread);
	free_all(done, take_done(f, done));
	pthread_cond_destroy(&f->more);
	pthread_cond_destroy(&f->fewer);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
