/*
 * IMAP's tokens and answers: literals, quoted strings, nesting, tags, codes; what a body can't
 * do.
 */
#include "cmd/imapls/imap.h"
#include "common/base/limits.h"
#include "tests/unit/unit.h"

static void tokens(struct unit *t)
{
	static const enum token_kind kinds[] = {TOKEN_ATOM, TOKEN_OPEN, TOKEN_ATOM,
	    TOKEN_QUOTED, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_ATOM, TOKEN_CLOSE, TOKEN_END};
	static const char *const texts[] = {"*", "(", "\\Seen", "a \\\"b\\\\", "(", ")",
	    "BODY[HEADER.FIELDS (A \"]\")]<0>", ")"};
	struct stream *s = stream_over_memory(
	    STR("* (\\Seen \"a \\\"b\\\\\" () BODY[HEADER.FIELDS (A \"]\")]<0>)\r\n"), NULL);
	struct wire w;
	wire_start(&w, s);
	CHECK(wire_next(&w));
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct token x = wire_token(&w);
		CHECK_INT(x.kind, kinds[k]);
		if (k < COUNT(texts))
			CHECK(str_is(x.text, texts[k]));
	}
	stream_close(s);
}

static void strings(struct unit *t)
{
	struct stream *s = stream_over_memory(
	    STR("NIL \"q\\\"\" atom {5}\r\na)\r\n( {0}\r\n ~{2}\r\n\0\n x\r\n"), NULL);
	static const struct str want[] = {
	    {"", 0}, {"q\"", 2}, {"atom", 4}, {"a)\r\n(", 5}, {"", 0}, {"\0\n", 2}, {"x", 1}};
	struct wire w;
	wire_start(&w, s);
	CHECK(wire_next(&w));
	for (size_t k = 0; k < COUNT(want); k++) {
		struct buf out = BUF_INIT(100);
		CHECK(wire_string(&w, &out));
		CHECK(str_eq(buf_str(&out), want[k]));
		buf_free(&out);
	}
	CHECK_INT(wire_token(&w).kind, TOKEN_END);
	stream_close(s);
}

/* What nobody took is dropped, and what it looks like does not matter. */
static void skipping(struct unit *t)
{
	struct stream *s = stream_over_memory(
	    STR("* 1 FETCH (BODY[] {25}\r\nA001 OK done\r\n* 2 X {9}\r\n)\r\n"
		"* OK see {5}\r\n* LIST ((a (b)) \"c)\") z\r\nA001 OK [X] bye\r\n"),
	    NULL);
	struct imap i = {0};
	struct err err = {0};
	imap_start(&i, s);
	unsigned tag = imap_put(&i, "NOOP");
	CHECK(imap_next(&i, tag, &err));
	CHECK(imap_is(&i, "FETCH"));
	CHECK_INT(i.number, 1);
	CHECK(imap_next(&i, tag, &err));
	CHECK(imap_is(&i, "LIST"));
	CHECK(wire_skip(&i.wire));
	CHECK(str_is(wire_token(&i.wire).text, "z"));
	CHECK(!imap_next(&i, tag, &err));
	CHECK(imap_good(&i, ERR_REFUSED, "x", &err));
	CHECK_STR(buf_cstr(&i.code), "X");
	imap_drop(&i);
}

/* A size that was announced costs nothing until the bytes are there. */
static void announced(struct unit *t, const char *input, enum err_kind want, bool read)
{
	struct stream *s = stream_over_memory(str_of(input), NULL);
	struct buf out = BUF_INIT(2);
	struct wire w;
	wire_start(&w, s);
	CHECK(wire_next(&w));
	CHECK(!wire_string(&w, &out));
	CHECK_INT(stream_err(s)->kind, want);
	CHECK(out.over == read && out.cap < 100);
	buf_free(&out);
	stream_close(s);
}

