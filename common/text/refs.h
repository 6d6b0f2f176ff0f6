/*
 * The URLs in one piece of a page (html.h): the one it is, those of a srcset, of
 * a refresh, of CSS. Each with its place in the piece's value.
 */
#ifndef PARLEY_TEXT_REFS_H
#define PARLEY_TEXT_REFS_H

#include "common/text/css.h"
#include "common/text/html.h"

struct refs {
	enum html_form form;
	struct str value;
	size_t at;
	struct css css;
};

struct ref {
	struct str url; /* trimmed, as written; borrowed until the next call */
	size_t at, len; /* what refs_put replaces in the value */
};

void refs_open(struct refs *r, enum html_form form, struct str value);
bool refs_next(struct refs *r, struct ref *ref); /* false at the end */
void refs_close(struct refs *r);
/* Another URL as it has to stand in the place of a ref. */
void refs_put(struct buf *out, enum html_form form, struct str url);

#endif
