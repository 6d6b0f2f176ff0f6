/*
 * HSTS (RFC 6797): the field, the file, which URLs become https.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/webget/hsts.h"
#include "common/base/limits.h"
#include "tests/unit/unit.h"

static void field(struct unit *t)
{
	static const struct {
		const char *value;
		int64_t age; /* -1: malformed */
		bool under;
	} table[] = {
	    {"max-age=31536000", 31536000, false},
	    {"max-age=\"31536000\"", 31536000, false},
	    {" max-age = 5 ; includeSubDomains ", 5, true},
	    {"MAX-AGE=5;INCLUDESUBDOMAINS;preload;x=\"y\"", 5, true},
	    {";;max-age=0;;", 0, false},
	    {"includeSubDomains", -1, false},
	    {"max-age=", -1, false},
	    {"max-age=x", -1, false},
	    {"max-age=-1", -1, false},
	    {"max-age=1; max-age=2", -1, false},
	    {"max-age=1; includeSubDomains; includeSubDomains", -1, false},
	    {"max-age=1; includeSubDomains=1", -1, false},
	    {"max-age=9223372036854775807", (int64_t)100 * 366 * 86400, false},
	    {"", -1, false},
	};
	for (size_t i = 0; i < COUNT(table); i++) {
		int64_t age = -1;
		bool under;
		if (!hsts_parse(str_of(table[i].value), &age, &under))
			age = -1;
		CHECK_INT(age, table[i].age);
		CHECK(age < 0 || under == table[i].under);
	}
}

static void upgraded(struct unit *t, struct hsts *h, const char *from, const char *to)
{
	struct url url;
	struct err err = {0};
	struct buf text = BUF_INIT(LIMIT_URL);
	CHECK(url_parse(&url, str_of(from), "http", &err));
	hsts_upgrade(h, &url, NULL);
	url_put(&text, &url);
	CHECK_STR(buf_cstr(&text), to);
	url_free(&url);
	buf_free(&text);
}

static void urls(struct unit *t)
{
	struct hsts h;
	struct err err = {0};
	CHECK(hsts_open(&h, "", false, &err));
	hsts_load(&h, STR("# a comment\n"
			  ".all.example \"20991231 00:00:00\"\r\n"
			  "One.Example \"unlimited\"\n"
			  "old.example \"20200101 00:00:00\"\n"
			  "127.0.0.1 \"unlimited\"\n"
			  "bad.example unlimited\nbad.example \"2099\"\nbad.example\n"
			  "bad.example \"20991331 00:00:00\"\n \"unlimited\"\n"));
	upgraded(t, &h, "http://all.example/a?b", "https://all.example/a?b");
	upgraded(t, &h, "http://x.y.all.example/", "https://x.y.all.example/");
	upgraded(t, &h, "http://small.example/", "http://small.example/");
	upgraded(t, &h, "http://ONE.example./", "https://one.example./");
	upgraded(t, &h, "http://x.one.example/", "http://x.one.example/");
	upgraded(t, &h, "http://old.example/", "http://old.example/");
	upgraded(t, &h, "http://bad.example/", "http://bad.example/");
	upgraded(t, &h, "http://127.0.0.1/", "http://127.0.0.1/");
	upgraded(t, &h, "http://one.example:80/", "https://one.example/");
	upgraded(t, &h, "http://one.example:8080/", "https://one.example:8080/");
	upgraded(t, &h, "https://one.example:80/", "https://one.example:80/");
	CHECK(hsts_close(&h, &err));
}

static void take(struct hsts *h, const char *from, const char *value)
{
	struct url url;
	struct err err = {0};
	struct fields fields = {0};
	url_parse(&url, str_of(from), "http", &err);
	fields_add(&fields, STR("Strict-Transport-Security"), str_of(value));
	fields_add(&fields, STR("Strict-Transport-Security"), STR("max-age=7"));
	hsts_take(h, &url, &fields, NULL);
	fields_free(&fields);
	url_free(&url);
}

static void learning(struct unit *t)
{
	struct hsts h;
	struct err err = {0};
	CHECK(hsts_open(&h, "", false, &err));
	take(&h, "http://a.example/", "max-age=100");
	take(&h, "https://192.0.2.1/", "max-age=100");
	take(&h, "https://[::1]/", "max-age=100");
	take(&h, "https://a.example/", "max-age");
	CHECK_INT(h.count, 0);
	take(&h, "https://A.example./", "max-age=100; includeSubDomains");
	take(&h, "https://b.example/", "max-age=100");
	CHECK_INT(h.count, 2);
	CHECK(h.items[0].subdomains && h.items[0].expires >= time(NULL) + 99);
	take(&h, "https://a.example/", "max-age=100");
	CHECK(h.count == 2 && !h.items[0].subdomains);
	take(&h, "https://a.example/", "max-age=0");
	CHECK_INT(h.count, 1);
	upgraded(t, &h, "http://a.example/", "http://a.example/");
	upgraded(t, &h, "http://b.example/", "https://b.example/");
	CHECK(hsts_close(&h, &err));
	CHECK(hsts_open(&h, "", true, &err));
	take(&h, "https://a.example/", "max-age=100");
	CHECK_INT(h.count, 0);
	CHECK(hsts_close(&h, &err));
}

static void file(struct unit *t)
{
	struct hsts h;
	struct err err = {0};
	struct buf text = BUF_INIT(MIB);
	hsts_open(&h, "", false, &err);
	hsts_load(&h, STR(".a.example \"20991231 23:59:58\"\nb.example \"unlimited\"\n"
			  "old.example \"20200101 00:00:00\"\n"));
	hsts_put(&h, &text);
	CHECK(strstr(buf_cstr(&text), "\n.a.example \"20991231 23:59:58\"\n"
				      "b.example \"unlimited\"\n"));
	CHECK(!strstr(buf_cstr(&text), "old"));
	buf_free(&text);
	hsts_close(&h, &err);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"the field", field},
	    {"http becomes https for known hosts and those under them", urls},
	    {"what is learnt, and from whom", learning},
	    {"the file in curl's format", file},
	};
	return unit_run(tests, COUNT(tests));
}
