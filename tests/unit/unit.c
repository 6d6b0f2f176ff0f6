/*
 * The TAP harness. Writes to stdout and holds no state of its own.
 */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "common/text/visible.h"

static bool failed(struct unit *t, const char *what)
{
	t->failed++;
	printf("# %s:%d: %s\n", t->file, t->line, what);
	return false;
}

bool unit_check(struct unit *t, bool good, const char *what)
{
	return good || failed(t, what);
}

static void show(const char *label, struct str s)
{
	struct buf text = BUF_INIT(4096);
	visible_put(&text, s);
	printf("#   %s: %s%s%s\n", label, s.ptr ? "\"" : "", s.ptr ? buf_cstr(&text) : "NULL",
	    s.ptr ? "\"" : "");
	buf_free(&text);
}

bool unit_check_str(struct unit *t, struct str got, struct str want, const char *what)
{
	if (str_eq(got, want) && (!got.ptr || want.ptr))
		return true;
	failed(t, what);
	show("got", got);
	show("want", want);
	return false;
}

bool unit_check_int(struct unit *t, long long got, long long want, const char *what)
{
	if (got == want)
		return true;
	failed(t, what);
	printf("#   got: %lld\n#   want: %lld\n", got, want);
	return false;
}

int unit_run(const struct unit_test *tests, size_t count)
{
	int bad = 0;
	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		struct unit t = {0};
		tests[i].run(&t);
		printf("%s %zu - %s\n", t.failed ? "not ok" : "ok", i + 1, tests[i].name);
		bad += t.failed > 0;
	}
	return bad > 0;
}
