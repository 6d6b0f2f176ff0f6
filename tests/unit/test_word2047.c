/*
 * Encoded words (RFC 2047, its own examples among them) and parameters (RFC 2231).
 */
#include <stdio.h>

#include "common/text/charset.h"
#include "common/text/word2047.h"
#include "tests/unit/unit.h"

static void decodes(struct unit *t, const char *text, const char *want)
{
	struct buf out = BUF_INIT(10000);
	CHECK(word2047_decode(&out, str_of(text)));
	CHECK_STR(buf_cstr(&out), want);
	buf_free(&out);
}

static void decode(struct unit *t)
{
	decodes(t, "", "");
	decodes(t, "plain", "plain");
	/* RFC 2047 8 */
	decodes(t, "=?ISO-8859-1?Q?a?=", "a");
	decodes(t, "=?ISO-8859-1?Q?a?= b", "a b");
	decodes(t, "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab");
	decodes(t, "=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab");
	decodes(t, "=?ISO-8859-1?Q?a_b?=", "a b");
	decodes(t, "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b");
	decodes(t, "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>",
	    "Keith Moore <moore@cs.utk.edu>");
	decodes(t, "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=", "Patrik F\xc3\xa4ltstr\xc3\xb6m");
	decodes(
	    t, "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=", "If you can read this yo");
	/* a character split between two words, padding left off, a language (RFC 2231 5) */
	decodes(t, "=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "\xc3\xa4");
	decodes(t, "=?utf-8?b?w6Q?=", "\xc3\xa4");
	decodes(t, "=?US-ASCII*EN?Q?Keith?=", "Keith");
	/* what is none */
	decodes(t, "=?utf-8?x?abc?=", "=?utf-8?x?abc?=");
	decodes(t, "=?utf-8?q?abc", "=?utf-8?q?abc");
	decodes(t, "=?=?utf-8?q?a?=", "=?a");
	decodes(t, "=?utf-8?b?***?=", "=?utf-8?b?***?=");
	decodes(t, "=?utf-8?q?a b?=", "a b"); /* forgiven */
	decodes(t, "a =?", "a =?");
	/* bytes as they came, unknown charsets */
	decodes(t, "caf\xc3\xa9", "caf\xc3\xa9");
	decodes(t, "caf\xe9", "caf\xef\xbf\xbd");
	decodes(t, "=?x-nothing?q?caf=E9?=", "caf\xef\xbf\xbd");
	decodes(t, "=?../../x?q?caf=E9?=", "caf\xef\xbf\xbd");
	decodes(t, "one\r\n two\n\tthree", "one two\tthree");
}

/* Encoded, and decoded again to the same; no line over 78, no word over 75. */
static void goes(struct unit *t, struct str text, enum word2047_place place, const char *want)
{
	struct buf out = BUF_INIT(100000), back = BUF_INIT(100000);
	size_t column = sizeof "Subject: " - 1;
	CHECK(word2047_encode(&out, text, place, &column));
	if (want)
		CHECK_STR(buf_cstr(&out), want);
	word2047_decode(&back, buf_str(&out));
	if (place == WORD2047_TEXT)
		CHECK(str_eq(buf_str(&back), text));
	struct str rest = buf_str(&out), line;
	size_t before = sizeof "Subject: " - 1;
	while (str_cut(&rest, '\n', &line)) {
		bool word = str_find_str(line, STR("=?")) < line.len;
		CHECK(before + line.len <= (word ? 77 : 79));
		CHECK(!rest.len || rest.ptr[0] == ' ' || rest.ptr[0] == '\t');
		if (rest.len == 0)
			CHECK_INT(column, before + line.len);
		before = 0;
	}
	buf_free(&out);
	buf_free(&back);
}

static void encode(struct unit *t)
{
	goes(t, STR("Hello"), WORD2047_TEXT, "Hello");
	goes(t, STR(""), WORD2047_TEXT, "");
	goes(t, STR("two  blanks"), WORD2047_TEXT, "two  blanks");
	goes(t, STR("caf\xc3\xa9 at noon"), WORD2047_TEXT, "=?UTF-8?B?Y2Fmw6k=?= at noon");
	goes(t, STR("a long one, \xc3\xa9"), WORD2047_TEXT, "a long one, =?UTF-8?B?w6k=?=");
	goes(t, STR("M\xc3\xbcnchener Freiheit"), WORD2047_TEXT,
	    "=?UTF-8?Q?M=C3=BCnchener?= Freiheit");
	goes(t, STR("gr\xc3\xbcne \xc3\x84pfel x"), WORD2047_TEXT,
	    "=?UTF-8?B?Z3LDvG5lIMOEcGZlbA==?= x");
	goes(t, STR("\xe6\x97\xa5\xe6\x9c\xac"), WORD2047_TEXT, "=?UTF-8?B?5pel5pys?=");
	goes(t, STR("tell =?x me"), WORD2047_TEXT, "tell =?UTF-8?B?PT94?= me");
	goes(t, STR("a\r\nBcc: x"), WORD2047_TEXT, "=?UTF-8?B?YQ0KQmNjOg==?= x");
	goes(t, STR("nul\0"), WORD2047_TEXT, "=?UTF-8?Q?nul=00?=");
	goes(t, STR("l\xe4tin"), WORD2047_PHRASE, "=?unknown-8bit?Q?l=E4tin?=");
	goes(t, STR("Ada Lovelace"), WORD2047_PHRASE, "Ada Lovelace");
	goes(t, STR("Lovelace, Ada"), WORD2047_PHRASE, "\"Lovelace, Ada\"");
	goes(t, STR("a \"b\" \\c"), WORD2047_PHRASE, "\"a \\\"b\\\" \\\\c\"");
	goes(t, STR("Zo\xc3\xab \"Q\" (x)"), WORD2047_PHRASE, NULL);
	goes(t, STR("a (b"), WORD2047_COMMENT, "a =?UTF-8?Q?=28b?=");
}

static void fold(struct unit *t)
{
	char text[4000];
	size_t len = 0;
	for (int i = 0; len + 20 < sizeof text; i++)
		len += (size_t)snprintf(text + len, 20, "%sword%d", i ? " " : "", i);
	goes(t, (struct str){text, len}, WORD2047_TEXT, NULL);
	len = 0;
	for (int i = 0; len + 20 < sizeof text; i++)
		len += (size_t)snprintf(
		    text + len, 20, "%s%s%d", i ? " " : "", i % 3 ? "m\xc3\xbc" : "plain", i);
	goes(t, (struct str){text, len}, WORD2047_TEXT, NULL);
	len = 0;
	while (len + 20 < sizeof text)
		len += (size_t)snprintf(text + len, 20, "\xf0\x9f\x90\x9d\xe6\x97\xa5");
	goes(t, (struct str){text, len}, WORD2047_TEXT, NULL);
	memset(text, ' ', 300);
	text[0] = 'a';
	memcpy(text + 200, "\xc3\xa4", 2);
	text[299] = 'b';
	struct buf out = BUF_INIT(1000);
	size_t column = 0;
	CHECK(word2047_encode(&out, (struct str){text, 300}, WORD2047_TEXT, &column));
	buf_free(&out);
}

static void param(struct unit *t, const char *list, const char *want)
{
	struct buf out = BUF_INIT(1000);
	CHECK(word2047_get_param(str_of(list), "filename", &out) == (want != NULL));
	CHECK_STR(buf_cstr(&out), want ? want : "");
	buf_free(&out);
}

static void params(struct unit *t)
{
	param(t, " filename=a.txt", "a.txt");
	param(t, " size=3; FileName=\"a b\\\"c.txt\"", "a b\"c.txt");
	param(t, " file=a", NULL);
	param(t, " filenames=a", NULL);
	param(t, " filename*=UTF-8''caf%C3%A9", "caf\xc3\xa9");
	param(t, " filename=x; filename*=iso-8859-1'fr'caf%E9", "caf\xc3\xa9");
	param(t, " filename*0=one; filename*1=\" two\"", "one two");
	param(
	    t, " filename*1*=%C3%A9; filename*0*=utf-8''caf; filename*2=%41", "caf\xc3\xa9%41");
	param(t, " filename*0*=utf-8''caf%C3; filename*1*=%A9", "caf\xc3\xa9");
	param(t, " filename*1=b", NULL);
	param(t, " filename*0=a; filename*2=c", "a");
	param(t, " filename*999999999999=c", NULL);
	param(t, " filename*x=c", NULL);
	param(t, " filename=\"=?utf-8?q?caf=C3=A9?=\"", "caf\xc3\xa9");
	param(t, " filename*=nocharset", "nocharset");
	param(t, "; ;=;filename=z", "z");
}

static void there_and_back(struct unit *t, struct str value, const char *want)
{
	struct buf out = BUF_INIT(10000), back = BUF_INIT(10000);
	size_t column = 30;
	CHECK(word2047_put_param(&out, "filename", value, &column));
	if (want)
		CHECK_STR(buf_cstr(&out), want);
	struct str rest = buf_str(&out), line;
	while (str_cut(&rest, '\n', &line))
		CHECK(line.len <= 78);
	CHECK(word2047_get_param(buf_str(&out), "filename", &back));
	CHECK(str_eq(buf_str(&back), value));
	buf_free(&out);
	buf_free(&back);
}

static void put_params(struct unit *t)
{
	there_and_back(t, STR("a.txt"), "; filename=a.txt");
	there_and_back(t, STR("a b.txt"), "; filename=\"a b.txt\"");
	there_and_back(t, STR("\"\\"), "; filename=\"\\\"\\\\\"");
	there_and_back(t, STR("caf\xc3\xa9"), "; filename*=UTF-8''caf%C3%A9");
	there_and_back(t, STR("a%20'b\xc3\xa9"), NULL);
	there_and_back(t, STR(""), "; filename=\"\"");
	char name[255];
	for (size_t i = 0; i < sizeof name; i++)
		name[i] = "\xe6\x97\xa5"[i % 3];
	there_and_back(t, (struct str){name, sizeof name}, NULL);
	memset(name, 'n', sizeof name);
	there_and_back(t, (struct str){name, sizeof name}, NULL);
}

static void charset(struct unit *t, const char *name, const char *text, const char *want)
{
	struct buf out = BUF_INIT(1000);
	charset_to_utf8(&out, str_of(name), str_of(text));
	CHECK_STR(buf_cstr(&out), want);
	buf_free(&out);
}

static void charsets(struct unit *t)
{
	charset(t, "", "\xc3\xa4", "\xc3\xa4");
	charset(t, "us-ascii", "a\xff", "a\xef\xbf\xbd");
	charset(t, "KOI8-R", "\xf2\xd5\xd3", "\xd0\xa0\xd1\x83\xd1\x81");
	charset(t, "iso-2022-jp", "\x1b$B4A\x1b(B!", "\xe6\xbc\xa2!");
	charset(t, "utf-16be", "", "");
	charset(t, "shift_jis", "\x8a", "\xef\xbf\xbd");
	charset(t, "utf-8//translit", "a\xc3", "a\xef\xbf\xbd");
}

static void shown_in(struct unit *t, const char *charset, const char *text, const char *want)
{
	struct buf out = BUF_INIT(1000);
	CHECK(charset_from_utf8(&out, charset, str_of(text)));
	CHECK_STR(buf_cstr(&out), want);
	buf_free(&out);
}

static void test_to_terminal(struct unit *t)
{
	shown_in(t, "ISO-8859-1",
	    "Gr\xc3\xbc\xc3\x9f"
	    "e \xe2\x82\xac\n",
	    "Gr\xfc\xdf"
	    "e ?\n");
	/* Two cells for a wide one, none for a mark. */
	shown_in(t, "ANSI_X3.4-1968",
	    "\xe6\x97\xa5"
	    "e\xcc\x81.",
	    "??e.");
	shown_in(t, "no-such-charset", "a\xc3\xbc", "a?");
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"decoding", decode},
	    {"encoding", encode},
	    {"folding", fold},
	    {"parameters read", params},
	    {"parameters written", put_params},
	    {"charsets", charsets},
	    {"for a terminal", test_to_terminal},
	};
	return unit_run(tests, COUNT(tests));
}
