/*
 * Sources of one file. Knows neither threads nor the file.
 */
#include "cmd/webget/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/follow.h"
#include "common/base/limits.h"
#include "common/base/mem.h"

struct request *source_request(
    const struct webget_options *o, const char *text, struct err *err)
{
	struct url url = {0};
	struct request *r = NULL;
	if (!url_parse(&url, str_of(text), "http", err)) {
		url_free(&url);
		return NULL;
	}
	if (url_scheme_is(&url, "http") || url_scheme_is(&url, "https")) {
		r = mem_alloc(sizeof *r);
		/* A name and password are for the server they were given for. */
		if (request_init(r, o, &url, err))
			r->trusted = false;
	} else {
		err_set(err, ERR_USAGE, "webget speaks http and https, not %s", url.scheme);
	}
	url_free(&url);
	return r;
}

void source_init(struct source *s, struct request *request, struct login *login, bool first)
{
	struct buf name = BUF_INIT(2 * LIMIT_URL);
	url_put_page(&name, &request->url);
	*s = (struct source){
	    .request = request, .login = login, .first = first, .name = buf_steal(&name)};
}

void source_free(struct source *s)
{
	free(s->name);
	free(s->etag);
	free(s->modified);
}

void source_note_version(struct source *s, const struct http_head *head)
{
	struct str etag = fields_value(&head->fields, "etag");
	struct str modified = fields_value(&head->fields, "last-modified");
	if (!s->etag && etag.len > 2 && etag.ptr[0] == '"')
		s->etag = str_dup(etag);
	if (!s->modified && modified.len)
		s->modified = str_dup(modified);
}

bool source_ask(
    struct source *s, struct session *session, const struct range *range, struct err *err)
{
	struct request *r = s->request;
	if (!login_prepare(s->login, r, session, err))
		return false;
	snprintf(r->rest, sizeof r->rest, "bytes=%llu-%llu", (unsigned long long)range->first,
	    (unsigned long long)range->last);
	r->if_range = s->etag;
	request_put_head(r, session);
	return true;
}

/* What it says must be what was said before; what it does not say it need not repeat. */
static bool agrees(const char *known, struct str said)
{
	return !known || said.len == 0 || str_is(said, known);
}

static bool has_changed(const struct source *s, const struct http_head *head)
{
	return !agrees(s->etag, fields_value(&head->fields, "etag")) ||
	       !agrees(s->modified, fields_value(&head->fields, "last-modified"));
}

/* A mirror that no digest will check has to have the version of the original, by its word. */
static bool is_proven(
    const struct source *s, const struct source_wish *wish, const struct http_head *head)
{
	const struct source *o = wish->original;
	struct str etag = fields_value(&head->fields, "etag");
	struct str modified = fields_value(&head->fields, "last-modified");
	return s->first || wish->will_be_checked || (o->etag && str_is(etag, o->etag)) ||
	       (o->modified && str_is(modified, o->modified));
}

static enum source_answer judge_part(struct source *s, const struct source_wish *wish,
    const struct http_head *head, const char **why)
{
	struct range got;
	bool good = range_parse(head, &got);
	if (good && got.total != wish->range.total)
		*why = "its file has another size";
	else if (!good || got.first != wish->range.first || got.last != wish->range.last)
		*why = "it sends another range than was asked for";
	else if (has_changed(s, head))
		*why = "its file has changed";
	else if (!is_proven(s, wish, head))
		*why = "nothing shows that its file is the same (--checksum would)";
	else
		return SOURCE_GOOD;
	return SOURCE_USELESS;
}

enum source_answer source_judge(struct source *s, const struct source_wish *wish,
    const struct http_head *head, const char **why)
{
	int status = head->status;
	if (status == 206)
		return judge_part(s, wish, head, why);
	if (status == 401 || status == 407)
		*why = "it wants a password";
	if (status == 401)
		return SOURCE_CHALLENGE;
	if (status >= 300 && status < 400 && fields_value(&head->fields, "location").len)
		return SOURCE_MOVED;
	if (follow_status_kind(status) == ERR_AGAIN)
		return SOURCE_LATER;
	if (status == 200)
		*why = has_changed(s, head) ? "its file has changed" : "it gives no ranges";
	else if (!*why)
		*why =
		    status == 404 || status == 410 ? "it does not have the file" : "it refuses";
	return SOURCE_USELESS;
}

bool source_follow(struct source *s, const struct http_head *head, int most)
{
	struct follow_result result;
	struct err unimportant = {0};
	struct request *r = s->request;
	struct follow_query q = {.head = head,
	    .current = &r->url,
	    .method = r->method,
	    .follow = r->o->location,
	    .redirects = s->redirects++,
	    .max_redirs = most};
	bool ok = follow_next(&q, &result, &unimportant) == FOLLOW_REDIRECT;
	if (ok) {
		url_free(&r->url);
		url_copy(&r->url, &result.next);
		r->trusted = r->trusted && !result.drop_credentials;
	}
	follow_free(&result);
	return ok;
}
