/*
 * The cache's rules (RFC 9111) as a table of cases, its heads, and the format of
 * its files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/cache_entry.h"
#include "cmd/webget/cache_policy.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/sum64.h"
#include "tests/unit/unit.h"

/* Sun, 22 Nov 2026 00:00:00 GMT */
#define NOW ((int64_t)1795305600)
#define DATE "Date: Sun, 22 Nov 2026 00:00:00 GMT\n"

struct message {
	char *bytes;
	struct http_head head;
};

/* An answer from its status and its lines. */
static struct message answer(int status, const char *lines)
{
	struct message m = {.bytes = mem_printf("HTTP/1.1 %d X\n%s\n", status, lines)};
	struct err err = {0};
	http_head_parse(&m.head, m.bytes, strlen(m.bytes), &err);
	return m;
}

static void release(struct message *m)
{
	http_head_free(&m->head);
	free(m->bytes);
}

static const char *const use_words[] = {"fetch", "validate", "serve"};

struct reuse {
	const char *lines;   /* of the answer, which came at NOW */
	const char *request; /* its lines */
	int64_t after;       /* seconds later it is wanted */
	const char *use;
};

static const struct reuse reuses[] = {
    {DATE "Cache-Control: max-age=60\n", "", 59, "serve"},
    {DATE "Cache-Control: max-age=60\n", "", 60, "fetch"},
    {DATE "Cache-Control: max-age=60\nETag: \"a\"\n", "", 60, "validate"},
    {DATE "Cache-Control: MAX-AGE=\"60\"\n", "", 59, "serve"},
    {DATE "Cache-Control: max-age=60, s-maxage=5\n", "", 59, "serve"},
    {DATE "Cache-Control: s-maxage=100\nETag: x\n", "", 1, "validate"},
    {DATE "Cache-Control: max-age=60\nCache-Control: max-age=10\nETag: x\n", "", 20,
	"validate"},
    {DATE "Cache-Control: max-age=abc\nETag: x\n", "", 1, "validate"},
    {DATE "Cache-Control: max-age=-1\nETag: x\n", "", 1, "validate"},
    {DATE "Cache-Control: max-age=99999999999999999999\n", "", 1000000, "serve"},
    {DATE "Cache-Control: x=\"max-age=60\"\nETag: x\n", "", 1, "validate"},
    {DATE "Cache-Control: private, max-age=60\n", "", 1, "serve"},
    {DATE "Cache-Control: no-cache, max-age=60\nETag: x\n", "", 1, "validate"},
    {DATE "Cache-Control: no-cache=\"set-cookie\", max-age=60\nETag: x\n", "", 1, "validate"},
    /* Expires, and who goes before it */
    {DATE "Expires: Sun, 22 Nov 2026 00:01:00 GMT\n", "", 59, "serve"},
    {DATE "Expires: Sun, 22 Nov 2026 00:01:00 GMT\nETag: x\n", "", 60, "validate"},
    {DATE "Expires: 0\nETag: x\n", "", 0, "validate"},
    {DATE "Expires: Sun, 22 Nov 2026 01:00:00 GMT\nCache-Control: max-age=1\nETag: x\n", "", 2,
	"validate"},
    {DATE "Expires: 0\nCache-Control: max-age=9\n", "", 2, "serve"},
    {DATE "Expires: Sun, 22 Nov 2026 01:00:00 GMT\nExpires: 0\nETag: x\n", "", 2, "validate"},
    {"Expires: Sun, 22 Nov 2026 00:01:00 GMT\n", "", 59, "serve"},
    /* age */
    {DATE "Age: 50\nCache-Control: max-age=60\nETag: x\n", "", 9, "serve"},
    {DATE "Age: 50\nCache-Control: max-age=60\nETag: x\n", "", 10, "validate"},
    {DATE "Age: old\nCache-Control: max-age=60\n", "", 59, "serve"},
    {DATE "Age: 1, 50\nCache-Control: max-age=60\n", "", 50, "serve"},
    {"Date: Sat, 21 Nov 2026 23:59:30 GMT\nCache-Control: max-age=60\nETag: x\n", "", 30,
	"validate"},
    {"Cache-Control: max-age=60\nDate: Sun, 22 Nov 2026 00:10:00 GMT\n", "", 59, "serve"},
    /* a guess */
    {DATE "Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\n", "", 8639, "serve"},
    {DATE "Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\n", "", 8640, "validate"},
    {DATE "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\n", "", 86399, "serve"},
    {DATE "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\n", "", 86400, "validate"},
    {DATE "Last-Modified: Mon, 23 Nov 2026 00:00:00 GMT\n", "", 0, "validate"},
    {DATE "ETag: x\n", "", 0, "validate"},
    /* the request's wishes */
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: no-cache\n", 1, "validate"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Pragma: no-cache\n", 1, "validate"},
    {DATE "Cache-Control: max-age=60\n", "Pragma: no-cache\nCache-Control: max-age=9\n", 1,
	"serve"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: max-age=5\n", 6, "validate"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: max-age=5\n", 5, "serve"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: max-age=0\n", 1, "validate"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: min-fresh=10\n", 50, "serve"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: min-fresh=10\n", 51,
	"validate"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: min-fresh=x\n", 0,
	"validate"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: max-stale\n", 99999, "serve"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: max-stale=5\n", 65, "serve"},
    {DATE "Cache-Control: max-age=60\nETag: x\n", "Cache-Control: max-stale=5\n", 66,
	"validate"},
    {DATE "Cache-Control: max-age=60, must-revalidate\nETag: x\n", "Cache-Control: max-stale\n",
	61, "validate"},
    {DATE "Cache-Control: max-age=60, proxy-revalidate\nETag: x\n",
	"Cache-Control: max-stale\n", 61, "serve"},
    /* a clock that was set back */
    {DATE "Cache-Control: max-age=60\nETag: x\n", "", -10, "validate"},
};

