/*
 * What the files of the crawl share, and nobody else.
 */
#ifndef PARLEY_WEBGET_CRAWL_INSIDE_H
#define PARLEY_WEBGET_CRAWL_INSIDE_H

#include <pthread.h>

#include "cmd/webget/frontier.h"
#include "cmd/webget/options.h"
#include "cmd/webget/page.h"
#include "cmd/webget/scope.h"
#include "cmd/webget/tree.h"
#include "common/net/trace.h"

struct crawl {
	const struct webget_options *o;
	struct trace *trace;
	pthread_mutex_t tree_lock; /* places take time, and only lanes want them */
	struct tree tree;
	pthread_mutex_t lock;        /* of all below */
	const struct html_ops *html; /* from the first page on */
	struct frontier frontier;
	struct scope scope;
	struct names files;   /* paths, each with its NUL */
	struct names trusted; /* origins that the user named: credentials may go there */
	uint32_t under_way;   /* jobs handed out that have not ended */
	uint32_t *again;      /* files to be read again: they were found to be nearer */
	uint32_t again_count, again_room;
	bool full; /* no room for more URLs, and that was said */
};

/* With the lock held: the item of a URL, with its origin. */
uint32_t crawl_see(struct crawl *c, const struct url *url, bool *is_new);
/* What is at hand of an item's file, so that it need not be found again. */
struct at_hand {
	struct str text;
	const struct url *url;
};

/* Without the lock: queues what the file of an item leads to. */
void crawl_read_links(
    struct crawl *c, uint32_t item, const struct at_hand *at_hand, struct err *err);

#endif
