/*
 * The URLs in a style sheet or a style attribute: url(...), quoted or not,
 * @import "..." (CSS Syntax 3, 4) and image-set("..." 1x) (CSS Images 4, 2.4).
 * Comments, strings and escapes are read as CSS reads them, bad ones skipped as
 * it skips them. Never fails.
 */
#ifndef PARLEY_TEXT_CSS_H
#define PARLEY_TEXT_CSS_H

#include "common/base/buf.h"
#include "common/base/str.h"

struct css {
	struct str text;
	size_t at;
	bool import; /* between @import and what it names */
	bool names;  /* in @namespace, whose URL is but a name */
	int depth;   /* of parentheses */
	int set;     /* the depth at which strings are an image-set's URLs; 0: none */
	struct buf url;
};

struct css_ref {
	struct str url; /* escapes read; borrowed until the next call */
	size_t at, len; /* what to replace: with css_put_string */
};

void css_open(struct css *c, struct str text);
bool css_next(struct css *c, struct css_ref *ref); /* false at the end */
void css_close(struct css *c);

/* A string token. */
void css_put_string(struct buf *out, struct str text);

#endif
