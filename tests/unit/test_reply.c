/*
 * Replies of FTP and SMTP: what is one, what is none, what it says.
 */
#include "common/proto/reply.h"

#include "common/base/limits.h"
#include "tests/unit/unit.h"

static struct stream *over(const char *input)
{
	return stream_over_memory(str_of(input), NULL);
}

static void shapes(struct unit *t)
{
	static const struct {
		const char *input;
		enum reply_flavour flavour;
		int code;
		const char *lines;
	} rows[] = {
	    {"220 mail.example.org\r\n", REPLY_SMTP, 220, "mail.example.org\n"},
	    {"250 ok\n", REPLY_SMTP, 250, "ok\n"},
	    {"250\r\n", REPLY_SMTP, 250, "\n"},
	    {"250 \r\n", REPLY_SMTP, 250, "\n"},
	    {"250-a\r\n250-\r\n250 b\r\n", REPLY_SMTP, 250, "a\n\nb\n"},
	    {"250-a\r\n250\r\n", REPLY_SMTP, 250, "a\n\n"},
	    {"211-Features:\r\n MDTM\r\n211 End\r\n", REPLY_FTP, 211,
		"Features:\n MDTM\nEnd\n"},
	    {"230-a\r\n220 other\r\n\r\n230-b\r\n230 c\r\n", REPLY_FTP, 230,
		"a\n220 other\n\nb\nc\n"},
	    {"230-a\r\n2301 no\r\n230 c\r\n", REPLY_FTP, 230, "a\n2301 no\nc\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reply r = {0};
		struct stream *s = over(rows[i].input);
		CHECK(reply_read(s, rows[i].flavour, &r));
		CHECK_INT(r.code, rows[i].code);
		CHECK_STR(buf_cstr(&r.text), rows[i].lines);
		CHECK_INT(stream_held(s).len, 0);
		reply_free(&r);
		stream_close(s);
	}
}

static void refused(struct unit *t)
{
	static const struct {
		const char *input;
		enum err_kind kind;
	} rows[] = {
	    {"", ERR_AGAIN},
	    {"220 cut", ERR_AGAIN},
	    {"250-a\r\n", ERR_AGAIN},
	    {"\r\n", ERR_PROTOCOL},
	    {"22 a\r\n", ERR_PROTOCOL},
	    {"2200 a\r\n", ERR_PROTOCOL},
	    {"099 a\r\n", ERR_PROTOCOL},
	    {"600 a\r\n", ERR_PROTOCOL},
	    {"+20 a\r\n", ERR_PROTOCOL},
	    {"220_a\r\n", ERR_PROTOCOL},
	    {"SSH-2.0-x\r\n", ERR_PROTOCOL},
	    {"250-a\r\n251 b\r\n", ERR_PROTOCOL},
	    {"250-a\r\nb\r\n", ERR_PROTOCOL},
	    {"250-a\r\n2500 b\r\n", ERR_PROTOCOL},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reply r = {0};
		struct stream *s = over(rows[i].input);
		CHECK(!reply_read(s, REPLY_SMTP, &r));
		CHECK_INT(stream_err(s)->kind, rows[i].kind);
		CHECK_INT(r.code, 0);
		reply_free(&r);
		stream_close(s);
	}
}

/* A reply of n lines, each with a text of so many bytes. */
static bool reads(int n, size_t width)
{
	struct buf input = BUF_INIT(16 * MIB);
	for (int i = 0; i < n; i++) {
		buf_addf(&input, "211%c", i + 1 < n ? '-' : ' ');
		for (size_t j = 0; j < width; j++)
			buf_add_byte(&input, 'x');
		buf_add_text(&input, "\r\n");
	}
	struct stream *s = stream_over_memory(buf_str(&input), NULL);
	struct reply r = {0};
	bool ok = reply_read(s, REPLY_FTP, &r);
	if (!ok && stream_err(s)->kind != ERR_PROTOCOL)
		ok = true;
	reply_free(&r);
	stream_close(s);
	buf_free(&input);
	return ok;
}

static void limits(struct unit *t)
{
	CHECK(reads(LIMIT_REPLY_LINES, 1));
	CHECK(!reads(LIMIT_REPLY_LINES + 1, 1));
	CHECK(reads(1, LIMIT_REPLY - 1));
	CHECK(!reads(1, LIMIT_REPLY));
	CHECK(!reads(100, 1000));
}

static void enhanced(struct unit *t)
{
	static const struct {
		const char *input;
		int class, subject, detail;
	} rows[] = {
	    {"550 5.1.1 no such user\r\n", 5, 1, 1},
	    {"250 2.0.0\r\n", 2, 0, 0},
	    {"450 4.7.999 later\r\n", 4, 7, 999},
	    {"550-5.7.1 a\r\n550 5.7.1 b\r\n", 5, 7, 1},
	    {"550 4.1.1 other class\r\n", 0, 0, 0},
	    {"354 3.0.0 no class\r\n", 0, 0, 0},
	    {"550 5.1.1111 x\r\n", 0, 0, 0},
	    {"550 5.1 x\r\n", 0, 0, 0},
	    {"550 5.1.x x\r\n", 0, 0, 0},
	    {"250 2.0.0.0 x\r\n", 0, 0, 0},
	    {"250 mail.example.org\r\n", 0, 0, 0},
	};
	struct reply r = {0};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stream *s = over(rows[i].input);
		CHECK(reply_read(s, REPLY_SMTP, &r));
		CHECK_INT(r.status.class, rows[i].class);
		CHECK_INT(r.status.subject, rows[i].subject);
		CHECK_INT(r.status.detail, rows[i].detail);
		stream_close(s);
	}
	reply_free(&r);
}

static void kinds(struct unit *t)
{
	static const struct {
		int code;
		enum err_kind kind;
	} rows[] = {{421, ERR_AGAIN}, {450, ERR_AGAIN}, {454, ERR_AGAIN}, {430, ERR_AUTH},
	    {530, ERR_AUTH}, {534, ERR_AUTH}, {535, ERR_AUTH}, {538, ERR_AUTH},
	    {550, ERR_REFUSED}, {500, ERR_REFUSED}, {554, ERR_REFUSED}, {250, ERR_PROTOCOL},
	    {354, ERR_PROTOCOL}};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_INT(reply_kind(&(struct reply){.code = rows[i].code}), rows[i].kind);
}

static void words(struct unit *t)
{
	struct stream *s =
	    over("550-5.1.1 no such user\r\n550-\r\n550 5.1.1 here \r\n250 ok\r\n");
	struct reply r = {0};
	struct err err = {0};
	CHECK(reply_read(s, REPLY_SMTP, &r));
	CHECK_SLICE(reply_first(&r), "5.1.1 no such user");
	CHECK(!reply_fail_as(&err, &r, ERR_RECIPIENT, "refused"));
	CHECK_INT(err.kind, ERR_RECIPIENT);
	CHECK_INT(err.code, 550);
	CHECK_STR(err.text, "refused");
	CHECK_STR(err.said, "550 5.1.1 no such user 5.1.1 here");
	CHECK(!err_is_set(stream_err(s)));
	CHECK(reply_read(s, REPLY_SMTP, &r) && reply_is_good(&r));
	CHECK(!reply_fail(&err, &r, "another"));
	CHECK_STR(err.said, "550 5.1.1 no such user 5.1.1 here");
	reply_free(&r);
	stream_close(s);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"what a reply is", shapes},
	    {"what is none", refused},
	    {"how long it may be", limits},
	    {"enhanced status", enhanced},
	    {"its kind of error", kinds},
	    {"its words", words},
	};
	return unit_run(tests, COUNT(tests));
}
