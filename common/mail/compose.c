/*
 * A new message: head, then parts. Knows no server and no option.
 */
#include "common/mail/compose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/text/date.h"
#include "common/text/field.h"
#include "common/text/utf8.h"
#include "common/text/word2047.h"

/* RFC 5322 2.1.1; of longer lines a server may do as it likes. */
enum { BOUNDARY = 64 };

struct work {
	const struct compose *c;
	struct source *out;
	struct buf text; /* what comes next: heads, boundaries */
	struct err *err;
};

static void flush(struct work *w)
{
	if (w->text.len)
		source_add(w->out, buf_str(&w->text));
	buf_clear(&w->text);
}

/* --- The head --- */

static struct str field_name(const char *line)
{
	struct str s = str_of(line);
	return str_sub(s, 0, str_find(s, ':'));
}

/* Did the caller give this field himself? */
static bool is_given(const struct compose *c, const char *name)
{
	for (size_t i = 0; c->headers && i < c->headers->count; i++)
		if (str_is_nocase(str_trim(field_name(c->headers->items[i].text)), name))
			return true;
	return false;
}

static bool put_field(struct work *w, const char *name, struct str value)
{
	if (value.len == 0 || is_given(w->c, name))
		return true;
	return compose_put_field(&w->text, name, value, w->err);
}

static bool put_list(struct work *w, const char *name, const struct list *l)
{
	struct buf all = BUF_INIT(LIMIT_MAIL_HEAD);
	for (size_t i = 0; l && i < l->count; i++) {
		buf_add_text(&all, i ? ", " : "");
		buf_add_text(&all, l->items[i].text);
	}
	bool good = !all.over ? put_field(w, name, buf_str(&all))
			      : err_set(w->err, ERR_USAGE, "%s: too long", name);
	buf_free(&all);
	return good;
}

static bool put_from(struct work *w)
{
	const struct message_origin *o = &w->c->origin;
	struct buf value = BUF_INIT(LIMIT_MAIL_HEAD);
	if (o->from && o->name && *o->name) {
		/* Quoted here and taken apart again there: one way for all addresses. */
		field_put_quoted(&value, str_of(o->name));
		buf_addf(&value, " <%s>", o->from);
	} else if (o->from) {
		buf_add_text(&value, o->from);
	}
	bool good = put_field(w, "From", buf_str(&value));
	buf_free(&value);
	return good;
}

static bool put_date_and_id(struct work *w)
{
	const struct message_origin *o = &w->c->origin;
	struct buf date = BUF_INIT(100), id = BUF_INIT(LIMIT_ADDRESS);
	struct mailboxes from = {0};
	struct err ignored = {0};
	const char *domain = o->domain;
	if (!domain && o->from && mailboxes_parse(&from, str_of(o->from), &ignored) &&
	    from.count)
		domain = mailbox_domain(str_of(from.items[0].address)).ptr;
	date_put_mail(&date, o->now, o->zone);
	bool good = message_make_id(&id, domain, o->now, w->err) &&
		    put_field(w, "Date", buf_str(&date)) &&
		    put_field(w, "Message-ID", buf_str(&id));
	mailboxes_free(&from);
	buf_free(&date);
	buf_free(&id);
	return good;
}

static bool put_given(struct work *w, const char *line)
{
	struct str name = str_trim(field_name(line));
	char *text = str_dup(name);
	bool mime = str_is_nocase(name, "MIME-Version") || str_starts_nocase(name, "Content-");
	size_t colon = field_name(line).len;
	bool good = false;
	if (mime)
		err_set(w->err, ERR_USAGE, "header %s: is set by the composer", text);
	else if (!line[colon])
		err_set(w->err, ERR_USAGE, "header %.40s: must be \"Name: value\"", text);
	else
		good = compose_put_field(
		    &w->text, text, str_trim(str_of(line + colon + 1)), w->err);
	free(text);
	return good;
}

