/*
 * What pop3fetch makes of the server's lists, of number sets, and its decisions:
 * without a socket.
 */
#include <stdio.h>

#include "cmd/pop3fetch/maildrop.h"
#include "cmd/pop3fetch/plan.h"
#include "cmd/pop3fetch/pop3.h"
#include "tests/unit/unit.h"

static void joined(struct unit *t)
{
	struct maildrop d = {0};
	CHECK(maildrop_add_size(&d, STR("2 200")));
	CHECK(maildrop_add_size(&d, STR(" 1  100 and more ")));
	CHECK(maildrop_add_size(&d, STR("2 999")));
	CHECK(maildrop_add_size(&d, STR("4")));
	CHECK(!maildrop_add_size(&d, STR("0 5")));
	CHECK(!maildrop_add_size(&d, STR("x 5")));
	CHECK(!maildrop_add_size(&d, STR("")));
	CHECK(!maildrop_add_size(&d, STR("99999999999 5")));
	CHECK(maildrop_add_uid(&d, STR("4 dddd")));
	CHECK(maildrop_add_uid(&d, STR("1 a b")));
	CHECK(maildrop_add_uid(&d, STR("3 nowhere")));
	CHECK(maildrop_add_uid(&d, STR("4 again")));
	CHECK(!maildrop_add_uid(&d, STR("2")));
	maildrop_settle(&d);
	CHECK_INT(d.count, 3);
	CHECK_INT(d.items[0].size, 100);
	CHECK_STR(d.items[0].uid, "a b");
	CHECK(!d.items[1].uid);
	CHECK_STR(maildrop_find(&d, 4)->uid, "dddd");
	CHECK(!maildrop_find(&d, 3));
	maildrop_free(&d);
	maildrop_settle(&d);
	CHECK(!maildrop_find(&d, 1));
	maildrop_free(&d);
}

/* A hundred thousand in reverse order: sorted, not inserted. */
static void reversed(struct unit *t)
{
	struct maildrop d = {0};
	char line[40];
	for (int i = 100000; i > 0; i--) {
		snprintf(line, sizeof line, "%d %d", i, i);
		maildrop_add_size(&d, str_of(line));
		maildrop_add_uid(&d, str_of(line));
	}
	maildrop_settle(&d);
	CHECK_INT(d.count, 100000);
	CHECK_STR(d.items[99].uid, "100");
	maildrop_free(&d);
}

static void sets(struct unit *t)
{
	static const char *const bad[] = {
	    "", "0", "1,", ",1", "5-3", "x", "1-x", "-3", "99999999999", "1--2", NULL};
	struct numbers n = {0};
	struct err err = {0};
	CHECK(numbers_parse(&n, STR("3,5-7,20-"), &err));
	CHECK(numbers_have(&n, 3) && numbers_have(&n, 6) && numbers_have(&n, 4000000000));
	CHECK(!numbers_have(&n, 4) && !numbers_have(&n, 19));
	for (int i = 0; bad[i]; i++) {
		struct err e = {0};
		if (!CHECK(!numbers_parse(&n, str_of(bad[i]), &e) && e.kind == ERR_USAGE))
			printf("# %s\n", bad[i]);
	}
	CHECK_INT(n.count, 3);
	numbers_free(&n);
}

static void kinds(struct unit *t)
{
	CHECK_INT(pop3_kind(STR("[IN-USE] x"), ERR_AUTH), ERR_AGAIN);
	CHECK_INT(pop3_kind(STR("[sys/temp] x"), ERR_AUTH), ERR_AGAIN);
	CHECK_INT(pop3_kind(STR("[LOGIN-DELAY 10]"), ERR_AUTH), ERR_AGAIN);
	CHECK_INT(pop3_kind(STR("[SYS/PERM]"), ERR_AUTH), ERR_REFUSED);
	CHECK_INT(pop3_kind(STR("[AUTH] no"), ERR_REFUSED), ERR_AUTH);
	CHECK_INT(pop3_kind(STR("no [IN-USE]"), ERR_AUTH), ERR_AUTH);
}

struct row {
	bool keep, all;
	int64_t delete_after, max_size;
	const char *only;
	int64_t known_days; /* fetched so many days ago; -1: never */
	const char *want;   /* f: fetch, d: delete */
};

static void decide(struct unit *t, const struct row *r)
{
	struct pop3fetch_options o = {.keep = r->keep,
	    .all = r->all,
	    .delete_after = r->delete_after,
	    .max_size = r->max_size};
	struct maildrop d = {0};
	struct err err = {0};
	const int64_t now = 1800000000;
	char got[3] = "";
	if (r->only)
		numbers_parse(&o.only, str_of(r->only), &err);
	maildrop_add_size(&d, STR("1 100"));
	maildrop_settle(&d);
	d.items[0].known = r->known_days >= 0;
	d.items[0].since = now - r->known_days * 86400;
	plan_make(&d, &o, &o.only, now);
	snprintf(
	    got, sizeof got, "%s%s", d.items[0].fetch ? "f" : "", d.items[0].dele ? "d" : "");
	if (!CHECK_STR(got, r->want))
		printf("# row wanted '%s'\n", r->want);
	numbers_free(&o.only);
	maildrop_free(&d);
}

static void decisions(struct unit *t)
{
	static const struct row rows[] = {
	    {true, false, -1, 0, NULL, -1, "f"},
	    {true, false, -1, 0, NULL, 3, ""},
	    {true, true, -1, 0, NULL, 3, "f"},
	    {false, false, -1, 0, NULL, -1, "fd"},
	    {false, false, -1, 0, NULL, 3, "d"},
	    {false, false, -1, 50, NULL, -1, ""},
	    {true, false, -1, 100, NULL, -1, "f"},
	    {true, false, -1, 0, "1", 3, "f"},
	    {false, false, -1, 0, "2", -1, ""},
	    {true, false, 2, 0, NULL, 3, "d"},
	    {true, false, 3, 0, NULL, 3, "d"},
	    {true, false, 4, 0, NULL, 3, ""},
	    {true, false, 4, 0, NULL, -1, "f"},
	    {true, false, 0, 0, NULL, -1, "fd"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		decide(t, &rows[i]);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"LIST and UIDL joined", joined},
	    {"a long list in reverse order", reversed},
	    {"number sets", sets},
	    {"response codes", kinds},
	    {"which are fetched and deleted", decisions},
	};
	return unit_run(tests, COUNT(tests));
}
