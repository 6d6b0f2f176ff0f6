/*
 * Keys in the names of a Maildir: "TIME.K<32 hex digits>.HOST:2,FLAGS".
 */
#include "common/mail/maildir_keys.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"

enum { KEY = sizeof((struct maildir_entry *)0)->key };

DIR *maildir_list(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
	if (!list && fd >= 0)
		close(fd);
	return list;
}

static const char *key_in(const char *name)
{
	const char *dot = strchr(name, '.');
	if (!dot || dot[1] != 'K' || strspn(dot + 2, "0123456789abcdef") != KEY)
		return NULL;
	return dot + 2;
}

static void add(struct maildir_keys *k, const char *name, bool seen)
{
	const char *key = key_in(name);
	if (!key)
		return;
	if (k->count == k->cap) {
		k->cap = k->cap ? k->cap * 2 : 64;
		k->items = mem_resize(k->items, k->cap, sizeof *k->items);
	}
	struct maildir_entry *e = &k->items[k->count];
	*e = (struct maildir_entry){.seen = seen, .name = k->names.len};
	memcpy(e->key, key, KEY);
	k->count += buf_add(&k->names, name, strlen(name) + 1);
}

static void add_all(struct maildir_keys *k, int fd, bool seen)
{
	DIR *dir = maildir_list(fd);
	struct dirent *entry;
	while (dir && (entry = readdir(dir)) != NULL)
		add(k, entry->d_name, seen);
	if (dir)
		closedir(dir);
}

static int compare(const void *a, const void *b)
{
	const struct maildir_entry *x = a, *y = b;
	return memcmp(x->key, y->key, KEY);
}

void maildir_keys_read(struct maildir_keys *k, int new, int cur)
{
	k->names.max = 1024 * MIB;
	/* In this order a message that a reader moves meanwhile is seen at least once. */
	add_all(k, new, false);
	add_all(k, cur, true);
	if (k->count)
		qsort(k->items, k->count, sizeof *k->items, compare);
	k->read = true;
}

const struct maildir_entry *maildir_keys_find(const struct maildir_keys *k, const char *key)
{
	struct maildir_entry wanted = {.seen = false};
	if (k->count == 0)
		return NULL;
	memcpy(wanted.key, key, KEY);
	return bsearch(&wanted, k->items, k->count, sizeof *k->items, compare);
}

const char *maildir_keys_name(const struct maildir_keys *k, const struct maildir_entry *e)
{
	return k->names.ptr + e->name;
}

void maildir_keys_free(struct maildir_keys *k)
{
	free(k->items);
	buf_free(&k->names);
	*k = (struct maildir_keys){0};
}
