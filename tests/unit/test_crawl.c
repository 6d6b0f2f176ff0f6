/*
 * The pure parts of a crawl: names for files, robots.txt, numbered strings, the
 * frontier's order, how far it goes.
 */
#include <stdlib.h>

#include "cmd/webget/frontier.h"
#include "cmd/webget/localname.h"
#include "cmd/webget/scope.h"
#include "common/base/limits.h"
#include "tests/unit/unit.h"

static struct url url_of(const char *text)
{
	struct url u;
	struct err err = {0};
	url_parse(&u, str_of(text), "http", &err);
	return u;
}

/* ---- names of files ---- */

static const struct {
	const char *url, *path;
} paths[] = {
    {"http://a.example/", "a.example/index.html"},
    {"http://a.example:8080/d/", "a.example:8080/d/index.html"},
    {"https://a.example:443/x", "a.example/x"},
    {"http://a.example/d/f.html?x=1&y=/2", "a.example/d/f.html?x=1&y=%2F2"},
    {"http://a.example/?", "a.example/index.html?"},
    {"http://a.example//x///y", "a.example/x/y"},
    {"http://a.example/%2e%2e/%2E./x", "a.example/x"},
    {"http://a.example/..%2f..%2fetc/passwd", "a.example/%2E.%2F..%2Fetc/passwd"},
    {"http://a.example/a%5cb%00c%0a", "a.example/a%5Cb%00c%0A"},
    {"http://a.example/.ssh/-rf", "a.example/%2Essh/%2Drf"},
    {"http://a.example/x?.y", "a.example/x?.y"},
    {"http://a.example/a%20b%41%25", "a.example/a bA%25"},
    {"http://a.example/%c3%a4%ff", "a.example/\xc3\xa4%FF"},
    {"http://a.example/%e2%80%aex", "a.example/%E2%80%AEx"},
    {"http://[::1]:8/x", "::1:8/x"},
};

static void local_names(struct unit *t)
{
	struct localname_style plain = {0}, bare = {.no_host = true, .cut_dirs = 2};
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct url u = url_of(paths[i].url);
		struct buf out = BUF_INIT(LIMIT_URL);
		CHECK(localname_put(&out, &u, &plain));
		CHECK_STR(buf_cstr(&out), paths[i].path);
		buf_free(&out);
		url_free(&u);
	}
	struct url u = url_of("http://a.example/b/c/d/e.png");
	struct buf out = BUF_INIT(LIMIT_URL);
	CHECK(localname_put(&out, &u, &bare));
	CHECK_STR(buf_cstr(&out), "d/e.png");
	buf_free(&out);
	url_free(&u);
}

static void long_names(struct unit *t)
{
	struct buf text = BUF_INIT(LIMIT_URL), a = BUF_INIT(LIMIT_URL), b = BUF_INIT(LIMIT_URL);
	struct localname_style bare = {.no_host = true};
	buf_add_text(&text, "http://a.example/");
	for (int i = 0; i < 300; i++)
		buf_add_byte(&text, 'x');
	size_t stem = text.len;
	buf_add_text(&text, "1.css");
	struct url u = url_of(buf_cstr(&text));
	CHECK(localname_put(&a, &u, &bare));
	CHECK(a.len <= LOCALNAME_MOST && str_ends_nocase(buf_str(&a), ".css"));
	url_free(&u);
	buf_truncate(&text, stem);
	buf_add_text(&text, "2.css");
	u = url_of(buf_cstr(&text));
	CHECK(localname_put(&b, &u, &bare));
	CHECK(b.len <= LOCALNAME_MOST && !str_eq(buf_str(&a), buf_str(&b)));
	url_free(&u);
	buf_truncate(&text, stem);
	for (int i = 0; i < 1000; i++)
		buf_add_text(&text, "/yyyyyyyyy");
	u = url_of(buf_cstr(&text));
	CHECK(!localname_put(&b, &u, &bare));
	url_free(&u);
	buf_free(&text);
	buf_free(&a);
	buf_free(&b);
}

static void check_reference(
    struct unit *t, const char *from, const char *to, const char *reference)
{
	struct buf out = BUF_INIT(LIMIT_URL);
	localname_put_reference(&out, str_of(from), str_of(to));
	CHECK_STR(buf_cstr(&out), reference);
	buf_free(&out);
}

