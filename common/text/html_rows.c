/*
 * Attributes that hold URLs, as tables.
 */
#include "common/text/html_rows.h"

#include <string.h>

static const struct html_row rows[] = {
    {NULL, "style", HTML_STYLE, HTML_NEEDED},
    {NULL, "background", HTML_URL, HTML_NEEDED},
    {"a", "href", HTML_URL, HTML_LINKED},
    {"a", "xlink:href", HTML_URL, HTML_LINKED},
    {"area", "href", HTML_URL, HTML_LINKED},
    {"audio", "src", HTML_URL, HTML_NEEDED},
    {"base", "href", HTML_BASE, HTML_MENTIONED},
    {"blockquote", "cite", HTML_URL, HTML_MENTIONED},
    {"button", "formaction", HTML_URL, HTML_MENTIONED},
    {"del", "cite", HTML_URL, HTML_MENTIONED},
    {"embed", "src", HTML_URL, HTML_NEEDED},
    {"feimage", "href", HTML_URL, HTML_NEEDED},
    {"feimage", "xlink:href", HTML_URL, HTML_NEEDED},
    {"form", "action", HTML_URL, HTML_MENTIONED},
    {"frame", "src", HTML_URL, HTML_NEEDED},
    {"iframe", "src", HTML_URL, HTML_NEEDED},
    {"image", "href", HTML_URL, HTML_NEEDED},
    {"image", "xlink:href", HTML_URL, HTML_NEEDED},
    {"image", "src", HTML_URL, HTML_NEEDED},
    {"img", "longdesc", HTML_URL, HTML_LINKED},
    {"img", "lowsrc", HTML_URL, HTML_NEEDED},
    {"img", "src", HTML_URL, HTML_NEEDED},
    {"img", "srcset", HTML_SRCSET, HTML_NEEDED},
    {"input", "formaction", HTML_URL, HTML_MENTIONED},
    {"input", "src", HTML_URL, HTML_NEEDED},
    {"ins", "cite", HTML_URL, HTML_MENTIONED},
    {"link", "href", HTML_URL, HTML_MENTIONED}, /* rel says more */
    {"link", "imagesrcset", HTML_SRCSET, HTML_NEEDED},
    {"object", "data", HTML_URL, HTML_NEEDED},
    {"q", "cite", HTML_URL, HTML_MENTIONED},
    {"script", "href", HTML_URL, HTML_NEEDED},
    {"script", "src", HTML_URL, HTML_NEEDED},
    {"script", "xlink:href", HTML_URL, HTML_NEEDED},
    {"source", "src", HTML_URL, HTML_NEEDED},
    {"source", "srcset", HTML_SRCSET, HTML_NEEDED},
    {"track", "src", HTML_URL, HTML_NEEDED},
    {"use", "href", HTML_URL, HTML_NEEDED},
    {"use", "xlink:href", HTML_URL, HTML_NEEDED},
    {"video", "poster", HTML_URL, HTML_NEEDED},
    {"video", "src", HTML_URL, HTML_NEEDED},
    {NULL, "integrity", HTML_GUARD, HTML_MENTIONED},
    {NULL, "crossorigin", HTML_GUARD, HTML_MENTIONED},
};

static const struct {
	const char *rel;
	enum html_use use;
} relations[] = {
    {"stylesheet", HTML_NEEDED},
    {"icon", HTML_NEEDED},
    {"apple-touch-icon", HTML_NEEDED},
    {"apple-touch-icon-precomposed", HTML_NEEDED},
    {"mask-icon", HTML_NEEDED},
    {"manifest", HTML_NEEDED},
    {"preload", HTML_NEEDED},
    {"modulepreload", HTML_NEEDED},
    {"alternate", HTML_LINKED},
    {"author", HTML_LINKED},
    {"contents", HTML_LINKED},
    {"help", HTML_LINKED},
    {"index", HTML_LINKED},
    {"license", HTML_LINKED},
    {"next", HTML_LINKED},
    {"prev", HTML_LINKED},
    {"search", HTML_LINKED},
    {"start", HTML_LINKED},
    {"up", HTML_LINKED},
};

const struct html_row *html_row_next(
    struct str element, struct str attribute, const struct html_row *after)
{
	const struct html_row *end = rows + sizeof rows / sizeof *rows;
	for (const struct html_row *row = after ? after + 1 : rows; row < end; row++)
		if (str_is_nocase(attribute, row->attribute) &&
		    (!row->element || str_is_nocase(element, row->element)))
			return row;
	return NULL;
}

bool html_has_word(struct str list, const char *word)
{
	while (list.len) {
		size_t n = 0;
		while (n < list.len && !strchr(" \t\r\n\f,", list.ptr[n]))
			n++;
		if (str_is_nocase(str_sub(list, 0, n), word))
			return true;
		list = str_sub(list, n + 1, list.len);
	}
	return false;
}

enum html_use html_use_of_link(struct str rel)
{
	for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
		if (html_has_word(rel, relations[i].rel))
			return relations[i].use;
	return HTML_MENTIONED;
}
