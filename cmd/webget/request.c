/*
 * Requests: what is asked for, and the head that says so. Knows no answer.
 */
#include "cmd/webget/request.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/webget/decode.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/field.h"

/* Above this (or when the length is not known) the server may say no before the body is sent;
 * curl has the same threshold. */
#define EXPECT_ABOVE (1 * MIB)

/* PUT to a directory: the file keeps its name there (curl does the same). */
static void name_upload(struct request *r)
{
	const char *file = r->o->upload_file, *slash = strrchr(file, '/');
	size_t len = strlen(r->url.path);
	if (len == 0 || r->url.path[len - 1] != '/' || strcmp(file, "-") == 0)
		return;
	struct buf path = BUF_INIT(LIMIT_URL);
	buf_add_text(&path, r->url.path);
	url_encode(&path, str_of(slash ? slash + 1 : file), "");
	free(r->url.path);
	r->url.path = buf_steal(&path);
}

static bool make_payload(struct request *r, struct err *err)
{
	const struct webget_options *o = r->o;
	if (o->upload_file) {
		r->method = "PUT";
		r->has_payload = true;
		name_upload(r);
		return payload_from_file(o->upload_file, &r->payload, err);
	}
	if (o->form.count) {
		r->method = "POST";
		r->has_payload = true;
		return payload_from_form(&o->form, &r->payload, err);
	}
	if (o->data.count && !o->get) {
		r->method = "POST";
		r->has_payload = true;
		return payload_from_data(&o->data, &r->payload, err);
	}
	return true;
}

static struct str header_name(const char *line)
{
	struct str text = str_of(line);
	size_t colon = str_find(text, ':');
	return str_sub(text, 0, colon < text.len ? colon : str_find(text, ';'));
}

bool request_is_overridden(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->o->headers.count; i++)
		if (str_is_nocase(header_name(r->o->headers.items[i].text), name))
			return true;
	return false;
}

bool request_init(
    struct request *r, const struct webget_options *o, const struct url *url, struct err *err)
{
	*r = (struct request){
	    .o = o, .method = o->head || o->spider ? "HEAD" : "GET", .trusted = true};
	url_copy(&r->url, url);
	bool ok = make_payload(r, err);
	if (o->method)
		r->method = o->method;
	int64_t length = r->has_payload ? payload_length(&r->payload) : 0;
	if (ok && length < 0 && o->http10)
		ok = err_set(err, ERR_USAGE,
		    "HTTP/1.0 needs to know the length: give a file instead of a pipe");
	r->expect = !o->http10 && (length < 0 || length > (int64_t)EXPECT_ABOVE) &&
		    !request_is_overridden(r, "expect");
	r->close =
	    o->connection == CONNECTION_NONPERSISTENT || o->connection == CONNECTION_PARALLEL;
	return ok;
}

void request_free(struct request *r)
{
	url_free(&r->url);
	payload_free(&r->payload);
	condition_free(&r->condition);
	mem_free_secret(r->authorization);
	mem_free_secret(r->cookies);
}

bool request_is_idempotent(const struct request *r)
{
	static const char *const methods[] = {
	    "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", NULL};
	for (int i = 0; methods[i]; i++)
		if (strcmp(r->method, methods[i]) == 0)
			return true;
	return false;
}

/* ---- the head ---- */

struct head {
	const struct request *r;
	struct stream *s;
	struct buf line; /* being made */
};

static void send_line(const struct head *h)
{
	if (h->line.over)
		stream_fail(
		    h->s, ERR_USAGE, "a line of the request is over %zu KiB", LIMIT_LINE / KIB);
	else
		stream_put_whole(h->s, buf_str(&h->line));
}

static void begin(struct head *h, const char *name)
{
	buf_clear(&h->line);
	buf_add_text(&h->line, name);
	buf_add_text(&h->line, ": ");
}

static void put(struct head *h, const char *name, const char *value)
{
	if (!value || request_is_overridden(h->r, name))
		return;
	begin(h, name);
	buf_add_text(&h->line, value);
	send_line(h);
}

static bool is_secret_name(struct str name)
{
	return str_is_nocase(name, "authorization") || str_is_nocase(name, "cookie") ||
	       str_is_nocase(name, "proxy-authorization");
}

