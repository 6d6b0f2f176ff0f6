/*
 * URLs: RFC 3986's own examples, the repairs, the refusals, writing out.
 */
#include "common/base/limits.h"
#include "common/text/url.h"
#include "tests/unit/unit.h"

static void check_written(struct unit *t, const struct url *u, const char *want)
{
	struct buf out = BUF_INIT(LIMIT_URL);
	url_put(&out, u);
	unit_check_str(t, buf_str(&out), str_of(want), "url_put");
	buf_free(&out);
}

static void check_typed(struct unit *t, const char *text, const char *want)
{
	struct url u;
	struct err err = {0};
	if (CHECK(url_parse(&u, str_of(text), "http", &err)))
		check_written(t, &u, want);
	else
		unit_check_str(t, str_of(err.text), str_of(text), "refused");
	url_free(&u);
}

static void check_refused(struct unit *t, struct str text, const char *why)
{
	struct url u;
	struct err err = {0};
	if (!CHECK(!url_parse(&u, text, "http", &err)))
		unit_check_str(t, text, STR("refused"), "text");
	CHECK_INT(err.kind, ERR_USAGE);
	if (!CHECK(strstr(err.text, why)))
		unit_check_str(t, str_of(err.text), str_of(why), "reason");
	CHECK(!u.scheme && !u.host && !u.path);
	url_free(&u);
}

static void check_resolved(
    struct unit *t, const char *base_text, const char *reference, const char *want)
{
	struct url base, u;
	struct err err = {0};
	CHECK(url_resolve(&base, NULL, str_of(base_text), &err));
	if (CHECK(url_resolve(&u, &base, str_of(reference), &err)))
		check_written(t, &u, want);
	else
		unit_check_str(t, str_of(err.text), str_of(reference), "refused");
	url_free(&u);
	url_free(&base);
}

static void parts(struct unit *t)
{
	struct url u;
	struct err err = {0};
	struct str text = STR("HTTP://Joe%40x:p%3aw:d@Example.ORG:8080/a/b%20c?q=1&r#frag");
	CHECK(url_parse(&u, text, NULL, &err));
	CHECK_STR(u.scheme, "http");
	CHECK_STR(u.user, "Joe@x");
	CHECK_STR(u.password, "p:w:d");
	CHECK_STR(u.host, "example.org");
	CHECK_INT(u.port, 8080);
	CHECK(u.port_given && !u.ipv6);
	CHECK_STR(u.path, "/a/b%20c");
	CHECK_STR(u.query, "q=1&r");
	CHECK_STR(u.fragment, "frag");
	check_written(t, &u, "http://example.org:8080/a/b%20c?q=1&r#frag");
	url_free(&u);
}

static void other_tools(struct unit *t)
{
	struct url u;
	struct err err = {0};
	CHECK(url_parse(
	    &u, STR("imap://u@host/INBOX;UID=3/;SECTION=1?SUBJECT%20x"), "imap", &err));
	CHECK_STR(u.path, "/INBOX;UID=3/;SECTION=1");
	CHECK_STR(u.query, "SUBJECT%20x");
	CHECK_STR(u.user, "u");
	CHECK(!u.password && !u.fragment);
	CHECK_INT(u.port, 143);
	url_free(&u);
	CHECK(url_parse(&u, STR("joe@host:2121"), "ftp", &err));
	CHECK_STR(u.scheme, "ftp");
	CHECK_STR(u.host, "host");
	CHECK_STR(u.path, "");
	CHECK_INT(u.port, 2121);
	url_free(&u);
	CHECK_INT(url_default_port("submission"), 587);
	CHECK_INT(url_default_port("submissions"), 465);
	CHECK_INT(url_default_port("pop3s"), 995);
	CHECK_INT(url_default_port("gopher"), 0);
}

static void schemes(struct unit *t)
{
	check_typed(t, "host", "http://host/");
	check_typed(t, "host:8080/x", "http://host:8080/x");
	check_typed(t, "//host/x", "http://host/x");
	check_typed(t, "joe:word@host/", "http://host/");
	check_typed(t, "ftp:2121", "http://ftp:2121/");
	check_typed(t, "mailto:joe@host", "mailto:joe@host");
	check_typed(t, "data:8080/x", "http://data:8080/x");
	check_typed(t, "host/a?b=http://c", "http://host/a?b=http://c");
	check_typed(t, "https://host:443/", "https://host/");
	check_typed(t, "http://host:", "http://host/");
	check_typed(t, "host?q", "http://host/?q");
	check_typed(t, "host#f", "http://host/#f");
	check_typed(t, "file:///etc/motd", "file:///etc/motd");
}

