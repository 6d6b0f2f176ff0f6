/*
 * The limit of the cache: how much there is, and what goes when it is too much.
 * Counting every file at the end of every run would cost more than it saves, so
 * a small file keeps the sum; once a day, and when it says too much, all is counted. Other
 * runs may add and remove meanwhile; nothing depends on the number but this.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd/webget/cache_store.h"
#include "common/base/mem.h"
#include "common/text/number.h"

#define DAY ((int64_t)86400)

struct item {
	char *path;
	struct timespec used;
	uint64_t size;
};

struct items {
	struct item *at;
	size_t count, cap;
	uint64_t total;
};

static bool all_hex(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (char_hex(text[i]) < 0)
			return false;
	return true;
}

/* Only what cache_store.c writes is touched, whatever else lies there. */
static bool is_ours(const char *name)
{
	return strlen(name) == 33 && name[16] == '-' && all_hex(name, 16) &&
	       all_hex(name + 17, 16);
}

static void add(struct items *all, const char *path, const struct stat *st)
{
	if (all->count == all->cap) {
		all->cap = all->cap ? 2 * all->cap : 256;
		all->at = mem_resize(all->at, all->cap, sizeof *all->at);
	}
	all->at[all->count++] =
	    (struct item){mem_dup(path), st->st_mtim, (uint64_t)st->st_size};
	all->total += (uint64_t)st->st_size;
}

/* A temporary that is a day old has nobody any more who would rename it. */
static void look_at(struct items *all, const char *subdir, const char *name, int64_t now)
{
	struct stat st;
	char *path = mem_printf("%s/%s", subdir, name);
	bool temporary = strncmp(name, "tmp-", 4) == 0;
	if ((temporary || is_ours(name)) && lstat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		if (!temporary)
			add(all, path, &st);
		else if (st.st_mtim.tv_sec < now - DAY)
			unlink(path);
	}
	free(path);
}

static void scan(struct items *all, const char *dir, int64_t now)
{
	for (unsigned i = 0; i < 256; i++) {
		char *subdir = mem_printf("%s/%02x", dir, i);
		DIR *d = opendir(subdir);
		struct dirent *e;
		while (d && (e = readdir(d)))
			look_at(all, subdir, e->d_name, now);
		if (d)
			closedir(d);
		free(subdir);
	}
}

static int older(const void *a, const void *b)
{
	const struct timespec *x = &((const struct item *)a)->used;
	const struct timespec *y = &((const struct item *)b)->used;
	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

/* Down to nine tenths, so that the next run need not do it again. Returns what is left. */
static uint64_t count_and_evict(const char *dir, uint64_t most, int64_t now)
{
	struct items all = {0};
	scan(&all, dir, now);
	uint64_t goal = all.total > most ? most / 10 * 9 : most;
	if (all.total > goal)
		qsort(all.at, all.count, sizeof *all.at, older);
	for (size_t i = 0; i < all.count; i++) {
		if (all.total > goal && (unlink(all.at[i].path) == 0 || errno == ENOENT))
			all.total -= all.at[i].size;
		free(all.at[i].path);
	}
	free(all.at);
	return all.total;
}

static bool read_size(int fd, uint64_t *size, int64_t *counted)
{
	char text[64];
	uint64_t when = 0;
	ssize_t n = pread(fd, text, sizeof text, 0);
	struct str rest = {text, n > 0 ? (size_t)n : 0}, first = STR_NONE;
	str_cut(&rest, ' ', &first);
	bool ok = number_parse_max(first, INT64_MAX / 2, size) &&
		  number_parse_max(str_trim(rest), INT64_MAX / 2, &when);
	*counted = (int64_t)when;
	return ok;
}

void cache_evict(const char *dir, uint64_t most, uint64_t added)
{
	uint64_t size;
	int64_t counted, now = (int64_t)time(NULL);
	char text[64];
	char *path = mem_printf("%s/size", dir);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	free(path);
	/* Held for as long as it takes to count; a run that finds it taken waits at its end. */
	if (fd < 0 || flock(fd, LOCK_EX) != 0) {
		if (fd >= 0)
			close(fd);
		return;
	}
	bool known = read_size(fd, &size, &counted) && counted <= now && now - counted < DAY;
	size = known ? size + added : 0;
	if (!known || size > most) {
		size = count_and_evict(dir, most, now);
		counted = now;
	}
	int len = snprintf(
	    text, sizeof text, "%llu %lld\n", (unsigned long long)size, (long long)counted);
	if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)len, 0) == len)
		(void)fchmod(fd, 0600);
	close(fd);
}
