/*
 * The head of a message: found, taken apart, edited. What stays keeps its
 * bytes. Knows no field by name.
 */
#include "common/mail/message.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/word2047.h"

/* --- Where the head ends --- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Length of the field name at the front of a line (RFC 5322 3.6.8), 0 if there is none. *colon
 * is where its colon stands: RFC 5322 4.5 has white space before it. */
static size_t name_len(struct str line, size_t *colon)
{
	size_t len = 0;
	while (len < line.len && line.ptr[len] > ' ' && line.ptr[len] < 0x7f &&
	       line.ptr[len] != ':')
		len++;
	*colon = len;
	while (*colon < line.len && is_blank(line.ptr[*colon]))
		++*colon;
	return *colon < line.len && line.ptr[*colon] == ':' ? len : 0;
}

static bool is_field_line(struct str line, bool first)
{
	size_t colon;
	if (line.len && is_blank(line.ptr[0]))
		return !first;
	return name_len(line, &colon) > 0;
}

static bool is_empty_line(struct str line)
{
	return str_is(line, "\n") || str_is(line, "\r\n");
}

/* The line at that place with its end; empty if there is none, and none that is not whole
 * unless that is allowed. */
static struct str line_at(struct str bytes, size_t at, bool partial)
{
	struct str rest = str_sub(bytes, at, bytes.len);
	size_t end = str_find(rest, '\n');
	if (end == rest.len && !partial)
		return STR_NONE;
	return str_sub(rest, 0, end + 1);
}

bool message_find_end(struct message_finder *f, struct str bytes, bool at_end)
{
	struct str line;
	while ((line = line_at(bytes, f->at, at_end)).len) {
		bool first = f->at == f->fields_at;
		if (f->at == 0 && (str_starts(line, "From ") || str_starts(line, ">From "))) {
			f->at = f->fields_at = line.len;
			continue;
		}
		bool empty = is_empty_line(line);
		if (empty || !is_field_line(line, first)) {
			f->fields_end = f->at;
			f->body_at = f->at + (empty ? line.len : 0);
			return true;
		}
		f->at += line.len;
	}
	f->fields_end = f->body_at = f->at;
	return at_end;
}

/* --- Fields --- */

static struct message_field *append(struct message_head *h)
{
	if (h->count == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 16;
		h->items = mem_resize(h->items, h->cap, sizeof *h->items);
	}
	h->items[h->count] = (struct message_field){0};
	return &h->items[h->count++];
}

static struct message_field field_of(struct str raw)
{
	size_t colon;
	struct message_field f = {.raw = raw};
	f.name = str_sub(raw, 0, name_len(raw, &colon));
	f.value = str_trim(str_sub(raw, colon + 1, raw.len));
	return f;
}

/* Length of the field at that place: its line and those that go on with it. */
static size_t field_len(struct str bytes, size_t at)
{
	size_t end = at;
	do
		end += line_at(bytes, end, true).len;
	while (end < bytes.len && is_blank(bytes.ptr[end]));
	return end - at;
}

static const char *line_end(struct str bytes)
{
	size_t lf = str_find(bytes, '\n');
	return lf > 0 && lf < bytes.len && bytes.ptr[lf - 1] == '\r' ? "\r\n" : "\n";
}

bool message_head_parse(struct message_head *h, struct str bytes)
{
	*h = (struct message_head){.eol = line_end(bytes)};
	for (size_t at = 0; at < bytes.len;) {
		struct str raw = str_sub(bytes, at, field_len(bytes, at));
		struct message_field f = field_of(raw);
		if (h->count >= LIMIT_HEAD_FIELDS)
			return false;
		if (f.name.len) {
			*append(h) = f;
			h->size += raw.len;
		}
		at += raw.len;
	}
	return true;
}

void message_head_free(struct message_head *h)
{
	for (size_t i = 0; i < h->count; i++)
		free(h->items[i].owned);
	free(h->items);
	*h = (struct message_head){0};
}

const struct message_field *message_head_find(
    const struct message_head *h, const char *name, size_t *at)
{
	for (size_t i = at ? *at : 0; i < h->count; i++) {
		if (!str_is_nocase(h->items[i].name, name))
			continue;
		if (at)
			*at = i + 1;
		return &h->items[i];
	}
	return NULL;
}

struct str message_head_value(const struct message_head *h, const char *name)
{
	const struct message_field *f = message_head_find(h, name, NULL);
	return f ? f->value : STR_NONE;
}

bool message_head_text(const struct message_head *h, const char *name, struct buf *out)
{
	const struct message_field *f = message_head_find(h, name, NULL);
	return f && word2047_decode(out, f->value);
}

/* --- Editing --- */

size_t message_head_remove(struct message_head *h, const char *name)
{
	size_t kept = 0, before = h->count;
	for (size_t i = 0; i < before; i++) {
		if (str_is_nocase(h->items[i].name, name)) {
			h->size -= h->items[i].raw.len;
			free(h->items[i].owned);
		} else {
			h->items[kept++] = h->items[i];
		}
	}
	h->count = kept;
	return before - kept;
}

/* Line ends of the value become those of the head. */
static void put_value(struct buf *out, struct str value, const char *eol)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '\n')
			buf_add_text(out, eol);
		else if (value.ptr[i] != '\r')
			buf_add_byte(out, value.ptr[i]);
	}
}

bool message_head_add(struct message_head *h, const char *name, struct str value)
{
	struct buf raw = BUF_INIT(LIMIT_MAIL_HEAD - (h->size < LIMIT_MAIL_HEAD ? h->size : 0));
	if (!h->eol)
		h->eol = "\n";
	buf_addf(&raw, "%s: ", name);
	put_value(&raw, value, h->eol);
	buf_add_text(&raw, h->eol);
	if (raw.over || h->size >= LIMIT_MAIL_HEAD || h->count >= LIMIT_HEAD_FIELDS) {
		buf_free(&raw);
		return false;
	}
	size_t len = raw.len;
	char *text = buf_steal(&raw);
	struct message_field *f = append(h);
	*f = field_of((struct str){text, len});
	f->owned = text;
	h->size += len;
	return true;
}

bool message_head_put(const struct message_head *h, struct buf *out)
{
	const char *eol = h->eol ? h->eol : "\n";
	for (size_t i = 0; i < h->count; i++) {
		struct str raw = h->items[i].raw;
		buf_add_str(out, raw);
		/* The last one of a message that ends in its head. */
		if (raw.ptr[raw.len - 1] != '\n')
			buf_add_text(out, eol);
	}
	buf_add_text(out, eol);
	return !out->over;
}
