/*
 * The JSON writer.
 */
#include <math.h>

#include "common/text/json.h"
#include "tests/unit/unit.h"

static void check_str(struct unit *t, struct str s, const char *want)
{
	struct buf out = BUF_INIT(1000);
	json_put_str(&out, s);
	CHECK_STR(buf_cstr(&out), want);
	buf_free(&out);
}

static void strings(struct unit *t)
{
	check_str(t, STR(""), "\"\"");
	check_str(t, STR("a\"b\\c/"), "\"a\\\"b\\\\c/\"");
	check_str(t, STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	check_str(t, STR("\0\x1b\x7f"), "\"\\u0000\\u001b\\u007f\"");
	check_str(t, STR("\xc3\xa4\xf0\x9f\x98\x80"), "\"\xc3\xa4\xf0\x9f\x98\x80\"");
	check_str(t, STR("a\xff\xc3"), "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
	check_str(t, STR("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	check_str(t, STR("\xc0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	check_str(
	    t, STR("\xf4\x90\x80\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void objects(struct unit *t)
{
	struct buf out = BUF_INIT(1000);
	json_open(&out);
	json_key_double(&out, "t", 0.0525, 3);
	json_key_int(&out, "n", -9223372036854775807 - 1);
	json_key_str(&out, "s", STR("{[:"));
	json_key_text(&out, "none", NULL);
	json_key_bool(&out, "yes", true);
	json_key_double(&out, "nan", NAN, 1);
	json_key_open(&out, "in");
	json_key_text(&out, "a", "b");
	json_close(&out);
	json_key_array(&out, "list");
	json_item_int(&out, 1);
	json_item_str(&out, STR("two"));
	json_open(&out);
	json_close(&out);
	json_close_array(&out);
	json_key_open(&out, "empty");
	json_close(&out);
	json_close(&out);
	buf_add_byte(&out, '\n');
	json_open(&out);
	json_close(&out);
	CHECK_STR(buf_cstr(&out),
	    "{\"t\":0.052,\"n\":-9223372036854775808,\"s\":\"{[:\",\"none\":null,\"yes\":true,"
	    "\"nan\":null,\"in\":{\"a\":\"b\"},\"list\":[1,\"two\",{}],\"empty\":{}}\n{}");
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"strings", strings},
	    {"objects", objects},
	};
	return unit_run(tests, COUNT(tests));
}
