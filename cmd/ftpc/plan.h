/*
 * The work of a mirror: directories to look into and files to move, taken by
 * its workers in turn. Knows no connection.
 */
#ifndef PARLEY_FTPC_PLAN_H
#define PARLEY_FTPC_PLAN_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_UNKNOWN UINT64_MAX

struct plan_item {
	bool is_dir;
	char *path;    /* below both roots, "" for the roots themselves */
	uint64_t size; /* of a file; PLAN_UNKNOWN */
	struct plan_item *next;
};

struct plan {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct plan_item *dirs, *files, **files_end;
	int busy;       /* workers that hold a directory, so that more may come */
	uint64_t added; /* files, all that were planned */
	uint64_t sized; /* of those in the queue: that have a size, and theirs together */
	uint64_t bytes;
	bool stopped;
};

void plan_init(struct plan *p);
void plan_add(struct plan *p, bool is_dir, const char *path, uint64_t size);
/* The next item, directories first; waits while others may still add some. NULL: all done.
 * Give a directory back with plan_done. */
struct plan_item *plan_take(struct plan *p);
/* The next file if there is one now: to be asked for ahead. */
struct plan_item *plan_take_file(struct plan *p);
void plan_done(struct plan *p, struct plan_item *item);
void plan_stop(struct plan *p);
void plan_free(struct plan *p);

#endif
