/*
 * A growing list of named strings, in the order they came. Options that may be
 * given several times collect here; the name is that of the option's row.
 */
#ifndef PARLEY_BASE_LIST_H
#define PARLEY_BASE_LIST_H

#include <stddef.h>

struct list_item {
	const char *name; /* borrowed, may be NULL */
	char *text;       /* owned */
};

struct list {
	struct list_item *items;
	size_t count;
};

/* Adds a copy of text. */
void list_add(struct list *l, const char *name, const char *text);
void list_free(struct list *l);

#endif
