/*
 * ftpc's listings: every form that is understood, and what is not an entry; the
 * numbers in replies; names that are safe.
 */
#include "cmd/ftpc/ftp.h"
#include "cmd/ftpc/listing.h"
#include "cmd/ftpc/mirror.h"
#include "cmd/ftpc/receive.h"
#include "cmd/ftpc/transfer.h"
#include "common/base/limits.h"
#include "common/text/date.h"
#include "tests/unit/unit.h"

/* 2026-11-22 04:00 UTC */
#define NOW 1795320000

struct expected {
	const char *line;
	const char *name; /* NULL: no entry */
	enum entry_type type;
	long long size; /* -1: not known */
	const char *time;
};

static void check_one(struct unit *t, enum listing_form form, const struct expected *x)
{
	struct entry e;
	struct buf time = BUF_INIT(64);
	bool found = listing_parse(form, str_of(x->line), NOW, &e);
	unit_check_str(HERE(t), str_of(found ? e.name : NULL), str_of(x->name), x->line);
	if (found && x->name) {
		unit_check_int(HERE(t), e.type, x->type, x->line);
		unit_check_int(
		    HERE(t), e.size_known ? (long long)e.size : -1, x->size, x->line);
		date_put_iso(&time, e.time);
		unit_check_str(HERE(t), str_of(e.time_known ? buf_cstr(&time) : NULL),
		    str_of(x->time), x->line);
	}
	buf_free(&time);
	if (found)
		entry_free(&e);
}

static void test_list(struct unit *t)
{
	static const struct expected lines[] = {
	    {"-rw-r--r--    1 ftp      ftp          1234 Nov 21 03:45 a file", "a file",
		ENTRY_FILE, 1234, "2026-11-21T03:45:00Z"},
	    {"-rw-r--r--    1 ftp      ftp          1234 Dec 24 03:45 x", "x", ENTRY_FILE, 1234,
		"2025-12-24T03:45:00Z"},
	    {"drwxr-xr-x   2 1000     1000         4096 Jan  2  2025 dir", "dir", ENTRY_DIR,
		4096, "2025-01-02T00:00:00Z"},
	    {"lrwxrwxrwx 1 a b 4 Jan 2 2025 l -> to -> x", "l", ENTRY_LINK, 4,
		"2025-01-02T00:00:00Z"},
	    {"-rw-r--r-- 1 a 12 Jan 2 2025 nogroup", "nogroup", ENTRY_FILE, 12,
		"2025-01-02T00:00:00Z"},
	    {"-rw-r--r-- 1 user name grp 7 Jan 2 2025 odd owner", "odd owner", ENTRY_FILE, 7,
		"2025-01-02T00:00:00Z"},
	    {"-rw-r--r--+ 1 a b 7 2 Jan 2025 dayfirst", "dayfirst", ENTRY_FILE, 7,
		"2025-01-02T00:00:00Z"},
	    {"-rw-r--r-- 1 a b 7 2026-01-02 03:04 iso", "iso", ENTRY_FILE, 7,
		"2026-01-02T03:04:00Z"},
	    {"-rw-r--r-- 1 a b 7 Jan 2 2025  two blanks", " two blanks", ENTRY_FILE, 7,
		"2025-01-02T00:00:00Z"},
	    {"d [R----F--] supervisor       512       Jan 16 2025    login", "   login",
		ENTRY_DIR, 512, "2025-01-16T00:00:00Z"},
	    {"crw-rw-rw- 1 r r 1, 3 Jan 2 2025 null", "null", ENTRY_OTHER, 3,
		"2025-01-02T00:00:00Z"},
	    {"11-22-26  03:45AM       <DIR>          sub dir", "sub dir", ENTRY_DIR, -1,
		"2026-11-22T03:45:00Z"},
	    {"11-22-2026  12:45AM               1234 x.txt", "x.txt", ENTRY_FILE, 1234,
		"2026-11-22T00:45:00Z"},
	    {"11/22/26  12:45PM               1234 y", "y", ENTRY_FILE, 1234,
		"2026-11-22T12:45:00Z"},
	    {"+i8388621.48594,m825718503,r,s280,\tdjb.html", "djb.html", ENTRY_FILE, 280,
		"1996-03-01T22:15:03Z"},
	    {"+i8388621.50690,m824255907,/,\tdir", "dir", ENTRY_DIR, -1,
		"1996-02-13T23:58:27Z"},
	    {"total 12", NULL, 0, 0, NULL},
	    {"", NULL, 0, 0, NULL},
	    {"-rw-r--r-- 1 a b 7 Jan 2 2025", NULL, 0, 0, NULL},
	    {"drwxr-xr-x 1 a b 7 Jan 2 2025 .", NULL, 0, 0, NULL},
	    {"drwxr-xr-x 1 a b 7 Jan 2 2025 ..", NULL, 0, 0, NULL},
	    {"ls: cannot open directory", NULL, 0, 0, NULL},
	    {"-rw-r--r-- 1 a b 99999999999999999999 Jan 2 2025 huge", NULL, 0, 0, NULL},
	};
	for (size_t i = 0; i < COUNT(lines); i++)
		check_one(t, LISTING_LIST, &lines[i]);
}

