/*
 * Worker threads: N of them run the same function, each with its own index.
 * There is nothing else to share, for the house has no mutable globals.
 */
#ifndef PARLEY_BASE_WORKERS_H
#define PARLEY_BASE_WORKERS_H

/* Runs work(shared, 0) ... work(shared, count - 1) at the same time and returns when all have.
 * The last one runs in the calling thread, as do those for which the system has no thread. */
void workers_run(int count, void (*work)(void *shared, int index), void *shared);

/* One more, beside the caller's own thread: runs work(shared, 0). NULL when the system has no
 * thread for it. worker_join waits for its end. */
struct worker;
struct worker *worker_start(void (*work)(void *shared, int index), void *shared);
void worker_join(struct worker *w);

#endif
