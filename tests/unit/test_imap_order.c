/*
 * Orders and threads: THREAD's answer, threads made of ids, loops and great depths.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/imapls/order.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* "1 .2 ..3": each message, a dot for each step it stands below the first. */
static void put_order(const struct order *o, struct buf *out)
{
	for (size_t k = 0; k < o->count; k++) {
		buf_addf(out, "%s", k ? " " : "");
		for (unsigned d = 0; d < o->items[k].depth; d++)
			buf_add_byte(out, '.');
		buf_addf(out, "%u", o->items[k].uid);
	}
}

static void reads(struct unit *t, const char *answer, const char *want)
{
	struct order o = {0};
	struct buf shown = BUF_INIT(4096), line = BUF_INIT(4096);
	struct wire w;
	buf_addf(&line, "%s\r\n", answer);
	struct stream *s = stream_over_memory(buf_str(&line), NULL);
	wire_start(&w, s);
	bool ok = wire_next(&w) && order_read_threads(&w, &o);
	put_order(&o, &shown);
	CHECK_STR(ok ? buf_cstr(&shown) : NULL, want);
	order_free(&o);
	stream_close(s);
	buf_free(&line);
	buf_free(&shown);
}

static void test_read(struct unit *t)
{
	reads(t, "(2)(3 6 (4 23)(44 7 96))", "2 3 .6 ..4 ...23 ..44 ...7 ....96");
	reads(t, "((3)(5))(9)", "3 5 9");
	reads(t, "", "");
	reads(t, "(1", NULL);
	reads(t, "(1))", NULL);
	reads(t, "(x)", NULL);
	reads(t, "(4294967296)", NULL);
}

static void test_deep_lists(struct unit *t)
{
	struct buf deep = BUF_INIT(100000);
	for (int k = 0; k < 2000; k++)
		buf_add_byte(&deep, '(');
	reads(t, buf_cstr(&deep), NULL);
	buf_free(&deep);
}

struct given {
	uint32_t uid;
	int64_t time;
	const char *id, *parents;
};

static void builds(struct unit *t, const struct given *given, size_t count, const char *want)
{
	struct answer *items = mem_array(count, sizeof *items);
	struct order o = {0};
	struct buf shown = BUF_INIT(4096);
	for (size_t k = 0; k < count; k++)
		items[k] = (struct answer){.uid = given[k].uid,
		    .time = given[k].time,
		    .id = mem_dup(given[k].id),
		    .parents = mem_dup(given[k].parents)};
	CHECK(order_build(items, count, &o));
	put_order(&o, &shown);
	CHECK_STR(buf_cstr(&shown), want);
	for (size_t k = 0; k < count; k++) {
		free(items[k].id);
		free(items[k].parents);
	}
	free(items);
	order_free(&o);
	buf_free(&shown);
}

static void test_build(struct unit *t)
{
	static const struct given letters[] = {
	    {1, 10, "<a@x>", ""},
	    {2, 20, "<b@x>", ""},
	    {3, 30, "<c@x>", "<a@x>"},
	    {4, 25, "<d@x>", "<b@x><a@x> <gone@x>"},
	    {5, 40, NULL, "<c@x>"},
	    {6, 50, "<f@x>", "broken <a@x"},
	};
	builds(t, letters, COUNT(letters), "1 .4 .3 ..5 2 6");
}

static void test_loops(struct unit *t)
{
	static const struct given loop[] = {
	    {1, 10, "<a@x>", "<c@x>"},
	    {2, 20, "<b@x>", "<a@x>"},
	    {3, 30, "<c@x>", "<b@x>"},
	    {4, 40, "<d@x>", "<d@x>"},
	    {5, 50, "<a@x>", "<a@x>"},
	};
	builds(t, loop, COUNT(loop), "3 .1 ..2 ..5 4");
}

static void test_find(struct unit *t)
{
	struct order o = {0};
	struct set set = {0};
	struct buf text = BUF_INIT(100);
	size_t next = 0;
	CHECK(order_add(&o, 7, 0) && order_add(&o, 3, 1) && order_add(&o, 4, 0));
	CHECK(!order_add(&o, 0, 0));
	CHECK(order_put_set(&o, &set) && set_put(&set, &text, &next, 10));
	CHECK_STR(buf_cstr(&text), "3:4,7");
	CHECK_INT(order_find(&o, 3)->place, 1);
	CHECK(order_find(&o, 5) == NULL);
	set_free(&set);
	order_free(&o);
	CHECK(order_find(&o, 5) == NULL);
	buf_free(&text);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"THREAD's answer", test_read},
	    {"lists without end", test_deep_lists},
	    {"threads from ids", test_build},
	    {"who answers himself", test_loops},
	    {"finding", test_find},
	};
	return unit_run(tests, COUNT(tests));
}
