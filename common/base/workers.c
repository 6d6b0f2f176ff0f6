/*
 * Worker threads. Signals go to the calling thread: the others block them.
 */
#include "common/base/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/base/mem.h"

struct worker {
	pthread_t thread;
	bool started;
	void (*work)(void *shared, int index);
	void *shared;
	int index;
};

static void *run(void *arg)
{
	struct worker *w = arg;
	w->work(w->shared, w->index);
	return NULL;
}

static void start(struct worker *w)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	w->started = pthread_create(&w->thread, NULL, run, w) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

struct worker *worker_start(void (*work)(void *shared, int index), void *shared)
{
	struct worker *w = mem_alloc(sizeof *w);
	*w = (struct worker){.work = work, .shared = shared};
	start(w);
	if (w->started)
		return w;
	free(w);
	return NULL;
}

void worker_join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	free(w);
}

void workers_run(int count, void (*work)(void *shared, int index), void *shared)
{
	struct worker *all = mem_array((size_t)count, sizeof *all);
	for (int i = 0; i < count; i++) {
		all[i] = (struct worker){.work = work, .shared = shared, .index = i};
		if (i < count - 1)
			start(&all[i]);
	}
	for (int i = 0; i < count; i++)
		if (!all[i].started)
			run(&all[i]);
	for (int i = 0; i < count; i++)
		if (all[i].started)
			pthread_join(all[i].thread, NULL);
	free(all);
}
