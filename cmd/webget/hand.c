/*
 * Exchanges by hand. What is typed, and how, is commands.c's business.
 */
#include "cmd/webget/hand.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/webget/follow.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"

void hand_init(struct hand *h, struct run *run)
{
	*h = (struct hand){.run = run,
	    .o = *run->o,
	    .pool = {.dialer = run->dialer, .tls = run->o->common.net.tls}};
	h->o.headers = (struct list){0};
	for (size_t i = 0; i < run->o->headers.count; i++)
		list_add(&h->o.headers, "header", run->o->headers.items[i].text);
	h->o.connection = CONNECTION_PERSISTENT;
}

void hand_close(struct hand *h)
{
	if (h->session)
		h->session->usable = false;
	session_release(&h->pool, h->session);
	h->session = NULL;
}

void hand_free(struct hand *h)
{
	hand_close(h);
	session_pool_close(&h->pool);
	url_free(&h->url);
	list_free(&h->o.headers);
	free(h->last_url);
}

bool hand_open(struct hand *h, const char *url, struct err *err)
{
	struct url parsed;
	if (!url_parse(&parsed, str_of(url), "http", err))
		return false;
	if (!url_scheme_is(&parsed, "http") && !url_scheme_is(&parsed, "https")) {
		err_set(err, ERR_USAGE, "webget speaks http and https, not %s", parsed.scheme);
		url_free(&parsed);
		return false;
	}
	hand_close(h);
	url_free(&h->url);
	h->url = parsed;
	hsts_upgrade(&h->run->hsts, &h->url, h->run->trace);
	return true;
}

bool hand_connect(struct hand *h, struct err *err)
{
	if (!h->url.host)
		return err_set(err, ERR_USAGE, "nothing is open: open http://HOST first");
	if (h->session && stream_is_ready(h->session->stream))
		hand_close(h); /* the server has closed it meanwhile */
	h->time = (struct timeline){.hop = clock_now(), .reused = h->session};
	h->time.start = h->time.hop;
	if (!h->session)
		h->session = session_get(&h->pool, &h->url, err);
	if (!h->session)
		return false;
	h->time.report = *stream_report(h->session->stream);
	return true;
}

/* ---- the answer ---- */

static bool is_text(const struct http_head *head)
{
	struct str params,
	    type = field_main(fields_value(&head->fields, "content-type"), &params);
	return str_starts_nocase(type, "text/") || str_ends_nocase(type, "json") ||
	       str_ends_nocase(type, "xml") || str_ends_nocase(type, "javascript");
}

static bool take_body(struct hand *h, const struct http_head *head, bool is_head)
{
	struct http1_body body;
	struct str piece = STR_NONE;
	struct session *s = h->session;
	bool ok = http1_body_start(&body, s->stream, head, is_head, s->answered > 0);
	trace_body_start(
	    &body.trace, h->run->trace, stream_conn(s->stream), 'S', is_text(head));
	do {
		ok = ok && http1_body_next(&body, &piece);
	} while (ok && piece.len);
	h->size = body.received;
	s->usable = ok && http1_is_persistent(head, &body);
	s->answered++;
	http1_body_free(&body);
	return ok;
}

static bool final_head(struct hand *h, struct http1_head *head)
{
	for (int interim = 0; interim <= LIMIT_INTERIM; interim++) {
		if (!http1_read_head(h->session->stream, head))
			return false;
		if (head->head.status >= 200)
			return true;
		http1_free_head(head);
	}
	return stream_fail(h->session->stream, ERR_PROTOCOL, "too many interim (1xx) answers");
}

bool hand_answer(struct hand *h, bool is_head, struct err *err)
{
	struct http1_head head;
	h->time.sent = clock_now();
	bool ok = final_head(h, &head);
	if (ok) {
		h->time.first_byte = clock_now();
		hsts_take(&h->run->hsts, &h->url, &head.head.fields, h->run->trace);
		ok = take_body(h, &head.head, is_head);
		h->time.done = clock_now();
		h->time.rtt_us = compat_tcp_rtt_us(stream_fd(h->session->stream));
	}
	if (!ok)
		err_pass(err, stream_err(h->session->stream));
	else if (head.head.status >= 400) {
		ok = err_set(err, follow_status_kind(head.head.status), "HTTP status %d",
		    head.head.status);
		err_set_said(err, head.head.status, head.head.reason);
	}
	http1_free_head(&head);
	if (!h->session->usable)
		hand_close(h);
	return ok;
}

/* ---- a request made of verb and path ---- */

static bool resolve(struct hand *h, const char *path, struct url *out, struct err *err)
{
	struct err bad = {0};
	if (!h->url.host)
		return err_set(err, ERR_USAGE, "nothing is open: open http://HOST first");
	/* To url_resolve a bad reference is a server's doing; this one was typed. */
	if (!url_resolve(out, &h->url, str_of(path), &bad))
		return err_set(err, ERR_USAGE, "%s", bad.text);
	if (url_same_origin(out, &h->url))
		return true;
	url_free(out);
	return err_set(err, ERR_USAGE, "%s is another server: open it first", path);
}

static bool send_request(struct hand *h, struct request *r, struct err *err)
{
	struct login login;
	struct login_memory memory = {0};
	bool ok = login_start(&login, &memory, &h->o, &h->url, err) && hand_connect(h, err) &&
		  login_prepare(&login, r, h->session, err);
	if (ok) {
		request_put_head(r, h->session);
		h->time.sent = clock_now();
		if (r->has_payload)
			payload_send(&r->payload, h->session->stream,
			    payload_length(&r->payload) < 0, NULL);
		ok = hand_answer(h, strcmp(r->method, "HEAD") == 0, err);
	}
	login_free(&login);
	login_forget(&memory);
	return ok;
}

bool hand_request(
    struct hand *h, const char *method, const char *path, const char *body, struct err *err)
{
	struct url url;
	struct request r;
	struct list data = {0};
	struct buf page = BUF_INIT(2 * LIMIT_URL);
	if (!resolve(h, path, &url, err))
		return false;
	bool ok = request_init(&r, &h->o, &url, err);
	r.method = method;
	if (body) {
		list_add(&data, "data-binary", body);
		r.has_payload = true;
		ok = ok && payload_from_data(&data, &r.payload, err);
		if (strcmp(method, "PUT") == 0) { /* a file, not a form */
			free(r.payload.content_type);
			r.payload.content_type = NULL;
		}
	}
	url_put_page(&page, &url);
	free(h->last_url);
	h->last_url = buf_steal(&page);
	ok = ok && send_request(h, &r, err);
	list_free(&data);
	request_free(&r);
	url_free(&url);
	return ok;
}
