/*
 * Redirects (RFC 9110 15.4), what a status means for the exit status, and how
 * long a retry waits. Pure.
 */
#include "cmd/webget/follow.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/date.h"

/* The longest wait before a retry: a server's Retry-After can't hold a script for days. */
#define DELAY_MOST ((int64_t)600 * 1000)

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 ||
	       status == 308;
}

/* The fragment of what was asked for stays, unless Location has its own (RFC 9110 10.2.2). */
static bool resolve(
    const struct follow_query *q, struct str location, struct url *out, struct err *err)
{
	if (!url_resolve(out, q->current, location, err))
		return false;
	if (!out->fragment)
		out->fragment = mem_dup(q->current->fragment);
	return true;
}

bool follow_target(const struct http_head *head, const struct url *current, struct url *out)
{
	struct follow_query q = {.head = head, .current = current};
	struct str location = fields_value(&head->fields, "Location");
	struct err unused = {0};
	*out = (struct url){0};
	return is_redirect(head->status) && location.len && resolve(&q, location, out, &unused);
}

/*
 * POST becomes GET at 301 and 302, as every browser has it; anything but HEAD at 303. The
 * user's own -X stays at 301 and 302, but 303 names another resource, to be looked at.
 */
static const char *next_method(const struct follow_query *q)
{
	int status = q->head->status;
	bool post = strcmp(q->method, "POST") == 0 && !q->method_forced;
	if (status == 303 && strcmp(q->method, "HEAD") != 0)
		return "GET";
	return (status == 301 || status == 302) && post ? "GET" : q->method;
}

static bool is_web(const struct url *u)
{
	return url_scheme_is(u, "http") || url_scheme_is(u, "https");
}

static bool redirect(const struct follow_query *q, struct str location,
    struct follow_result *out, struct err *err)
{
	if (q->max_redirs >= 0 && q->redirects >= q->max_redirs)
		return err_set(err, ERR_PROTOCOL, "more than %d redirects", q->max_redirs);
	if (!resolve(q, location, &out->next, err))
		return false;
	if (!is_web(&out->next))
		return err_set(
		    err, ERR_PROTOCOL, "a redirect to a %s: URL was refused", out->next.scheme);
	out->method = next_method(q);
	out->drop_body = strcmp(out->method, q->method) != 0;
	out->drop_credentials = !url_same_origin(q->current, &out->next);
	out->downgraded =
	    url_scheme_is(q->current, "https") && url_scheme_is(&out->next, "http");
	return true;
}

enum follow_step follow_next(
    const struct follow_query *q, struct follow_result *out, struct err *err)
{
	struct str location = fields_value(&q->head->fields, "Location");
	*out = (struct follow_result){.step = FOLLOW_DONE, .method = q->method};
	if (q->head->status == 401 && q->can_auth)
		out->step = FOLLOW_AUTH;
	else if (q->head->status == 407 && q->can_auth_proxy)
		out->step = FOLLOW_PROXY_AUTH;
	else if (q->follow && is_redirect(q->head->status) && location.len)
		out->step = redirect(q, location, out, err) ? FOLLOW_REDIRECT : FOLLOW_FAILED;
	if (out->step == FOLLOW_FAILED)
		url_free(&out->next);
	return out->step;
}

void follow_free(struct follow_result *r)
{
	url_free(&r->next);
}

/* ---- what a status means ---- */

enum err_kind follow_status_kind(int status)
{
	switch (status) {
	case 401:
	case 403:
	case 407: return ERR_AUTH;
	case 408:
	case 425:
	case 429: return ERR_AGAIN;
	case 501:
	case 505: return ERR_REFUSED;
	}
	if (status < 400)
		return ERR_NONE;
	return status < 500 ? ERR_ABSENT : ERR_AGAIN;
}

/* RFC 9110 9.2.2; of a method that is not known nothing is known. */
static bool is_idempotent(const char *method)
{
	static const char *const names[] = {
	    "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(method, names[i]) == 0)
			return true;
	return false;
}

bool follow_may_retry(enum err_kind kind, int status, const char *method)
{
	return kind == ERR_AGAIN && (status != 0 || is_idempotent(method));
}

int64_t follow_retry_delay(
    const struct http_head *head, int retry, int64_t fixed_ms, int64_t now)
{
	int64_t delay = fixed_ms, asked;
	if (fixed_ms < 0)
		delay = retry < 10 ? (int64_t)1000 << retry : DELAY_MOST;
	const struct field *after = head ? fields_find(&head->fields, "Retry-After") : NULL;
	if (after && date_parse_retry(after->value, now, &asked) && asked > delay / 1000)
		delay = asked < DELAY_MOST / 1000 ? asked * 1000 : DELAY_MOST;
	return delay < DELAY_MOST ? delay : DELAY_MOST;
}
