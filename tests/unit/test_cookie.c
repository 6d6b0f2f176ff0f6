/*
 * Cookies: parsing, dates, judging, choosing, the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/webget/jar.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "tests/unit/unit.h"

/* 2026-11-22T00:00:00Z */
#define NOW ((int64_t)1795305600)

static struct url url_of(const char *text)
{
	struct url u;
	struct err err = {0};
	url_parse(&u, str_of(text), "http", &err);
	return u;
}

/* Stores a Set-Cookie line that came from `from`; the reason when it was refused. */
static const char *store(struct cookie_jar *jar, const char *from, const char *line)
{
	struct url u = url_of(from);
	struct cookie c;
	const char *why = NULL;
	if (cookie_parse(&c, str_of(line), NOW, &why))
		jar_store(jar, &c, &u, &why);
	url_free(&u);
	return why;
}

/* The Cookie header for a request, to be freed. */
static char *sent(struct cookie_jar *jar, const char *to, int64_t at)
{
	struct url u = url_of(to);
	struct buf out = BUF_INIT(MIB);
	jar_put(jar, &u, at, &out);
	url_free(&u);
	return buf_steal(&out);
}

struct trip {
	const char *from, *line, *to;
	const char *header; /* NULL: refused */
};

static const struct trip trips[] = {
    {"http://a.example/", "k=v", "http://a.example/x", "k=v"},
    {"http://a.example/", "k=v", "http://b.example/", ""},
    {"http://a.example/", "k=v", "http://sub.a.example/", ""},
    {"http://a.example/", "k=v; Domain=a.example", "http://sub.a.example/", "k=v"},
    {"http://a.example/", "k=v; domain=.A.EXAMPLE", "http://sub.a.example/", "k=v"},
    {"http://a.example/", "k=v; Domain=", "http://sub.a.example/", ""},
    {"http://s.a.example/", "k=v; Domain=a.example", "http://a.example/", "k=v"},
    {"http://a.example/", "k=v; Domain=b.example", "http://b.example/", NULL},
    {"http://a.example/", "k=v; Domain=s.a.example", "http://s.a.example/", NULL},
    {"http://ba.example/", "k=v; Domain=a.example", "http://a.example/", NULL},
    {"http://a.example/", "k=v; Domain=example", "http://b.example/", NULL},
    {"http://a.co.uk/", "k=v; Domain=co.uk", "http://b.co.uk/", NULL},
    {"http://127.0.0.1/", "k=v; Domain=127.0.0.1", "http://127.0.0.1/", "k=v"},
    {"http://127.0.0.1/", "k=v; Domain=0.0.1", "http://127.0.0.1/", NULL},
    {"http://localhost/", "k=v; Domain=localhost", "http://localhost/", "k=v"},
    {"http://a.example/d/p", "k=v", "http://a.example/d/q", "k=v"},
    {"http://a.example/d/p", "k=v", "http://a.example/d", "k=v"},
    {"http://a.example/d/p", "k=v", "http://a.example/dd", ""},
    {"http://a.example/d/p", "k=v; Path=/", "http://a.example/", "k=v"},
    {"http://a.example/d/p", "k=v; Path=/e", "http://a.example/e/f", "k=v"},
    {"http://a.example/d/p", "k=v; Path=e", "http://a.example/d/x", "k=v"},
    {"http://a.example/d/p", "k=v; Path=/e/", "http://a.example/e", ""},
    {"https://a.example/", "k=v; Secure", "http://a.example/", ""},
    {"https://a.example/", "k=v; Secure", "https://a.example/", "k=v"},
    {"http://a.example/", "k=v; Secure", "https://a.example/", NULL},
    {"http://a.example/", "k=v; HttpOnly; SameSite=Lax", "http://a.example/", "k=v"},
    {"https://a.example/", "k=v; SameSite=None", "https://a.example/", NULL},
    {"https://a.example/", "k=v; SameSite=None; Secure", "https://a.example/", "k=v"},
    {"https://a.example/", "__Secure-k=v; Secure", "https://a.example/", "__Secure-k=v"},
    {"https://a.example/", "__Secure-k=v", "https://a.example/", NULL},
    {"https://a.example/", "__host-k=v; Secure; Path=/", "https://a.example/", "__host-k=v"},
    {"https://a.example/", "__Host-k=v; Secure", "https://a.example/", NULL},
    {"https://a.example/", "__Host-k=v; Secure; Path=/; Domain=a.example", "https://a.example/",
	NULL},
    {"https://a.example/", "=__Secure-k=v", "https://a.example/", NULL},
    {"http://a.example/", "k=v; Max-Age=10", "http://a.example/", "k=v"},
    {"http://a.example/", "k=v; Max-Age=0", "http://a.example/", ""},
    {"http://a.example/", "k=v; Max-Age=-5", "http://a.example/", ""},
    {"http://a.example/", "k=v; Max-Age=no", "http://a.example/", "k=v"},
    {"http://a.example/", "k=v; Expires=Wed, 09 Jun 1999 10:18:14 GMT", "http://a.example/",
	""},
    {"http://a.example/", "k=v; Max-Age=9; Expires=Wed, 09 Jun 1999 10:18:14 GMT",
	"http://a.example/", "k=v"},
    {"http://a.example/", "k=v; Expires=never", "http://a.example/", "k=v"},
    {"http://a.example/", "  k  =  v  ;Path=/", "http://a.example/", "k=v"},
    {"http://a.example/", "k=\"a b\"", "http://a.example/", "k=\"a b\""},
    {"http://a.example/", "k=a=b", "http://a.example/", "k=a=b"},
    {"http://a.example/", "only", "http://a.example/", "only"},
    {"http://a.example/", "k=", "http://a.example/", "k="},
    {"http://a.example/", "=", "http://a.example/", NULL},
    {"http://a.example/", "k=v\x01", "http://a.example/", NULL},
    {"http://a.example/", "k=v;;; path = / ; unknown=1", "http://a.example/", "k=v"},
};

