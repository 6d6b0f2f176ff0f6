/*
 * Redirects, statuses and the wait before a retry.
 */
#include "cmd/webget/follow.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* A response, a request, and what becomes of it. */
struct scene {
	struct http_head head;
	struct url current;
	struct follow_query query;
	struct follow_result result;
	struct err err;
};

static struct scene *stage(struct unit *t, const char *from, int status, const char *location)
{
	struct scene *s = mem_alloc(sizeof *s);
	CHECK(url_parse(&s->current, str_of(from), "http", &s->err));
	s->head.status = status;
	if (location)
		fields_add(&s->head.fields, STR("Location"), str_of(location));
	s->query = (struct follow_query){
	    &s->head, &s->current, "GET", .follow = true, .max_redirs = 20};
	return s;
}

static void strike(struct scene *s)
{
	follow_free(&s->result);
	url_free(&s->current);
	http_head_free(&s->head);
	free(s);
}

static void leads(
    struct unit *t, const char *from, int status, const char *location, const char *want)
{
	struct scene *s = stage(t, from, status, location);
	struct buf url = BUF_INIT(1000);
	unit_check_int(
	    t, follow_next(&s->query, &s->result, &s->err), FOLLOW_REDIRECT, location);
	unit_check_str(t, str_of(s->err.text), str_of(""), location);
	if (s->result.next.scheme)
		url_put(&url, &s->result.next);
	unit_check_str(t, buf_str(&url), str_of(want), location);
	buf_free(&url);
	strike(s);
}

static void targets(struct unit *t)
{
	leads(HERE(t), "http://h/a/b?q", 302, "c", "http://h/a/c");
	leads(HERE(t), "http://h/a/b?q", 301, "/c?d", "http://h/c?d");
	leads(HERE(t), "http://h/a", 307, "//g:81/x", "http://g:81/x");
	leads(HERE(t), "http://h/a", 308, "https://h/a b", "https://h/a%20b");
	leads(HERE(t), "http://h/a#f", 303, "/c", "http://h/c#f");
	leads(HERE(t), "http://h/a#f", 302, "/c#g", "http://h/c#g");
	leads(HERE(t), "http://h/a#f", 302, "/c#", "http://h/c#");
}

static void is_final(struct unit *t, int status, const char *location, bool follow)
{
	struct scene *s = stage(t, "http://h/a", status, location);
	s->query.follow = follow;
	unit_check_int(t, follow_next(&s->query, &s->result, &s->err), FOLLOW_DONE, "step");
	unit_check(t, !err_is_set(&s->err) && !s->result.next.scheme, "nothing else");
	strike(s);
}

static void final_answers(struct unit *t)
{
	is_final(HERE(t), 200, "/x", true);
	is_final(HERE(t), 201, "/x", true);
	is_final(HERE(t), 300, "/x", true);
	is_final(HERE(t), 304, "/x", true);
	is_final(HERE(t), 302, NULL, true);
	is_final(HERE(t), 302, "", true);
	is_final(HERE(t), 302, "/x", false);
	is_final(HERE(t), 401, NULL, true);
	is_final(HERE(t), 407, NULL, true);
}

static void becomes(
    struct unit *t, int status, const char *method, bool forced, const char *want)
{
	struct scene *s = stage(t, "http://h/a", status, "/b");
	s->query.method = method;
	s->query.method_forced = forced;
	unit_check_int(t, follow_next(&s->query, &s->result, &s->err), FOLLOW_REDIRECT, "step");
	unit_check_str(t, str_of(s->result.method), str_of(want), method);
	unit_check_int(t, s->result.drop_body, strcmp(method, want) != 0, "drop_body");
	strike(s);
}

