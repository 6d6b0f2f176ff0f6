/*
 * Reading a message that is there.
 */
#include "cmd/imapls/present.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/cli/say.h"
#include "common/mail/mime.h"
#include "common/text/json.h"
#include "common/text/visible.h"

static const char *const chosen[] = {"From", "To", "Cc", "Date", "Subject", NULL};

static const struct message_head *head_of(const struct mime *m)
{
	return &m->parts[0].head;
}

static void put_type(struct buf *out, const struct mime_part *part)
{
	buf_add_str(out, part->main);
	buf_add_byte(out, '/');
	buf_add_str(out, part->sub);
}

/* Its own name if it was sent with one. */
static void put_name(struct buf *out, const struct mime_part *part)
{
	struct buf name = BUF_INIT(64 * KIB);
	if (!mime_file_name(part, &name) || name.len == 0)
		buf_addf(&name, "part-%s", part->section);
	visible_put_text(out, buf_str(&name), "");
	buf_free(&name);
}

/* ---- as text ---- */

static void put_headers(struct buf *out, const struct mime *m)
{
	for (int k = 0; chosen[k]; k++) {
		struct buf value = BUF_INIT(3 * MIB);
		if (message_head_text(head_of(m), chosen[k], &value)) {
			buf_addf(out, "%s: ", chosen[k]);
			visible_put_text(out, buf_str(&value), "\t");
			buf_add_byte(out, '\n');
		}
		buf_free(&value);
	}
	buf_add_byte(out, '\n');
}

static bool put_text(struct buf *out, const struct mime *m)
{
	const struct mime_part *part = mime_text_part(m);
	if (!part)
		return true;
	bool ok = mime_decode_text(part, out);
	if (out->len && out->ptr[out->len - 1] != '\n')
		buf_add_byte(out, '\n');
	return ok;
}

static void put_attachments(struct buf *out, const struct mime *m)
{
	bool first = true;
	for (size_t k = 0; k < m->count; k++) {
		const struct mime_part *part = &m->parts[k];
		if (!mime_is_attachment(part))
			continue;
		if (first)
			buf_add_byte(out, '\n');
		first = false;
		buf_addf(out, "[attachment %s: ", part->section);
		put_name(out, part);
		buf_add_text(out, ", ");
		put_type(out, part);
		buf_addf(out, ", %zu bytes encoded]\n", part->body.len);
	}
}

/* ---- as JSON ---- */

static void put_json_headers(struct buf *out, const struct mime *m)
{
	json_key_open(out, "headers");
	for (int k = 0; chosen[k]; k++) {
		struct buf value = BUF_INIT(3 * MIB);
		if (message_head_text(head_of(m), chosen[k], &value))
			json_key_str(out, chosen[k], buf_str(&value));
		buf_free(&value);
	}
	json_close(out);
}

static void put_json_attachments(struct buf *out, const struct mime *m)
{
	json_key_array(out, "attachments");
	for (size_t k = 0; k < m->count; k++) {
		struct buf name = BUF_INIT(64 * KIB), type = BUF_INIT(64 * KIB);
		const struct mime_part *part = &m->parts[k];
		if (mime_is_attachment(part)) {
			json_open(out);
			json_key_text(out, "section", part->section);
			bool named = mime_file_name(part, &name);
			json_key_text(out, "name", named ? buf_cstr(&name) : NULL);
			put_type(&type, part);
			json_key_str(out, "type", buf_str(&type));
			json_close(out);
		}
		buf_free(&name);
		buf_free(&type);
	}
	json_close_array(out);
}

static bool put_json(const struct present *p, struct buf *out, const struct mime *m)
{
	struct buf text = BUF_INIT(LIMIT_DATA);
	bool ok = put_text(&text, m);
	json_open(out);
	json_key_text(out, "mailbox", p->mailbox);
	json_key_int(out, "uid", p->uid);
	put_json_headers(out, m);
	json_key_str(out, "text", buf_str(&text));
	put_json_attachments(out, m);
	json_close(out);
	buf_add_byte(out, '\n');
	buf_free(&text);
	return ok;
}

