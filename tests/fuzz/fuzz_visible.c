/*
 * The notation of strangers' bytes: reversible, one line, nothing in it that a
 * terminal obeys; and its reader, which may refuse but not misread.
 */
#include "common/base/limits.h"
#include "common/text/utf8.h"
#include "common/text/visible.h"
#include "tests/fuzz/fuzz.h"

static void harmless(struct str shown)
{
	must(utf8_is_valid(shown));
	for (size_t i = 0; i < shown.len; i++)
		must((unsigned char)shown.ptr[i] >= ' ' || shown.ptr[i] == '\t');
	must(!str_has_byte(shown, '\x7f'));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	struct buf shown = BUF_INIT(4 * MIB), back = BUF_INIT(MIB), again = BUF_INIT(4 * MIB);
	visible_put(&shown, bytes);
	harmless(buf_str(&shown));
	must(shown.len <= 4 * size);
	must(visible_parse(&back, buf_str(&shown)) && str_eq(buf_str(&back), bytes));
	/* The bytes as somebody's notation: what it means can be written again. */
	buf_clear(&back);
	if (visible_parse(&back, bytes)) {
		struct buf third = BUF_INIT(MIB);
		visible_put(&again, buf_str(&back));
		must(visible_parse(&third, buf_str(&again)));
		must(str_eq(buf_str(&third), buf_str(&back)));
		buf_free(&third);
	} else {
		must(back.len == 0);
	}
	buf_clear(&again);
	visible_put_text(&again, bytes, "");
	harmless(buf_str(&again));
	buf_free(&shown);
	buf_free(&back);
	buf_free(&again);
	return 0;
}
