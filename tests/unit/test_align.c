/*
 * Two sequences aligned: letters stand for turns.
 */
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/text/align.h"
#include "tests/unit/unit.h"

struct letters {
	const char *left, *right;
};

static bool same(const void *of, size_t left, size_t right)
{
	const struct letters *l = of;
	return l->left[left] == l->right[right];
}

/* "a" both, "-a" left only, "+a" right only. */
static void check(struct unit *t, const char *left, const char *right, const char *want)
{
	struct letters l = {left, right};
	struct align a;
	struct buf got = BUF_INIT(1000);
	align_run(&a, &(struct align_pair){strlen(left), strlen(right), &l, same});
	for (size_t i = 0; i < a.count; i++) {
		const struct align_step *s = &a.steps[i];
		if (s->kind != ALIGN_BOTH)
			buf_add_byte(&got, s->kind == ALIGN_LEFT ? '-' : '+');
		buf_add_byte(&got, s->kind == ALIGN_RIGHT ? right[s->right] : left[s->left]);
	}
	CHECK_STR(buf_cstr(&got), want);
	buf_free(&got);
	free(a.steps);
}

static void small(struct unit *t)
{
	check(t, "", "", "");
	check(t, "abc", "abc", "abc");
	check(t, "abc", "", "-a-b-c");
	check(t, "", "ab", "+a+b");
	check(t, "abc", "axc", "a-b+xc");
	check(t, "abc", "abxc", "ab+xc");
	check(t, "abxc", "abc", "ab-xc");
	check(t, "abc", "cab", "+cab-c");
	/* The longest, not the first that fits. */
	check(t, "xabc", "abcx", "-xabc+x");
}

/* How many are paired, and that both sides come whole and in order. */
static size_t pairs_of(struct unit *t, const struct letters *l, size_t left, size_t right)
{
	struct align a;
	size_t i = 0, j = 0, both = 0;
	align_run(&a, &(struct align_pair){left, right, l, same});
	for (size_t k = 0; k < a.count; k++) {
		if (a.steps[k].left != i || a.steps[k].right != j)
			break;
		i += a.steps[k].kind != ALIGN_RIGHT;
		j += a.steps[k].kind != ALIGN_LEFT;
		both += a.steps[k].kind == ALIGN_BOTH;
	}
	CHECK_INT(i, left);
	CHECK_INT(j, right);
	free(a.steps);
	return both;
}

/* Beyond one window: still whole, in order, and not for ever. */
static void large(struct unit *t)
{
	enum { MANY = 20000 };
	char *left = mem_alloc(MANY), *right = mem_alloc(MANY);
	struct letters l = {left, right};
	memset(left, 'a', MANY);
	memset(right, 'b', MANY);
	CHECK_INT(pairs_of(t, &l, MANY, MANY), 0);
	CHECK_INT(pairs_of(t, &l, MANY, 3), 0);
	for (size_t i = 0; i < MANY; i++)
		right[i] = left[i] = (char)('a' + i * 7 % 26);
	left[0] = 'X';
	right[MANY / 2] = 'Y';
	CHECK_INT(pairs_of(t, &l, MANY, MANY), MANY - 2);
	free(left);
	free(right);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"small sequences", small},
	    {"sequences larger than a window", large},
	};
	return unit_run(tests, COUNT(tests));
}
