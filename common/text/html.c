/*
 * Pieces of pages by gumbo, which parses HTML as browsers do. The only file that
 * includes it. Gumbo holds the whole tree, takes time in proportion to the square of its depth,
 * and lets a few bytes become many nodes; so it gets one window after another, and each
 * ends when its memory or its number of allocations is used up.
 */
#include "common/text/html.h"

#include <gumbo.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/html_plain.h"
#include "common/text/html_rows.h"

enum {
	WINDOW = 32 * 1024,
	MOST_WINDOW = 4 * 1024 * 1024, /* for one tag: pictures stand in attributes (data:) */
	BLOCK = 64 * 1024,
	/* Some 500 elements: the time of a window grows with the square of its depth. */
	MOST_ALLOCATIONS = 4096,
	/* Of memory, beside what a long attribute takes: gumbo doubles and copies. */
	MOST_MEMORY = 4 * 1024 * 1024,
	MEMORY_PER_BYTE = 8,
};

/* The first error of a window. Gumbo stops after an error if it is told to, and we tell it so
 * when there has been enough of it: then there must have been one. */
#define STUMBLE "<!>"

/* ---- memory: what gumbo takes, it gives back with the window ---- */

struct block {
	struct block *next;
	size_t used, size;
	max_align_t bytes[];
};

struct arena {
	struct block *blocks;
	size_t allocations, bytes, most_bytes;
	GumboOptions options; /* gumbo looks here whether to go on */
};

static void *take(void *userdata, size_t size)
{
	struct arena *a = userdata;
	struct block *b = a->blocks;
	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	a->bytes += size;
	if (++a->allocations > MOST_ALLOCATIONS || a->bytes > a->most_bytes)
		a->options.stop_on_first_error = true;
	if (!b || b->size - b->used < size) {
		size_t room = size > BLOCK ? size : BLOCK;
		b = mem_resize(NULL, 1, sizeof *b + room);
		*b = (struct block){.next = a->blocks, .size = room};
		a->blocks = b;
	}
	void *at = (char *)b->bytes + b->used;
	b->used += size;
	return at;
}

static void give_back(void *userdata, void *ptr)
{
	(void)userdata, (void)ptr;
}

static void empty(struct arena *a)
{
	while (a->blocks) {
		struct block *next = a->blocks->next;
		free(a->blocks);
		a->blocks = next;
	}
	a->allocations = a->bytes = 0;
}

/* ---- a window ---- */

struct html {
	struct str page;
	size_t from;         /* the window begins here */
	size_t window;       /* its length */
	const char *context; /* what it stands in, as tags put before it */
	bool ended;
	char *text; /* stumble, context, window */
	struct arena arena;
	struct html_pieces found; /* in the window */
	size_t next;
	bool parse_all; /* also what is plain */
	/* While the tree is walked: */
	size_t offset;         /* of text[0] in the page, modulo */
	size_t lead;           /* bytes of text that are not the page's */
	size_t end;            /* behind the last thing that was complete, in text */
	const GumboNode *last; /* and the element it belongs to */
};

static bool is_ours(const struct html *h, GumboStringPiece s)
{
	return s.length && s.data >= h->text + h->lead;
}

static size_t place(const struct html *h, const char *at)
{
	return h->from + (size_t)(at - h->text) - h->lead;
}

static struct str attribute(const GumboElement *e, const char *name)
{
	const GumboAttribute *a = gumbo_get_attribute(&e->attributes, name);
	return a ? str_of(a->value) : STR_NONE;
}

static void add_attribute(
    struct html *h, const GumboAttribute *a, const struct html_row *row, const GumboElement *e)
{
	GumboStringPiece raw = a->original_value;
	struct html_piece p = {.form = row->form, .use = row->use, .value = str_of(a->value)};
	if (row->form == HTML_GUARD) {
		p.at = place(h, a->original_name.data);
		const char *end = raw.length ? raw.data + raw.length
					     : a->original_name.data + a->original_name.length;
		p.len = (size_t)(end - a->original_name.data);
		html_pieces_add(&h->found, &p);
		return;
	}
	if (!is_ours(h, raw))
		return;
	bool quoted = raw.length >= 2 && (raw.data[0] == '"' || raw.data[0] == '\'');
	p.quote = quoted ? raw.data[0] : '\0';
	p.at = place(h, raw.data + quoted);
	p.len = raw.length - 2 * (size_t)quoted;
	if (e->tag == GUMBO_TAG_LINK && row->form == HTML_URL)
		p.use = html_use_of_link(attribute(e, "rel"));
	p.nofollow = html_has_word(attribute(e, "rel"), "nofollow");
	html_pieces_add(&h->found, &p);
}

static void add_attributes(struct html *h, const GumboElement *e)
{
	GumboStringPiece name = e->original_tag;
	gumbo_tag_from_original_text(&name);
	struct str element = {name.data, name.length};
	for (unsigned i = 0; i < e->attributes.length; i++) {
		const GumboAttribute *a = e->attributes.data[i];
		struct str attr = {a->original_name.data, a->original_name.length};
		const struct html_row *row = NULL;
		while ((row = html_row_next(element, attr, row)))
			add_attribute(h, a, row, e);
	}
}

