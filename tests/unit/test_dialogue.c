/*
 * Dialogues as people type them, the turns made of them, and what of two
 * turns is compared.
 */
#include "common/base/err.h"
#include "common/text/dialogue.h"
#include "common/text/turns.h"
#include "tests/unit/unit.h"

/* "C: HELO|S: 250 ok", wrapped ones with a + before. */
static void check_read(struct unit *t, struct str file, const char *want)
{
	struct dialogue d;
	struct err err = {0};
	struct buf got = BUF_INIT(1000);
	CHECK(dialogue_read(&d, "f", file, &err));
	for (size_t i = 0; i < d.count; i++) {
		if (i)
			buf_add_byte(&got, '|');
		if (d.lines[i].wrapped)
			buf_add_byte(&got, '+');
		buf_addf(&got, "%c", d.lines[i].from);
		if (d.lines[i].conn > 1)
			buf_addf(&got, "%d", d.lines[i].conn);
		buf_addf(&got, ":%.*s", STR_ARG(dialogue_text(&d, i)));
	}
	CHECK_STR(buf_cstr(&got), want);
	CHECK_STR(err.text, "");
	buf_free(&got);
	dialogue_free(&d);
}

static void typed(struct unit *t)
{
	check_read(t, STR("S: 220 a\nC: HELO b\n"), "S:220 a|C:HELO b");
	check_read(t, STR("S: 220 a\r\nC: HELO b\r\r\nC:"), "S:220 a|C:HELO b|C:");
	check_read(t, STR("Server: 220 a\n\n\n  CLIENT : HELO b\n"), "S:220 a|C:HELO b");
	check_read(t, STR("S : 220\nC  2: x\nC2:y"), "S:220|C2:x|C2:y");
	check_read(
	    t, STR("S: 250 Hello b,\n   pleased\nto\n"), "S:250 Hello b,|+S:pleased|+S:to");
	check_read(t, STR("# c\n0.052 S: 1\n0.1 [close]\n[tls]\n"), "S:1");
	check_read(t, STR("S: \xe2\x80\x9chi\xe2\x80\x9d it\xe2\x80\x99s\xc2\xa0so"),
	    "S:\"hi\" it's so");
	check_read(t, STR("S: a\\x0ab \\\\\nS: C:\\dir"), "S:a\nb \\|S:C:\\dir");
	check_read(t, STR("\xef\xbb\xbfS: x"), "S:x");
}

static void check_refused(struct unit *t, struct str file, const char *want)
{
	struct dialogue d;
	struct err err = {0};
	CHECK(!dialogue_read(&d, "f", file, &err));
	CHECK_INT(err.kind, ERR_USAGE);
	CHECK_STR(err.text, want);
}

static void refused(struct unit *t)
{
	check_refused(t, STR(""), "f: no S: or C: line in it");
	check_refused(t, STR("# only\n[close]\n"), "f: no S: or C: line in it");
	check_refused(t, STR("\n\nGET / HTTP/1.0\n"),
	    "f:3: neither S: nor C:, an [event] or a # comment: GET / HTTP/1.0");
	check_refused(t, STR("S: 1\n\nwhat \x1b[2J\n"),
	    "f:3: neither S: nor C:, an [event] or a # comment: what \\x1b[2J");
	check_refused(t, STR("S: 1\nC: \0x"), "f:2: binary bytes: this is no dialogue");
	check_refused(
	    t, STR("C0: x"), "f:1: neither S: nor C:, an [event] or a # comment: C0: x");
}

/* "C HELO|S 250": a soft one with ~. */
static void check_turns(struct unit *t, const char *file, const char *want)
{
	struct dialogue d;
	struct turns turns;
	struct err err = {0};
	struct buf got = BUF_INIT(1000);
	CHECK(dialogue_read(&d, "f", str_of(file), &err));
	turns_make(&turns, &d, false);
	for (size_t i = 0; i < turns.count; i++)
		buf_addf(&got, "%s%s%c %s", i ? "|" : "", turns.items[i].soft ? "~" : "",
		    turns.items[i].from, turns.items[i].key);
	CHECK_STR(buf_cstr(&got), want);
	buf_free(&got);
	turns_free(&turns);
	dialogue_free(&d);
}

