/*
 * A tiny writer of SVG 1.1: shapes and words, each with a CSS class. Every text is
 * escaped here and nowhere else: XML's marks become entities, and what may not stand in
 * XML (control bytes, what is not UTF-8, U+FFFE) or would turn the writing direction
 * becomes \xHH, so a stranger's bytes are never more than words. Lengths are pixels.
 */
#ifndef PARLEY_TEXT_SVG_H
#define PARLEY_TEXT_SVG_H

#include "common/base/buf.h"
#include "common/base/str.h"

struct svg_point {
	double x, y;
};

/* The figure opens with its title and its style sheet, both trusted no more than any text:
 * `defs` alone is written as it is, and must be a constant. */
struct svg_page {
	double width, height;
	struct str title;
	const char *style, *defs;
};
void svg_open(struct buf *out, const struct svg_page *page);
void svg_close(struct buf *out);

void svg_line(struct buf *out, const char *kind, struct svg_point a, struct svg_point b);
/* A box from its corner a to the opposite corner b. */
void svg_box(struct buf *out, const char *kind, struct svg_point a, struct svg_point b);
void svg_quad(struct buf *out, const char *kind, const struct svg_point corner[4]);

/* Words at a point, at most `columns` of them (wide characters count two), "…" for the rest;
 * then a tool tip has the whole. Turned: written upwards. */
struct svg_words {
	const char *kind;
	struct svg_point at;
	struct str words;
	size_t columns;
	bool turned;
};
void svg_text(struct buf *out, const struct svg_words *w);

/* The escaping alone, at most `columns` wide; false when something was cut off. */
bool svg_put_escaped(struct buf *out, struct str text, size_t columns);

#endif
