/*
 * The head of an HTTP/1 response. Strict where leniency lets two readers see
 * two different messages (RFC 9112 11), lenient elsewhere.
 */
#include "common/text/httphead.h"

#include <string.h>

#include "common/base/limits.h"
#include "common/text/visible.h"

/* The bytes being parsed: a line at a time, and in place because of obs-fold. */
struct scan {
	char *bytes;
	size_t len;
	size_t at; /* where the next line starts */
};

size_t http_head_end(struct str bytes, size_t seen)
{
	/* An LF of the end may have been among the bytes seen, a CR after it too. */
	size_t at = seen > 2 ? seen - 2 : 0;
	for (;;) {
		at += str_find(str_sub(bytes, at, bytes.len), '\n') + 1;
		if (at >= bytes.len)
			return 0;
		struct str rest = str_sub(bytes, at, bytes.len);
		if (str_starts(rest, "\n"))
			return at + 1;
		if (str_starts(rest, "\r\n"))
			return at + 2;
	}
}

/* Always false, with a beginning of the line in the error. */
static bool refuse(struct err *err, const char *why, struct str line)
{
	enum { QUOTED = 60 };
	struct buf shown = BUF_INIT(QUOTED * 4 + 4);
	visible_put_text(&shown, str_sub(line, 0, QUOTED), "");
	if (line.len > QUOTED)
		buf_add_text(&shown, "...");
	err_set(err, ERR_PROTOCOL, "%s: \"%s\"", why, buf_cstr(&shown));
	buf_free(&shown);
	return false;
}

static struct str first_line(struct str bytes)
{
	struct str line = str_sub(bytes, 0, str_find(bytes, '\n'));
	return str_sub(line, 0, str_find(line, '\r'));
}

static const char not_http[] = "not an answer in HTTP/1";

bool http_head_begins(struct str bytes, struct err *err)
{
	struct str want = STR("HTTP/1.");
	size_t len = bytes.len < want.len ? bytes.len : want.len;
	return str_eq(str_sub(bytes, 0, len), str_sub(want, 0, len)) ||
	       refuse(err, not_http, first_line(bytes));
}

/* The next line without its end; false at the empty line or the end of the bytes. */
static bool next_line(struct scan *s, struct str *line)
{
	struct str rest = {s->bytes + s->at, s->len - s->at};
	*line = str_sub(rest, 0, str_find(rest, '\n'));
	s->at += line->len < rest.len ? line->len + 1 : line->len;
	if (line->len < rest.len && line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return line->len > 0;
}

static bool check_line(struct str line, struct err *err)
{
	if (str_has_byte(line, '\0'))
		return refuse(err, "a NUL in the head", line);
	if (str_has_byte(line, '\r'))
		return refuse(err, "a bare CR in the head", line);
	return true;
}

/* RFC 9112 4, with a missing reason and its space allowed. */
static bool parse_status(struct http_head *out, struct str line, struct err *err)
{
	if (!http_head_begins(line, err) || !check_line(line, err))
		return false;
	struct str rest = str_sub(line, strlen("HTTP/1."), line.len);
	bool good = rest.len >= 5 && char_is_digit(rest.ptr[0]) && rest.ptr[1] == ' ';
	for (size_t i = 2; good && i < 5; i++) {
		good = char_is_digit(rest.ptr[i]);
		out->status = out->status * 10 + (rest.ptr[i] - '0');
	}
	if (!good || (rest.len > 5 && rest.ptr[5] != ' ') || out->status < 100)
		return refuse(err, "a malformed status line", line);
	out->major = 1;
	out->minor = rest.ptr[0] - '0';
	out->reason = str_trim(str_sub(rest, 5, rest.len));
	return true;
}

/* RFC 9112 5.2: the continuation is moved up to the value, with one space between. It never
 * reaches what was not yet read, since at least a line end lay between. */
static bool unfold(struct scan *s, struct fields *list, struct str line, struct err *err)
{
	if (list->count == 0)
		return refuse(err, "a folded line without a field before it", line);
	struct str *value = &list->items[list->count - 1].value;
	struct str more = str_trim(line);
	if (more.len == 0)
		return true;
	char *to = s->bytes + (value->ptr - s->bytes) + value->len;
	if (value->len)
		*to++ = ' ';
	memmove(to, more.ptr, more.len);
	value->len += more.len + (value->len ? 1 : 0);
	return true;
}

static bool add_field(struct fields *list, struct str line, struct err *err)
{
	struct field f;
	size_t colon = str_find(line, ':');
	if (colon == line.len)
		return refuse(err, "a line without a colon in the head", line);
	if (colon && strchr(" \t", line.ptr[colon - 1]))
		return refuse(err, "white space before a colon in the head", line);
	if (!field_parse(line, &f))
		return refuse(err, "a malformed field name in the head", line);
	return fields_add(list, f.name, f.value) ||
	       err_set(err, ERR_PROTOCOL, "more than %d fields in the head", LIMIT_HEAD_FIELDS);
}

static bool parse_fields(struct scan *s, struct fields *out, struct err *err)
{
	struct str line;
	while (next_line(s, &line)) {
		bool fold = line.ptr[0] == ' ' || line.ptr[0] == '\t';
		if (!check_line(line, err) ||
		    !(fold ? unfold(s, out, line, err) : add_field(out, line, err))) {
			fields_free(out);
			return false;
		}
	}
	return true;
}

bool http_fields_parse(struct fields *out, char *bytes, size_t len, struct err *err)
{
	struct scan s = {bytes, len, 0};
	*out = (struct fields){0};
	return parse_fields(&s, out, err);
}

bool http_head_parse(struct http_head *out, char *bytes, size_t len, struct err *err)
{
	struct scan s = {bytes, len, 0};
	struct str line;
	*out = (struct http_head){0};
	if (len > LIMIT_HEAD)
		return err_set(err, ERR_PROTOCOL, "a head longer than 300 KiB");
	if (!next_line(&s, &line))
		return refuse(err, not_http, line);
	if (parse_status(out, line, err) && parse_fields(&s, &out->fields, err))
		return true;
	*out = (struct http_head){0};
	return false;
}

void http_head_free(struct http_head *head)
{
	fields_free(&head->fields);
	*head = (struct http_head){0};
}
