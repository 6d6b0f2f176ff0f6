/*
 * -d and its kin: how their arguments become a body or a query. Knows names of
 * options and nothing of how a body is sent.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/payload.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/url.h"

/* What a pipe may bring before it is sent in chunks, its length unknown. */
#define LOOK_AHEAD (1 * MIB)

struct data_kind {
	const char *name; /* of the option */
	bool from_file;   /* @ names a file */
	bool strip;       /* the file loses CR, LF and NUL */
	bool encode;      /* curl's five forms of --data-urlencode */
	bool json;
	bool query_only;
};

static const struct data_kind kinds[] = {
    {"data", .from_file = true, .strip = true},
    {"data-ascii", .from_file = true, .strip = true},
    {"data-raw", .from_file = false},
    {"data-binary", .from_file = true},
    {"data-urlencode", .encode = true},
    {"json", .from_file = true, .json = true},
    {"url-query", .encode = true, .query_only = true},
};

static const struct data_kind *kind_of(const struct list_item *item)
{
	for (size_t i = 0; item->name && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(item->name, kinds[i].name) == 0)
			return &kinds[i];
	return NULL;
}

static void strip(struct buf *b, size_t from)
{
	size_t to = from;
	for (size_t i = from; i < b->len; i++)
		if (b->ptr[i] != '\r' && b->ptr[i] != '\n' && b->ptr[i] != '\0')
			b->ptr[to++] = b->ptr[i];
	buf_truncate(b, to);
}

/* As a form does it: a space is +. */
static void put_encoded(struct buf *out, struct str text)
{
	struct str word;
	while (text.len) {
		bool more = str_has_byte(text, ' ');
		str_cut(&text, ' ', &word);
		url_encode(out, word, "");
		if (more)
			buf_add_byte(out, '+');
	}
}

/* content, =content, name=content, @file, name@file */
static bool put_urlencode(struct buf *out, const char *text, struct err *err)
{
	size_t name = strcspn(text, "=");
	if (!text[name])
		name = strcspn(text, "@");
	if (!text[name]) {
		put_encoded(out, str_of(text));
		return true;
	}
	if (name) {
		buf_add(out, text, name);
		buf_add_byte(out, '=');
	}
	if (text[name] == '=') {
		put_encoded(out, str_of(text + name + 1));
		return true;
	}
	struct buf file = BUF_INIT(LIMIT_DATA);
	bool ok = payload_read_file(text + name + 1, &file, err);
	if (ok)
		put_encoded(out, buf_str(&file));
	buf_free(&file);
	return ok;
}

static bool put_item(
    struct buf *out, const struct data_kind *kind, const char *text, struct err *err)
{
	bool ok = true;
	size_t from = out->len;
	if (kind->query_only && *text == '+')
		buf_add_text(out, text + 1);
	else if (kind->encode)
		ok = put_urlencode(out, text, err);
	else if (kind->from_file && *text == '@')
		ok = payload_read_file(text + 1, out, err);
	else
		buf_add_text(out, text);
	if (ok && kind->strip && *text == '@')
		strip(out, from);
	return ok;
}

static bool put_items(const struct list *items, struct buf *out, bool query, struct err *err)
{
	bool first = out->len == 0;
	for (size_t i = 0; i < items->count; i++) {
		const struct data_kind *kind = kind_of(&items->items[i]);
		if (!kind || (kind->query_only && !query))
			continue;
		if (!first && !kind->json)
			buf_add_byte(out, '&');
		first = false;
		if (!put_item(out, kind, items->items[i].text, err))
			return false;
	}
	if (out->over)
		return err_set(err, ERR_USAGE, "more than %zu bytes of data", out->max);
	return true;
}

bool payload_data_as_query(const struct list *items, struct buf *out, struct err *err)
{
	return put_items(items, out, true, err);
}

/* The file of a lone item that is sent exactly as it is; NULL otherwise. */
static const char *lone_file(const struct list *items)
{
	const char *file = NULL;
	size_t count = 0;
	for (size_t i = 0; i < items->count; i++) {
		const struct data_kind *kind = kind_of(&items->items[i]);
		const char *text = items->items[i].text;
		if (!kind || kind->query_only)
			continue;
		count++;
		file = kind->from_file && !kind->strip && *text == '@' ? text + 1 : NULL;
	}
	return count == 1 ? file : NULL;
}

/* A pipe's first bytes are read now: if that is all, the length is known after all, and the
 * body can be sent twice. */
static bool look_ahead(struct payload *p, struct err *err)
{
	struct payload_segment pipe = p->segments[0];
	if (pipe.length >= 0)
		return true;
	struct buf head = BUF_INIT(LOOK_AHEAD + 1);
	bool ok = payload_read_some(pipe.fd, LOOK_AHEAD, &head, err);
	if (ok) {
		bool whole = head.len < LOOK_AHEAD;
		p->count = 0;
		payload_add_bytes(p, &head);
		if (!whole)
			payload_add_segment(p, &pipe);
		else if (pipe.fd != STDIN_FILENO)
			close(pipe.fd);
	}
	buf_free(&head);
	return ok;
}

bool payload_from_data(const struct list *items, struct payload *p, struct err *err)
{
	const char *file = lone_file(items);
	for (size_t i = 0; i < items->count; i++) {
		const struct data_kind *kind = kind_of(&items->items[i]);
		p->json |= kind && kind->json;
	}
	p->content_type =
	    mem_dup(p->json ? "application/json" : "application/x-www-form-urlencoded");
	if (file)
		return payload_add_file(p, file, err) && look_ahead(p, err);
	struct buf all = BUF_INIT(LIMIT_DATA);
	bool ok = put_items(items, &all, false, err);
	if (ok)
		payload_add_bytes(p, &all);
	buf_free(&all);
	return ok;
}
