/*
 * --convert-links: a file of the tree is rewritten so that its links lead from
 * file to file, and what was not fetched is named with its whole URL.
 */
#ifndef PARLEY_WEBGET_CONVERT_H
#define PARLEY_WEBGET_CONVERT_H

#include "cmd/webget/page.h"

/* Where the file of a URL (without fragment) lies; NULL: it was not fetched. Borrowed. */
typedef const char *(*convert_find)(const void *tree, const struct url *url);

struct convert {
	struct page_file file;
	convert_find find;
	const void *tree;
};

/* The file is replaced whole, its time kept; it stays as it is if nothing changes. ERR_IO,
 * ERR_CREATE, ERR_DATA. */
bool convert_file(const struct convert *c, struct err *err);

#endif
