/*
 * The messages of a Maildir that were delivered under a key, found by it. Reads
 * names only.
 */
#ifndef PARLEY_MAIL_MAILDIR_KEYS_H
#define PARLEY_MAIL_MAILDIR_KEYS_H

#include <dirent.h>

#include "common/base/buf.h"

struct maildir_entry {
	char key[32];
	bool seen;   /* in cur/ */
	size_t name; /* where it stands in names */
};

/* Zero it to start. */
struct maildir_keys {
	bool read;
	struct maildir_entry *items; /* sorted by key */
	size_t count, cap;
	struct buf names;
};

/* Descriptors of the two directories. One that can't be read is taken for empty. */
void maildir_keys_read(struct maildir_keys *k, int new, int cur);
const struct maildir_entry *maildir_keys_find(const struct maildir_keys *k, const char *key);
const char *maildir_keys_name(const struct maildir_keys *k, const struct maildir_entry *e);
void maildir_keys_free(struct maildir_keys *k);

/* The entries of a directory, its descriptor left alone; NULL if it can't be read. */
DIR *maildir_list(int dir);

#endif
