/*
 * The tree of a message's parts. Knows what parts are called, not what is done
 * with them; decoding is in mime_decode.c.
 */
#include "common/mail/mime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/field.h"
#include "common/text/word2047.h"

/* --- Heads --- */

/* RFC 2045 5.2: without a type, or with one that is none, a part is plain text; in a digest it
 * is a message (RFC 2046 5.1.5). */
static void set_type(struct mime_part *p, bool in_digest)
{
	struct str value = message_head_value(&p->head, "Content-Type");
	struct str type = field_main(value, &p->params);
	size_t slash = str_find(type, '/');
	p->main = str_trim(str_sub(type, 0, slash));
	p->sub = str_trim(str_sub(type, slash + 1, type.len));
	if (!field_is_token(p->main) || !field_is_token(p->sub)) {
		p->main = in_digest ? STR("message") : STR("text");
		p->sub = in_digest ? STR("rfc822") : STR("plain");
		p->params = STR_NONE;
	}
	p->is_multipart = str_is_nocase(p->main, "multipart");
	p->is_message =
	    mime_type_is(p, "message", "rfc822") || mime_type_is(p, "message", "global");
}

bool mime_type_is(const struct mime_part *p, const char *main, const char *sub)
{
	return str_is_nocase(p->main, main) && (!sub || str_is_nocase(p->sub, sub));
}

/* The head and the body of bytes. */
static void open_part(struct mime_part *p, struct str bytes, bool in_digest)
{
	struct message_finder f = {0};
	/* A head that is too long is a body: nothing in it can be trusted to be whole. */
	message_find_end(&f, bytes, true);
	if (f.fields_end - f.fields_at > LIMIT_MAIL_HEAD)
		f.fields_end = f.fields_at;
	message_head_parse(&p->head, str_sub(bytes, f.fields_at, f.fields_end - f.fields_at));
	p->body = str_sub(bytes, f.body_at, bytes.len);
	set_type(p, in_digest);
	p->encoding =
	    mime_encoding_of(message_head_value(&p->head, "Content-Transfer-Encoding"));
	p->disposition = field_main(
	    message_head_value(&p->head, "Content-Disposition"), &p->disposition_params);
}

/* --- The tree --- */

static struct mime_part *append(struct mime *m)
{
	if (m->count == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 8;
		m->parts = mem_resize(m->parts, m->cap, sizeof *m->parts);
	}
	m->parts[m->count] = (struct mime_part){0};
	return &m->parts[m->count++];
}

/* RFC 9051 6.4.5: the parts of a multipart are numbered below it. A message inside has the
 * number of the part it is in; if it is not multipart, its text is part 1 of that. */
static void set_section(struct mime_part *p, const struct mime_part *parent, size_t number)
{
	bool below = parent->section[0] != '\0';
	if (parent->is_message && p->is_multipart)
		snprintf(p->section, sizeof p->section, "%s", parent->section);
	else
		snprintf(p->section, sizeof p->section, "%.50s%s%zu", parent->section,
		    below ? "." : "", number);
}

static void open_children(struct mime *m, size_t at);

/* A child with all that is in it; false if there may be no more. */
static bool add_child(struct mime *m, size_t parent, struct str bytes, size_t number)
{
	bool in_digest = mime_type_is(&m->parts[parent], "multipart", "digest");
	if (m->count >= LIMIT_MIME_PARTS || m->parts[parent].depth >= LIMIT_MIME_DEPTH) {
		m->cut = true;
		return false;
	}
	struct mime_part *p = append(m);
	open_part(p, bytes, in_digest);
	p->parent = parent;
	p->depth = m->parts[parent].depth + 1;
	set_section(p, &m->parts[parent], number);
	open_children(m, m->count - 1);
	return true;
}

/* --- Multiparts --- */

struct cutter {
	struct str rest;     /* of the body */
	struct str boundary; /* "--" and the boundary */
	bool last;           /* the closing boundary was seen */
};

/* The next line that is a boundary; what stands before it, without the line end that belongs to
 * the boundary (RFC 2046 5.1.1), is *before. False at the end of the body. */
