/*
 * A file of the tree as a page: its pieces in which URLs stand, and what they
 * are relative to. HTML and CSS alike. Fetches nothing, writes nothing.
 */
#ifndef PARLEY_WEBGET_PAGE_H
#define PARLEY_WEBGET_PAGE_H

#include "common/text/html.h"
#include "common/text/url.h"

enum page_kind { PAGE_NONE, PAGE_HTML, PAGE_CSS };

struct page {
	enum page_kind kind;
	struct str text; /* all of the file, mapped */
	struct url base;
	const struct html_ops *ops;
	struct html *html;
	bool told; /* CSS: its one piece */
};

/* What a file is, by its type; by its path if the type says nothing. */
enum page_kind page_kind(struct str content_type, struct str path);
/* url: where it came from. False with ERR_IO, ERR_INTERNAL (no parser), ERR_DATA (too large).
 */
bool page_open(struct page *p, const char *path, enum page_kind kind, const struct url *url,
    struct err *err);
/* In the order of the file; false at the end. */
bool page_next(struct page *p, struct html_piece *piece);
/* A URL of the page made absolute; false for what is none or is of a scheme but http, https. */
bool page_resolve(const struct page *p, struct str ref, struct url *out);
void page_close(struct page *p);

#endif
