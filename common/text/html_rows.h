/*
 * Which attributes of which elements hold URLs, and what for (HTML Living
 * Standard, SVG 2, and what pages had before). Const tables; no parser.
 */
#ifndef PARLEY_TEXT_HTML_ROWS_H
#define PARLEY_TEXT_HTML_ROWS_H

#include "common/text/html.h"

struct html_row {
	const char *element; /* NULL: any */
	const char *attribute;
	enum html_form form;
	enum html_use use; /* of link: see html_use_of_link */
};

/* The row of an attribute (any case) behind `after`, the first one for NULL; NULL at the end.
 */
const struct html_row *html_row_next(
    struct str element, struct str attribute, const struct html_row *after);
/* What <link rel=...> names. */
enum html_use html_use_of_link(struct str rel);
/* Is word (any case) among those of a list, separated by white space or commas? */
bool html_has_word(struct str list, const char *word);

#endif
