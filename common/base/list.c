/*
 * A growing list of named strings. Knows nothing of options.
 */
#include "common/base/list.h"

#include <stdlib.h>

#include "common/base/mem.h"

void list_add(struct list *l, const char *name, const char *text)
{
	/* Room doubles at each power of two, so the capacity need not be kept. */
	if ((l->count & (l->count - 1)) == 0)
		l->items = mem_resize(l->items, l->count ? l->count * 2 : 1, sizeof *l->items);
	l->items[l->count++] = (struct list_item){name, mem_dup(text)};
}

void list_free(struct list *l)
{
	for (size_t i = 0; i < l->count; i++)
		mem_free_secret(l->items[i].text);
	free(l->items);
	*l = (struct list){0};
}
