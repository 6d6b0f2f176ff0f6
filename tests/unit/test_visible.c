/*
 * Strangers' bytes made visible, and back; UTF-8 itself.
 */
#include "common/text/utf8.h"
#include "common/text/visible.h"
#include "tests/unit/unit.h"

static void check_put(struct unit *t, struct str bytes, const char *want)
{
	struct buf out = BUF_INIT(1000), back = BUF_INIT(1000);
	visible_put(&out, bytes);
	CHECK_STR(buf_cstr(&out), want);
	CHECK(visible_parse(&back, buf_str(&out)));
	unit_check_str(t, buf_str(&back), bytes, "visible_parse");
	buf_free(&out);
	buf_free(&back);
}

static void notation(struct unit *t)
{
	check_put(t, STR("250 OK\tthen \xc3\xa4"), "250 OK\tthen \xc3\xa4");
	check_put(t, STR("a\\b\\"), "a\\\\b\\\\");
	check_put(t, STR("\0\r\n\x1b[2J\x7f"), "\\x00\\x0d\\x0a\\x1b[2J\\x7f");
	check_put(t, STR("\x9b\xff\xc3"), "\\x9b\\xff\\xc3");
	check_put(t, STR("\xc2\x9b\xc2\xa0"), "\\xc2\\x9b\xc2\xa0");
	check_put(t,
	    STR("\xe2\x80\xae"
		"x\xe2\x81\xa6"),
	    "\\xe2\\x80\\xaex\\xe2\\x81\\xa6");
	check_put(t, STR("\\x41"), "\\\\x41");
	check_put(t, STR(""), "");
}

static void every_pair(struct unit *t)
{
	struct buf out = BUF_INIT(100), back = BUF_INIT(100);
	for (int i = 0; i < 65536; i++) {
		char pair[2] = {(char)(i >> 8), (char)i};
		buf_clear(&out);
		buf_clear(&back);
		visible_put(&out, (struct str){pair, 2});
		if (!CHECK(utf8_is_valid(buf_str(&out)) &&
			   visible_parse(&back, buf_str(&out)) &&
			   str_eq(buf_str(&back), (struct str){pair, 2})))
			break;
	}
	buf_free(&out);
	buf_free(&back);
}

static void malformed(struct unit *t)
{
	struct buf out = BUF_INIT(100);
	buf_add_text(&out, "kept");
	CHECK(!visible_parse(&out, STR("a\\")) && !visible_parse(&out, STR("a\\n")) &&
	      !visible_parse(&out, STR("\\x4")) && !visible_parse(&out, STR("\\x4g")) &&
	      !visible_parse(&out, STR("ok\\x")));
	CHECK_STR(buf_cstr(&out), "kept");
	CHECK(visible_parse(&out, STR("\\x0A\\\\")));
	CHECK_STR(buf_cstr(&out), "kept\n\\");
	buf_free(&out);
}

static void for_terminals(struct unit *t)
{
	struct buf out = BUF_INIT(100);
	visible_put_text(&out, STR("a\\b\tc\n\x1b\0"), "\t\n");
	CHECK_STR(buf_cstr(&out), "a\\b\tc\n\\x1b\\x00");
	buf_clear(&out);
	visible_put_text(&out, STR("a\tb\n"), "");
	CHECK_STR(buf_cstr(&out), "a\\x09b\\x0a");
	buf_free(&out);
}

/* In pieces of any size it says what it says of the whole. */
static void utf8_in_pieces(struct unit *t)
{
	static const char *const texts[] = {"", "abc", "gr\xc3\xbc\xc3\x9f", "\xe4\xb8\x96x",
	    "\xf0\x9f\x8c\x8d", "\xc3", "a\xe4\xb8", "\xf0\x9f\x8c", "\xff", "\xc3(",
	    "\xe4\xb8x", "\xc0\x80", "\xed\xa0\x80", "ab\xf0\x9f\x8c\x8d\xff\xff\xff\xff\xff",
	    "\x80\x80\x80\x80\x80"};
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t step = 1; step < 7; step++) {
			struct utf8_checker c = {0};
			struct str text = str_of(texts[i]);
			for (size_t at = 0; at < text.len; at += step)
				utf8_check(&c, str_sub(text, at, step));
			CHECK_INT(utf8_check_end(&c), utf8_is_valid(text));
		}
}

static void utf8(struct unit *t)
{
	struct buf out = BUF_INIT(8);
	for (uint32_t code = 0; code <= 0x110000; code++) {
		uint32_t back = 0;
		buf_clear(&out);
		utf8_put(&out, code);
		bool valid = code < 0xd800 || (code > 0xdfff && code < 0x110000);
		if (!CHECK(utf8_next(buf_str(&out), &back) == out.len) ||
		    !CHECK_INT(back, valid ? code : 0xfffd))
			break;
	}
	CHECK(!utf8_is_valid(STR("\xe0\x80\x80")) && !utf8_is_valid(STR("\xf5\x80\x80\x80")));
	CHECK(!utf8_is_valid(STR("\x80")) && !utf8_is_valid(STR("\xe2\x82")));
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"the notation, there and back", notation},
	    {"every pair of bytes", every_pair},
	    {"malformed", malformed},
	    {"for terminals", for_terminals},
	    {"UTF-8", utf8},
	    {"UTF-8 in pieces", utf8_in_pieces},
	};
	return unit_run(tests, COUNT(tests));
}
