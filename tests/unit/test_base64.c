/*
 * Base64 and hexadecimal digits: RFC 4648's vectors, and what is neither.
 */
#include "common/text/base64.h"
#include "common/text/hex.h"
#include "tests/unit/unit.h"

static void vectors(struct unit *t)
{
	static const char *const rows[][2] = {
	    {"", ""},
	    {"f", "Zg=="},
	    {"fo", "Zm8="},
	    {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"},
	    {"\xff\xfe\xfd\xfb\xef\xbf", "//79+++/"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf out = BUF_INIT(100), back = BUF_INIT(100);
		CHECK(base64_encode(&out, str_of(rows[i][0])));
		CHECK_STR(buf_cstr(&out), rows[i][1]);
		CHECK(base64_decode(&back, str_of(rows[i][1])));
		CHECK_STR(buf_cstr(&back), rows[i][0]);
		buf_free(&out);
		buf_free(&back);
	}
}

static void refused(struct unit *t)
{
	static const struct str rows[] = {{"Zg", 2}, {"Zg=", 3}, {"Zg===", 5}, {"Zh==", 4},
	    {"Zm9=", 4}, {"Z===", 4}, {"====", 4}, {"Zg==Zg==", 8}, {"Zm9v\n", 5}, {"Zm 9v", 5},
	    {"Zm9-", 4}, {"Zm9\0", 4}, {"\xff\xff\xff\xff", 4}};
	struct buf out = BUF_INIT(100);
	buf_add_text(&out, "kept");
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!CHECK(!base64_decode(&out, rows[i])))
			unit_check_str(t, rows[i], STR("refused"), "text");
	CHECK_STR(buf_cstr(&out), "kept");
	buf_free(&out);
}

static void lines(struct unit *t)
{
	struct buf out = BUF_INIT(100);
	CHECK(base64_encode_lines(&out, STR("foobarfoobarx"), 8));
	CHECK_STR(buf_cstr(&out), "Zm9vYmFy\r\nZm9vYmFy\r\neA==\r\n");
	buf_clear(&out);
	CHECK(base64_encode_lines(&out, STR("foobar"), 8));
	CHECK_STR(buf_cstr(&out), "Zm9vYmFy\r\n");
	buf_free(&out);
}

static void ceiling(struct unit *t)
{
	struct buf out = BUF_INIT(7);
	CHECK(!base64_encode(&out, STR("foob")) && out.over && out.len == 0);
	CHECK(base64_encode(&out, STR("foo")));
	buf_free(&out);
}

static void hex(struct unit *t)
{
	struct buf out = BUF_INIT(10);
	CHECK(hex_encode(&out, STR("\0\x0f\xa5")));
	CHECK_STR(buf_cstr(&out), "000fa5");
	struct buf back = BUF_INIT(10);
	CHECK(hex_decode(&back, STR("000FA5")));
	CHECK_SLICE(buf_str(&back), "\0\x0f\xa5");
	CHECK(!hex_decode(&back, STR("0")) && !hex_decode(&back, STR("0g")));
	CHECK_INT(back.len, 3);
	CHECK(!hex_encode(&out, STR("abc")) && out.len == 6);
	buf_free(&out);
	buf_free(&back);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"vectors", vectors},
	    {"refused", refused},
	    {"lines", lines},
	    {"ceiling", ceiling},
	    {"hexadecimal", hex},
	};
	return unit_run(tests, COUNT(tests));
}
