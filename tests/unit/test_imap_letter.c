/*
 * FETCH answers: envelopes, flags, dates, bodies among them.
 */
#include "cmd/imapls/letter.h"
#include "common/base/limits.h"
#include "tests/unit/unit.h"

static bool read_one(struct letter *l, const char *text, struct err *err)
{
	struct imap i = {0};
	imap_start(&i, stream_over_memory(str_of(text), NULL));
	unsigned tag = imap_put(&i, "NOOP");
	letter_init(l);
	bool ok = imap_next(&i, tag, err) && imap_is(&i, "FETCH") && letter_read(l, &i) &&
		  imap_finish(&i, tag, err);
	err_pass(err, stream_err(i.stream));
	imap_drop(&i);
	return ok;
}

static void envelope(struct unit *t)
{
	struct letter l;
	struct err err = {0};
	CHECK(read_one(&l,
	    "* 12 FETCH (FLAGS (\\Seen $Work) UID 44 X-NEW ((1 2) {2}\r\n)) "
	    "\"s\") "
	    "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 "
	    "MODSEQ (99) ENVELOPE "
	    "(\"d\" {27}\r\n=?utf-8?q?Gr=C3=BC=C3=9Fe?= ((\"Terry \\\"T\\\" Gray\" NIL "
	    "\"gray\" "
	    "\"cac.example\")(NIL NIL \"b\" \"c\")) NIL NIL ((NIL NIL \"imap\" \"x\")"
	    "(NIL NIL \"minutes\" \"y\")) NIL NIL NIL \"<id@x>\"))\r\nA001 OK\r\n",
	    &err));
	CHECK_INT(l.number, 12);
	CHECK_INT(l.uid, 44);
	CHECK_INT(l.size, 4286);
	CHECK_INT(l.modseq, 99);
	CHECK_INT(l.time, 837596665);
	CHECK_INT(l.zone, -420);
	CHECK_STR(buf_cstr(&l.subject), "Gr\xc3\xbc\xc3\x9f"
					"e");
	CHECK_STR(buf_cstr(&l.from_name), "Terry \"T\" Gray");
	CHECK_STR(buf_cstr(&l.from), "gray@cac.example");
	CHECK_STR(buf_cstr(&l.to), "imap@x, minutes@y");
	CHECK_STR(buf_cstr(&l.message_id), "<id@x>");
	CHECK(letter_has_flag(&l, "\\seen") && letter_has_flag(&l, "$work"));
	char flags[8];
	CHECK_STR(letter_maildir_flags(&l, flags), "S");
	letter_free(&l);
}

static void broken(struct unit *t)
{
	static const char *const bad[] = {
	    "* 1 FETCH UID 3\r\n",
	    "* 1 FETCH (UID x)\r\n",
	    "* 1 FETCH (FLAGS (\"a\"))\r\n",
	    "* 1 FETCH (ENVELOPE (1 2))\r\n",
	    "* 1 FETCH (UID 3\r\n",
	    "* 1 FETCH (BODY[] )\r\n",
	    "* 1 FETCH ((UID 3))\r\n",
	};
	for (size_t k = 0; k < COUNT(bad); k++) {
		struct letter l;
		struct err err = {0};
		CHECK(!read_one(&l, bad[k], &err));
		CHECK_INT(err.kind, ERR_PROTOCOL);
		letter_free(&l);
	}
}

static void dates(struct unit *t)
{
	int64_t time;
	int zone;
	CHECK(letter_parse_date(STR(" 1-Jan-1970 00:00:00 +0000"), &time, &zone) && time == 0);
	CHECK(!letter_parse_date(STR("1 Jan 1970 00:00:00 +0000"), &time, &zone));
	CHECK(!letter_parse_date(STR("-"), &time, &zone));
	CHECK(!letter_parse_date(STR(""), &time, &zone));
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"an answer with all items", envelope},
	    {"answers that break the protocol", broken},
	    {"internal dates", dates},
	};
	return unit_run(tests, COUNT(tests));
}