static void big_literal(struct unit *t)
{
	announced(t, "{60000000}\r\nabc", ERR_AGAIN, true);
	announced(t, "{70000000}\r\nabc", ERR_PROTOCOL, false);
	announced(t, "{4294967296}\r\nabc", ERR_PROTOCOL, false);
}

static void answers_that_break(struct unit *t)
{
	static const struct {
		const char *text;
		enum err_kind kind;
	} cases[] = {
	    {"* 1 FETCH ({99999999999999999999}\r\n", ERR_PROTOCOL},
	    {"* 1 FETCH (\"a\r\nA001 OK\r\n", ERR_PROTOCOL},
	    {"* 1 FETCH ({-1}\r\n", ERR_PROTOCOL},
	    {"* 1 FETCH ({5} x)\r\n", ERR_PROTOCOL},
	    {"A002 OK\r\n", ERR_PROTOCOL},
	    {"A001 FINE\r\n", ERR_PROTOCOL},
	    {"B001 OK\r\n", ERR_PROTOCOL},
	    {"A1 OK\r\n", ERR_PROTOCOL},
	    {"+ go on\r\n", ERR_PROTOCOL},
	    {"hello\r\n", ERR_PROTOCOL},
	    {"* BYE [CONTACTADMIN] no\r\n", ERR_REFUSED},
	    {"* BYE [UNAVAILABLE] later\r\n", ERR_AGAIN},
	    {"* BYE going down\r\n", ERR_AGAIN},
	    {"", ERR_AGAIN},
	};
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct imap i = {0};
		struct err err = {0};
		imap_start(&i, stream_over_memory(str_of(cases[k].text), NULL));
		unsigned tag = imap_put(&i, "NOOP");
		while (imap_next(&i, tag, &err))
			;
		CHECK_INT(err.kind, cases[k].kind);
		imap_drop(&i);
	}
}

static void greetings(struct unit *t)
{
	struct imap i = {0};
	struct err err = {0};
	imap_start(&i,
	    stream_over_memory(
		STR("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE AUTH=LOGIN] hi\r\n"), NULL));
	CHECK(imap_greeting(&i, &err));
	CHECK(i.has_capabilities && !i.preauth);
	CHECK(i.capabilities == (IMAP_REV1 | IMAP_IDLE));
	CHECK_STR(buf_cstr(&i.mechanisms), "PLAIN LOGIN");
	imap_start(&i, stream_over_memory(STR("* PREAUTH hi\r\n"), NULL));
	CHECK(imap_greeting(&i, &err) && i.preauth);
	imap_start(&i, stream_over_memory(STR("* NO hi\r\n"), NULL));
	CHECK(!imap_greeting(&i, &err));
	CHECK_INT(err.kind, ERR_PROTOCOL);
	imap_drop(&i);
}

static void refusals(struct unit *t)
{
	static const struct {
		const char *text;
		enum err_kind kind;
	} cases[] = {
	    {"A001 NO [NONEXISTENT] x\r\n", ERR_ABSENT},
	    {"A001 NO [INUSE] x\r\n", ERR_AGAIN},
	    {"A001 NO x\r\n", ERR_DATA},
	    {"A001 BAD x\r\n", ERR_REFUSED},
	};
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct imap i = {0};
		struct err err = {0};
		imap_start(&i, stream_over_memory(str_of(cases[k].text), NULL));
		CHECK(imap_finish(&i, imap_put(&i, "NOOP"), &err));
		CHECK(!imap_good(&i, ERR_DATA, "refused", &err));
		CHECK_INT(err.kind, cases[k].kind);
		imap_drop(&i);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"tokens of every kind", tokens},
	    {"strings: quoted, literal, atom, NIL", strings},
	    {"a body that looks like answers is skipped", skipping},
	    {"a literal's size is not believed", big_literal},
	    {"answers that break the protocol", answers_that_break},
	    {"greetings", greetings},
	    {"refusals and their codes", refusals},
	};
	return unit_run(tests, COUNT(tests));
}
