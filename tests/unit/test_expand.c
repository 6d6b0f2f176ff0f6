/*
 * URL patterns: {a,b}, [1-9], what is refused, and #1 in file names.
 */
#include "cmd/webget/expand.h"

#include "common/base/limits.h"
#include "tests/unit/unit.h"

/* All of it in one line, a blank between. */
static void gives(struct unit *t, const char *pattern, const char *want)
{
	struct err err = {0};
	struct buf url = BUF_INIT(1000), all = BUF_INIT(4000);
	struct expand *e = expand_open(pattern, &err);
	if (!unit_check(t, e, err.text))
		return;
	while (expand_next(e, &url)) {
		if (all.len)
			buf_add_byte(&all, ' ');
		buf_add_str(&all, buf_str(&url));
	}
	unit_check(t, !expand_next(e, &url), "stays at the end");
	unit_check_str(t, buf_str(&all), str_of(want), pattern);
	expand_close(e);
	buf_free(&url);
	buf_free(&all);
}

static void refused(struct unit *t, const char *pattern, const char *column)
{
	struct err err = {0};
	struct expand *e = expand_open(pattern, &err);
	unit_check(t, !e, pattern);
	unit_check_int(t, err.kind, ERR_USAGE, pattern);
	if (!unit_check(t, strstr(err.text, column), pattern))
		unit_check_str(t, str_of(err.text), str_of(column), "text");
	expand_close(e);
}

static void plain(struct unit *t)
{
	gives(HERE(t), "http://h/x?a=b#c", "http://h/x?a=b#c");
	gives(HERE(t), "http://h/a\\[1\\]\\{b\\}\\z", "http://h/a[1]{b}\\z");
	gives(HERE(t), "http://[::1]:80/[1-2]", "http://[::1]:80/1 http://[::1]:80/2");
	gives(HERE(t), "http://[fe80::1%25eth-0]/{a,b}",
	    "http://[fe80::1%25eth-0]/a http://[fe80::1%25eth-0]/b");
	gives(HERE(t), "[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]");
	struct buf url = BUF_INIT(100);
	struct expand *e = expand_open_plain("h/[1-2]{x");
	CHECK(expand_next(e, &url));
	CHECK_STR(buf_cstr(&url), "h/[1-2]{x");
	CHECK(!expand_next(e, &url));
	expand_close(e);
	buf_free(&url);
}

static void sets(struct unit *t)
{
	gives(HERE(t), "{a,b,c}", "a b c");
	gives(HERE(t), "x{a}y", "xay");
	gives(HERE(t), "x{a,}y", "xay xy");
	gives(HERE(t), "{a\\,b,\\}}", "a,b }");
	gives(HERE(t), "{a,b}{1,2}", "a1 a2 b1 b2");
	refused(HERE(t), "h/{}", "column 4");
	refused(HERE(t), "h/{a,b", "column 3");
	refused(HERE(t), "h/{a,{b}}", "column 6");
	refused(HERE(t), "h/a}", "column 4");
	refused(HERE(t), "h/a]", "column 4");
	refused(HERE(t), "{a\\", "column 1");
}

static void ranges(struct unit *t)
{
	gives(HERE(t), "[1-3]", "1 2 3");
	gives(HERE(t), "[8-11]", "8 9 10 11");
	gives(HERE(t), "[008-11]", "008 009 010 011");
	gives(HERE(t), "[0-10:5]", "0 5 10");
	gives(HERE(t), "[1-10:4]", "1 5 9");
	gives(HERE(t), "[5-5]", "5");
	gives(HERE(t), "[a-e:2]", "a c e");
	gives(HERE(t), "[A-C]", "A B C");
	gives(HERE(t), "[18446744073709551614-18446744073709551615]",
	    "18446744073709551614 18446744073709551615");
	gives(HERE(t), "{x,y}[1-2]z", "x1z x2z y1z y2z");
	refused(HERE(t), "a[1-", "column 2");
	refused(HERE(t), "a[]", "column 2");
	refused(HERE(t), "a[1]", "column 2");
	refused(HERE(t), "a[3-1]", "column 2");
	refused(HERE(t), "a[c-a]", "column 2");
	refused(HERE(t), "a[A-z]", "column 2");
	refused(HERE(t), "a[a-5]", "column 2");
	refused(HERE(t), "a[1-5:0]", "column 2");
	refused(HERE(t), "a[1-5:]", "column 2");
	refused(HERE(t), "a[1-5:x]", "column 2");
	refused(HERE(t), "a[-1-5]", "column 2");
	refused(HERE(t), "a[1-99999999999999999999]", "column 2");
}

static void ceiling(struct unit *t)
{
	struct err err = {0};
	struct expand *e = expand_open("[1-1000][1-1000]", &err);
	CHECK(e && expand_count(e) == LIMIT_EXPAND);
	expand_close(e);
	refused(HERE(t), "[1-1000][1-1001]", "column 9");
	refused(HERE(t), "[0-18446744073709551615]", "column 1");
	struct buf small = BUF_INIT(3);
	e = expand_open("abc{d,e}", &err);
	CHECK(!expand_next(e, &small) && small.over);
	expand_close(e);
	buf_free(&small);
}

static void output(struct unit *t)
{
	struct err err = {0};
	struct buf url = BUF_INIT(100), name = BUF_INIT(100);
	struct expand *e = expand_open("http://h/{a,b/c}/[08-10]", &err);
	for (int i = 0; i < 5; i++)
		CHECK(expand_next(e, &url));
	CHECK_STR(buf_cstr(&url), "http://h/b/c/09");
	CHECK(expand_output(e, "d/#1-#2.#3#0#x#", &name));
	CHECK_STR(buf_cstr(&name), "d/b_c-09.#3#0#x#");
	buf_clear(&name);
	CHECK(expand_output(e, "#99999999999999999999", &name));
	CHECK_STR(buf_cstr(&name), "#99999999999999999999");
	expand_close(e);
	buf_free(&url);
	buf_free(&name);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"text, escapes, addresses", plain},
	    {"sets", sets},
	    {"ranges", ranges},
	    {"the ceiling", ceiling},
	    {"#1 in names", output},
	};
	return unit_run(tests, COUNT(tests));
}