static void references(struct unit *t)
{
	check_reference(t, "h/a.html", "h/b.html", "b.html");
	check_reference(t, "h/a/x.html", "h/b/y?z#.html", "../b/y%3Fz%23.html");
	check_reference(t, "h/x.html", "h:8/x.html", "../h%3A8/x.html");
	check_reference(t, "h/ab/x", "h/ac/x", "../ac/x");
	check_reference(t, "x", "a/b c", "a/b%20c");
	struct buf out = BUF_INIT(LIMIT_URL);
	localname_vary(&out, STR("a.d/b.css"), STR("seed"));
	CHECK(str_starts(buf_str(&out), "a.d/b~") && str_ends_nocase(buf_str(&out), ".css"));
	buf_free(&out);
	CHECK_STR(localname_extension(STR("a/b"), STR("text/html; charset=x")), ".html");
	CHECK_STR(localname_extension(STR("a/b.htm"), STR("text/html")), NULL);
	CHECK_STR(localname_extension(STR("a.css?v"), STR("TEXT/CSS")), ".css");
	CHECK_STR(localname_extension(STR("a.png"), STR("image/png")), NULL);
}

/* ---- robots.txt ---- */

static const struct {
	const char *file, *target;
	bool allowed;
} robots[] = {
    {"", "/x", true},
    {"User-agent: *\nDisallow: /", "/x", false},
    {"User-agent: *\nDisallow:", "/x", true},
    {"User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true},
    {"User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c", false},
    {"User-agent: *\nAllow: /p\nDisallow: /p", "/p", true},
    {"User-agent: *\nDisallow: /p\nAllow: /p", "/p", true},
    {"User-agent: *\nDisallow: /*.gif$", "/x/y.gif", false},
    {"User-agent: *\nDisallow: /*.gif$", "/x/y.gif?z", true},
    {"User-agent: *\nDisallow: /a*c*e", "/abcde", false},
    {"User-agent: *\nDisallow: /a*c*e$", "/abcdef", true},
    {"User-agent: *\nDisallow: *x", "/abx", false},
    {"User-agent: webget\nDisallow: /w\n\nUser-agent: *\nDisallow: /", "/x", true},
    {"User-agent: *\nDisallow: /\n\nUser-agent: WebGet/2 (x)\nDisallow: /w", "/w", false},
    {"User-agent: *\nDisallow: /\n\nUser-agent: webget\nDisallow: /w", "/x", true},
    {"User-agent: a\nUser-agent: webget\nDisallow: /w", "/w", false},
    {"User-agent: webget\nDisallow: /1\nUser-agent: b\nDisallow: /2\nUser-agent: "
     "webget\nDisallow: /3",
	"/3", false},
    {"User-agent: webgetter\nDisallow: /", "/x", true},
    {"Disallow: /", "/x", true},
    {"\xef\xbb\xbfuser-AGENT : * # all\r\rDISALLOW : /x # it", "/x", false},
    {"User-agent: *\nDisallow: /%7Eada", "/~ada/", false},
    {"User-agent: *\nDisallow: /~ada", "/%7eada/", false},
    {"User-agent: *\nDisallow: /\xc3\xa4", "/%c3%a4", false},
    {"User-agent: *\nDisallow: /a%2fb", "/a/b", true},
    {"User-agent: *\nCrawl-delay: 5\nSitemap: x\nnonsense\nDisallow: /x", "/x", false},
};

static void robots_txt(struct unit *t)
{
	for (size_t i = 0; i < COUNT(robots); i++) {
		struct robots *r = robots_read(str_of(robots[i].file), STR("webget"));
		if (!CHECK(robots_allow(r, str_of(robots[i].target)) == robots[i].allowed))
			unit_check_str(
			    t, str_of(robots[i].file), str_of(robots[i].target), "robots");
		robots_free(r);
	}
	struct robots *none = robots_forbid_all();
	CHECK(!robots_allow(none, STR("/x")));
	robots_free(none);
}

/* ---- strings, queues ---- */

static void numbers(struct unit *t)
{
	struct names n;
	names_init(&n, 50000);
	bool is_new;
	char text[20];
	for (uint32_t i = 0; i < 5000; i++) {
		int len = snprintf(text, sizeof text, "name %u", i);
		CHECK(names_add(&n, (struct str){text, (size_t)len}, &is_new) == i && is_new);
	}
	CHECK(names_add(&n, STR("name 77"), &is_new) == 77 && !is_new);
	CHECK_INT(names_find(&n, STR("name 4999")), 4999);
	CHECK_INT(names_find(&n, STR("name")), NAMES_NONE);
	CHECK_SLICE(names_get(&n, 4999), "name 4999");
	struct buf big = BUF_INIT(KIB * KIB);
	for (int i = 0; i < 10000; i++)
		buf_add_byte(&big, 'x');
	CHECK_INT(names_add(&n, buf_str(&big), &is_new), NAMES_NONE);
	buf_free(&big);
	names_free(&n);
}

static uint32_t queue(
    struct frontier *f, const char *origin, const char *path, int level, bool needed)
{
	struct buf url = BUF_INIT(KIB);
	bool is_new;
	buf_addf(&url, "%s%s", origin, path);
	uint32_t i = frontier_see(f, buf_str(&url), &is_new);
	f->items[i].origin = frontier_origin(f, str_of(origin), ORIGIN_OPEN);
	f->items[i].level = (uint16_t)level;
	f->items[i].flags = needed ? ITEM_NEEDED : 0;
	frontier_queue(f, i);
	buf_free(&url);
	return i;
}

static void order(struct unit *t)
{
	struct frontier f;
	frontier_init(&f);
	uint32_t a1 = queue(&f, "a", "/1", 1, false), b1 = queue(&f, "b", "/1", 1, false);
	uint32_t a2 = queue(&f, "a", "/2", 1, false), deep = queue(&f, "a", "/3", 2, false);
	uint32_t image = queue(&f, "a", "/i", 0, true);
	CHECK_INT(frontier_next(&f), image);
	CHECK_INT(frontier_next(&f), a1);
	CHECK_INT(frontier_next(&f), a2);
	CHECK_INT(frontier_next(&f), b1);
	CHECK_INT(frontier_next(&f), deep);
	CHECK_INT(frontier_next(&f), NAMES_NONE);
	uint32_t shut = frontier_origin(&f, STR("c"), ORIGIN_UNKNOWN);
	uint32_t c1 = queue(&f, "c", "/1", 1, false);
	CHECK_INT(frontier_next(&f), NAMES_NONE);
	CHECK_INT(frontier_wanted(&f), shut);
	CHECK_INT(frontier_wanted(&f), NAMES_NONE);
	frontier_open_origin(&f, shut, NULL);
	CHECK_INT(frontier_next(&f), c1);
	frontier_free(&f);
}

/* ---- how far ---- */

static void check_scope(
    struct unit *t, const struct scope *s, const char *url, int level, enum verdict verdict)
{
	struct url u = url_of(url);
	CHECK_INT(scope_judge(s, &u, level), verdict);
	url_free(&u);
}

static void scopes(struct unit *t)
{
	struct webget_options o = {.recursive = true, .level = 3, .parent = true};
	struct scope s = {.o = &o};
	struct url start = url_of("http://a.example/d/x.html");
	scope_add_start(&s, &start);
	scope_add_start(&s, &start);
	CHECK_INT(s.count, 1);
	check_scope(t, &s, "http://a.example/y", 3, VERDICT_YES);
	check_scope(t, &s, "http://a.example/y", 4, VERDICT_NO);
	check_scope(t, &s, "http://b.example/y", 1, VERDICT_NO);
	check_scope(t, &s, "http://a.example.b.example/y", 1, VERDICT_NO);
	o.parent = false;
	check_scope(t, &s, "http://a.example/y", 1, VERDICT_NO);
	check_scope(t, &s, "https://a.example/d/e/y", 1, VERDICT_YES);
	check_scope(t, &s, "http://a.example/d", 1, VERDICT_NO);
	o.span_hosts = true;
	check_scope(t, &s, "http://b.example/y", 1, VERDICT_YES);
	list_add(&o.accept, "accept", "JPG, [a-c]*.png");
	check_scope(t, &s, "http://b.example/y.jpg", 1, VERDICT_YES);
	check_scope(t, &s, "http://b.example/b1.png", 1, VERDICT_YES);
	check_scope(t, &s, "http://b.example/d.png", 1, VERDICT_NO);
	check_scope(t, &s, "http://b.example/d.html", 1, VERDICT_LINKS_ONLY);
	check_scope(t, &s, "http://b.example/d.html", 3, VERDICT_NO);
	list_add(&o.reject, "reject", "b1*");
	check_scope(t, &s, "http://b.example/b1.png", 1, VERDICT_NO);
	list_free(&o.accept);
	list_free(&o.reject);
	/* A directory's file is index.html, whatever is asked behind it. */
	list_add(&o.accept, "accept", "html");
	check_scope(t, &s, "http://b.example/sub/", 3, VERDICT_YES);
	check_scope(t, &s, "http://b.example/?sort=jpg", 3, VERDICT_YES);
	list_add(&o.reject, "reject", "index.*");
	check_scope(t, &s, "http://b.example/sub/", 2, VERDICT_LINKS_ONLY);
	check_scope(t, &s, "http://b.example/sub/", 3, VERDICT_NO);
	check_scope(t, &s, "http://b.example/sub/x.html", 3, VERDICT_YES);
	list_free(&o.accept);
	list_free(&o.reject);
	url_free(&start);
	scope_free(&s);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"names of files", local_names},
	    {"long ones", long_names},
	    {"references between them", references},
	    {"robots.txt", robots_txt},
	    {"numbered strings", numbers},
	    {"the order", order},
	    {"how far", scopes},
	};
	return unit_run(tests, COUNT(tests));
}