static void add_meta(struct html *h, const GumboElement *e)
{
	const GumboAttribute *content = gumbo_get_attribute(&e->attributes, "content");
	struct html_row refresh = {NULL, NULL, HTML_REFRESH, HTML_LINKED};
	struct html_row robots = {NULL, NULL, HTML_ROBOTS, HTML_MENTIONED};
	if (!content)
		return;
	if (str_is_nocase(attribute(e, "http-equiv"), "refresh"))
		add_attribute(h, content, &refresh, e);
	else if (str_is_nocase(attribute(e, "name"), "robots"))
		add_attribute(h, content, &robots, e);
}

/* Elements whose text ends only with their end tag. */
static bool is_raw(const GumboElement *e)
{
	static const GumboTag raw[] = {GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE, GUMBO_TAG_TEXTAREA,
	    GUMBO_TAG_TITLE, GUMBO_TAG_XMP, GUMBO_TAG_IFRAME, GUMBO_TAG_NOEMBED,
	    GUMBO_TAG_NOFRAMES};
	for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
		if (e->tag == raw[i])
			return e->tag_namespace == GUMBO_NAMESPACE_HTML;
	return false;
}

static void add_sheet(struct html *h, size_t at, size_t len)
{
	struct html_piece p = {.form = HTML_SHEET, .use = HTML_NEEDED, .at = at, .len = len};
	p.value = str_sub(h->page, at, len);
	html_pieces_add(&h->found, &p);
}

static void complete(struct html *h, const GumboNode *node, GumboStringPiece s)
{
	size_t end = (size_t)(s.data + s.length - h->text);
	if (end > h->end) {
		h->end = end;
		h->last = node;
	}
}

static void visit_element(struct html *h, const GumboNode *node)
{
	const GumboElement *e = &node->v.element;
	if (!is_ours(h, e->original_tag))
		return;
	complete(h, node, e->original_tag);
	if (is_ours(h, e->original_end_tag))
		complete(h, node, e->original_end_tag);
	add_attributes(h, e);
	if (e->tag == GUMBO_TAG_META)
		add_meta(h, e);
	if (e->tag == GUMBO_TAG_STYLE && is_ours(h, e->original_end_tag)) {
		size_t at = place(h, e->original_tag.data + e->original_tag.length);
		add_sheet(h, at, place(h, e->original_end_tag.data) - at);
	}
}

static void visit(struct html *h, const GumboNode *node)
{
	if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE) {
		visit_element(h, node);
	} else if (node->type == GUMBO_NODE_COMMENT) {
		GumboStringPiece s = node->v.text.original_text;
		if (is_ours(h, s) && s.length >= 3 && s.data[s.length - 1] == '>')
			complete(h, node->parent, s);
	}
}

static const GumboVector *children(const GumboNode *node)
{
	if (node->type == GUMBO_NODE_DOCUMENT)
		return &node->v.document.children;
	if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE)
		return &node->v.element.children;
	return NULL;
}

/* Without recursion: a tree may be as deep as it is long. */
static void walk(struct html *h, const GumboNode *root)
{
	const GumboNode *node = root;
	while (node) {
		visit(h, node);
		const GumboVector *below = children(node);
		if (below && below->length) {
			node = below->data[0];
			continue;
		}
		while (node != root &&
		       node->index_within_parent + 1 == children(node->parent)->length)
			node = node->parent;
		node = node == root
			   ? NULL
			   : children(node->parent)->data[node->index_within_parent + 1];
	}
}

/* ---- from window to window ---- */

/* What the next window must know of this one. */
static const char *context_of(const GumboNode *node)
{
	for (; node && node->type != GUMBO_NODE_DOCUMENT; node = node->parent) {
		const GumboElement *e = &node->v.element;
		if (e->tag == GUMBO_TAG_TABLE && !e->original_end_tag.length)
			return "<table>";
		if (e->tag == GUMBO_TAG_SVG && !e->original_end_tag.length)
			return "<svg>";
		if (e->tag == GUMBO_TAG_FRAMESET && !e->original_end_tag.length)
			return "<frameset>";
	}
	return "";
}

/* Where "</name" stands at or behind `from`; the page's end if nowhere. */
static size_t find_end_tag(struct str page, size_t from, struct str name)
{
	for (;;) {
		from += str_find(str_sub(page, from, page.len), '<');
		if (from >= page.len)
			return page.len;
		struct str tag = str_sub(page, from + 2, name.len);
		if (from + 1 < page.len && page.ptr[from + 1] == '/' &&
		    str_eq_nocase(tag, name))
			return from;
		from++;
	}
}

