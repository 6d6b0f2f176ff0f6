/*
 * -w. Variables are rows of a table that say where in the facts their value
 * lies; text and JSON both read it there.
 */
#include "cmd/webget/writeout.h"

#include <stdio.h>
#include <string.h>

#include "cmd/webget/payload.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/json.h"

enum kind {
	KIND_TEXT,    /* NULL: nothing, in JSON null */
	KIND_STRING,  /* NULL: the empty string, in JSON too */
	KIND_SCHEME,  /* a text in upper case */
	KIND_VERSION, /* of HTTP, as curl shortens it */
	KIND_NUMBER,
	KIND_STATUS, /* a number, three digits outside JSON */
	KIND_SIZE,
	KIND_SECONDS,
	KIND_SPEED, /* a size by time_total */
	KIND_NONE,  /* curl has it, HTTP has not: null */
	KIND_EMPTY, /* the same: an empty string */
	KIND_ZERO,  /* the same: 0 */
};

struct variable {
	const char *name;
	enum kind kind;
	size_t offset; /* in struct facts */
};

#define AT(member) offsetof(struct facts, member)

/* In the order of curl's JSON. */
static const struct variable variables[] = {
    {"cache", KIND_TEXT, AT(cache)},
    {"certs", KIND_EMPTY, 0},
    {"content_type", KIND_TEXT, AT(content_type)},
    {"errormsg", KIND_TEXT, AT(errormsg)},
    {"exitcode", KIND_NUMBER, AT(exitcode)},
    {"filename_effective", KIND_TEXT, AT(filename_effective)},
    {"ftp_entry_path", KIND_NONE, 0},
    {"http_code", KIND_STATUS, AT(response_code)},
    {"http_connect", KIND_STATUS, AT(http_connect)},
    {"http_version", KIND_VERSION, AT(http_version)},
    {"local_ip", KIND_STRING, AT(local_ip)},
    {"local_port", KIND_NUMBER, AT(local_port)},
    {"method", KIND_TEXT, AT(method)},
    {"num_certs", KIND_ZERO, 0},
    {"num_connects", KIND_NUMBER, AT(num_connects)},
    {"num_headers", KIND_NUMBER, AT(num_headers)},
    {"num_redirects", KIND_NUMBER, AT(num_redirects)},
    {"proxy_ssl_verify_result", KIND_NUMBER, AT(proxy_ssl_verify_result)},
    {"redirect_url", KIND_TEXT, AT(redirect_url)},
    {"referer", KIND_TEXT, AT(referer)},
    {"remote_ip", KIND_STRING, AT(remote_ip)},
    {"remote_port", KIND_NUMBER, AT(remote_port)},
    {"response_code", KIND_STATUS, AT(response_code)},
    {"scheme", KIND_SCHEME, AT(scheme)},
    {"size_download", KIND_SIZE, AT(size_download)},
    {"size_header", KIND_SIZE, AT(size_header)},
    {"size_request", KIND_SIZE, AT(size_request)},
    {"size_upload", KIND_SIZE, AT(size_upload)},
    {"speed_download", KIND_SPEED, AT(size_download)},
    {"speed_upload", KIND_SPEED, AT(size_upload)},
    {"ssl_verify_result", KIND_NUMBER, AT(ssl_verify_result)},
    {"time_appconnect", KIND_SECONDS, AT(time_appconnect)},
    {"time_connect", KIND_SECONDS, AT(time_connect)},
    {"time_namelookup", KIND_SECONDS, AT(time_namelookup)},
    {"time_pretransfer", KIND_SECONDS, AT(time_pretransfer)},
    {"time_redirect", KIND_SECONDS, AT(time_redirect)},
    {"time_starttransfer", KIND_SECONDS, AT(time_starttransfer)},
    {"time_total", KIND_SECONDS, AT(time_total)},
    {"url", KIND_TEXT, AT(url)},
    {"url_effective", KIND_TEXT, AT(url_effective)},
    {"urlnum", KIND_NUMBER, AT(urlnum)},
};

#define VARIABLES (sizeof variables / sizeof variables[0])

/* ---- values ---- */