static struct cache_verdict judged(
    const char *lines, const char *request, int64_t after, bool query)
{
	struct message stored = answer(200, lines);
	struct message asked = answer(200, request);
	struct cache_stored s = {&stored.head, NOW, NOW, query};
	struct cache_verdict v = cache_judge(&s, &asked.head.fields, NOW + after);
	release(&stored);
	release(&asked);
	return v;
}

static void reuse(struct unit *t)
{
	for (size_t i = 0; i < COUNT(reuses); i++) {
		const struct reuse *r = &reuses[i];
		struct cache_verdict v = judged(r->lines, r->request, r->after, false);
		if (strcmp(use_words[v.use], r->use) != 0)
			printf("# case %zu: %s", i, r->lines);
		CHECK_STR(use_words[v.use], r->use);
	}
	/* No guess about what a query computed. */
	const char *dated = DATE "Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\n";
	CHECK_INT(judged(dated, "", 10, true).use, CACHE_VALIDATE);
	CHECK_INT(judged(DATE "Cache-Control: max-age=60\n", "", 10, true).use, CACHE_SERVE);
}

static void age(struct unit *t)
{
	struct message m = answer(200, DATE "Age: 7\n");
	struct cache_stored s = {&m.head, NOW, NOW + 4, false};
	/* 4.2.3: Age and the time it took, or the difference of the clocks if that is more */
	CHECK_INT(cache_age(&s, NOW + 14), 7 + 4 + 10);
	s.received = NOW + 100;
	s.requested = NOW + 99;
	CHECK_INT(cache_age(&s, NOW + 101), 101);
	release(&m);
}

static void stale(struct unit *t)
{
	const char *lines = DATE "Cache-Control: max-age=60, stale-if-error=10\nETag: x\n"
				 "Cache-Control: stale-while-revalidate=20\n";
	CHECK(judged(lines, "", 70, false).if_error && judged(lines, "", 80, false).if_slow);
	CHECK(!judged(lines, "", 71, false).if_error && !judged(lines, "", 81, false).if_slow);
	CHECK(judged(lines, "Cache-Control: stale-if-error=99\n", 159, false).if_error);
	CHECK(!judged(lines, "Cache-Control: no-cache\n", 61, false).if_error);
	lines = DATE "Cache-Control: max-age=60, must-revalidate, stale-if-error=10\nETag: x\n";
	CHECK(!judged(lines, "", 61, false).if_error);
	CHECK(!judged(DATE "ETag: x\n", "", 1, false).if_error);
	CHECK(cache_is_error(500) && cache_is_error(504) && !cache_is_error(501));
	CHECK(!cache_is_error(404) && !cache_is_error(505));
}