static void methods(struct unit *t)
{
	becomes(HERE(t), 301, "POST", false, "GET");
	becomes(HERE(t), 302, "POST", false, "GET");
	becomes(HERE(t), 303, "POST", false, "GET");
	becomes(HERE(t), 307, "POST", false, "POST");
	becomes(HERE(t), 308, "POST", false, "POST");
	becomes(HERE(t), 301, "PUT", false, "PUT");
	becomes(HERE(t), 303, "PUT", false, "GET");
	becomes(HERE(t), 303, "DELETE", true, "GET");
	becomes(HERE(t), 303, "HEAD", false, "HEAD");
	becomes(HERE(t), 302, "HEAD", false, "HEAD");
	becomes(HERE(t), 301, "POST", true, "POST");
}

static void keeps(struct unit *t, const char *from, const char *location, bool want)
{
	struct scene *s = stage(t, from, 302, location);
	unit_check_int(
	    t, follow_next(&s->query, &s->result, &s->err), FOLLOW_REDIRECT, location);
	unit_check_int(t, !s->result.drop_credentials, want, location);
	unit_check_int(t, s->result.downgraded,
	    str_starts(str_of(from), "https") && str_starts(str_of(location), "http:"), from);
	strike(s);
}

static void credentials(struct unit *t)
{
	keeps(HERE(t), "http://h/a", "/b", true);
	keeps(HERE(t), "http://h/a", "http://H:80/b", true);
	keeps(HERE(t), "http://h/a", "http://g/b", false);
	keeps(HERE(t), "http://h/a", "http://h.g/b", false);
	keeps(HERE(t), "http://h/a", "http://h:81/b", false);
	keeps(HERE(t), "http://h/a", "https://h/b", false);
	keeps(HERE(t), "https://h/a", "http://h/b", false);
	keeps(HERE(t), "http://h:443/a", "https://h/b", false);
}

static void refuses(struct unit *t, const char *location, const char *word)
{
	struct scene *s = stage(t, "http://h/a", 302, location);
	unit_check_int(t, follow_next(&s->query, &s->result, &s->err), FOLLOW_FAILED, location);
	unit_check_int(t, s->err.kind, ERR_PROTOCOL, location);
	if (!unit_check(t, strstr(s->err.text, word), word))
		unit_check_str(t, str_of(s->err.text), str_of(word), location);
	unit_check(t, !s->result.next.scheme, "no URL");
	strike(s);
}

static void refused(struct unit *t)
{
	refuses(HERE(t), "file:///etc/passwd", "file:");
	refuses(HERE(t), "FTP://h/x", "ftp:");
	refuses(HERE(t), "javascript:alert(1)", "javascript:");
	refuses(HERE(t), "mailto:a@b", "mailto:");
	refuses(HERE(t), "http://h:99999/", "");
	refuses(HERE(t), "http:///\x01", "");
	struct scene *s = stage(t, "http://h/a", 302, "/b");
	s->query.redirects = 20;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_FAILED);
	CHECK_INT(s->err.kind, ERR_PROTOCOL);
	CHECK(strstr(s->err.text, "20 redirects"));
	follow_free(&s->result);
	err_clear(&s->err);
	s->query.redirects = 19;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_REDIRECT);
	follow_free(&s->result);
	s->query.redirects = 5000;
	s->query.max_redirs = -1;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_REDIRECT);
	follow_free(&s->result);
	s->query.redirects = s->query.max_redirs = 0;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_FAILED);
	strike(s);
}

static void asking_again(struct unit *t)
{
	struct scene *s = stage(t, "http://h/a", 401, NULL);
	s->query.can_auth = true;
	s->query.follow = false;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_AUTH);
	s->head.status = 407;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_DONE);
	s->query.can_auth_proxy = true;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_PROXY_AUTH);
	s->head.status = 403;
	CHECK_INT(follow_next(&s->query, &s->result, &s->err), FOLLOW_DONE);
	strike(s);
}