/* In the trace a secret keeps its scheme: "Authorization: Basic ****". */
static void put_secret(const struct head *h, struct str name, struct str value)
{
	struct buf shown = BUF_INIT(LIMIT_LINE);
	bool scheme = !str_is_nocase(name, "cookie") && str_has_byte(value, ' ');
	size_t len = scheme ? str_find(value, ' ') + 1 : 0;
	buf_addf(&shown, "%.*s: %.*s****", STR_ARG(name), (int)len, value.ptr);
	stream_put_secret(h->s, buf_cstr(&shown), "%.*s: %.*s", STR_ARG(name), STR_ARG(value));
	buf_free(&shown);
}

static void put_users(const struct head *h, bool is_host)
{
	for (size_t i = 0; i < h->r->o->headers.count; i++) {
		struct str line = str_of(h->r->o->headers.items[i].text);
		struct str name = header_name(line.ptr);
		struct str value = str_trim(str_sub(line, name.len + 1, line.len));
		bool removed = value.len == 0 && line.ptr[name.len] == ':';
		if (removed || str_is_nocase(name, "host") != is_host)
			continue;
		if (!is_secret_name(name) && !is_host)
			stream_put_line(h->s, "%.*s:%s%.*s", STR_ARG(name),
			    value.len ? " " : "", STR_ARG(value));
		else if (is_host && h->r->trusted)
			stream_put_line(h->s, "Host: %.*s", STR_ARG(value));
		else if (!is_host && h->r->trusted)
			put_secret(h, name, value);
	}
}

static void put_request_line(struct head *h, bool by_proxy)
{
	buf_add_text(&h->line, h->r->method);
	buf_add_byte(&h->line, ' ');
	if (by_proxy)
		url_put_page(&h->line, &h->r->url);
	else
		url_put_target(&h->line, &h->r->url);
	buf_add_text(&h->line, h->r->o->http10 ? " HTTP/1.0" : " HTTP/1.1");
	send_line(h);
}

static void put_host(struct head *h)
{
	if (request_is_overridden(h->r, "host") && h->r->trusted) {
		put_users(h, true);
		return;
	}
	begin(h, "Host");
	url_put_host(&h->line, &h->r->url);
	send_line(h);
}

static void put_length(struct head *h)
{
	const struct request *r = h->r;
	if (!r->has_payload)
		return;
	int64_t length = payload_length(&r->payload);
	put(h, "Content-Type", r->payload.content_type);
	if (length < 0)
		stream_put_line(h->s, "Transfer-Encoding: chunked");
	else if (!request_is_overridden(r, "content-length"))
		stream_put_line(h->s, "Content-Length: %lld", (long long)length);
	put(h, "Expect", r->expect ? "100-continue" : NULL);
}

size_t request_put_head(const struct request *r, struct session *s)
{
	const struct webget_options *o = r->o;
	struct head h = {r, s->stream, BUF_INIT(LIMIT_LINE)};
	const struct condition *only_if = r->recheck ? r->recheck : &r->condition;
	uint64_t before = stream_sent(s->stream) + stream_unsent(s->stream);
	put_request_line(&h, s->by_proxy);
	put_host(&h);
	if (r->authorization && !request_is_overridden(r, "authorization"))
		put_secret(&h, STR("Authorization"), str_of(r->authorization));
	if (s->proxy_authorization)
		put_secret(&h, STR("Proxy-Authorization"), str_of(s->proxy_authorization));
	put(&h, "User-Agent", o->user_agent ? o->user_agent : "parley/" PARLEY_VERSION);
	put(&h, "Accept", r->payload.json ? "application/json" : "*/*");
	if (o->compressed)
		put(&h, "Accept-Encoding", decoder_accepts());
	put(&h, "Referer", o->referer);
	put(&h, "If-None-Match", only_if->etags);
	put(&h, "If-Modified-Since", only_if->since);
	put(&h, "If-Unmodified-Since", only_if->not_since);
	if (r->cookies && !request_is_overridden(r, "cookie"))
		put_secret(&h, STR("Cookie"), str_of(r->cookies));
	if (r->rest[0])
		stream_put_line(h.s, "Range: %s", r->rest);
	if (r->if_range)
		stream_put_line(h.s, "If-Range: %s", r->if_range);
	if (o->range)
		stream_put_line(h.s, "Range: bytes=%s", o->range);
	put_length(&h);
	/* HTTP/1.0 closes without being asked to. */
	if (r->close && !o->http10)
		put(&h, "Connection", "close");
	put_users(&h, false);
	stream_put_whole(h.s, STR(""));
	buf_free(&h.line);
	return (size_t)(stream_sent(s->stream) + stream_unsent(s->stream) - before);
}