struct storing {
	int status;
	const char *lines, *request, *method;
	const char *why; /* NULL: stored */
};

#define LENGTH "Content-Length: 5\n"

static const struct storing storings[] = {
    {200, LENGTH "Cache-Control: max-age=9\n", "", "GET", NULL},
    {200, "Transfer-Encoding: chunked\nETag: x\n", "", "GET", NULL},
    {200, "Cache-Control: max-age=9\n", "", "GET", "end"},
    {204, "Cache-Control: max-age=9\n", "", "GET", NULL},
    {200, LENGTH "ETag: x\n", "", "GET", NULL},
    {200, LENGTH "Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\n", "", "GET", NULL},
    {200, LENGTH, "", "GET", "validator"},
    {200, LENGTH "Cache-Control: max-age=0\n", "", "GET", "stale"},
    {200, LENGTH "Cache-Control: max-age=0\nETag: x\n", "", "GET", NULL},
    {200, LENGTH "Cache-Control: max-age=9\n", "", "POST", "method"},
    {200, LENGTH "Cache-Control: max-age=9\n", "", "HEAD", "method"},
    {200, LENGTH "Cache-Control: max-age=9, no-store\n", "", "GET", "no-store"},
    {200, LENGTH "Cache-Control: max-age=9, no-store, must-understand\n", "", "GET", NULL},
    {299, LENGTH "Cache-Control: max-age=9, no-store, must-understand\n", "", "GET",
	"no-store"},
    {200, LENGTH "Cache-Control: max-age=9\n", "Cache-Control: no-store\n", "GET", "no-store"},
    {200, LENGTH "Cache-Control: private, max-age=9\nSet-Cookie: a=b\n", "", "GET", NULL},
    {200, LENGTH "Cache-Control: max-age=9\n", "Authorization: Basic x\n", "GET", NULL},
    {200, LENGTH "Cache-Control: max-age=9\nVary: *\n", "", "GET", "Vary"},
    {200, LENGTH "Cache-Control: max-age=9\nVary: a, *\n", "", "GET", "Vary"},
    {206, LENGTH "Cache-Control: max-age=9\n", "", "GET", "part"},
    {200, LENGTH "Cache-Control: max-age=9\nContent-Range: bytes 0-4/9\n", "", "GET", "part"},
    {200, LENGTH "Cache-Control: max-age=9\n", "Range: bytes=0-4\n", "GET", "range"},
    {304, "Cache-Control: max-age=9\n", "", "GET", "status"},
    {500, LENGTH "Cache-Control: max-age=9\n", "", "GET", "status"},
    {401, LENGTH "Cache-Control: max-age=9\n", "", "GET", "status"},
    {301, LENGTH, "", "GET", NULL},
    {308, LENGTH, "", "GET", NULL},
    {302, LENGTH "ETag: x\n", "", "GET", "how long"},
    {302, LENGTH "Cache-Control: max-age=9\n", "", "GET", NULL},
    {404, LENGTH "Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\n", "", "GET", NULL},
    {404, LENGTH, "", "GET", "validator"},
    {410, LENGTH, "", "GET", NULL},
};

static void storing(struct unit *t)
{
	for (size_t i = 0; i < COUNT(storings); i++) {
		const struct storing *c = &storings[i];
		struct message m = answer(c->status, c->lines), r = answer(200, c->request);
		struct cache_stored s = {&m.head, NOW, NOW, false};
		const char *why = NULL;
		bool ok = cache_may_store(&s, c->method, &r.head.fields, &why);
		bool right = ok == !c->why && (ok || strstr(why, c->why));
		if (!right)
			printf("# case %zu: %s\n", i, why ? why : "stored");
		CHECK(right);
		release(&m);
		release(&r);
	}
}

