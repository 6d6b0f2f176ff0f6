/*
 * What the files of the cache's store share, and nobody else.
 */
#ifndef PARLEY_WEBGET_CACHE_STORE_INSIDE_H
#define PARLEY_WEBGET_CACHE_STORE_INSIDE_H

#include <pthread.h>

#include "cmd/webget/cache_store.h"

struct cache_store {
	char *dir;
	uint64_t most;
	pthread_mutex_t lock;
	uint64_t added; /* bytes by this run; under the lock */
};

/* "ab" of a URL's sum, under the store's directory; to be freed. */
char *cache_subdir(const struct cache_store *s, uint64_t url_sum);
/* A line for each name that Vary has. Whose cookies and credentials they were is in the user.
 * False when there are too many. */
bool cache_list_vary(
    struct list *out, const struct http_head *head, const struct fields *request);
/* Opens one file and takes over its path; NULL when it is damaged (then it is removed) or gone.
 */
struct cache_found *cache_file_open(char *path);
bool cache_file_body_is_right(const struct cache_found *f);
/* All len bytes at an offset, or false. */
bool cache_file_read(int fd, char *out, size_t len, uint64_t at);

#endif
