/*
 * Header fields: lists, parameters, quoted strings, RFC 8187.
 */
#include "common/base/limits.h"
#include "common/text/field.h"
#include "tests/unit/unit.h"

static void list(struct unit *t)
{
	struct fields list = {0};
	struct buf all = BUF_INIT(100);
	fields_add(&list, STR("Set-Cookie"), STR("a=1"));
	fields_add(&list, STR("Via"), STR("x"));
	fields_add(&list, STR("VIA"), STR("y, Z;q=1"));
	CHECK_SLICE(fields_value(&list, "set-cookie"), "a=1");
	CHECK_INT(fields_count(&list, "via"), 2);
	const struct field *f = fields_find(&list, "via");
	CHECK_SLICE(f->value, "x");
	f = fields_next(&list, f);
	CHECK_SLICE(f->value, "y, Z;q=1");
	CHECK(!fields_next(&list, f));
	CHECK(fields_combine(&list, "Via", &all));
	CHECK_STR(buf_cstr(&all), "x, y, Z;q=1");
	CHECK(!fields_combine(&list, "None", &all) && !fields_find(&list, "None"));
	CHECK_INT(fields_value(&list, "None").len, 0);
	CHECK(fields_has_token(&list, "via", "z") && !fields_has_token(&list, "via", "q=1"));
	fields_free(&list);
	buf_free(&all);
}

static void ceiling(struct unit *t)
{
	struct fields list = {0};
	for (int i = 0; i < LIMIT_HEAD_FIELDS; i++)
		if (!CHECK(fields_add(&list, STR("a"), STR("b"))))
			break;
	CHECK(!fields_add(&list, STR("a"), STR("b")));
	CHECK_INT(list.count, LIMIT_HEAD_FIELDS);
	fields_free(&list);
}

static void lines(struct unit *t)
{
	struct field f;
	CHECK(field_parse(STR("Host:  a b \t"), &f));
	CHECK_SLICE(f.name, "Host");
	CHECK_SLICE(f.value, "a b");
	CHECK(field_parse(STR("X:"), &f) && f.value.len == 0);
	CHECK(field_parse(STR("X: a:b"), &f));
	CHECK_SLICE(f.value, "a:b");
	CHECK(!field_parse(STR("Host : a"), &f));
	CHECK(!field_parse(STR(": a"), &f));
	CHECK(!field_parse(STR("Host"), &f));
	CHECK(!field_parse(STR(" Host: a"), &f));
	CHECK(!field_parse(STR("A B: c"), &f));
	CHECK(!field_parse(STR("A: b\r\nC: d"), &f));
	CHECK(!field_parse(STR("A: b\0"), &f));
	CHECK(!field_parse(STR("\xc3\xa4: b"), &f));
}

static void tokens(struct unit *t)
{
	CHECK(field_is_token(STR("a-Z0!#$%&'*+.^_`|~")));
	CHECK(!field_is_token(STR("")) && !field_is_token(STR("a/b")) &&
	      !field_is_token(STR("a\0")) && !field_is_token(STR("a b")));
	CHECK(field_is_value(STR("a\tb \xff")) && field_is_value(STR("")));
	CHECK(!field_is_value(STR("a\n")) && !field_is_value(STR("\x7f")) &&
	      !field_is_value(STR("\0")));
}

static void elements(struct unit *t)
{
	struct str rest = STR(", a ,, \"b, \\\", c\" ;x=\",\",d,");
	struct str e;
	CHECK(field_list_next(&rest, &e));
	CHECK_SLICE(e, "a");
	CHECK(field_list_next(&rest, &e));
	CHECK_SLICE(e, "\"b, \\\", c\" ;x=\",\"");
	CHECK(field_list_next(&rest, &e));
	CHECK_SLICE(e, "d");
	CHECK(!field_list_next(&rest, &e));
	rest = STR("\"open, a\\");
	CHECK(field_list_next(&rest, &e));
	CHECK_SLICE(e, "\"open, a\\");
	CHECK(!field_list_next(&rest, &e));
}

static void check_param(struct unit *t, const char *params, const char *want)
{
	struct buf out = BUF_INIT(1000);
	bool found = field_param_get(str_of(params), "filename", &out);
	CHECK_STR(found ? buf_cstr(&out) : NULL, want);
	buf_free(&out);
}

static void params(struct unit *t)
{
	struct str rest;
	CHECK_SLICE(field_main(STR("text/html ; charset=\"utf-8\""), &rest), "text/html");
	struct field_param p;
	CHECK(field_param_next(&rest, &p));
	CHECK_SLICE(p.name, "charset");
	CHECK_SLICE(p.value, "\"utf-8\"");
	CHECK(!field_param_next(&rest, &p));
	check_param(t, "a=b; FileName=\"x;\\\"y\\\\\"", "x;\"y\\");
	check_param(t, "filename = plain ; filename=two", "plain");
	check_param(t, "filename=a; filename*=UTF-8''%e2%82%ac", "\xe2\x82\xac");
	check_param(t, "filename*=iso-8859-1'en'%a3x", "\xc2\xa3x");
	check_param(t, "filename*=UTF-8''%ff; filename=a", "a");
	check_param(t, "filename*=KOI8-R''%c1; filename=a", "a");
	check_param(t, "filename*=broken", NULL);
	check_param(t, "filename", "");
	check_param(t, ";;=;x;", NULL);
	check_param(t, "", NULL);
}

static void quoting(struct unit *t)
{
	struct buf out = BUF_INIT(100);
	field_put_quoted(&out, STR("a\"b\\c"));
	CHECK_STR(buf_cstr(&out), "\"a\\\"b\\\\c\"");
	struct buf back = BUF_INIT(100);
	field_unquote(buf_str(&out), &back);
	CHECK_STR(buf_cstr(&back), "a\"b\\c");
	buf_free(&back);
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"the list", list},
	    {"its ceiling", ceiling},
	    {"lines", lines},
	    {"tokens and values", tokens},
	    {"elements of comma lists", elements},
	    {"parameters", params},
	    {"quoting", quoting},
	};
	return unit_run(tests, COUNT(tests));
}