static void asking(struct unit *t)
{
	static const char *const own[] = {"Range: bytes=0-1\n", "If-None-Match: \"x\"\n",
	    "If-Modified-Since: x\n", "If-Match: *\n", "If-Range: x\n",
	    "If-Unmodified-Since: x\n", "Cache-Control: no-store\n"};
	const char *why;
	for (size_t i = 0; i < COUNT(own); i++) {
		struct message r = answer(200, own[i]);
		CHECK(!cache_may_ask("GET", &r.head.fields, &why));
		release(&r);
	}
	struct fields none = {0};
	CHECK(cache_may_ask("GET", &none, &why) && cache_may_ask("HEAD", &none, &why));
	CHECK(!cache_may_ask("POST", &none, &why) && !cache_may_ask("OPTIONS", &none, &why));
	CHECK(cache_invalidates("POST", 200) && cache_invalidates("DELETE", 302));
	CHECK(cache_invalidates("FROB", 204) && !cache_invalidates("PUT", 403));
	CHECK(!cache_invalidates("GET", 200) && !cache_invalidates("HEAD", 200));
}

static void heads(struct unit *t)
{
	struct message m = answer(200,
	    "Connection: keep-alive, X-Hop\nX-Hop: 1\nKeep-Alive: 5\n"
	    "Transfer-Encoding: chunked\n"
	    "Content-Length: 9\nContent-Encoding: gzip\nETag: \"a\"\nAge: 9\nX: old\nX: older\n"
	    "Set-Cookie: a=b\nFolded: 1\n 2\n");
	struct message n = answer(304,
	    "Connection: close\nContent-Length: 0\nContent-Encoding: br\nX: new\nY: added\n"
	    "Content-Range: x\n");
	struct buf kept = BUF_INIT(MIB), merged = BUF_INIT(MIB);
	cache_put_head(&kept, &m.head);
	CHECK_STR(buf_cstr(&kept),
	    "HTTP/1.1 200 X\r\nContent-Encoding: gzip\r\nETag: \"a\"\r\nAge: 9\r\nX: old\r\n"
	    "X: older\r\nSet-Cookie: a=b\r\nFolded: 1 2\r\n\r\n");
	cache_put_merged(&merged, &m.head, &n.head);
	CHECK_STR(buf_cstr(&merged),
	    "HTTP/1.1 200 X\r\nContent-Encoding: gzip\r\nETag: \"a\"\r\nSet-Cookie: a=b\r\n"
	    "Folded: 1 2\r\nX: new\r\nY: added\r\n\r\n");
	buf_free(&kept);
	buf_free(&merged);
	release(&m);
	release(&n);
}

static void same(struct unit *t)
{
	static const struct {
		const char *stored, *said;
		bool same;
	} table[] = {
	    {"ETag: \"a\"\n", "ETag: \"a\"\n", true},
	    {"ETag: \"a\"\n", "ETag: W/\"a\"\n", true},
	    {"ETag: \"a\"\n", "ETag: \"b\"\n", false},
	    {"ETag: \"a\"\n", "", true},
	    {"", "ETag: \"b\"\n", false},
	    {"Last-Modified: x\n", "Last-Modified: y\n", false},
	};
	for (size_t i = 0; i < COUNT(table); i++) {
		struct message a = answer(200, table[i].stored), b = answer(304, table[i].said);
		CHECK_INT(cache_is_same(&a.head, &b.head), table[i].same);
		release(&a);
		release(&b);
	}
}

static void vary(struct unit *t)
{
	struct message m =
	    answer(200, "Vary: Accept, ACCEPT\nVary: X-A,,b@d\nContent-Encoding: gzip\n");
	struct message r = answer(200, "Accept:  a ,b\nAccept: c\nX-A:\n");
	struct buf names = BUF_INIT(MIB), value = BUF_INIT(MIB);
	cache_put_vary(&names, &m.head);
	CHECK_STR(buf_cstr(&names), "accept\nx-a\naccept-encoding\n");
	CHECK(cache_put_field(&value, &r.head.fields, "accept"));
	CHECK_STR(buf_cstr(&value), "a,b,c");
	buf_clear(&value);
	CHECK(cache_put_field(&value, &r.head.fields, "x-a") && value.len == 0);
	CHECK(!cache_put_field(&value, &r.head.fields, "accept-encoding"));
	buf_free(&names);
	buf_free(&value);
	release(&m);
	release(&r);
}