static bool put_head(struct work *w)
{
	const struct compose *c = w->c;
	bool good = put_from(w) && put_list(w, "To", c->to) && put_list(w, "Cc", c->cc) &&
		    put_field(w, "Subject", str_of(c->subject)) && put_date_and_id(w);
	for (size_t i = 0; good && c->headers && i < c->headers->count; i++)
		good = put_given(w, c->headers->items[i].text);
	buf_add_text(&w->text, "MIME-Version: 1.0\r\n");
	return good;
}

/* --- Parts --- */

/* "=_" can't stand in base64 or quoted-printable. Text that goes as it is was there before
 * these 128 bits, and can't have guessed them. */
static bool make_boundary(struct work *w, char *boundary)
{
	uint64_t random[2];
	if (getentropy(random, sizeof random) != 0)
		return err_set_errno(w->err, ERR_INTERNAL, "no random bytes");
	snprintf(boundary, BOUNDARY, "=_%016llx%016llx", (unsigned long long)random[0],
	    (unsigned long long)random[1]);
	return true;
}

static void put_multipart(struct work *w, const char *sub, const char *boundary)
{
	buf_addf(
	    &w->text, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n\r\n", sub, boundary);
}

/* The line end before a boundary is the boundary's (RFC 2046 5.1.1). */
static void put_boundary(struct work *w, const char *boundary, bool last)
{
	buf_addf(&w->text, "\r\n--%s%s\r\n", boundary, last ? "--" : "");
}

static void put_type(struct work *w, const char *type, const char *charset)
{
	struct buf found = BUF_INIT(LIMIT_LINE);
	struct str params = str_of(type);
	params = str_sub(params, str_find(params, ';'), params.len);
	size_t column = sizeof "Content-Type: " - 1 + strlen(type);
	buf_addf(&w->text, "Content-Type: %s", type);
	if (str_starts_nocase(str_of(type), "text/") &&
	    !word2047_get_param(str_sub(params, 1, params.len), "charset", &found))
		word2047_put_param(&w->text, "charset", str_of(charset), &column);
	buf_add_text(&w->text, "\r\n");
	buf_free(&found);
}

static bool is_utf8(struct source *text, bool *yes, struct err *err)
{
	struct utf8_checker checker = {0};
	struct str piece;
	source_rewind(text);
	do {
		if (!source_next(text, &piece, err))
			return false;
		utf8_check(&checker, piece);
	} while (piece.len);
	*yes = utf8_check_end(&checker);
	return true;
}

static bool look_at(struct source *text, struct message_scan *facts, struct err *err)
{
	struct str piece;
	source_rewind(text);
	do {
		if (!source_next(text, &piece, err))
			return false;
		message_scan_add(facts, piece);
	} while (piece.len);
	return true;
}

static bool put_text(struct work *w, struct source *text, const char *type)
{
	struct message_scan facts = {0};
	bool utf8 = true;
	if (!look_at(text, &facts, w->err) ||
	    (facts.eight_bit && !is_utf8(text, &utf8, w->err)))
		return false;
	bool bare_cr = facts.cr > facts.crlf;
	bool qp =
	    (facts.eight_bit && !w->c->eight_bit) || facts.nul || bare_cr || facts.longest > 0;
	put_type(w, type, !facts.eight_bit ? "us-ascii" : utf8 ? "utf-8" : "unknown-8bit");
	buf_addf(&w->text, "Content-Transfer-Encoding: %s\r\n\r\n",
	    qp                ? "quoted-printable"
	    : facts.eight_bit ? "8bit"
			      : "7bit");
	flush(w);
	source_lend_part(w->out, text, qp ? SOURCE_QP : SOURCE_PLAIN);
	return true;
}

static const char *type_of_text(const struct compose *c)
{
	return c->type && *c->type ? c->type : "text/plain";
}

static bool is_there(struct source *text)
{
	struct err ignored = {0};
	uint64_t len = 0;
	return text && text->count && source_length(text, &len, &ignored) && len > 0;
}

/* Both, for readers to choose from. */
static bool put_alternative(struct work *w)
{
	char boundary[BOUNDARY];
	const struct compose *c = w->c;
	if (!make_boundary(w, boundary))
		return false;
	put_multipart(w, "alternative", boundary);
	put_boundary(w, boundary, false);
	if (!put_text(w, c->text, type_of_text(c)))
		return false;
	put_boundary(w, boundary, false);
	if (!put_text(w, c->html, "text/html"))
		return false;
	put_boundary(w, boundary, true);
	return true;
}

/* What there is to read: text, HTML or both. */
static bool put_body(struct work *w)
{
	const struct compose *c = w->c;
	struct source empty = {0};
	if (is_there(c->html))
		return is_there(c->text) ? put_alternative(w)
					 : put_text(w, c->html, "text/html");
	if (c->text && c->text->count)
		return put_text(w, c->text, type_of_text(c));
	source_lend(&empty, STR_NONE, SOURCE_PLAIN);
	bool good = put_text(w, &empty, type_of_text(c));
	source_free(&empty);
	return good;
}

static bool put_attachment(struct work *w, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *type = compose_type_of(path);
	size_t column = sizeof "Content-Disposition: attachment" - 1;
	buf_addf(&w->text, "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n", type);
	free(type);
	buf_add_text(&w->text, "Content-Disposition: attachment");
	if (!word2047_put_param(
		&w->text, "filename", str_of(slash ? slash + 1 : path), &column))
		return err_set(w->err, ERR_USAGE, "file name too long: %s", path);
	buf_add_text(&w->text, "\r\n\r\n");
	flush(w);
	return source_add_path(w->out, path, SOURCE_BASE64, w->err);
}

static bool put_mixed(struct work *w, const struct list *files)
{
	char boundary[BOUNDARY];
	if (!make_boundary(w, boundary))
		return false;
	put_multipart(w, "mixed", boundary);
	put_boundary(w, boundary, false);
	bool good = put_body(w);
	for (size_t i = 0; good && i < files->count; i++) {
		put_boundary(w, boundary, false);
		good = put_attachment(w, files->items[i].text);
	}
	put_boundary(w, boundary, true);
	return good;
}

/* --- The whole --- */

static bool check_type(struct work *w)
{
	struct str type = str_of(w->c->type);
	if (type.len == 0)
		return true;
	bool good = str_is_one_line(type) && type.len < MESSAGE_LINE_MOST / 2 &&
		    str_find(type, '/') < str_find(type, ';') &&
		    !str_starts_nocase(type, "multipart/") &&
		    !str_starts_nocase(type, "message/");
	for (size_t i = 0; i < type.len; i++)
		good &= type.ptr[i] >= ' ' && type.ptr[i] < 0x7f;
	return good || err_set(w->err, ERR_USAGE, "not a type for a text: %s", w->c->type);
}

static bool check_addresses(struct work *w, const char *text)
{
	struct mailboxes list = {0};
	bool good = !text || mailboxes_parse(&list, str_of(text), w->err);
	for (size_t i = 0; good && i < list.count; i++)
		if (!mailbox_is_address(str_of(list.items[i].address), w->c->utf8_addresses))
			good = err_set(w->err, ERR_DATA, "not an address for mail%s: %s",
			    w->c->utf8_addresses ? "" : " without SMTPUTF8",
			    list.items[i].address);
	mailboxes_free(&list);
	return good;
}

static bool check(struct work *w)
{
	const struct compose *c = w->c;
	bool good = check_type(w) && check_addresses(w, c->origin.from);
	for (size_t i = 0; good && c->to && i < c->to->count; i++)
		good = check_addresses(w, c->to->items[i].text);
	for (size_t i = 0; good && c->cc && i < c->cc->count; i++)
		good = check_addresses(w, c->cc->items[i].text);
	return good;
}

bool compose_message(struct source *out, const struct compose *c, struct err *err)
{
	struct work w = {.c = c, .out = out, .err = err, .text = BUF_INIT(2 * LIMIT_MAIL_HEAD)};
	const struct list *files = c->attachments;
	bool good = check(&w) && put_head(&w) &&
		    (files && files->count ? put_mixed(&w, files) : put_body(&w));
	if (good && w.text.over)
		good = err_set(err, ERR_USAGE, "the head of the message is too long");
	flush(&w);
	buf_free(&w.text);
	if (!good)
		source_free(out);
	return good;
}