/* The text of a script may be longer than any window: its end is looked for instead. */
static size_t skip_raw(struct html *h, const GumboElement *e)
{
	GumboStringPiece name = e->original_tag;
	size_t at = place(h, e->original_tag.data + e->original_tag.length);
	gumbo_tag_from_original_text(&name);
	size_t end = find_end_tag(h->page, at, (struct str){name.data, name.length});
	if (e->tag == GUMBO_TAG_STYLE)
		add_sheet(h, at, end - at);
	return end;
}

/* A comment that has begun, or some text. */
static size_t skip_dull(const struct html *h, size_t at)
{
	struct str rest = str_sub(h->page, at, h->page.len);
	size_t begin = str_find(rest, '<');
	struct str tag = str_sub(rest, begin, rest.len);
	if (!str_starts(tag, "<!--"))
		return at + begin;
	size_t end = str_find_str(str_sub(tag, 4, tag.len), STR("-->"));
	return end + 4 < tag.len ? at + begin + 4 + end + 3 : h->page.len;
}

/* Where no whole tag stood in the window: more of it, for a picture may stand in an attribute;
 * but not without an end, and never so that a few bytes of progress cost a window's work. */
static size_t get_unstuck(struct html *h, bool stopped)
{
	if (!stopped && h->window < MOST_WINDOW) {
		h->window *= 2;
		return h->from;
	}
	size_t at = h->from + h->window / (stopped ? 16 : 2);
	h->window = WINDOW;
	return at + str_find(str_sub(h->page, at, h->page.len), '<');
}

static void move_on(struct html *h, bool whole, bool stopped)
{
	size_t last = h->from;
	h->ended = whole && !stopped;
	if (h->ended)
		return;
	bool raw = h->last && is_raw(&h->last->v.element) &&
		   !h->last->v.element.original_end_tag.length;
	h->context = context_of(h->last);
	h->window = h->end > h->lead ? WINDOW : h->window;
	if (raw)
		h->from = skip_raw(h, &h->last->v.element);
	else
		h->from = skip_dull(h, h->from + h->end - h->lead);
	if (h->from == last)
		h->from = get_unstuck(h, stopped);
	h->ended = h->from >= h->page.len;
}

static const GumboNode *parse(struct html *h, struct str window)
{
	struct arena *a = &h->arena;
	h->lead = sizeof STUMBLE - 1 + strlen(h->context);
	h->text = take(a, h->lead + window.len + 1);
	memcpy(h->text, STUMBLE, sizeof STUMBLE - 1);
	memcpy(h->text + sizeof STUMBLE - 1, h->context, strlen(h->context));
	memcpy(h->text + h->lead, window.ptr, window.len);
	h->text[h->lead + window.len] = '\0';
	a->allocations = a->bytes = 0;
	a->most_bytes = MOST_MEMORY + MEMORY_PER_BYTE * window.len;
	a->options = kGumboDefaultOptions;
	a->options.allocator = take;
	a->options.deallocator = give_back;
	a->options.userdata = a;
	a->options.max_errors = 0;
	return gumbo_parse_with_options(&a->options, h->text, h->lead + window.len)->document;
}

/* What needs no parser. False when the window, or something in it, does. */
static bool read_plain(struct html *h, size_t end)
{
	if (h->parse_all || *h->context || !html_plain_read(h->page, &h->from, end, &h->found))
		return false;
	h->ended = h->from >= h->page.len;
	return true;
}

static void read_window(struct html *h)
{
	struct str window = str_sub(h->page, h->from, h->window);
	empty(&h->arena);
	h->found.count = h->next = 0;
	if (read_plain(h, h->from + window.len))
		return;
	h->found.count = 0;
	const GumboNode *root = parse(h, window);
	h->end = h->lead;
	h->last = NULL;
	walk(h, root);
	move_on(h, h->from + window.len == h->page.len, h->arena.options.stop_on_first_error);
	/* Elements that the parser repeats (formatting left open) name their attributes again.
	 */
	html_pieces_sort(&h->found);
}

static struct html *start(struct str page, bool parse_all)
{
	struct html *h = mem_alloc(sizeof *h);
	h->page = page;
	h->parse_all = parse_all;
	h->window = WINDOW;
	h->context = "";
	h->ended = page.len == 0;
	if (!h->ended)
		read_window(h);
	return h;
}

static struct html *open_page(struct str page)
{
	return start(page, false);
}

static struct html *open_parsed(struct str page)
{
	return start(page, true);
}

static struct str base(struct html *h)
{
	for (size_t i = 0; i < h->found.count; i++)
		if (h->found.all[i].form == HTML_BASE)
			return h->found.all[i].value;
	return STR_NONE;
}

static bool next(struct html *h, struct html_piece *piece)
{
	while (h->next == h->found.count && !h->ended)
		read_window(h);
	if (h->next == h->found.count)
		return false;
	*piece = h->found.all[h->next++];
	return true;
}

static void close_html(struct html *h)
{
	empty(&h->arena);
	html_pieces_free(&h->found);
	free(h);
}

static const struct html_ops ops = {open_page, open_parsed, base, next, close_html};

MODULE_TABLE(&ops)