static void turns_of_protocols(struct unit *t)
{
	check_turns(t,
	    "S: 220 a\nC: ehlo b\nS: 250-x\nS: 250 y\nC: DATA\nS: 354 go\nC: QUIT\nC: .\n"
	    "S: 250 ok\nC: QUIT\nS: 221",
	    "S 220|C EHLO|S 250|C DATA|S 354|C (TEXT)|S 250|C QUIT|S 221");
	check_turns(t, "S: 354 go\nC: QUIT\nC: .\nC: QUIT\nS: 250 ok\nS: 221",
	    "S 354|C (TEXT)|C QUIT|S 250|S 221");
	check_turns(t, "S: 220 a,\nwrapped\nC: MAIL\nFROM:<a>\nS: 250 b,\n220 c\n",
	    "S 220|C MAIL|S 250");
	check_turns(t, "S: 250 a\nS: 250 b\nC: AUTH LOGIN\nS: 334 x\nC: abc\nS: 235",
	    "S 250|S 250|C AUTH|S 334|C (TEXT)|S 235");
	check_turns(t,
	    "S: +OK hi\nC: LIST\nS: +OK\nS: 1 2\nS: +OK no\nS: .\nC: dele 1\nS: -ERR x",
	    "S +OK|C LIST|S +OK|S (TEXT)|C DELE|S -ERR");
	check_turns(t,
	    "S: * OK hi\nC: a1 uid fetch 1\nS: * 1 FETCH\nS: OK is well\nS: )\nS: a1 NO x\n"
	    "C: a2 IDLE\nS: + go\nS: * 2 EXISTS\nC: DONE\nS: * BYE\nS: a2 OK",
	    "S * OK|C UID FETCH|~S (TEXT)|S NO|C IDLE|S +|~S (TEXT)|C DONE|S * BYE|S OK");
	check_turns(t,
	    "C: get /a HTTP/1.1\nC: Host: x\nC:\nS: HTTP/1.1 200 OK\nS: A: b\nS:\nS: data\n"
	    "S: more\nS: HTTP/1.1 404 no\n",
	    "C GET HTTP/1.1|S HTTP/1.1 200|~S (TEXT)|S HTTP/1.1 404");
	check_turns(t, "C: GET / HTTP/1.0\nHost: x\nS: HTTP/1.0 200 OK",
	    "C GET HTTP/1.0|S HTTP/1.0 200");
}

struct pair {
	const char *file, *live;
	bool exact, same;
};

static void compared(struct unit *t)
{
	static const struct pair pairs[] = {
	    {"C: HELO a", "C: helo b", false, true},
	    {"C: HELO a", "C: EHLO a", false, false},
	    {"C: HELO", "S: HELO", false, false},
	    {"C: HELO a", "C: HELO b", true, false},
	    {"C: HELO *", "C: HELO b", true, true},
	    {"C: a*b*c", "C: abbc", true, true},
	    {"C: a*bb*c", "C: abc", true, false},
	    {"C: a*a", "C: a", true, false},
	    {"S: 250 *", "S: 250 x", true, false},
	    {"S: 250 a,\nb", "S: 250 a, b", true, true},
	    {"S: 250 x", "S: 251 x", false, false},
	    {"C: GET / HTTP/1.1\nC: Host : x", "C: GET /y HTTP/1.1\nC: A: 1\nC: host: z", false,
		true},
	    {"C: GET / HTTP/1.1\nC: B: x", "C: GET / HTTP/1.1\nC: A: 1", false, false},
	    {"C: GET / HTTP/1.1", "C: GET / HTTP/1.0", false, false},
	};
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct dialogue a, b;
		struct turns file, live;
		struct err err = {0};
		CHECK(dialogue_read(&a, "a", str_of(pairs[i].file), &err));
		CHECK(dialogue_read(&b, "b", str_of(pairs[i].live), &err));
		turns_make(&file, &a, pairs[i].exact);
		turns_make(&live, &b, pairs[i].exact);
		unit_check(
		    HERE(t), turns_same(&file, 0, &live, 0) == pairs[i].same, pairs[i].file);
		turns_free(&file);
		turns_free(&live);
		dialogue_free(&a);
		dialogue_free(&b);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"as typed from a book", typed},
	    {"no dialogue", refused},
	    {"turns", turns_of_protocols},
	    {"what is compared", compared},
	};
	return unit_run(tests, COUNT(tests));
}
