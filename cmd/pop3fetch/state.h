/*
 * What was fetched before, of one account: a text file, a line a message, locked
 * while a run works on it. Lines are appended as messages are delivered; what is
 * no longer on the server goes when the file is written anew. Knows no protocol.
 *
 *	# pop3fetch: TIME and UNIQUE-ID of what was fetched and is still on the server
 *	1795300000 whqtswO00WBw418f9t5JxYwZ
 */
#ifndef PARLEY_POP3FETCH_STATE_H
#define PARLEY_POP3FETCH_STATE_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

struct state_entry {
	char *key;
	int64_t time; /* seconds since 1970 */
};

/* Zero it to start. */
struct state {
	char *path;
	int fd, lock; /* -1: not open */
	bool open;
	struct state_entry *items;
	size_t count, cap;
	size_t sorted;      /* so many were read from the file, by key */
	struct buf pending; /* noted, not yet saved */
};

/* The file for user, host and port, to be freed; NULL when the environment names no place. */
char *state_path(const char *user, const char *host, unsigned port);

/* Reads it; a file that is not there is made when something is saved. With `lock` (a run that
 * will write) ERR_AGAIN if another run holds it. ERR_CONFIG for what can't be read (the text
 * names the line), ERR_CREATE. Free with state_close in either case. */
bool state_open(struct state *s, const char *path, bool lock, struct err *err);
void state_close(struct state *s);

/* The place of a key, from 1, if it was there when the file was read; else 0. */
size_t state_find(const struct state *s, const char *key);
int64_t state_time(const struct state *s, size_t place);
/* Adds one; its place. */
size_t state_note(struct state *s, const char *key, int64_t now);
/* Appends what was noted, durably. ERR_IO, ERR_CREATE. */
bool state_save(struct state *s, struct err *err);
/* Drops all whose place, less 1, is false in keeps, and replaces the file, whole and durably,
 * if that drops any. Places mean nothing afterwards. */
bool state_keep_only(struct state *s, const bool *keeps, struct err *err);

#endif