static bool show_all(const struct present *p, const struct mime *m, struct err *err)
{
	struct buf out = BUF_INIT(8 * LIMIT_DATA);
	bool ok;
	if (p->o->common.jsonl) {
		ok = put_json(p, &out, m);
	} else {
		put_headers(&out, m);
		ok = put_text(&out, m);
		put_attachments(&out, m);
	}
	bool said = say_text(STDOUT_FILENO, buf_cstr(&out), out.len, err);
	buf_free(&out);
	return said && (ok || err_set(err, ERR_DATA,
				  "the text could not be decoded wholly: --raw has its bytes"));
}

/* ---- a part ---- */

static bool show_part(
    const struct present *p, const struct mime *m, const char *section, struct err *err)
{
	const struct mime_part *part = mime_find(m, str_of(section));
	struct buf out = BUF_INIT(LIMIT_DATA);
	if (!part)
		return err_set(err, ERR_ABSENT, "the message has no part %.60s", section);
	bool text = p->show->terminal && str_is_nocase(part->main, "text");
	bool ok = text ? mime_decode_text(part, &out) : mime_decode(part, &out);
	bool said = say_text(STDOUT_FILENO, buf_cstr(&out), out.len, err);
	buf_free(&out);
	return said && (ok || err_set(err, ERR_DATA, "part %.60s could not be decoded wholly",
				  section));
}

/* ---- saving ---- */

/* Never a name that is hidden, an option, a path, or taken. */
static char *path_of(const struct present *p, const struct mime_part *part)
{
	struct buf raw = BUF_INIT(64 * KIB);
	char *name = mime_file_name(part, &raw) ? outfile_safe_name(buf_str(&raw)) : NULL;
	if (!name)
		name = mem_printf("part-%s", part->section);
	char *path = mem_printf("%s/%s", p->o->save, name);
	free(name);
	buf_free(&raw);
	return path;
}

static bool save_part(const struct present *p, const struct mime_part *part, struct err *err)
{
	struct buf bytes = BUF_INIT(LIMIT_DATA);
	char *path = path_of(p, part);
	struct outfile *out =
	    outfile_open(path, OUTFILE_CREATE_DIRS | OUTFILE_NO_CLOBBER | OUTFILE_SYNC, err);
	bool whole = mime_decode(part, &bytes);
	bool ok = out && outfile_write(out, buf_str(&bytes), err);
	struct buf line = BUF_INIT(64 * KIB);
	if (ok)
		buf_addf(&line, "%s\n", outfile_name(out));
	if (ok)
		ok = outfile_commit(out, err);
	else
		outfile_abandon(out);
	if (ok)
		show_line(p->show, buf_str(&line));
	if (ok && !whole)
		ok = err_set(
		    err, ERR_DATA, "part %s could not be decoded wholly", part->section);
	buf_free(&line);
	buf_free(&bytes);
	free(path);
	return ok;
}

static bool save_all(const struct present *p, const struct mime *m, struct err *err)
{
	size_t saved = 0;
	for (size_t k = 0; k < m->count; k++) {
		if (!mime_is_attachment(&m->parts[k]))
			continue;
		if (!save_part(p, &m->parts[k], err))
			return false;
		saved++;
	}
	return saved || err_set(err, ERR_ABSENT, "the message has no attachments");
}

bool present_message(const struct present *p, struct str message, struct err *err)
{
	const char *section = p->o->part ? p->o->part : p->section;
	struct mime m = {0};
	mime_parse(&m, message);
	bool ok;
	if (p->o->save)
		ok = save_all(p, &m, err);
	else if (section)
		ok = show_part(p, &m, section, err);
	else
		ok = show_all(p, &m, err);
	mime_free(&m);
	return ok;
}
