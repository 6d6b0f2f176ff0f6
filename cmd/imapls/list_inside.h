/*
 * What the files of the list of messages share, and nobody else includes.
 */
#ifndef PARLEY_IMAPLS_LIST_INSIDE_H
#define PARLEY_IMAPLS_LIST_INSIDE_H

#include "cmd/imapls/order.h"
#include "cmd/imapls/show.h"

/* Ranges in one command: servers take lines of 8 KiB and more. */
#define RANGES_MOST 350

struct row {
	int64_t key;
	size_t place;
	char *line;
	size_t len;
};

struct list_state {
	struct session *s;
	struct show *show;
	const char *mailbox;
	bool keep; /* the order is not the server's */
	struct letter letter;
	struct buf line;
	struct row *rows;
	size_t count, cap;
	bool threaded; /* rows stand as `order` has them */
	struct order order;
};

/* Lines of the messages in the set. */
bool list_fetch_set(struct list_state *l, const struct set *set, bool last, struct err *err);

/* Ways to find out which: each takes the answer to select, and sends LOGOUT with its last
 * command if that is `last`. */
bool list_threads(struct list_state *l, unsigned select, bool last, struct err *err);
bool list_largest(struct list_state *l, unsigned select, bool last, struct err *err);

#endif
