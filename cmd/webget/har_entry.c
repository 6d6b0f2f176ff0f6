/*
 * One exchange as an entry of a HAR. Knows no trace and no file; of HTTP only what a line of a
 * head looks like.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/webget/har_inside.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/text/date.h"
#include "common/text/field.h"
#include "common/text/json.h"
#include "common/text/number.h"
#include "common/text/url.h"

/* "2026-11-22T08:00:00.123Z" */
static void put_date(struct buf *out, const char *key, int64_t wall_ns)
{
	struct buf date = BUF_INIT(64);
	date_put_iso(&date, wall_ns / CLOCK_SECOND);
	buf_truncate(&date, date.len - 1);
	buf_addf(&date, ".%03dZ", (int)(wall_ns % CLOCK_SECOND / CLOCK_MS));
	json_key_str(out, key, buf_str(&date));
	buf_free(&date);
}

/* The next line of a head that is a field. */
static bool next_field(struct str *head, struct field *f)
{
	struct str line;
	while (str_cut(head, '\n', &line))
		if (line.len && field_parse(line, f))
			return true;
	return false;
}

static struct str find(struct str head, const char *name)
{
	struct field f;
	while (next_field(&head, &f))
		if (str_is_nocase(f.name, name))
			return f.value;
	return STR_NONE;
}

static uint64_t status_of(struct str head)
{
	struct str word;
	uint64_t code = 0;
	str_cut(&head, ' ', &word);
	number_parse(str_sub(head, 0, 3), &code);
	return code;
}

bool har_has_body(const struct har_exchange *x)
{
	struct str head = buf_str(&x->response);
	uint64_t status = status_of(head);
	return !str_starts(buf_str(&x->request), "HEAD ") && status != 204 && status != 304 &&
	       !str_is(find(head, "content-length"), "0");
}

static void put_pair(struct buf *out, struct str name, struct str value)
{
	json_open(out);
	json_key_str(out, "name", name);
	json_key_str(out, "value", value);
	json_close(out);
}

static void put_headers(struct buf *out, struct str head)
{
	struct field f;
	json_key_array(out, "headers");
	while (next_field(&head, &f))
		put_pair(out, f.name, f.value);
	json_close_array(out);
}

/* What is masked in the trace has no cookies to show. */
static void put_cookies(struct buf *out, struct str head, const char *name)
{
	struct field f;
	bool theirs = strcmp(name, "set-cookie") == 0;
	json_key_array(out, "cookies");
	while (next_field(&head, &f)) {
		struct str pair, cookie;
		while (str_is_nocase(f.name, name) && str_cut(&f.value, ';', &pair)) {
			bool named = str_has_byte(pair, '=') && str_cut(&pair, '=', &cookie);
			if (named)
				put_pair(out, str_trim(cookie), str_trim(pair));
			/* Behind the first are the attributes of Set-Cookie. */
			if (theirs)
				break;
		}
	}
	json_close_array(out);
}

static void put_query(struct buf *out, struct str url)
{
	size_t mark = str_find(url, '?');
	struct str query = str_sub(url, mark + 1, url.len), pair, name;
	query.len = str_find(query, '#');
	json_key_array(out, "queryString");
	while (mark < url.len && str_cut(&query, '&', &pair)) {
		struct buf n = BUF_INIT(LIMIT_URL), v = BUF_INIT(LIMIT_URL);
		if (!str_cut(&pair, '=', &name))
			continue;
		url_decode(&n, name);
		url_decode(&v, pair);
		put_pair(out, buf_str(&n), buf_str(&v));
		buf_free(&n);
		buf_free(&v);
	}
	json_close_array(out);
}

/* CR and LF of each line were counted as one byte. */
static int64_t wire_size(struct str head)
{
	int64_t size = (int64_t)head.len;
	for (size_t i = 0; i < head.len; i++)
		size += head.ptr[i] == '\n';
	return size;
}

/* Of a head with something masked (stream_put_secret) nobody knows the size. */
static void put_sizes(struct buf *out, struct str head, uint64_t body)
{
	bool known = head.len && str_find_str(head, STR("****")) == head.len;
	json_key_int(out, "headersSize", known ? wire_size(head) : -1);
	json_key_int(out, "bodySize", (int64_t)body);
}

/* The target is absolute towards a proxy (RFC 9112 3.2.2). */
static void put_url(struct buf *url, struct str target, struct str host, bool tls)
{
	if (!str_starts_nocase(target, "http://") && !str_starts_nocase(target, "https://"))
		buf_addf(url, "%s://%.*s", tls ? "https" : "http", STR_ARG(host));
	buf_add_str(url, target);
}