static void repairs(struct unit *t)
{
	check_typed(t, "http:\\\\host\\a\\b?c\\d", "http://host/a/b?c\\d");
	check_typed(t, "http://good\\@evil/", "http://good/@evil/");
	check_typed(
	    t, "http://host/\xc3\xa4?\xc3\xa4#\xc3\xa4", "http://host/%C3%A4?%C3%A4#%C3%A4");
	check_typed(t, "http://host/%zz%4", "http://host/%zz%4");
	check_typed(t, "http://host/a/./b/../c", "http://host/a/c");
	check_typed(t, "http://host/../../a", "http://host/a");
	check_typed(t, "http://host/a/%2e%2E/b", "http://host/b");
	check_typed(t, "http://host/a//../b", "http://host/a/b");
	check_typed(t, "http://host/a/..", "http://host/");
	check_typed(t, "http://host/\"<x>", "http://host/%22%3Cx%3E");
	check_typed(t, "http://a@b@host/", "http://host/");
	check_typed(t, "http://HO%53T./", "http://host./");
}

static void addresses(struct unit *t)
{
	check_typed(t, "http://127.1/", "http://127.0.0.1/");
	check_typed(t, "http://0x7f000001/", "http://127.0.0.1/");
	check_typed(t, "http://2130706433/", "http://127.0.0.1/");
	check_typed(t, "http://[0:0::1]:8080/", "http://[::1]:8080/");
	check_typed(t, "[FE80::1%25eth0]/", "http://[fe80::1%25eth0]/");
	check_typed(t, "[fe80::1%eth0]/", "http://[fe80::1%25eth0]/");
	check_refused(t, STR("http://1.2.3.256/"), "neither a name nor an IPv4");
	check_refused(t, STR("http://a.b.0x/"), "neither a name nor an IPv4");
	check_refused(t, STR("http://[::g]/"), "IPv6");
	check_refused(t, STR("http://[::1/"), "IPv6");
	check_refused(t, STR("http://[::1]x/"), "");
	check_refused(t, STR("http://[]/"), "IPv6");
	check_refused(t, STR("http://[fe80::1%]/"), "IPv6");
	check_refused(t, STR("http://::1/"), "brackets");
}

static void idn(struct unit *t)
{
	check_typed(t,
	    "http://B\xc3\xbc"
	    "cher.example/",
	    "http://xn--bcher-kva.example/");
	check_typed(t, "http://b%c3%bccher.example/", "http://xn--bcher-kva.example/");
	check_refused(t,
	    STR("http://b\xfc"
		"cher/"),
	    "");
	/* A full-width solidus maps to a slash, which no host may have. */
	check_refused(t, STR("http://a\xef\xbc\x8f.example/"), "");
}

static void refusals(struct unit *t)
{
	check_refused(t, STR("http://host/a b"), "space");
	check_refused(t, STR(" http://host/"), "space");
	check_refused(t, STR("http://host/\r\nX: y"), "control");
	check_refused(t, STR("http://host/\0"), "control");
	check_refused(t, STR("http://host/\t"), "control");
	check_refused(t, STR("http://host/\x7f"), "control");
	check_refused(t, STR("http:///path"), "no host");
	check_refused(t, STR("http://:80/"), "no host");
	check_refused(t, STR("http://user@/"), "no host");
	check_refused(t, STR("http:"), "");
	check_refused(t, STR(""), "no host");
	check_refused(t, STR("/path"), "no host");
	check_refused(t, STR("http://host:0/"), "port");
	check_refused(t, STR("http://host:65536/"), "port");
	check_refused(t, STR("http://host:+80/"), "port");
	check_refused(t, STR("http://host:8a/"), "port");
	check_refused(t, STR("http://a%00b/"), "no name may have");
	check_refused(t, STR("http://a%2fb/"), "no name may have");
	check_refused(t, STR("http://a<b/"), "no name may have");
	check_refused(t, STR("ftp://u%0d%0aDELE%20x@host/"), "escaped CR");
	check_refused(t, STR("ftp://u:p%00@host/"), "escaped CR");
}

