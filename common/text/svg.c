/*
 * SVG. Numbers are written by hand, tenths of a pixel, so that no locale's comma gets in.
 */
#include "common/text/svg.h"

#include <stdint.h>

#include "common/text/utf8.h"
#include "common/text/visible.h"

/* What XML 1.0 (2.2) does not allow and visible.h lets pass. */
static bool is_no_character(uint32_t code)
{
	return (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

static size_t columns_of(uint32_t code)
{
	return code >= 0x1100 ? 2 : 1;
}

static const char *entity(uint32_t code)
{
	switch (code) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	case '\t': return " ";
	default: return NULL;
	}
}

/* One character, or one byte that is none, off the front of *text; its columns. */
static size_t put_one(struct buf *out, struct str *text)
{
	uint32_t code = 0;
	size_t len = utf8_next(*text, &code);
	struct str front = str_sub(*text, 0, len ? len : 1);
	size_t before = out->len, columns = 1;
	const char *name = len ? entity(code) : NULL;
	*text = str_sub(*text, front.len, text->len);
	if (name) {
		buf_add_text(out, name);
	} else if (len && is_no_character(code)) {
		for (size_t i = 0; i < front.len; i++)
			buf_addf(out, "\\x%02x", (unsigned char)front.ptr[i]);
		columns = out->len - before;
	} else {
		visible_put_text(out, front, "");
		/* Four columns a byte where it was not fit to be shown. */
		columns = out->len - before > front.len ? out->len - before : columns_of(code);
	}
	return columns;
}

bool svg_put_escaped(struct buf *out, struct str text, size_t columns)
{
	size_t used = 0, fits = out->len;
	while (text.len) {
		used += put_one(out, &text);
		if (used > columns || (used == columns && text.len)) {
			buf_truncate(out, fits);
			buf_add_text(out, "…");
			return false;
		}
		fits = out->len;
	}
	return true;
}

static void put_number(struct buf *out, double value)
{
	long long tenths = (long long)(value * 10 + (value < 0 ? -0.5 : 0.5));
	const char *sign = tenths < 0 ? "-" : "";
	if (tenths < 0)
		tenths = -tenths;
	buf_addf(out, "%s%lld.%lld", sign, tenths / 10, tenths % 10);
}

static void put_attribute(struct buf *out, const char *name, double value)
{
	buf_addf(out, " %s=\"", name);
	put_number(out, value);
	buf_add_byte(out, '"');
}

static void put_element(struct buf *out, const char *name, const char *kind)
{
	buf_addf(out, "<%s class=\"%s\"", name, kind);
}

void svg_open(struct buf *out, const struct svg_page *page)
{
	buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
	put_number(out, page->width);
	buf_add_byte(out, ' ');
	put_number(out, page->height);
	buf_add_byte(out, '"');
	put_attribute(out, "width", page->width);
	put_attribute(out, "height", page->height);
	buf_add_text(out, ">\n<title>");
	svg_put_escaped(out, page->title, SIZE_MAX);
	buf_addf(out, "</title>\n<style>%s</style>\n%s\n", page->style, page->defs);
}

void svg_close(struct buf *out)
{
	buf_add_text(out, "</svg>\n");
}

void svg_line(struct buf *out, const char *kind, struct svg_point a, struct svg_point b)
{
	put_element(out, "line", kind);
	put_attribute(out, "x1", a.x);
	put_attribute(out, "y1", a.y);
	put_attribute(out, "x2", b.x);
	put_attribute(out, "y2", b.y);
	buf_add_text(out, "/>\n");
}

void svg_box(struct buf *out, const char *kind, struct svg_point a, struct svg_point b)
{
	put_element(out, "rect", kind);
	put_attribute(out, "x", a.x);
	put_attribute(out, "y", a.y);
	put_attribute(out, "width", b.x - a.x);
	put_attribute(out, "height", b.y - a.y);
	buf_add_text(out, "/>\n");
}

void svg_quad(struct buf *out, const char *kind, const struct svg_point corner[4])
{
	put_element(out, "polygon", kind);
	buf_add_text(out, " points=\"");
	for (int i = 0; i < 4; i++) {
		put_number(out, corner[i].x);
		buf_add_byte(out, ',');
		put_number(out, corner[i].y);
		buf_add_text(out, i < 3 ? " " : "\"/>\n");
	}
}

void svg_text(struct buf *out, const struct svg_words *w)
{
	put_element(out, "text", w->kind);
	if (w->turned) {
		buf_add_text(out, " transform=\"translate(");
		put_number(out, w->at.x);
		buf_add_byte(out, ',');
		put_number(out, w->at.y);
		buf_add_text(out, ") rotate(-90)\"");
	} else {
		put_attribute(out, "x", w->at.x);
		put_attribute(out, "y", w->at.y);
	}
	buf_add_byte(out, '>');
	if (!svg_put_escaped(out, w->words, w->columns)) {
		buf_add_text(out, "<title>");
		svg_put_escaped(out, w->words, SIZE_MAX);
		buf_add_text(out, "</title>");
	}
	buf_add_text(out, "</text>\n");
}
