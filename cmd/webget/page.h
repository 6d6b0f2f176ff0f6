/*
 * A file of the tree as a page: its pieces in which URLs stand, and what they
 * are relative to. HTML and CSS alike. Fetches nothing, writes nothing.
 */
#ifndef PARLEY_WEBGET_PAGE_H
#define PARLEY_WEBGET_PAGE_H

#include "common/base/limits.h"
#include "common/text/html.h"
#include "common/text/url.h"

/* Up to here a page is read; a mapping costs more than the bytes. */
#define PAGE_SMALL (64 * KIB)

enum page_kind { PAGE_NONE, PAGE_HTML, PAGE_CSS };

struct page {
	enum page_kind kind;
	struct str text; /* all of the file */
	char *bytes;     /* the text if it is ours, read or mapped */
	bool mapped;
	struct url base;
	const struct html_ops *ops;
	struct html *html;
	bool told; /* CSS: its one piece */
};

/* What a file is, by its type; by its path if the type says nothing. A drawing in SVG is read
 * as a page that holds one: what it shows is named by the same elements. */
enum page_kind page_kind(struct str content_type, struct str path);
struct page_file {
	const char *path;
	enum page_kind kind;
	const struct url *url;       /* where it came from */
	struct str text;             /* if it is at hand: nothing is opened */
	const struct html_ops *html; /* of page_parser; without it HTML has no links */
};

/* To be asked for once: finding a module takes longer than reading a page. NULL with
 * ERR_INTERNAL. */
const struct html_ops *page_parser(struct err *err);
/* False with ERR_IO, ERR_DATA (too large). */
bool page_open(struct page *p, const struct page_file *file, struct err *err);
/* In the order of the file; false at the end. */
bool page_next(struct page *p, struct html_piece *piece);
/* A URL of the page made absolute; false for what is none or is of a scheme but http, https. */
bool page_resolve(const struct page *p, struct str ref, struct url *out);
void page_close(struct page *p);

#endif
