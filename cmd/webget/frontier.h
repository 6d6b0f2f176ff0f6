/*
 * The frontier of a crawl: which URLs were seen, and which is next. One visit
 * for each; breadth first; URLs of one origin together, so that they can share a connection
 * and be on their way at once. Knows no page, no rule and no lock.
 */
#ifndef PARLEY_WEBGET_FRONTIER_H
#define PARLEY_WEBGET_FRONTIER_H

#include <stdbool.h>

#include "cmd/webget/names.h"
#include "cmd/webget/robots.h"

enum item_flags {
	ITEM_NEEDED = 1,     /* a page's requisite: it comes before what is linked */
	ITEM_QUEUED = 2,     /* waits */
	ITEM_TAKEN = 4,      /* was handed out */
	ITEM_START = 8,      /* the user named it */
	ITEM_TRANSIENT = 16, /* fetched for its links only, then removed */
	ITEM_HTML = 32,      /* what its file is */
	ITEM_CSS = 64,
	ITEM_LEAF = 128, /* its links are not followed, its requisites are */
};

/* A URL that was seen; its number is that of its text. */
struct item {
	uint32_t file;  /* number of its path; NAMES_NONE: there is none */
	uint32_t alias; /* what it redirected to, or NAMES_NONE */
	uint32_t origin;
	uint32_t next; /* in its queue */
	uint16_t level;
	uint8_t hops; /* redirects that led here */
	uint8_t flags;
};

enum origin_state { ORIGIN_OPEN, ORIGIN_UNKNOWN, ORIGIN_WANTED };

struct queue {
	uint32_t first, last; /* NAMES_NONE when empty */
};

struct origin {
	enum origin_state state; /* of its robots.txt; only the open ones are fetched from */
	struct robots *robots;   /* NULL: all may be fetched */
	struct queue needed, linked;
};

struct frontier {
	struct names urls, origins;
	struct item *items;
	uint32_t item_room;
	struct origin *origin;
	uint32_t origin_room;
	uint32_t current; /* the origin that is being served */
	uint32_t *wanted; /* origins whose robots.txt is to be fetched */
	uint32_t wanted_count;
	uint32_t queued;  /* items in queues */
	uint32_t waiting; /* those of open origins */
	uint16_t level;   /* what is linked deeper waits */
};

void frontier_init(struct frontier *f);
void frontier_free(struct frontier *f);
/* The number of a URL (without fragment); NAMES_NONE when there is no room for it. */
uint32_t frontier_see(struct frontier *f, struct str url, bool *is_new);
/* The number of "scheme://host:port"; a new one begins in this state. */
uint32_t frontier_origin(struct frontier *f, struct str origin, enum origin_state state);
/* Puts an item at the end of its origin's queue: before what is linked, if it is needed. */
void frontier_queue(struct frontier *f, uint32_t item);
void frontier_open_origin(struct frontier *f, uint32_t origin, struct robots *robots);
/* Takes an origin with items that wait for its robots.txt; NAMES_NONE if there is none. */
uint32_t frontier_wanted(struct frontier *f);
/* Takes the next item; NAMES_NONE when none is ready. */
uint32_t frontier_next(struct frontier *f);

#endif