/* A value out of the facts: one of a text, a whole number, seconds. */
struct value {
	enum { VALUE_TEXT, VALUE_NUMBER, VALUE_SECONDS } type;
	const char *text;
	int64_t number;
	double seconds;
	char scratch[16];
};

static void upper(struct value *v)
{
	size_t i = 0;
	if (!v->text)
		return;
	for (; v->text[i] && i + 1 < sizeof v->scratch; i++) {
		char c = v->text[i];
		bool is_small = c >= 'a' && c <= 'z';
		v->scratch[i] = is_small ? (char)(c - 'a' + 'A') : c;
	}
	v->scratch[i] = '\0';
	v->text = v->scratch;
}

static const char *version(const char *text)
{
	return !text ? "0" : strcmp(text, "1.0") == 0 ? "1" : text;
}

static int64_t speed(uint64_t size, double seconds)
{
	double rate = seconds > 0 ? (double)size / seconds : 0;
	return rate < 9e18 ? (int64_t)rate : INT64_MAX;
}

static void look_up(const struct variable *row, const struct facts *f, struct value *v)
{
	const void *at = (const char *)f + row->offset;
	*v = (struct value){.type = VALUE_NUMBER};
	switch (row->kind) {
	case KIND_NUMBER:
	case KIND_STATUS: v->number = *(const int *)at; return;
	case KIND_SIZE: v->number = (int64_t) * (const uint64_t *)at; return;
	case KIND_SPEED: v->number = speed(*(const uint64_t *)at, f->time_total); return;
	case KIND_ZERO: return;
	case KIND_SECONDS:
		v->type = VALUE_SECONDS;
		v->seconds = *(const double *)at;
		return;
	case KIND_TEXT:
	case KIND_STRING:
	case KIND_SCHEME:
	case KIND_VERSION: v->text = *(const char *const *)at; break;
	case KIND_NONE:
	case KIND_EMPTY: break;
	}
	v->type = VALUE_TEXT;
	if (row->kind == KIND_SCHEME)
		upper(v);
	else if (row->kind == KIND_VERSION)
		v->text = version(v->text);
	else if (!v->text && (row->kind == KIND_STRING || row->kind == KIND_EMPTY))
		v->text = "";
}

static void put_variable(struct buf *out, const struct variable *row, const struct facts *f)
{
	struct value v;
	look_up(row, f, &v);
	if (v.type == VALUE_TEXT)
		buf_add_str(out, str_of(v.text));
	else if (v.type == VALUE_SECONDS)
		buf_addf(out, "%.6f", v.seconds);
	else
		buf_addf(out, "%0*lld", row->kind == KIND_STATUS ? 3 : 1, (long long)v.number);
}

static void put_json(struct buf *out, const struct facts *f)
{
	struct buf json = BUF_INIT(8 * LIMIT_URL);
	struct value v;
	json_open(&json);
	for (size_t i = 0; i < VARIABLES; i++) {
		look_up(&variables[i], f, &v);
		if (v.type == VALUE_TEXT)
			json_key_text(&json, variables[i].name, v.text);
		else if (v.type == VALUE_SECONDS)
			json_key_double(&json, variables[i].name, v.seconds, 6);
		else
			json_key_int(&json, variables[i].name, v.number);
	}
	json_key_text(&json, "curl_version", "parley/" PARLEY_VERSION);
	json_close(&json);
	buf_add_str(out, buf_str(&json));
	buf_free(&json);
}

/* ---- header fields ---- */

static bool is_first(const struct fields *fields, const struct field *f)
{
	for (const struct field *before = fields->items; before < f; before++)
		if (str_eq_nocase(before->name, f->name))
			return false;
	return true;
}

static void put_values(struct buf *out, const struct fields *fields, const struct field *f)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < f->name.len; i++)
		buf_add_byte(out, char_lower(f->name.ptr[i]));
	buf_add_text(out, "\":[");
	json_put_str(out, f->value);
	for (const struct field *next = f + 1; next < fields->items + fields->count; next++)
		if (str_eq_nocase(next->name, f->name)) {
			buf_add_byte(out, ',');
			json_put_str(out, next->value);
		}
	buf_add_byte(out, ']');
}

