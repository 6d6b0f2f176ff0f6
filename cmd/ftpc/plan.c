/*
 * The queue of a mirror.
 */
#include "cmd/ftpc/plan.h"

#include <stdlib.h>

#include "common/base/mem.h"

void plan_init(struct plan *p)
{
	*p = (struct plan){
	    .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
	p->files_end = &p->files;
}

void plan_add(struct plan *p, bool is_dir, const char *path, uint64_t size)
{
	struct plan_item *item = mem_alloc(sizeof *item);
	*item = (struct plan_item){is_dir, mem_dup(path), size, NULL};
	pthread_mutex_lock(&p->lock);
	if (is_dir) {
		item->next = p->dirs;
		p->dirs = item;
	} else {
		*p->files_end = item;
		p->files_end = &item->next;
		p->added++;
		p->sized += size != PLAN_UNKNOWN;
		p->bytes += size != PLAN_UNKNOWN ? size : 0;
	}
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

static struct plan_item *pop_file(struct plan *p)
{
	struct plan_item *item = p->files;
	if (!item)
		return NULL;
	p->files = item->next;
	if (!p->files)
		p->files_end = &p->files;
	p->sized -= item->size != PLAN_UNKNOWN;
	p->bytes -= item->size != PLAN_UNKNOWN ? item->size : 0;
	return item;
}

struct plan_item *plan_take(struct plan *p)
{
	struct plan_item *item = NULL;
	pthread_mutex_lock(&p->lock);
	while (!p->stopped && !p->dirs && !p->files && p->busy)
		pthread_cond_wait(&p->changed, &p->lock);
	if (!p->stopped && p->dirs) {
		item = p->dirs;
		p->dirs = item->next;
		p->busy++;
	} else if (!p->stopped) {
		item = pop_file(p);
	}
	pthread_mutex_unlock(&p->lock);
	return item;
}

struct plan_item *plan_take_file(struct plan *p)
{
	pthread_mutex_lock(&p->lock);
	struct plan_item *item = p->stopped || p->dirs ? NULL : pop_file(p);
	pthread_mutex_unlock(&p->lock);
	return item;
}

static void item_free(struct plan_item *item)
{
	free(item->path);
	free(item);
}

void plan_done(struct plan *p, struct plan_item *item)
{
	pthread_mutex_lock(&p->lock);
	p->busy -= item->is_dir;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	item_free(item);
}

void plan_stop(struct plan *p)
{
	pthread_mutex_lock(&p->lock);
	p->stopped = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

void plan_free(struct plan *p)
{
	struct plan_item *lists[] = {p->dirs, p->files};
	for (size_t i = 0; i < 2; i++)
		for (struct plan_item *item = lists[i], *next; item; item = next) {
			next = item->next;
			item_free(item);
		}
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->changed);
}
