/*
 * Heads on their way into the cache: which fields are kept, what a 304 changes,
 * and which fields of a request choose between answers. Pure.
 */
#include <string.h>

#include "cmd/webget/cache_policy.h"

/* Options of a Connection field that are looked at: real ones have one or two. */
#define CONNECTION_MOST 16

/* RFC 9110 7.6.1, RFC 9111 3.1: of the connection, not of the answer. */
static bool is_of_connection(const struct http_head *head, struct str name)
{
	static const char *const names[] = {"connection", "keep-alive", "proxy-connection",
	    "te", "trailer", "transfer-encoding", "upgrade", "proxy-authenticate",
	    "proxy-authentication-info", "proxy-authorization"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is_nocase(name, names[i]))
			return true;
	struct str rest = fields_value(&head->fields, "connection"), one;
	for (int i = 0; i < CONNECTION_MOST && field_list_next(&rest, &one); i++)
		if (str_eq_nocase(one, name))
			return true;
	return false;
}

/* The length is that of the stored body, whatever was said. */
static bool is_kept(const struct http_head *head, const struct field *f)
{
	return !is_of_connection(head, f->name) && !str_is_nocase(f->name, "content-length");
}

/* What the stored bytes depend on stays theirs. */
static bool may_change(const struct http_head *said, const struct field *f)
{
	return is_kept(said, f) && !str_is_nocase(f->name, "content-encoding") &&
	       !str_is_nocase(f->name, "content-range");
}

static void put_status(struct buf *out, const struct http_head *head)
{
	buf_addf(out, "HTTP/%d.%d %03d ", head->major, head->minor, head->status);
	buf_add_str(out, head->reason);
	buf_add_text(out, "\r\n");
}

static void put_field(struct buf *out, const struct field *f)
{
	buf_add_str(out, f->name);
	buf_add_text(out, ": ");
	buf_add_str(out, f->value);
	buf_add_text(out, "\r\n");
}

void cache_put_head(struct buf *out, const struct http_head *head)
{
	put_status(out, head);
	for (size_t i = 0; i < head->fields.count; i++)
		if (is_kept(head, &head->fields.items[i]))
			put_field(out, &head->fields.items[i]);
	buf_add_text(out, "\r\n");
}

static bool is_replaced(const struct http_head *said, struct str name)
{
	for (size_t i = 0; i < said->fields.count; i++)
		if (str_eq_nocase(said->fields.items[i].name, name))
			return may_change(said, &said->fields.items[i]);
	return false;
}

void cache_put_merged(
    struct buf *out, const struct http_head *stored, const struct http_head *said)
{
	put_status(out, stored);
	for (size_t i = 0; i < stored->fields.count; i++) {
		const struct field *f = &stored->fields.items[i];
		/* An age was that of the answer before (4.2.3 counts from this one). */
		if (is_kept(stored, f) && !is_replaced(said, f->name) &&
		    !str_is_nocase(f->name, "age"))
			put_field(out, f);
	}
	for (size_t i = 0; i < said->fields.count; i++)
		if (may_change(said, &said->fields.items[i]))
			put_field(out, &said->fields.items[i]);
	buf_add_text(out, "\r\n");
}

/* ---- which one ---- */

static struct str opaque(struct str etag)
{
	return str_starts(etag, "W/") ? str_sub(etag, 2, etag.len) : etag;
}

static bool agrees(
    const struct http_head *stored, const struct http_head *said, const char *name)
{
	struct str now = fields_value(&said->fields, name);
	return now.len == 0 || str_eq(opaque(now), opaque(fields_value(&stored->fields, name)));
}

bool cache_is_same(const struct http_head *stored, const struct http_head *said)
{
	return agrees(stored, said, "etag") && agrees(stored, said, "last-modified");
}

/* Is it a whole line of what is there? */
static bool has_line(const struct buf *lines, struct str name)
{
	struct str rest = buf_str(lines), line;
	while (str_cut(&rest, '\n', &line))
		if (str_eq_nocase(line, name))
			return true;
	return false;
}

static void add_name(struct buf *out, struct str name)
{
	if (!field_is_token(name) || has_line(out, name))
		return;
	for (size_t i = 0; i < name.len; i++)
		buf_add_byte(out, char_lower(name.ptr[i]));
	buf_add_byte(out, '\n');
}

void cache_put_vary(struct buf *out, const struct http_head *head)
{
	const struct field *f = fields_find(&head->fields, "vary");
	for (; f; f = fields_next(&head->fields, f)) {
		struct str rest = f->value, name;
		while (!out->over && field_list_next(&rest, &name))
			add_name(out, name);
	}
	if (fields_find(&head->fields, "content-encoding"))
		add_name(out, STR("accept-encoding"));
}

bool cache_put_field(struct buf *out, const struct fields *request, const char *name)
{
	const struct field *f = fields_find(request, name);
	bool first = true;
	if (!f)
		return false;
	for (; f; f = fields_next(request, f)) {
		struct str rest = f->value, one;
		while (field_list_next(&rest, &one)) {
			buf_add_text(out, first ? "" : ",");
			buf_add_str(out, one);
			first = false;
		}
	}
	return true;
}