static void statuses(struct unit *t)
{
	static const int rows[][2] = {{200, 0}, {204, 0}, {302, 0}, {304, 0}, {399, 0},
	    {400, ERR_ABSENT}, {401, ERR_AUTH}, {403, ERR_AUTH}, {404, ERR_ABSENT},
	    {407, ERR_AUTH}, {408, ERR_AGAIN}, {410, ERR_ABSENT}, {416, ERR_ABSENT},
	    {425, ERR_AGAIN}, {429, ERR_AGAIN}, {451, ERR_ABSENT}, {500, ERR_AGAIN},
	    {501, ERR_REFUSED}, {502, ERR_AGAIN}, {503, ERR_AGAIN}, {505, ERR_REFUSED},
	    {599, ERR_AGAIN}, {999, ERR_AGAIN}};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_INT(follow_status_kind(rows[i][0]), rows[i][1]);
}

static void retries(struct unit *t)
{
	CHECK(follow_may_retry(ERR_AGAIN, 0, "GET") && follow_may_retry(ERR_AGAIN, 503, "GET"));
	CHECK(follow_may_retry(ERR_AGAIN, 503, "POST") &&
	      !follow_may_retry(ERR_AGAIN, 0, "POST"));
	CHECK(!follow_may_retry(ERR_AGAIN, 0, "FROB") && follow_may_retry(ERR_AGAIN, 0, "PUT"));
	CHECK(
	    !follow_may_retry(ERR_ABSENT, 404, "GET") && !follow_may_retry(ERR_NONE, 0, "GET"));
	CHECK(!follow_may_retry(ERR_PROTOCOL, 0, "GET"));
}

/* With that Retry-After (or none), 100,000,000 seconds after 1970. */
static int64_t delay(const char *after, int retry, int64_t fixed)
{
	struct http_head head = {.status = 503};
	if (after)
		fields_add(&head.fields, STR("Retry-After"), str_of(after));
	int64_t ms = follow_retry_delay(&head, retry, fixed, 100000000);
	http_head_free(&head);
	return ms;
}

static void delays(struct unit *t)
{
	CHECK_INT(follow_retry_delay(NULL, 0, -1, 0), 1000);
	CHECK_INT(delay(NULL, 1, -1), 2000);
	CHECK_INT(delay(NULL, 9, -1), 512000);
	CHECK_INT(delay(NULL, 10, -1), 600000);
	CHECK_INT(delay(NULL, 1000000, -1), 600000);
	CHECK_INT(delay(NULL, 5, 0), 0);
	CHECK_INT(delay(NULL, 5, 1500), 1500);
	CHECK_INT(delay(NULL, 0, 3600000), 600000);
	CHECK_INT(delay("7", 0, -1), 7000);
	CHECK_INT(delay("7", 5, -1), 32000);
	CHECK_INT(delay("0", 0, -1), 1000);
	CHECK_INT(delay("5", 0, 0), 5000);
	CHECK_INT(delay("9999", 0, -1), 600000);
	CHECK_INT(delay("99999999999999999999", 0, -1), delay(NULL, 0, -1));
	CHECK_INT(delay("Sat, 03 Mar 1973 09:47:00 GMT", 0, -1), 20000);
	CHECK_INT(delay("Sat, 03 Mar 1973 09:46:00 GMT", 0, -1), 1000);
	CHECK_INT(delay("soon", 0, -1), 1000);
	CHECK_INT(delay("-5", 0, -1), 1000);
}

static void where(struct unit *t)
{
	struct scene *s = stage(t, "http://h/a", 302, "b");
	struct url u;
	struct buf text = BUF_INIT(100);
	CHECK(follow_target(&s->head, &s->current, &u));
	url_put(&text, &u);
	CHECK_STR(buf_cstr(&text), "http://h/b");
	url_free(&u);
	s->head.status = 200;
	CHECK(!follow_target(&s->head, &s->current, &u) && !u.scheme);
	buf_free(&text);
	strike(s);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"where a redirect leads", targets},
	    {"answers that are final", final_answers},
	    {"methods", methods},
	    {"credentials", credentials},
	    {"redirects that are refused", refused},
	    {"asking again with credentials", asking_again},
	    {"statuses", statuses},
	    {"what may be retried", retries},
	    {"delays", delays},
	    {"redirect_url", where},
	};
	return unit_run(tests, COUNT(tests));
}