static void ceilings(struct unit *t)
{
	struct buf text = BUF_INIT(2 * LIMIT_URL);
	struct url u;
	struct err err = {0};
	buf_add_text(&text, "http://host/");
	while (text.len < LIMIT_URL - 1)
		buf_add_byte(&text, 'a');
	CHECK(url_parse(&u, buf_str(&text), "http", &err));
	url_free(&u);
	buf_add_text(&text, "aa");
	check_refused(t, buf_str(&text), "64 KiB");
	buf_truncate(&text, LIMIT_URL / 2);
	while (text.len < LIMIT_URL)
		buf_add_byte(&text, '\xff');
	check_refused(t, buf_str(&text), "64 KiB");
	buf_clear(&text);
	for (int i = 0; i < 300; i++)
		buf_add_byte(&text, 'a');
	check_refused(t, buf_str(&text), "253");
	buf_free(&text);
}

static void no_password_shown(struct unit *t)
{
	struct url u;
	struct err err = {0};
	CHECK(!url_parse(&u, STR("http://joe:s3/cr?et@host:99999/"), "http", &err));
	CHECK(!strstr(err.text, "s3") && !strstr(err.text, "cr?et"));
	err_clear(&err);
	CHECK(!url_parse(&u, STR("http://joe:secret@host/\x1b[2J"), "http", &err));
	CHECK(!strstr(err.text, "secret") && strstr(err.text, "\\x1b[2J"));
	err_clear(&err);
	CHECK(url_parse(&u, STR("http://joe:secret@host/"), "http", &err));
	check_written(t, &u, "http://host/");
	url_free(&u);
}