static void round_trips(struct unit *t)
{
	struct err err = {0};
	for (size_t i = 0; i < COUNT(trips); i++) {
		struct cookie_jar jar = {.psl = module_table("psl", &err)};
		const char *why = store(&jar, trips[i].from, trips[i].line);
		char *header = sent(&jar, trips[i].to, NOW + 1);
		CHECK_STR(
		    why ? "refused" : header, trips[i].header ? trips[i].header : "refused");
		free(header);
		jar_free(&jar);
	}
	CHECK(!err_is_set(&err));
}

static void order_and_replacing(struct unit *t)
{
	struct cookie_jar jar = {0};
	store(&jar, "http://a.example/", "first=1");
	store(&jar, "http://a.example/d/", "deep=2; Path=/d");
	store(&jar, "http://a.example/", "second=3");
	store(&jar, "http://a.example/", "first=4");
	char *header = sent(&jar, "http://a.example/d/x", NOW);
	CHECK_STR(header, "deep=2; first=4; second=3");
	free(header);
	store(&jar, "http://a.example/", "first=; Max-Age=0");
	jar_expire(&jar, NOW, false);
	CHECK_INT((int)jar.count, 2);
	jar_expire(&jar, NOW, true);
	CHECK_INT((int)jar.count, 0);
	jar_free(&jar);
}

static void secure_is_not_hidden(struct unit *t)
{
	struct cookie_jar jar = {0};
	CHECK(!store(&jar, "https://a.example/login", "sid=good; Secure; Path=/login"));
	CHECK(store(&jar, "http://a.example/login/en", "sid=evil; Path=/login/en") != NULL);
	CHECK(!store(&jar, "http://a.example/", "sid=other; Path=/"));
	jar_free(&jar);
}

static void too_many(struct unit *t)
{
	struct cookie_jar jar = {0};
	char line[64];
	for (int i = 0; i < 5000; i++) {
		snprintf(line, sizeof line, "k%d=v", i);
		store(&jar, "http://a.example/", line);
	}
	CHECK(jar.count <= 3000 && jar.count >= 50);
	char *header = sent(&jar, "http://a.example/", NOW);
	CHECK(strstr(header, "k4999=v") && !strstr(header, "k0=v"));
	free(header);
	jar_free(&jar);
	char *large = mem_alloc(5001);
	memset(large, 'x', 5000);
	CHECK(store(&jar, "http://a.example/", large) != NULL);
	free(large);
}

static void dates(struct unit *t)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: none */
	} table[] = {
	    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
	    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
	    {"Sun Nov  6 08:49:37 1994", 784111777},
	    {"06 nov 94 8:49:37", 784111777},
	    {"1994 November 6 08:49:37 (Sunday)", 784111777},
	    {"06-Nov-2069 00:00:00", 3150921600},
	    {"30 Feb 2024 00:00:00", -1},
	    {"06 Nov 1994", -1},
	    {"06 Nov 1994 24:00:00", -1},
	    {"06 Nov 1600 00:00:00", -1},
	    {"0 Nov 1994 00:00:00", -1},
	    {"", -1},
	};
	for (size_t i = 0; i < COUNT(table); i++) {
		int64_t got = -1;
		if (!cookie_date(str_of(table[i].text), &got))
			got = -1;
		CHECK_INT(got, table[i].want);
	}
}