static void test_mlsd(struct unit *t)
{
	static const struct expected lines[] = {
	    {"type=file;size=1;modify=20260102030405; a b", "a b", ENTRY_FILE, 1,
		"2026-01-02T03:04:05Z"},
	    {"Type=DIR;Modify=20260102030405.678; d", "d", ENTRY_DIR, -1,
		"2026-01-02T03:04:05Z"},
	    {"type=OS.unix=slink:/x; l", "l", ENTRY_LINK, -1, NULL},
	    {"type=OS.unix=chr-1/3; c", "c", ENTRY_OTHER, -1, NULL},
	    {"size=;modify=1910; odd", "odd", ENTRY_FILE, -1, NULL},
	    {" bare", "bare", ENTRY_FILE, -1, NULL},
	    {"type=file;  blank first", " blank first", ENTRY_FILE, -1, NULL},
	    {"type=cdir; /x", NULL, 0, 0, NULL},
	    {"type=pdir; ..", NULL, 0, 0, NULL},
	    {"type=file; ", NULL, 0, 0, NULL},
	    {"type=file;", NULL, 0, 0, NULL},
	};
	for (size_t i = 0; i < COUNT(lines); i++)
		check_one(t, LISTING_MLSD, &lines[i]);
}

static void test_safe_names(struct unit *t)
{
	static const char *const bad[] = {"", ".", "..", "../x", "/x", "a/b", "a\\b", "-x",
	    "|x", "a\nb", "a\x1b[m", "\x7f", NULL};
	static const char *const good[] = {
	    "x", ".profile", "a b", "...", "\xc3\xa4", "a-b", NULL};
	for (size_t i = 0; bad[i]; i++)
		unit_check(HERE(t), !listing_is_safe(bad[i]), bad[i]);
	for (size_t i = 0; good[i]; i++)
		unit_check(HERE(t), listing_is_safe(good[i]), good[i]);
}

static void test_sorted(struct unit *t)
{
	struct listing l = {0};
	listing_add(&l, LISTING_MLSD, STR("type=file; b"), NOW);
	listing_add(&l, LISTING_MLSD, STR("type=file; a"), NOW);
	listing_add(&l, LISTING_MLSD, STR("nothing"), NOW);
	listing_sort(&l);
	CHECK_INT(l.count, 2);
	CHECK_STR(l.entries[0].name, "a");
	CHECK(listing_find(&l, "b") == &l.entries[1]);
	CHECK(listing_find(&l, "c") == NULL);
	listing_free(&l);
}

static void test_ports(struct unit *t)
{
	uint16_t port = 0;
	char host[16];
	CHECK(transfer_parse_epsv(STR("Entering (|||6446|)"), &port) && port == 6446);
	CHECK(transfer_parse_epsv(STR("(!!!1!)"), &port) && port == 1);
	CHECK(!transfer_parse_epsv(STR("(|||0|)"), &port));
	CHECK(!transfer_parse_epsv(STR("(|||65536|)"), &port));
	CHECK(!transfer_parse_epsv(STR("(|||x|)"), &port));
	CHECK(!transfer_parse_epsv(STR("|||1|"), &port));
	CHECK(!transfer_parse_epsv(STR("(1"), &port));
	CHECK(transfer_parse_pasv(STR("x (127,0,0,1,4,1)."), host, &port) && port == 1025);
	CHECK_STR(host, "127.0.0.1");
	CHECK(transfer_parse_pasv(STR("=10,9,8,7,0,21"), host, &port) && port == 21);
	CHECK(!transfer_parse_pasv(STR("(127,0,0,1,4)"), host, &port));
	CHECK(!transfer_parse_pasv(STR("(127,0,0,1,256,1)"), host, &port));
	CHECK(!transfer_parse_pasv(STR("(127,0,0,1,0,0)"), host, &port));
	CHECK(!transfer_parse_pasv(STR(""), host, &port));
}

static void test_times(struct unit *t)
{
	int64_t time = 0;
	CHECK(ftp_parse_time(STR("20260102030405"), &time));
	CHECK_INT(time, 1767323045);
	CHECK(ftp_parse_time(STR("20260102030405.123"), &time));
	CHECK(!ftp_parse_time(STR("191001020304050"), &time));
	CHECK(!ftp_parse_time(STR("2026010203040"), &time));
	CHECK(!ftp_parse_time(STR("20261302030405"), &time));
	CHECK(!ftp_parse_time(STR("2026-1-2 03:04"), &time));
}

static void test_text(struct unit *t)
{
	struct buf out = BUF_INIT(1 * KIB);
	bool cr = false;
	receive_text(STR("a\r"), &cr, &out);
	receive_text(STR("\nb\rc\r\r\n"), &cr, &out);
	CHECK_SLICE(buf_str(&out), "a\nb\rc\r\n");
	CHECK(!cr);
	buf_free(&out);
}

static void test_globs(struct unit *t)
{
	struct list globs = {0};
	CHECK(mirror_wants(&globs, "a/b", false));
	list_add(&globs, "exclude", "*.o");
	CHECK(mirror_wants(&globs, "a/b", false) && !mirror_wants(&globs, "a/b.o", false));
	list_add(&globs, "include", "keep.o");
	CHECK(mirror_wants(&globs, "a/keep.o", false));
	list_free(&globs);
	globs = (struct list){0};
	list_add(&globs, "include", "*.c");
	CHECK(mirror_wants(&globs, "x.c", false) && !mirror_wants(&globs, "x.h", false));
	CHECK(mirror_wants(&globs, "dir", true));
	list_free(&globs);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"LIST in its many forms", test_list},
	    {"MLSD", test_mlsd},
	    {"names that are safe", test_safe_names},
	    {"a listing is sorted and searched", test_sorted},
	    {"ports in 229 and 227", test_ports},
	    {"times of MDTM", test_times},
	    {"text line ends, divided anywhere", test_text},
	    {"include and exclude", test_globs},
	};
	return unit_run(tests, COUNT(tests));
}