static void put_request(
    struct buf *out, const struct har_exchange *x, const struct har_connection *c)
{
	struct buf url = BUF_INIT(2 * LIMIT_URL);
	struct str head = buf_str(&x->request), fields = head;
	struct str line = STR_NONE, method = STR_NONE, target = STR_NONE;
	str_cut(&fields, '\n', &line);
	str_cut(&line, ' ', &method);
	str_cut(&line, ' ', &target);
	struct str host = find(fields, "host");
	/* HTTP/1.0 has no Host. */
	put_url(&url, target, host.len ? host : str_of(c->address), c->tls);
	json_key_open(out, "request");
	json_key_str(out, "method", method);
	json_key_str(out, "url", buf_str(&url));
	json_key_str(out, "httpVersion", line);
	put_cookies(out, fields, "cookie");
	put_headers(out, fields);
	put_query(out, buf_str(&url));
	if (x->sent) {
		json_key_open(out, "postData");
		json_key_str(out, "mimeType", find(fields, "content-type"));
		json_key_array(out, "params");
		json_close_array(out);
		json_key_text(out, "text", "");
		json_close(out);
	}
	put_sizes(out, head, x->sent);
	json_close(out);
	buf_free(&url);
}

/* Without an answer the status is 0, as browsers write it. */
static void put_response(struct buf *out, const struct har_exchange *x)
{
	struct str head = buf_str(&x->response), fields = head;
	struct str line = STR_NONE, version = STR_NONE, status;
	str_cut(&fields, '\n', &line);
	str_cut(&line, ' ', &version);
	str_cut(&line, ' ', &status);
	json_key_open(out, "response");
	json_key_int(out, "status", (int64_t)status_of(head));
	json_key_str(out, "statusText", line);
	json_key_str(out, "httpVersion", version);
	put_cookies(out, fields, "set-cookie");
	put_headers(out, fields);
	json_key_open(out, "content");
	json_key_int(out, "size", (int64_t)x->content);
	if (x->content > x->received)
		json_key_int(out, "compression", (int64_t)(x->content - x->received));
	json_key_str(out, "mimeType", find(fields, "content-type"));
	json_close(out);
	json_key_str(out, "redirectURL", find(fields, "location"));
	put_sizes(out, head, x->received);
	json_close(out);
}

static double between(int64_t from, int64_t to)
{
	return from && to > from ? clock_ms_between(from, to) : 0;
}

/* "ssl" is a part of "connect", by the format's definition; -1 says that there was none. A head
 * leaves in one write, so "send" is the time of the body; an answer may come before its end. */
static void put_timings(
    struct buf *out, const struct har_exchange *x, const struct har_connection *c)
{
	bool fresh = c->opened != 0, named = fresh && c->dns_ms > 0;
	int64_t begun = c->opened + (int64_t)(named ? c->dns_ms * (double)CLOCK_MS : 0);
	int64_t answered = x->answered ? x->answered : x->end;
	int64_t sent = x->sent_at && x->sent_at < answered ? x->sent_at : x->asked;
	json_key_open(out, "timings");
	json_key_int(out, "blocked", -1);
	json_key_double(out, "dns", named ? c->dns_ms : -1, 3);
	json_key_double(out, "connect", fresh ? between(begun, x->asked) : -1, 3);
	json_key_double(out, "ssl", fresh && c->tls ? c->tls_ms : -1, 3);
	json_key_double(out, "send", between(x->asked, sent), 3);
	json_key_double(out, "wait", between(sent, answered), 3);
	json_key_double(out, "receive", between(x->answered, x->end), 3);
	json_close(out);
}

void har_put_entry(
    struct buf *out, const struct har_exchange *x, const struct har_connection *c, int64_t wall)
{
	int64_t start = c->opened ? c->opened : x->asked;
	struct str host = str_of(c->address);
	size_t port = host.len;
	while (port && host.ptr[port - 1] != ':')
		port--;
	host.len = port ? port - 1 : host.len;
	if (host.len > 2 && host.ptr[0] == '[')
		host = str_sub(host, 1, host.len - 2);
	json_open(out);
	put_date(out, "startedDateTime", start + wall);
	json_key_double(out, "time", between(start, x->end), 3);
	put_request(out, x, c);
	put_response(out, x);
	json_key_open(out, "cache");
	json_close(out);
	put_timings(out, x, c);
	json_key_str(out, "serverIPAddress", host);
	char number[16];
	snprintf(number, sizeof number, "%d", c->number);
	json_key_text(out, "connection", number);
	json_key_text(out, "_connectionId", number); /* Chrome's */
	json_close(out);
}
