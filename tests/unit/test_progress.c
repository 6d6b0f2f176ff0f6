/*
 * The progress line: the words for given figures and widths, the sums over files, the rate.
 * Times are told, so nothing here waits.
 */
#include "common/base/clock.h"
#include "common/cli/progress_sum.h"
#include "common/text/cells.h"
#include "tests/unit/unit.h"

enum { M = 1024 * 1024 };

static void line(struct unit *t, const struct progress_view *v, size_t width, const char *want)
{
	struct buf got = BUF_INIT(8000);
	progress_put_line(&got, v, width);
	CHECK_STR(buf_cstr(&got), want);
	CHECK(cells_count(buf_str(&got)) <= width);
	buf_free(&got);
}

/* ---- words ---- */

static void one_file(struct unit *t)
{
	struct progress_view v = {.label = "file.iso",
	    .files = 1,
	    .done = 10 * M,
	    .total = 40 * M,
	    .whole = true,
	    .rate = 3 * M};
	line(t, &v, 79,
	    "file.iso [====>              ]  25%  10.0 MiB of 40.0 MiB  3.0 MiB/s  0:10 left");
	v.whole = false;
	v.total = v.done;
	line(t, &v, 79, "file.iso  10.0 MiB  3.0 MiB/s");
	v.label = "a name that is long";
	line(t, &v, 32, "a name tha…  10.0 MiB  3.0 MiB/s");
}

static void several(struct unit *t)
{
	struct progress_view v = {.files = 20,
	    .ended = 3,
	    .done = 12 * M,
	    .total = 48 * M,
	    .whole = true,
	    .rate = 3 * M};
	line(t, &v, 90,
	    "3 of 20 files [======>                  ]  25%  12.0 MiB of 48.0 MiB  3.0 MiB/s  "
	    "0:12 left");
	v.failed = 2;
	v.total = 12 * M;
	line(t, &v, 60, "3 of 20 files, 2 failed [=======] 100%  12.0 MiB of 12.0 MiB");
	v.files = v.ended = 1;
	v.failed = 0;
	line(t, &v, 40, "1 of 1 file 100%  12.0 MiB of 12.0 MiB");
}

/* A share or a time that is left would be made up. */
static void unknown(struct unit *t)
{
	struct progress_view v = {.files = 20,
	    .more = true,
	    .ended = 3,
	    .done = 12 * M,
	    .total = 80 * M,
	    .rate = 3 * M};
	line(t, &v, 100, "3 of 20+ files  12.0 MiB of 80.0+ MiB  3.0 MiB/s");
	v.total = v.done;
	line(t, &v, 100, "3 of 20+ files  12.0 MiB  3.0 MiB/s");
	v.done = v.total = 0;
	v.rate = 0;
	line(t, &v, 100, "3 of 20+ files  0 B  0 B/s");
}

/* What weighs least goes first; nothing is ever wider than there is room. */
static void narrow(struct unit *t)
{
	struct progress_view v = {.files = 20,
	    .ended = 3,
	    .done = 12 * M,
	    .total = 48 * M,
	    .whole = true,
	    .rate = 3 * M};
	line(t, &v, 52, "3 of 20 files  25%  12.0 MiB of 48.0 MiB  3.0 MiB/s");
	line(t, &v, 41, "3 of 20 files  25%  12.0 MiB of 48.0 MiB");
	line(t, &v, 39, "3 of 20 files [====>             ]  25%");
	line(t, &v, 19, "3 of 20 files  25%");
	line(t, &v, 13, "3 of 20 files");
	line(t, &v, 6, "3 of …");
	line(t, &v, 0, "");
	const char *const labels[] = {NULL, "x", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.txt",
	    "a\x1b[31m\nname",
	    "a name that is longer than anybody's terminal is wide, as URLs are"};
	for (size_t i = 0; i < COUNT(labels); i++)
		for (size_t width = 0; width < 130; width++) {
			struct buf got = BUF_INIT(8000);
			v.label = labels[i];
			v.whole = width % 2;
			progress_put_line(&got, &v, width);
			CHECK(cells_count(buf_str(&got)) <= width);
			CHECK(!str_has_byte(buf_str(&got), '\x1b'));
			buf_free(&got);
		}
}

