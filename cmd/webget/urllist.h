/*
 * --input-file: URLs from a file, one a line, read as they are wanted, for a list may be long
 * or still being written. Blank lines and those that begin with # are skipped.
 */
#ifndef PARLEY_WEBGET_URLLIST_H
#define PARLEY_WEBGET_URLLIST_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/err.h"

struct urllist;

/* "-" is stdin. NULL with ERR_IO. */
struct urllist *urllist_open(const char *path, struct err *err);
void urllist_close(struct urllist *l); /* NULL is fine */
/* The next into *url, replacing what it held. False at the end; or with ERR_IO or ERR_USAGE for
 * a line longer than a URL may be, which counts as taken. */
bool urllist_next(struct urllist *l, struct buf *url, struct err *err);
/* How many there are in all: of a file, which is read for it. False for what is none or can't
 * be read. */
bool urllist_count(const char *path, uint64_t *count);

#endif
