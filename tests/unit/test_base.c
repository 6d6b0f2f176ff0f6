/*
 * The base: slices, buffers, errors, deadlines.
 */
#include <errno.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/err.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "tests/unit/unit.h"

static void slices(struct unit *t)
{
	struct str rest = STR("a,,b"), head;
	CHECK(str_cut(&rest, ',', &head));
	CHECK_SLICE(head, "a");
	CHECK(str_cut(&rest, ',', &head) && head.len == 0);
	CHECK(str_cut(&rest, ',', &head));
	CHECK_SLICE(head, "b");
	CHECK(!str_cut(&rest, ',', &head));
	CHECK_SLICE(str_trim(STR(" \t a b\r\n")), "a b");
	CHECK_SLICE(str_sub(STR("abc"), 1, 99), "bc");
	CHECK_INT(str_sub(STR("abc"), 9, 1).len, 0);
	CHECK_INT(str_find(STR("abc"), 'x'), 3);
	CHECK_INT(str_find_str(STR("a\r\n\r\nb"), STR("\r\n\r\n")), 1);
	CHECK(str_is_nocase(STR("HeLLo"), "hello") && !str_is(STR("HeLLo"), "hello"));
	CHECK(str_starts(STR("abc"), "ab") && !str_starts(STR("a"), "ab"));
	CHECK(str_ends_nocase(STR("a.HTML"), ".html") && !str_ends_nocase(STR("l"), "html"));
	CHECK(!str_is_one_line(STR("a\rb")) && !str_is_one_line(STR("a\0")) &&
	      str_is_one_line(STR("a\tb")));
	CHECK(str_eq(STR_NONE, STR("")) && str_of(NULL).len == 0);
	CHECK_INT(char_hex('f') + char_hex('F') + char_hex('9') + char_hex('g'), 38);
}

static void buffers(struct unit *t)
{
	struct buf b = BUF_INIT(8);
	CHECK_STR(buf_cstr(&b), "");
	CHECK(buf_addf(&b, "%d-%s", 12, "ab") && buf_add_byte(&b, '!'));
	CHECK_STR(buf_cstr(&b), "12-ab!");
	CHECK(!buf_add_text(&b, "xyz") && b.over);
	CHECK_STR(buf_cstr(&b), "12-ab!");
	CHECK(buf_add_text(&b, "xy") && b.len == 8);
	buf_drop(&b, 3);
	CHECK_STR(buf_cstr(&b), "ab!xy");
	buf_truncate(&b, 2);
	CHECK_STR(buf_cstr(&b), "ab");
	buf_drop(&b, 99);
	CHECK_INT(b.len, 0);
	CHECK(!buf_reserve(&b, 9) && !buf_reserve(&b, SIZE_MAX));
	buf_clear(&b);
	CHECK(!b.over);
	char *text = buf_steal(&b);
	CHECK_STR(text, "");
	free(text);
	buf_add_text(&b, "secret");
	buf_free_secret(&b);
	CHECK(!b.ptr && b.max == 8);
}

/* What does not fit is not there, neither one byte nor the beginning of a formatted text. */
static void ceilings(struct unit *t)
{
	struct buf b = BUF_INIT(3), large = BUF_INIT(1000);
	CHECK(buf_add_byte(&b, 'a') && buf_add_byte(&b, 'b') && !buf_addf(&b, "%s", "cd"));
	CHECK_STR(buf_cstr(&b), "ab");
	CHECK(buf_add_byte(&b, 'c') && !buf_add_byte(&b, 'd') && b.over);
	CHECK_STR(buf_cstr(&b), "abc");
	CHECK(buf_addf(&b, "%s", "") && b.len == 3);
	buf_free(&b);
	CHECK(buf_addf(&large, "%0200d", 7) && large.len == 200);
	CHECK(buf_addf(&large, "%0700d", 7) && large.len == 900 && !large.over);
	CHECK(!buf_addf(&large, "%0101d", 7) && large.len == 900 && large.over);
	CHECK_INT(large.ptr[900], 0);
	buf_free(&large);
}

static void texts(struct unit *t)
{
	char *text = mem_printf("%0127d", 1);
	CHECK_INT(strlen(text), 127);
	free(text);
	text = mem_printf("%0128d", 1);
	CHECK_INT(strlen(text), 128);
	free(text);
	text = str_join(STR("a/"), STR("b"));
	CHECK_STR(text, "a/b");
	free(text);
	text = str_join(STR_NONE, STR_NONE);
	CHECK_STR(text, "");
	free(text);
}

static void errors(struct unit *t)
{
	struct err e = {0}, other = {0};
	CHECK(!err_is_set(&e) && err_exit_status(&e) == 0);
	CHECK(!err_set(&e, ERR_HOST, "no host %s", "x"));
	err_set(&e, ERR_IO, "later");
	CHECK_STR(e.text, "no host x");
	CHECK_INT(err_exit_status(&e), 68);
	err_set_said(&e, 550, STR("5.1.1 no"));
	CHECK_STR(e.said, "5.1.1 no");
	CHECK(!err_pass(&other, &e));
	CHECK_STR(other.text, "no host x");
	err_clear(&e);
	errno = ENOENT;
	err_set_errno(&e, ERR_IO, "open %s", "f");
	CHECK_STR(e.text, "open f: No such file or directory");
	CHECK_INT(e.code, ENOENT);
	CHECK(!err_set(NULL, ERR_IO, "x") && !err_set_errno(NULL, ERR_IO, "x"));
	CHECK(!err_pass(NULL, &e) && !err_is_set(NULL));
}

static void deadlines(struct unit *t)
{
	CHECK(clock_after_ms(0) == 0 && !clock_passed(0));
	CHECK_INT(clock_earlier(0, 5), 5);
	CHECK_INT(clock_earlier(7, 5), 5);
	CHECK_INT(clock_poll_ms(0, 99), 99);
	CHECK_INT(clock_poll_ms(1, 99), 0);
	CHECK(clock_passed(clock_now()) && !clock_passed(clock_after_ms(60000)));
}

static void modules(struct unit *t)
{
	struct err e = {0};
	CHECK(!module_table("nothing", &e));
	CHECK_INT(e.kind, ERR_INTERNAL);
	CHECK(strstr(e.text, "the nothing module"));
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"slices", slices},
	    {"buffers", buffers},
	    {"ceilings of buffers", ceilings},
	    {"texts on the heap", texts},
	    {"errors", errors},
	    {"deadlines", deadlines},
	    {"a module that is not there", modules},
	};
	return unit_run(tests, COUNT(tests));
}