static void rfc3986_normal(struct unit *t)
{
	static const char *const rows[][2] = {
	    {"g:h", "g:h"},
	    {"g", "http://a/b/c/g"},
	    {"./g", "http://a/b/c/g"},
	    {"g/", "http://a/b/c/g/"},
	    {"/g", "http://a/g"},
	    {"//g", "http://g/"}, /* the RFC's http://g, with the path HTTP wants */
	    {"?y", "http://a/b/c/d;p?y"},
	    {"g?y", "http://a/b/c/g?y"},
	    {"#s", "http://a/b/c/d;p?q#s"},
	    {"g#s", "http://a/b/c/g#s"},
	    {"g?y#s", "http://a/b/c/g?y#s"},
	    {";x", "http://a/b/c/;x"},
	    {"g;x", "http://a/b/c/g;x"},
	    {"g;x?y#s", "http://a/b/c/g;x?y#s"},
	    {"", "http://a/b/c/d;p?q"},
	    {".", "http://a/b/c/"},
	    {"./", "http://a/b/c/"},
	    {"..", "http://a/b/"},
	    {"../", "http://a/b/"},
	    {"../g", "http://a/b/g"},
	    {"../..", "http://a/"},
	    {"../../", "http://a/"},
	    {"../../g", "http://a/g"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		check_resolved(t, "http://a/b/c/d;p?q", rows[i][0], rows[i][1]);
}

static void rfc3986_abnormal(struct unit *t)
{
	static const char *const rows[][2] = {
	    {"../../../g", "http://a/g"}, {"../../../../g", "http://a/g"},
	    {"/./g", "http://a/g"}, {"/../g", "http://a/g"}, {"g.", "http://a/b/c/g."},
	    {".g", "http://a/b/c/.g"}, {"g..", "http://a/b/c/g.."}, {"..g", "http://a/b/c/..g"},
	    {"./../g", "http://a/b/g"}, {"./g/.", "http://a/b/c/g/"},
	    {"g/./h", "http://a/b/c/g/h"}, {"g/../h", "http://a/b/c/h"},
	    {"g;x=1/./y", "http://a/b/c/g;x=1/y"}, {"g;x=1/../y", "http://a/b/c/y"},
	    {"g?y/./x", "http://a/b/c/g?y/./x"}, {"g?y/../x", "http://a/b/c/g?y/../x"},
	    {"g#s/./x", "http://a/b/c/g#s/./x"}, {"g#s/../x", "http://a/b/c/g#s/../x"},
	    {"http:g", "http://a/b/c/g"}, /* the RFC's backward compatible answer */
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		check_resolved(t, "http://a/b/c/d;p?q", rows[i][0], rows[i][1]);
}

static void found(struct unit *t)
{
	check_resolved(t, "http://a/b", " /x y ", "http://a/x%20y");
	check_resolved(t, "http://a:81/b", "/x", "http://a:81/x");
	check_resolved(t, "http://a", "x", "http://a/x");
	check_resolved(t, "http://a?q", "?r", "http://a/?r");
	check_resolved(t, "http://a/b", "\\\\evil/x", "http://evil/x");
	check_resolved(t, "http://a/b", "https://A:443", "https://a/");
	check_resolved(t, "http://[::1]:8080/b", "c", "http://[::1]:8080/c");
	check_resolved(t, "http://a/b", "?a=\xc3\xa4 b", "http://a/b?a=%C3%A4%20b");
	check_resolved(t, "mailto:joe", "/x", "mailto:/x");
	check_resolved(t, "foo:/a", "/b/..//c", "foo:/.//c");
}

static void found_refused(struct unit *t)
{
	static const struct str rows[] = {
	    {"/a\r\nSet-Cookie: x", 17},
	    {"/a\0b", 4},
	    {"http://", 7},
	    {"https:x", 7},
	    {"//", 2},
	    {"//h:99999/", 10},
	};
	struct url base, u;
	struct err err = {0};
	CHECK(url_parse(&base, STR("http://a/b"), NULL, &err));
	for (size_t i = 0; i < COUNT(rows); i++) {
		err_clear(&err);
		if (!CHECK(!url_resolve(&u, &base, rows[i], &err)))
			url_free(&u);
		CHECK_INT(err.kind, ERR_PROTOCOL);
	}
	err_clear(&err);
	CHECK(!url_resolve(&u, NULL, STR("/x"), &err));
	url_free(&base);
}

static void written(struct unit *t)
{
	struct url u, copy;
	struct err err = {0};
	struct buf out = BUF_INIT(LIMIT_URL);
	CHECK(url_parse(&u, STR("http://me:pw@[fe80::1%25lo]:81/p?q#f"), NULL, &err));
	url_copy(&copy, &u);
	CHECK_STR(copy.password, "pw");
	CHECK(url_same_origin(&u, &copy));
	url_put_target(&out, &copy);
	buf_add_byte(&out, ' ');
	url_put_host(&out, &copy);
	buf_add_byte(&out, ' ');
	url_put_authority(&out, &copy);
	buf_add_byte(&out, ' ');
	url_put_page(&out, &copy);
	CHECK_STR(
	    buf_cstr(&out), "/p?q [fe80::1]:81 [fe80::1%25lo]:81 http://[fe80::1%25lo]:81/p?q");
	copy.port = 80;
	CHECK(!url_same_origin(&u, &copy));
	buf_clear(&out);
	url_put_host(&out, &copy);
	CHECK_STR(buf_cstr(&out), "[fe80::1]");
	CHECK(url_scheme_is(&u, "http") && !url_scheme_is(&u, "https"));
	url_free(&copy);
	url_free(&u);
	buf_free(&out);
}

static void percent(struct unit *t)
{
	struct buf out = BUF_INIT(100);
	url_encode(&out, STR("a b/\xc3\0~+"), "/");
	CHECK_STR(buf_cstr(&out), "a%20b/%C3%00~%2B");
	struct buf back = BUF_INIT(100);
	url_decode(&back, buf_str(&out));
	CHECK_SLICE(buf_str(&back), "a b/\xc3\0~+");
	buf_clear(&back);
	url_decode(&back, STR("%%41%4%"));
	CHECK_STR(buf_cstr(&back), "%A%4%");
	buf_free(&back);
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"parts", parts},
	    {"the other tools' URLs", other_tools},
	    {"schemes", schemes},
	    {"repairs", repairs},
	    {"addresses", addresses},
	    {"international names", idn},
	    {"refusals", refusals},
	    {"ceilings", ceilings},
	    {"no password in an error", no_password_shown},
	    {"RFC 3986 5.4.1", rfc3986_normal},
	    {"RFC 3986 5.4.2", rfc3986_abnormal},
	    {"found by following", found},
	    {"found and refused", found_refused},
	    {"writing out", written},
	    {"percent-encoding", percent},
	};
	return unit_run(tests, COUNT(tests));
}
