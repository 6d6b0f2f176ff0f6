/*
 * A stored answer as a file: one line of lengths and sums, a head that people can
 * read (what was asked, by whom, when; then the answer's own head), and the body as
 * it came. Whatever the bytes are, an entry is whole and right or it is none.
 * Knows neither directories nor freshness.
 */
#ifndef PARLEY_WEBGET_CACHE_ENTRY_H
#define PARLEY_WEBGET_CACHE_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/list.h"
#include "common/text/httphead.h"

/* "parley-cache 1 HEADSUM HEADLENGTH BODYSUM BODYLENGTH\n", each of fixed width. */
#define CACHE_LINE 81
/* Our lines (a URL, Vary's fields) and an answer's head. */
#define CACHE_HEAD_MOST (512 * KIB)

struct cache_line {
	uint64_t head_sum, head_len, body_sum, body_len;
};

/* What the answer was to. */
struct cache_about {
	char *url;  /* without fragment and password */
	char *user; /* whose answer it is; "" if anybody's */
	int64_t requested, received;
	struct list vary; /* "name" (not sent) or "name: value": each must be the same again */
};

struct cache_entry {
	struct cache_line line;
	struct cache_about about;
	struct buf bytes;      /* all before the body */
	struct str answer;     /* the answer's head, in bytes */
	struct http_head head; /* the same, parsed; its slices are in `parsed` */
	char *parsed;
};

void cache_about_free(struct cache_about *a);

/* CACHE_LINE bytes, and no NUL behind them. */
void cache_line_put(char out[CACHE_LINE], const struct cache_line *line);
/* False for anything but what cache_line_put writes. */
bool cache_line_parse(struct str bytes, struct cache_line *out);

/* The head of an entry: about, then the answer's own. False when it is too long. */
bool cache_entry_put(struct buf *out, const struct cache_about *about, struct str answer);
/* All bytes before the body, line included; the entry takes them over. False, with nothing to
 * free, unless they are whole and undamaged. */
bool cache_entry_parse(struct cache_entry *e, struct buf *bytes);
void cache_entry_free(struct cache_entry *e);

#endif