static void life_is_bounded(struct unit *t)
{
	struct cookie c;
	const char *why;
	CHECK(cookie_parse(&c, STR("k=v; Max-Age=99999999999999999999999"), NOW, &why));
	CHECK_INT(c.expires, NOW + (int64_t)400 * 86400);
	cookie_free(&c);
	CHECK(cookie_parse(&c, STR("k=v; Expires=1 Jan 2500 00:00:00"), NOW, &why));
	CHECK_INT(c.expires, NOW + (int64_t)400 * 86400);
	cookie_free(&c);
}

static void file(struct unit *t)
{
	struct cookie_jar jar = {0}, again = {0};
	struct err err = {0};
	char dir[] = "/tmp/parley-jar.XXXXXX", path[64];
	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof path, "%s/jar", dir);
	CHECK(jar_load(&jar, path, &err) && jar.count == 0);
	store(&jar, "https://a.example/d/", "sid=1; Secure; HttpOnly; Max-Age=100");
	store(&jar, "http://a.example/", "all=2; Domain=a.example; Path=/");
	CHECK(jar_save(&jar, path, &err));
	struct stat st;
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK(jar_load(&again, path, &err));
	CHECK_INT((int)again.count, 2);
	CHECK(again.items[0].http_only && again.items[0].secure && again.items[0].host_only);
	CHECK(!again.items[1].host_only && again.items[1].expires == COOKIE_SESSION);
	char *header = sent(&again, "https://s.a.example/d/x", NOW);
	CHECK_STR(header, "all=2");
	free(header);
	unlink(path);
	rmdir(dir);
	jar_free(&jar);
	jar_free(&again);
}

static void file_lines(struct unit *t)
{
	static const char text[] = ":80\tFALSE\t/\tFALSE\t0\tno\thost\n"
				   ".:80\tTRUE\t/\tFALSE\t0\tno\thost\n"
				   ".\tTRUE\t/\tFALSE\t0\tno\thost\n"
				   ".#a.example\tFALSE\t/\tFALSE\t0\ta\tcomment\n"
				   "..a.example\tFALSE\t/\tFALSE\t0\tfor\tall\n"
				   "a.example:80\tFALSE\t/\tFALSE\t0\tk\tv\n";
	struct cookie_jar jar = {0};
	struct buf out = BUF_INIT(MIB);
	jar_read(&jar, str_of(text));
	CHECK_INT((int)jar.count, 1);
	/* A tab is a cookie's right, but no line can say it. */
	CHECK(store(&jar, "http://a.example/", "a=1\t2") == NULL);
	CHECK(store(&jar, "http://a.example/", "b\tc=1") == NULL);
	CHECK(store(&jar, "http://a.example/", "d=1; Path=/x\ty") == NULL);
	char *header = sent(&jar, "http://a.example/", NOW);
	CHECK_STR(header, "k=v; a=1\t2; b\tc=1");
	free(header);
	jar_write(&jar, &out);
	CHECK(str_is(buf_str(&out), "# Netscape HTTP Cookie File\n\n"
				    "a.example\tFALSE\t/\tFALSE\t0\tk\tv\n"));
	buf_free(&out);
	jar_free(&jar);
}

static void who_waits_for_whom(struct unit *t)
{
	static const struct {
		const char *a, *b;
		bool shared;
	} pairs[] = {
	    {"a.example", "a.example", true},
	    {"a.example", "www.a.example", true},
	    {"www.a.example", "a.example", true},
	    {"x.www.a.example", "y.img.a.example", true},
	    {"a.example", "b.example", false},
	    {"aa.example", "a.example", false},
	    {"a.co.uk", "b.co.uk", false},
	    {"x.a.co.uk", "a.co.uk", true},
	    {"co.uk", "a.co.uk", false},
	    {"127.0.0.1", "127.0.0.1", true},
	    {"127.0.0.1", "1.127.0.0.1", false},
	    {"localhost", "localhost", true},
	    {"localhost", "a.localhost", false},
	};
	struct err err = {0};
	struct cookie_jar jar = {.psl = module_table("psl", &err)};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		CHECK(jar_is_shared(&jar, pairs[i].a, pairs[i].b) == pairs[i].shared);
		CHECK(jar_is_shared(&jar, pairs[i].b, pairs[i].a) == pairs[i].shared);
	}
	jar_free(&jar);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"from Set-Cookie to Cookie", round_trips},
	    {"order and replacing", order_and_replacing},
	    {"a secure cookie is not hidden by a plain one", secure_is_not_hidden},
	    {"too many, too large", too_many},
	    {"dates", dates},
	    {"life is bounded", life_is_bounded},
	    {"the file", file},
	    {"lines of a file that name no host, cookies that no line can hold", file_lines},
	    {"whose cookies go where", who_waits_for_whom},
	};
	return unit_run(tests, COUNT(tests));
}
