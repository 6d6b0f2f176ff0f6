/*
 * One -F argument, taken apart, and the head of the part it becomes. Opens no
 * file and sends nothing.
 */
#include "cmd/webget/multipart.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/field.h"

struct type {
	const char *extension, *type;
};

/* curl's, and what else is sent by forms every day. */
static const struct type types[] = {
    {".txt", "text/plain"},
    {".html", "text/html"},
    {".htm", "text/html"},
    {".css", "text/css"},
    {".csv", "text/csv"},
    {".js", "text/javascript"},
    {".json", "application/json"},
    {".xml", "application/xml"},
    {".pdf", "application/pdf"},
    {".zip", "application/zip"},
    {".gz", "application/gzip"},
    {".gif", "image/gif"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".webp", "image/webp"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
};

const char *multipart_type_of(const char *path)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (str_ends_nocase(str_of(path), types[i].extension))
			return types[i].type;
	return "application/octet-stream";
}

/* ---- reading ---- */

/* What may follow a word, each after a semicolon. */
static const char *const params[] = {"type=", "filename=", "headers=", "encoder="};

/* Which of params stands at the ; (blanks after it skipped); NULL if none. *value is what
 * follows. */
static const char *param_at(const char *at, const char **value)
{
	if (*at != ';')
		return NULL;
	at += 1 + strspn(at + 1, " \t");
	for (size_t i = 0; i < sizeof params / sizeof params[0]; i++)
		if (str_starts_nocase(str_of(at), params[i])) {
			*value = at + strlen(params[i]);
			return params[i];
		}
	return NULL;
}

static bool ends_word(const char *at, bool comma)
{
	const char *unused;
	return *at == '\0' || (comma && *at == ',') || param_at(at, &unused) != NULL;
}

/* "..." with \" and \\ in it, if nothing else follows; NULL if it is not that. */
static char *read_quoted(const char **text, bool comma)
{
	struct buf word = BUF_INIT(strlen(*text));
	const char *at = *text + 1;
	for (; *at && *at != '"'; at++)
		buf_add_byte(
		    &word, *at == '\\' && (at[1] == '"' || at[1] == '\\') ? *++at : *at);
	const char *after = at + (*at == '"');
	after += strspn(after, " \t");
	bool good = *at == '"' && ends_word(after, comma);
	char *out = good ? mem_dup(buf_cstr(&word)) : NULL;
	if (good)
		*text = after;
	buf_free(&word);
	return out;
}

static char *read_word(const char **text, bool comma)
{
	char *quoted = **text == '"' ? read_quoted(text, comma) : NULL;
	if (quoted)
		return quoted;
	const char *from = *text;
	while (!ends_word(*text, comma))
		(*text)++;
	return str_dup((struct str){from, (size_t)(*text - from)});
}

static bool set_param(
    struct multipart_part *out, const char *param, char *value, struct err *err)
{
	struct field field;
	char **place = *param == 't' ? &out->type : *param == 'f' ? &out->filename : NULL;
	if (place) {
		free(*place);
		*place = value;
		return *param == 'f' || field_is_value(str_of(value)) ||
		       err_set(
			   err, ERR_USAGE, "-F %s: a control character in type=", out->name);
	}
	bool ok = *param == 'h' && field_parse(str_of(value), &field);
	if (ok)
		list_add(&out->more, NULL, value);
	else if (*param == 'h')
		err_set(err, ERR_USAGE, "-F %s: headers=%.100s is not \"Name: value\"",
		    out->name, value);
	else
		err_set(err, ERR_USAGE, "-F %s: encoder= is not supported", out->name);
	free(value);
	return ok;
}

static bool read_params(
    struct multipart_part *out, const char **text, bool comma, struct err *err)
{
	const char *value, *param;
	while ((param = param_at(*text, &value))) {
		*text = value;
		if (!set_param(out, param, read_word(text, comma), err))
			return false;
	}
	return true;
}

/* A word that stood in quotes and had more behind it was taken whole, so only a comma is left.
 */
bool multipart_parse(
    struct multipart_part *out, const char **text, bool literal, struct err *err)
{
	const char *at = *text;
	bool again = out->name != NULL;
	if (!again) {
		size_t name = strcspn(at, "=");
		if (!at[name])
			return err_set(err, ERR_USAGE, "-F %.200s: NAME=CONTENT is wanted", at);
		out->name = str_dup((struct str){at, name});
		at += name + 1;
	}
	*text = NULL;
	out->source = MULTIPART_TEXT;
	if (literal) {
		out->content = mem_dup(at);
		return true;
	}
	if (again || *at == '@')
		out->source = MULTIPART_FILE;
	else if (*at == '<')
		out->source = MULTIPART_READ;
	bool comma = out->source == MULTIPART_FILE;
	at += !again && out->source != MULTIPART_TEXT;
	at += strspn(at, " \t");
	out->content = read_word(&at, comma);
	if (!read_params(out, &at, comma, err))
		return false;
	*text = *at == ',' ? at + 1 : NULL;
	return true;
}

void multipart_free(struct multipart_part *part)
{
	free(part->name);
	free(part->content);
	free(part->type);
	free(part->filename);
	list_free(&part->more);
	*part = (struct multipart_part){0};
}

/* ---- writing ---- */

/* As browsers do it (WHATWG HTML 4.10.21.8). */
static void put_name(struct buf *out, const char *param, const char *text)
{
	buf_addf(out, "; %s=\"", param);
	for (; *text; text++) {
		if (*text == '"' || *text == '\r' || *text == '\n')
			buf_addf(out, "%%%02X", (unsigned)*text);
		else
			buf_add_byte(out, *text);
	}
	buf_add_byte(out, '"');
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

void multipart_put_head(
    struct buf *out, const struct multipart_part *part, const char *boundary)
{
	const char *file = part->filename, *type = part->type;
	if (part->source == MULTIPART_FILE && !file)
		file = base_name(part->content);
	if (part->source == MULTIPART_FILE && !type)
		type = multipart_type_of(file);
	buf_addf(out, "--%s\r\nContent-Disposition: form-data", boundary);
	put_name(out, "name", part->name);
	if (file)
		put_name(out, "filename", file);
	buf_add_text(out, "\r\n");
	if (type)
		buf_addf(out, "Content-Type: %s\r\n", type);
	for (size_t i = 0; i < part->more.count; i++)
		buf_addf(out, "%s\r\n", part->more.items[i].text);
	buf_add_text(out, "\r\n");
}