/* An object of arrays, each name once and in lower case. */
static void put_header_json(struct buf *out, const struct facts *f)
{
	const struct fields *fields = f->fields;
	buf_add_byte(out, '{');
	for (size_t i = 0; fields && i < fields->count; i++)
		if (is_first(fields, &fields->items[i])) {
			buf_add_text(out, i ? ",\n" : "");
			put_values(out, fields, &fields->items[i]);
		}
	buf_add_text(out, "\n}");
}

/* ---- the format ---- */

struct writing {
	const struct facts *facts;
	struct buf *out, *err_out;
	struct buf *to; /* one of the two */
	bool done;      /* %{onerror}, and there was none */
};

static void put_named(struct writing *w, struct str name)
{
	for (size_t i = 0; i < VARIABLES; i++)
		if (str_is(name, variables[i].name)) {
			put_variable(w->to, &variables[i], w->facts);
			return;
		}
	if (str_is(name, "json"))
		put_json(w->to, w->facts);
	else if (str_is(name, "header_json"))
		put_header_json(w->to, w->facts);
	else if (str_is(name, "stdout"))
		w->to = w->out;
	else if (str_is(name, "stderr"))
		w->to = w->err_out;
	else if (str_is(name, "onerror"))
		w->done = w->facts->exitcode == 0;
	else
		buf_addf(w->err_out, "webget: unknown --write-out variable: '%.*s'\n",
		    STR_ARG(str_sub(name, 0, 200)));
}

static void put_header(struct writing *w, struct str name)
{
	const struct fields *fields = w->facts->fields;
	for (size_t i = 0; fields && i < fields->count; i++)
		if (str_eq_nocase(fields->items[i].name, name)) {
			buf_add_str(w->to, fields->items[i].value);
			return;
		}
}

/* What stands in braces after a prefix, moving *at behind it; false if it is not there. */
static bool braced(const char **at, const char *prefix, struct str *name)
{
	if (!str_starts(str_of(*at), prefix))
		return false;
	const char *from = *at + strlen(prefix), *end = strchr(from, '}');
	if (!end)
		return false;
	*name = (struct str){from, (size_t)(end - from)};
	*at = end + 1;
	return true;
}

/* At a %; returns what follows it. */
static const char *put_percent(struct writing *w, const char *at)
{
	struct str name;
	if (at[1] == '%') {
		buf_add_byte(w->to, '%');
		return at + 2;
	}
	if (braced(&at, "%{", &name))
		put_named(w, name);
	else if (braced(&at, "%header{", &name))
		put_header(w, name);
	else
		buf_add_byte(w->to, *at++);
	return at;
}

static const char *put_escape(struct writing *w, const char *at)
{
	static const char from[] = "nrt\\", to[] = "\n\r\t\\";
	const char *hit = at[1] ? strchr(from, at[1]) : NULL;
	buf_add_byte(w->to, hit ? to[hit - from] : '\\');
	return at + (hit ? 2 : 1);
}

void writeout_put(
    const char *format, const struct facts *f, struct buf *out, struct buf *err_out)
{
	struct writing w = {f, out, err_out, out, false};
	while (*format && !w.done) {
		if (*format == '%')
			format = put_percent(&w, format);
		else if (*format == '\\')
			format = put_escape(&w, format);
		else
			buf_add_byte(w.to, *format++);
	}
}

/* Line ends in the file only make it readable: curl drops them too. */
char *writeout_load(const char *argument, struct err *err)
{
	if (*argument != '@')
		return mem_dup(argument);
	struct buf text = BUF_INIT(LIMIT_FILE);
	char *format = NULL;
	if (payload_read_file(argument + 1, &text, err)) {
		size_t kept = 0;
		for (size_t i = 0; i < text.len; i++)
			if (text.ptr[i] != '\r' && text.ptr[i] != '\n' && text.ptr[i] != '\0')
				text.ptr[kept++] = text.ptr[i];
		buf_truncate(&text, kept);
		format = buf_steal(&text);
	}
	buf_free(&text);
	return format;
}
