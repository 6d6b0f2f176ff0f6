/*
 * Other places of a file, as an answer names them (RFC 6249), and the digests of its pieces.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/webget/duplicates.h"
#include "cmd/webget/pieces.h"
#include "common/base/buf.h"
#include "common/base/limits.h"
#include "tests/unit/unit.h"

/* "url url" of an answer from `from` with one Link field of this value. */
static void finds(struct unit *t, const char *from, const char *link, const char *want)
{
	struct http_head head = {.status = 200};
	struct url base;
	struct list urls = {0};
	struct err err = {0};
	struct buf told = BUF_INIT(MIB);
	CHECK(url_parse(&base, str_of(from), NULL, &err));
	fields_add(&head.fields, STR("Link"), str_of(link));
	duplicates_find(&head, &base, &urls);
	for (size_t i = 0; i < urls.count; i++)
		buf_addf(&told, "%s%s", i ? " " : "", urls.items[i].text);
	unit_check_str(t, buf_str(&told), str_of(want), link);
	buf_free(&told);
	list_free(&urls);
	fields_free(&head.fields);
	url_free(&base);
}

static void duplicates(struct unit *t)
{
	const char *at = "http://a.example/d/file";
	finds(HERE(t), at, "", "");
	finds(HERE(t), at, "<http://b.example/f>; rel=duplicate", "http://b.example/f");
	finds(HERE(t), at, "<../f>; rel=\"Duplicate\"", "http://a.example/f");
	finds(HERE(t), at, "<http://b.example/f>; rel=describedby", "");
	finds(HERE(t), at, "<ftp://b.example/f>; rel=duplicate", "");
	finds(HERE(t), at,
	    "</1>; rel=duplicate, </2>; rel=duplicate; pri=2, </3>; rel=duplicate;pri=1",
	    "http://a.example/3 http://a.example/2 http://a.example/1");
	finds(HERE(t), at, "</1>; title=\", <no>; \\\" rel\"; rel=duplicate,</2>;rel=duplicate",
	    "http://a.example/1 http://a.example/2");
	finds(HERE(t), at, "</1>; rel=duplicate; pri=0x1, </2>; rel=duplicate; pri=999999",
	    "http://a.example/2 http://a.example/1");
	finds(HERE(t), at, "</1; rel=duplicate", "");
	finds(HERE(t), at, "no link, </1>; rel=duplicate", "");
	/* From https nothing leads to http. */
	finds(HERE(t), "https://a.example/",
	    "<http://b.example/f>; rel=duplicate, <https://c.example/f>; rel=duplicate",
	    "https://c.example/f");
}

/* However many an answer names: the best of them, and no more. */
static void ceiling(struct unit *t)
{
	struct buf link = BUF_INIT(MIB), want = BUF_INIT(MIB);
	for (int i = 100; i > 0; i--)
		buf_addf(&link, "</%d>; rel=duplicate; pri=%d, ", i, i);
	for (int i = 1; i <= DUPLICATES_MOST; i++)
		buf_addf(&want, "%shttp://a.example/%d", i > 1 ? " " : "", i);
	finds(HERE(t), "http://a.example/", buf_cstr(&link), buf_cstr(&want));
	buf_free(&link);
	buf_free(&want);
}

/* What sha1sum says of "abcd", "efgh", "ij". */
static const char *const sums[] = {"81fe8bfe87576c3ecb22426f8e57847382917acf",
    "2aed8aa9f826c21ef07d5ee15b48eea06e9c8a62", "5aaaf2d1a4b1a2f4a4a3a5a0a3f8d0a5d0c5b1f7"};

static void kinds(struct unit *t)
{
	CHECK(!pieces_open(STR("md5"), 4));
	CHECK(!pieces_open(STR("sha-256"), 0));
	struct pieces *p = pieces_open(STR("SHA-1"), 4);
	CHECK(p && p->count == 0 && !pieces_are_strong(p));
	CHECK(!pieces_add(p, STR("81fe")));
	CHECK(!pieces_add(p, STR("zzfe8bfe87576c3ecb22426f8e57847382917acf")));
	CHECK_INT(p->count, 0);
	pieces_free(p);
	p = pieces_open(STR("sha-256"), 4);
	CHECK(pieces_are_strong(p));
	CHECK(!pieces_are_strong(NULL));
	pieces_free(p);
	pieces_free(NULL);
}

static void fitting(struct unit *t)
{
	struct pieces *p = pieces_open(STR("sha-1"), 4);
	CHECK(pieces_fit(p, 0));
	for (size_t i = 0; i < COUNT(sums); i++)
		CHECK(pieces_add(p, str_of(sums[i])));
	CHECK(!pieces_fit(p, 8));
	CHECK(pieces_fit(p, 9));
	CHECK(pieces_fit(p, 12));
	CHECK(!pieces_fit(p, 13));
	CHECK(!pieces_fit(p, UINT64_MAX));
	pieces_free(p);
}

static void checking(struct unit *t)
{
	struct pieces *p = pieces_open(STR("sha-1"), 4);
	struct err err = {0};
	int fd = memfd_create("file", MFD_CLOEXEC);
	CHECK(write(fd, "abcdefghij", 10) == 10);
	for (size_t i = 0; i < COUNT(sums); i++)
		CHECK(pieces_add(p, str_of(sums[i])));
	CHECK(pieces_check(p, 0, fd, 10, &err));
	CHECK(pieces_check(p, 1, fd, 10, &err));
	/* The last sum is of something else. */
	CHECK(!pieces_check(p, 2, fd, 10, &err));
	CHECK_INT(err.kind, ERR_DATA);
	err_clear(&err);
	CHECK(!pieces_check_all(p, fd, 10, &err));
	CHECK_INT(err.kind, ERR_DATA);
	err_clear(&err);
	CHECK(!pieces_check_all(p, fd, 8, &err));
	CHECK_INT(err.kind, ERR_DATA);
	err_clear(&err);
	CHECK(pieces_check_all(NULL, fd, 10, &err));
	close(fd);
	pieces_free(p);
}

int main(void)
{
	static const struct unit_test tests[] = {{"duplicates", duplicates},
	    {"ceiling", ceiling}, {"kinds", kinds}, {"fitting", fitting},
	    {"checking", checking}};
	return unit_run(tests, COUNT(tests));
}