/* Two cells a character. */
static void wide_names(struct unit *t)
{
	struct progress_view v = {
	    .label = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", .files = 1, .done = M, .rate = M};
	line(t, &v, 26, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e  1.0 MiB  1.0 MiB/s");
	line(t, &v, 16, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e  1.0 MiB");
}

static void shares(struct unit *t)
{
	struct progress_view v = {.files = 2, .whole = true, .total = UINT64_MAX};
	line(t, &v, 19, "0 of 2 files   0%");
	v.done = UINT64_MAX - 1;
	line(t, &v, 19, "0 of 2 files  99%");
	v.done = UINT64_MAX;
	line(t, &v, 19, "0 of 2 files 100%");
	v.done = v.total = 0;
	line(t, &v, 19, "0 of 2 files 100%");
}

static void ends(struct unit *t)
{
	struct buf got = BUF_INIT(8000);
	struct progress_view v = {
	    .files = 20, .ended = 20, .done = 48 * M, .rate = 4 * M, .seconds = 12};
	progress_put_end(&got, &v);
	CHECK_STR(buf_cstr(&got), "20 files  48.0 MiB in 0:12 (4.0 MiB/s)");
	v.failed = 2;
	v.ended = 5;
	v.seconds = 3723;
	buf_clear(&got);
	progress_put_end(&got, &v);
	CHECK_STR(buf_cstr(&got), "5 of 20 files, 2 failed  48.0 MiB in 1:02:03 (4.0 MiB/s)");
	v.label = "a\x1b.iso";
	buf_clear(&got);
	progress_put_end(&got, &v);
	CHECK_STR(buf_cstr(&got), "a\\x1b.iso  48.0 MiB in 1:02:03 (4.0 MiB/s)");
	buf_free(&got);
}

/* ---- sums ---- */

struct totals {
	uint64_t ended, failed, files, done, total, moved;
	bool whole;
};

static void sums(struct unit *t, const struct progress_sum *s, struct totals want)
{
	struct progress_view v = {0};
	uint64_t moved = progress_sum_look(s, &v);
	CHECK_INT(v.ended, want.ended);
	CHECK_INT(v.failed, want.failed);
	CHECK_INT(v.files, want.files);
	CHECK_INT(v.done, want.done);
	CHECK_INT(v.total, want.total);
	CHECK_INT(moved, want.moved);
	CHECK_INT(v.whole, want.whole);
}

/* The total grows as lengths become known, and is whole when all are. */
static void totals_grow(struct unit *t)
{
	struct progress_sum s = {.plan = {.files = 3}};
	struct progress_file a = {0}, b = {0}, c = {0};
	sums(t, &s, (struct totals){.files = 3});
	progress_sum_add(&s, &a, PROGRESS_UNKNOWN);
	progress_sum_begin(&a, 0, 100);
	a.counter = 40;
	sums(t, &s, (struct totals){.files = 3, .done = 40, .total = 100, .moved = 40});
	progress_sum_add(&s, &b, PROGRESS_UNKNOWN);
	progress_sum_add(&s, &c, 7);
	progress_sum_end(&s, &c, PROGRESS_FAILED);
	sums(t, &s,
	    (struct totals){
		.files = 3, .ended = 1, .failed = 1, .done = 40, .total = 100, .moved = 40});
	progress_sum_begin(&b, 0, 300);
	sums(t, &s,
	    (struct totals){1, 1, 3, .done = 40, .total = 400, .moved = 40, .whole = true});
	a.counter = 100;
	b.counter = 300;
	progress_sum_end(&s, &b, PROGRESS_DONE);
	progress_sum_end(&s, &a, PROGRESS_DONE);
	sums(t, &s, (struct totals){3, 1, 3, 400, 400, 400, true});
	CHECK(!s.live);
}

/* What has no length counts as it comes, and is all there was when it has ended. */
static void unknown_lengths(struct unit *t)
{
	struct progress_sum s = {.plan = {.files = 1}};
	struct progress_file a = {0};
	progress_sum_add(&s, &a, PROGRESS_UNKNOWN);
	progress_sum_begin(&a, 0, PROGRESS_UNKNOWN);
	a.counter = 50;
	sums(t, &s, (struct totals){.files = 1, .done = 50, .total = 50, .moved = 50});
	progress_sum_end(&s, &a, PROGRESS_DONE);
	sums(t, &s, (struct totals){1, 0, 1, 50, 50, 50, true});
}

/* Sizes that a list tells of files that wait. */
static void sizes_ahead(struct unit *t)
{
	struct progress_sum s = {.plan = {.files = 3, .sized = 2, .bytes = 500}};
	struct progress_file a = {0};
	progress_sum_add(&s, &a, 100);
	sums(t, &s, (struct totals){.files = 3, .total = 600, .whole = true});
	/* A length that is not told does not make the listed one unknown. */
	progress_sum_begin(&a, 0, PROGRESS_UNKNOWN);
	sums(t, &s, (struct totals){.files = 3, .total = 600, .whole = true});
	s.plan.more = true;
	sums(t, &s, (struct totals){.files = 3, .total = 600});
}

/* What was here before counts for the total, and never for the rate. */
static void resumed_and_again(struct unit *t)
{
	struct progress_sum s = {.plan = {.files = 1}};
	struct progress_file a = {0};
	progress_sum_add(&s, &a, PROGRESS_UNKNOWN);
	progress_sum_begin(&a, 600, 1000);
	sums(t, &s, (struct totals){.files = 1, .done = 600, .total = 1000, .whole = true});
	a.counter = 700;
	/* It broke; the retry goes on at 700. */
	progress_sum_begin(&a, 700, 1000);
	sums(t, &s, (struct totals){0, 0, 1, 700, 1000, 100, true});
	a.counter = 800;
	/* Once more, from nothing: the file is another one. */
	progress_sum_begin(&a, 0, 900);
	sums(t, &s, (struct totals){0, 0, 1, 0, 900, 200, true});
	a.counter = 900;
	progress_sum_end(&s, &a, PROGRESS_DONE);
	sums(t, &s, (struct totals){1, 0, 1, 900, 900, 1100, true});
}

static void dropped(struct unit *t)
{
	struct progress_sum s = {.plan = {.files = 2}};
	struct progress_file a = {0}, b = {0};
	progress_sum_add(&s, &a, PROGRESS_UNKNOWN);
	progress_sum_add(&s, &b, PROGRESS_UNKNOWN);
	progress_sum_end(&s, &a, PROGRESS_DROPPED);
	sums(t, &s, (struct totals){.files = 1});
	progress_sum_end(&s, &b, PROGRESS_DONE);
	sums(t, &s, (struct totals){.files = 1, .ended = 1, .whole = true});
}

static void absurd_lengths(struct unit *t)
{
	struct progress_sum s = {.plan = {.files = 2}};
	struct progress_file a = {0}, b = {0};
	progress_sum_add(&s, &a, PROGRESS_UNKNOWN);
	progress_sum_add(&s, &b, PROGRESS_UNKNOWN);
	progress_sum_begin(&a, 0, UINT64_MAX - 5);
	progress_sum_begin(&b, 0, UINT64_MAX - 5);
	sums(t, &s, (struct totals){.files = 2, .total = UINT64_MAX, .whole = true});
}

static void names_the_only_one(struct unit *t)
{
	struct progress_view v = {0};
	struct progress_sum s = {.label = "file", .plan = {.files = 1}};
	progress_sum_look(&s, &v);
	CHECK_STR(v.label, "file");
	s.plan.more = true;
	progress_sum_look(&s, &v);
	CHECK(!v.label);
	s.plan = (struct progress_plan){.files = 2};
	progress_sum_look(&s, &v);
	CHECK(!v.label);
}

/* ---- the rate ---- */

static void rates(struct unit *t)
{
	struct progress_rate r = {0};
	int64_t now = 77 * CLOCK_SECOND;
	CHECK_INT(progress_rate_measure(&r, now, 0), 0);
	CHECK_INT(progress_rate_measure(&r, now + CLOCK_SECOND / 2, 500), 1000);
	CHECK_INT(progress_rate_measure(&r, now + CLOCK_SECOND, 500), 500);
	/* One gap does not show; what is longer ago than the samples reach is forgotten. */
	struct progress_rate s = {0};
	for (int i = 0; i < 4 * PROGRESS_SAMPLES; i++)
		progress_rate_measure(&s, now + i * CLOCK_SECOND / 5, (uint64_t)i * 200);
	int64_t last = now + (4 * PROGRESS_SAMPLES - 1) * CLOCK_SECOND / 5;
	uint64_t bytes = (4 * PROGRESS_SAMPLES - 1) * 200;
	CHECK_INT(progress_rate_measure(&s, last + CLOCK_SECOND / 5, bytes), 960);
	for (int i = 1; i <= PROGRESS_SAMPLES; i++)
		progress_rate_measure(&s, last + i * CLOCK_SECOND / 5, bytes);
	CHECK_INT(progress_rate_measure(&s, last + 6 * CLOCK_SECOND, bytes), 0);
	CHECK_INT(progress_rate_measure(&s, last + 6 * CLOCK_SECOND, bytes), 0);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"one file: its name, a bar, figures", one_file},
	    {"several files: one line", several},
	    {"what is not known is not made up", unknown},
	    {"narrow terminals", narrow},
	    {"widths are cells", wide_names},
	    {"shares are rounded down", shares},
	    {"the last line", ends},
	    {"totals grow as lengths become known", totals_grow},
	    {"files without a length", unknown_lengths},
	    {"sizes that are known ahead", sizes_ahead},
	    {"resumed files and retries", resumed_and_again},
	    {"files that are none", dropped},
	    {"lengths beyond 64 bits", absurd_lengths},
	    {"the only file is called by its name", names_the_only_one},
	    {"the rate is that of the last seconds", rates},
	};
	return unit_run(tests, COUNT(tests));
}