/* ---- the file ---- */

static void make_file(struct buf *out)
{
	struct cache_about about = {.url = mem_dup("http://a.example/x"),
	    .user = mem_dup("user ada"),
	    .requested = 1,
	    .received = 2};
	char first[CACHE_LINE];
	struct buf head = BUF_INIT(CACHE_HEAD_MOST);
	list_add(&about.vary, NULL, "accept: */*");
	list_add(&about.vary, NULL, "x-none");
	cache_entry_put(&head, &about, STR("HTTP/1.1 200 OK\r\nETag: \"a\"\r\n\r\n"));
	struct cache_line line = {sum64_of(buf_str(&head)), head.len, 7, 8};
	cache_line_put(first, &line);
	buf_add(out, first, sizeof first);
	buf_add_str(out, buf_str(&head));
	buf_free(&head);
	cache_about_free(&about);
}

static void entry(struct unit *t)
{
	struct buf file = BUF_INIT(MIB), again = BUF_INIT(MIB);
	struct cache_entry e;
	make_file(&file);
	buf_add_str(&again, buf_str(&file));
	CHECK(cache_entry_parse(&e, &again));
	CHECK_STR(e.about.url, "http://a.example/x");
	CHECK_STR(e.about.user, "user ada");
	CHECK_INT(e.about.vary.count, 2);
	CHECK_STR(e.about.vary.items[1].text, "x-none");
	CHECK_INT(e.about.requested + e.about.received * 10, 21);
	CHECK_INT(e.head.status, 200);
	CHECK_INT(e.line.body_len, 8);
	CHECK_SLICE(fields_value(&e.head.fields, "etag"), "\"a\"");
	cache_entry_free(&e);
	buf_free(&file);
}

/* Any byte that is another one, and any cut, is seen. */
static void damage(struct unit *t)
{
	struct buf file = BUF_INIT(MIB);
	struct cache_entry e;
	make_file(&file);
	int believed = 0;
	for (size_t i = 0; i < 2 * file.len; i++) {
		struct buf bad = BUF_INIT(MIB);
		buf_add(&bad, file.ptr, i < file.len ? file.len : i - file.len);
		if (i < file.len)
			bad.ptr[i] = (char)(bad.ptr[i] ^ 1);
		/* What belongs to the body is another check's business. */
		bool of_body = i >= 43 && i < CACHE_LINE - 1;
		if (cache_entry_parse(&e, &bad)) {
			believed += !of_body;
			cache_entry_free(&e);
		}
		buf_free(&bad);
	}
	CHECK_INT(believed, 0);
	buf_free(&file);
}

static void sums(struct unit *t)
{
	static const struct {
		const char *text;
		uint64_t want;
	} table[] = {
	    {"", 0xef46db3751d8e999},
	    {"a", 0xd24ec4f1a98c6e5b},
	    {"abc", 0x44bc2cf5ad770999},
	    {"Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1},
	};
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str text = str_of(table[i].text);
		CHECK(sum64_of(text) == table[i].want);
		for (size_t cut = 0; cut <= text.len; cut++) {
			struct sum64 s;
			sum64_start(&s);
			sum64_add(&s, str_sub(text, 0, cut));
			sum64_add(&s, str_sub(text, cut, text.len));
			CHECK(sum64_value(&s) == table[i].want);
		}
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"which stored answer is served, validated or of no use", reuse},
	    {"the age of an answer", age},
	    {"stale answers in the place of errors and of waiting", stale},
	    {"what is stored", storing},
	    {"which requests the cache is for, and what makes it forget", asking},
	    {"heads as they are stored and merged", heads},
	    {"does a 304 speak of the stored answer", same},
	    {"what chooses between variants", vary},
	    {"an entry is written and read", entry},
	    {"a damaged entry is none", damage},
	    {"sums are XXH64", sums},
	};
	return unit_run(tests, COUNT(tests));
}