static bool next_boundary(struct cutter *c, struct str *before)
{
	struct str text = c->rest;
	for (size_t at = 0; at < text.len;) {
		struct str tail = str_sub(text, at, text.len);
		size_t line = str_find(tail, '\n');
		if (str_eq(str_sub(tail, 0, c->boundary.len), c->boundary)) {
			struct str after =
			    str_sub(tail, c->boundary.len, line - c->boundary.len);
			c->last = str_starts(after, "--");
			if (c->last || str_trim(after).len == 0) {
				size_t end = at > 0 ? at - 1 : 0;
				end -= end > 0 && text.ptr[end - 1] == '\r';
				*before = str_sub(text, 0, end);
				c->rest = str_sub(tail, line + 1, tail.len);
				return true;
			}
		}
		at += line + 1;
	}
	*before = text;
	c->rest = STR_NONE;
	return false;
}

static void cut_parts(struct mime *m, size_t parent, struct str boundary)
{
	struct cutter c = {.rest = m->parts[parent].body, .boundary = boundary};
	struct str piece;
	/* The preamble. */
	bool more = next_boundary(&c, &piece) && !c.last;
	for (size_t number = 1; more; number++) {
		bool ended = next_boundary(&c, &piece);
		m->parts[parent].is_unfinished = !ended;
		more = ended && !c.last;
		if ((ended || piece.len) && !add_child(m, parent, piece, number))
			return;
	}
}

static void open_multipart(struct mime *m, size_t at)
{
	struct buf boundary = BUF_INIT(LIMIT_LINE);
	buf_add_text(&boundary, "--");
	m->parts[at].is_unfinished = true;
	/* One without a boundary has no parts; one that is encoded breaks RFC 2045 6.4. */
	if (word2047_get_param(m->parts[at].params, "boundary", &boundary) && boundary.len > 2)
		cut_parts(m, at, buf_str(&boundary));
	buf_free(&boundary);
}

/* Calls itself by way of add_child, at most LIMIT_MIME_DEPTH deep. */
static void open_children(struct mime *m, size_t at)
{
	const struct mime_part *p = &m->parts[at];
	if (p->is_multipart)
		open_multipart(m, at);
	else if (p->is_message && p->encoding == MIME_IDENTITY)
		add_child(m, at, p->body, 1);
}

void mime_parse(struct mime *m, struct str message)
{
	*m = (struct mime){0};
	struct mime_part *root = append(m);
	open_part(root, message, false);
	if (!root->is_multipart)
		snprintf(root->section, sizeof root->section, "1");
	open_children(m, 0);
}

void mime_free(struct mime *m)
{
	for (size_t i = 0; i < m->count; i++)
		message_head_free(&m->parts[i].head);
	free(m->parts);
	*m = (struct mime){0};
}

/* --- Choosing --- */

const struct mime_part *mime_find(const struct mime *m, struct str section)
{
	for (size_t i = 0; i < m->count; i++)
		if (str_is(section, m->parts[i].section))
			return &m->parts[i];
	return NULL;
}

bool mime_is_attachment(const struct mime_part *p)
{
	struct buf name = BUF_INIT(LIMIT_MAIL_HEAD);
	bool named = mime_file_name(p, &name);
	buf_free(&name);
	if (p->is_multipart)
		return false;
	if (p->disposition.len && !str_is_nocase(p->disposition, "inline"))
		return true;
	return (named && p->depth > 0) || (!p->is_message && !mime_type_is(p, "text", NULL));
}

static const struct mime_part *find_text(const struct mime *m, const char *sub)
{
	for (size_t i = 0; i < m->count; i++)
		if (mime_type_is(&m->parts[i], "text", sub) &&
		    !mime_is_attachment(&m->parts[i]))
			return &m->parts[i];
	return NULL;
}

const struct mime_part *mime_text_part(const struct mime *m)
{
	const struct mime_part *p = find_text(m, "plain");
	p = p ? p : find_text(m, "html");
	return p ? p : find_text(m, NULL);
}

bool mime_file_name(const struct mime_part *p, struct buf *out)
{
	return word2047_get_param(p->disposition_params, "filename", out) ||
	       word2047_get_param(p->params, "name", out);
}
