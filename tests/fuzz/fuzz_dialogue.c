/*
 * Two dialogues of anybody's, from reading to their alignment: every line is in
 * one turn, every turn in the alignment once and in order, and a dialogue says the
 * same as itself.
 */
#include <stdlib.h>

#include "common/base/err.h"
#include "common/text/align.h"
#include "common/text/turns.h"
#include "tests/fuzz/fuzz.h"

struct both {
	struct turns file, live;
};

static bool same(const void *of, size_t left, size_t right)
{
	const struct both *b = of;
	return turns_same(&b->file, left, &b->live, right);
}

static void whole(const struct turns *t)
{
	size_t next = 0;
	for (size_t i = 0; i < t->count; i++) {
		must(t->items[i].first == next && t->items[i].count > 0);
		next += t->items[i].count;
	}
	must(next == t->d->count);
}

static size_t aligned(const struct both *b)
{
	struct align a;
	size_t left = 0, right = 0, pairs = 0;
	align_run(&a, &(struct align_pair){b->file.count, b->live.count, b, same});
	for (size_t i = 0; i < a.count; i++) {
		must(a.steps[i].left == left && a.steps[i].right == right);
		left += a.steps[i].kind != ALIGN_RIGHT;
		right += a.steps[i].kind != ALIGN_LEFT;
		pairs += a.steps[i].kind == ALIGN_BOTH;
	}
	must(left == b->file.count && right == b->live.count);
	free(a.steps);
	return pairs;
}

static void compare(const struct dialogue *x, const struct dialogue *y, bool exact)
{
	struct both b;
	turns_make(&b.file, x, exact);
	turns_make(&b.live, y, exact);
	whole(&b.file);
	whole(&b.live);
	size_t pairs = aligned(&b);
	/* With exact, wrapped lines of the session are none: only files have them. */
	must(x != y || exact || pairs == b.file.count);
	turns_free(&b.file);
	turns_free(&b.live);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str all = {(const char *)data, size < 8192 ? size : 8192};
	struct dialogue x, y;
	struct err err = {0};
	if (!dialogue_read(&x, "x", str_sub(all, 0, all.len / 2), &err))
		return 0;
	err_clear(&err);
	compare(&x, &x, false);
	if (dialogue_read(&y, "y", str_sub(all, all.len / 2, all.len), &err)) {
		compare(&x, &y, false);
		compare(&x, &y, true);
		dialogue_free(&y);
	}
	dialogue_free(&x);
	return 0;
}
