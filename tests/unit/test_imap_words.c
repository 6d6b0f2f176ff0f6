/*
 * Mailbox names in modified UTF-7, sets of numbers, arguments, URLs, cells of a terminal.
 */
#include "cmd/imapls/imap.h"
#include "cmd/imapls/set.h"
#include "cmd/imapls/target.h"
#include "cmd/imapls/utf7.h"
#include "common/base/limits.h"
#include "common/text/cells.h"
#include "tests/unit/unit.h"

static void names(struct unit *t)
{
	/* RFC 3501 5.1.3's own, and others. */
	static const struct {
		const char *utf8, *coded;
	} pairs[] = {
	    {"INBOX", "INBOX"},
	    {"R&D", "R&-D"},
	    {"~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		"~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
	    {"Entw\xc3\xbcrfe", "Entw&APw-rfe"},
	    {"\xf0\x9f\x93\xa7", "&2D3c5w-"},
	    {"a\tb", "a&AAk-b"},
	};
	for (size_t k = 0; k < COUNT(pairs); k++) {
		struct buf out = BUF_INIT(1000), back = BUF_INIT(1000);
		CHECK(utf7_encode(&out, str_of(pairs[k].utf8)));
		CHECK_STR(buf_cstr(&out), pairs[k].coded);
		utf7_decode(&back, buf_str(&out));
		CHECK_STR(buf_cstr(&back), pairs[k].utf8);
		buf_free(&out);
		buf_free(&back);
	}
}

static void bad_names(struct unit *t)
{
	static const char *const bad[] = {
	    "&", "&AP", "&A-", "&2D0-", "&3c4-", "&AP8!-", "&APw=-"};
	for (size_t k = 0; k < COUNT(bad); k++) {
		struct buf out = BUF_INIT(100);
		utf7_decode(&out, str_of(bad[k]));
		CHECK_STR(buf_cstr(&out), bad[k]);
		buf_free(&out);
	}
	struct buf out = BUF_INIT(100);
	CHECK(!utf7_encode(&out, STR("\xff")));
	buf_free(&out);
}

static void arguments(struct unit *t)
{
	static const struct imap none, utf8 = {.utf8 = true};
	struct buf out = BUF_INIT(100);
	struct err err = {0};
	CHECK(imap_add_mailbox(&none, &out, STR("a \"b\" \\c"), &err));
	CHECK_STR(buf_cstr(&out), "\"a \\\"b\\\" \\\\c\"");
	CHECK(!imap_add_mailbox(&none, &out, STR("a\r\nb"), &err));
	CHECK_INT(err.kind, ERR_USAGE);
	err_clear(&err);
	CHECK(!imap_add_mailbox(&none, &out, STR("a\0b"), &err));
	CHECK_INT(err.kind, ERR_USAGE);
	buf_clear(&out);
	CHECK(imap_add_mailbox(&utf8, &out, STR("a&\xc3\xa4"), &err));
	CHECK_STR(buf_cstr(&out), "\"a&\xc3\xa4\"");
	buf_free(&out);
}

static void sets(struct unit *t)
{
	struct set s = {0};
	struct buf out = BUF_INIT(100);
	size_t next = 0;
	CHECK(set_parse(&s, STR("9,1:3,4,12:10,11")));
	set_normalise(&s);
	CHECK_INT(set_count(&s), 8);
	CHECK(set_put(&s, &out, &next, 10));
	CHECK_STR(buf_cstr(&out), "1:4,9:12");
	set_keep_last(&s, 5);
	buf_clear(&out);
	next = 0;
	set_put(&s, &out, &next, 10);
	CHECK_STR(buf_cstr(&out), "4,9:12");
	CHECK(!set_put(&s, &out, &next, 10));
	CHECK(!set_parse(&s, STR("0")));
	CHECK(!set_parse(&s, STR("1:*")));
	CHECK(!set_parse(&s, STR("4294967296")));
	set_free(&s);
	buf_free(&out);
}

static void urls(struct unit *t)
{
	struct target x;
	struct err err = {0};
	CHECK(target_parse(&x,
	    "imaps://al%40x;AUTH=PLAIN@mail.example.org/A%20b/c;UIDVALIDITY=7/;UID=20/"
	    ";SECTION=1.2",
	    &err));
	CHECK_STR(x.user, "al@x");
	CHECK_STR(x.auth, "PLAIN");
	CHECK_STR(x.mailbox, "A b/c");
	CHECK_INT(x.uid_validity, 7);
	CHECK_INT(x.uid, 20);
	CHECK_STR(x.section, "1.2");
	CHECK(x.tls && x.port == 993);
	target_free(&x);
	CHECK(target_parse(&x, "mail.example.org/INBOX;UID=3?SUBJECT%20x", &err));
	CHECK_STR(x.mailbox, "INBOX");
	CHECK_STR(x.search, "SUBJECT x");
	CHECK(!x.tls && x.uid == 3);
	target_free(&x);
	CHECK(target_parse(&x, "imap://h/", &err) && !x.mailbox);
	target_free(&x);
	static const char *const bad[] = {"http://h/", "imap://h/;UID=3", "imap://h/x;UID=0",
	    "imap://h/x;UID=4294967296", "imap://h/a%0d%0ab", "imap://h/x?A%0aB",
	    "imap://h/a%00b", "imap://h/x;SECTION=1"};
	for (size_t k = 0; k < COUNT(bad); k++) {
		err_clear(&err);
		CHECK(!target_parse(&x, bad[k], &err));
		CHECK_INT(err.kind, ERR_USAGE);
		target_free(&x);
	}
}

static void cells(struct unit *t)
{
	struct buf out = BUF_INIT(100);
	CHECK_INT(cells_count(STR("abc")), 3);
	CHECK_INT(cells_count(STR("\xe6\x97\xa5\xe6\x9c\xac")), 4);
	CHECK_INT(cells_count(STR("e\xcc\x81")), 1);
	CHECK_INT(cells_count(STR("\xf0\x9f\x93\xa7")), 2);
	cells_put(&out, STR("ab"), 4, true);
	CHECK_STR(buf_cstr(&out), "ab  ");
	buf_clear(&out);
	cells_put(&out, STR("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"), 4, true);
	CHECK_STR(buf_cstr(&out), "\xe6\x97\xa5\xe2\x80\xa6 ");
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"mailbox names there and back", names},
	    {"names that are not well-formed stay", bad_names},
	    {"arguments are quoted, CR LF NUL refused", arguments},
	    {"sets of numbers", sets},
	    {"URLs", urls},
	    {"cells of a terminal", cells},
	};
	return unit_run(tests, COUNT(tests));
}
