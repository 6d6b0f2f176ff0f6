/*
 * Plain markup: stretches of pages that need no parser, for all the ways to read them are the
 * same. Tags and comments written as they should be, of elements that never
 * change what other tags mean (no SVG, forms, frames, templates), their URLs without character
 * references. Whatever else stands there is the parser's (html.c), which says the same of what
 * is plain and takes thirty times as long; tests/fuzz/fuzz_html.c compares the two.
 */
#ifndef PARLEY_TEXT_HTML_PLAIN_H
#define PARLEY_TEXT_HTML_PLAIN_H

#include "common/text/html.h"

struct html_pieces {
	struct html_piece *all;
	size_t count, room;
};

void html_pieces_add(struct html_pieces *list, const struct html_piece *piece);
/* In the order of the page, and each place once. */
void html_pieces_sort(struct html_pieces *list);
void html_pieces_free(struct html_pieces *list);

/* Adds the pieces of page[*from .. end) and moves *from behind the last token that is whole.
 * False when something in it is not plain, or nothing is whole: *from stays, and what was added
 * is to be dropped. */
bool html_plain_read(struct str page, size_t *from, size_t end, struct html_pieces *out);

#endif
