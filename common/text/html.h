/*
 * What a page of HTML names: the attributes, style sheets and meta elements in
 * which URLs stand, each with its place in the source, so that it can be
 * rewritten there. A module: module_table("html") gives a struct html_ops. What
 * stands in a piece (one URL, a srcset, CSS) is refs.h's; URLs are not looked at.
 *
 * The page is parsed in windows, so that neither its length, nor a million links, nor nesting
 * of any depth costs more than one window's memory, or more than time in proportion to its
 * length. What an element means does not depend on what stood long before it, with few
 * exceptions (rows of tables, frames, SVG), which are taken along.
 */
#ifndef PARLEY_TEXT_HTML_H
#define PARLEY_TEXT_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/str.h"

enum html_form {
	HTML_URL,     /* one URL */
	HTML_SRCSET,  /* "a.png 1x, b.png 2x" */
	HTML_REFRESH, /* "5; url=next.html" */
	HTML_STYLE,   /* declarations: a style attribute */
	HTML_SHEET,   /* a style sheet: the text of <style>, where character references are not
		       * read; a file of CSS */
	HTML_BASE,    /* the URL that all others are relative to */
	HTML_ROBOTS,  /* what <meta name=robots> says */
	HTML_GUARD, /* an attribute that makes browsers refuse what was changed, or lies on disk
		     * (integrity, crossorigin): from its name to the end of its value */
};

enum html_use {
	HTML_NEEDED,    /* part of the page as it is shown */
	HTML_LINKED,    /* where one may go from it */
	HTML_MENTIONED, /* neither: a form's target, a citation's source */
};

struct html_piece {
	enum html_form form;
	enum html_use use;
	bool nofollow;    /* rel=nofollow */
	struct str value; /* character references read; borrowed until the next call */
	size_t at, len;   /* where the value stands in the source, without its quotes */
	char quote;       /* what it stands in: ", ' or, if nothing, 0 */
};

struct html;

struct html_ops {
	/* The page stays with the caller and must outlive this. */
	struct html *(*open)(struct str page);
	/* The same with nothing but the parser, also for what is plain (html_plain.h): slower,
	 * and for comparison. */
	struct html *(*open_parsed)(struct str page);
	/* The first base's URL, wherever it stands in the beginning of the page (the first
	 * window); empty if there is none. Valid until the first call of next. */
	struct str (*base)(struct html *h);
	/* The next piece, in the order of the source. False at the end. */
	bool (*next)(struct html *h, struct html_piece *piece);
	void (*close)(struct html *h);
};

#endif
