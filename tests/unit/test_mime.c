/*
 * MIME both ways: parts of received messages, and composed ones taken apart
 * again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/mail/compose.h"
#include "common/mail/mime.h"
#include "tests/unit/unit.h"

/* "section type/sub" of each part, with ; between. */
static void outline(struct unit *t, const char *message, const char *want)
{
	struct mime m;
	struct buf got = BUF_INIT(10000);
	mime_parse(&m, str_of(message));
	for (size_t i = 0; i < m.count; i++)
		buf_addf(&got, "%s%s %.*s/%.*s", i ? "; " : "", m.parts[i].section,
		    STR_ARG(m.parts[i].main), STR_ARG(m.parts[i].sub));
	CHECK_STR(buf_cstr(&got), want);
	mime_free(&m);
	buf_free(&got);
}

#define MULTI(sub, boundary)                                                                   \
	"Content-Type: multipart/" sub "; boundary=\"" boundary "\"\r\n\r\n"

static void trees(struct unit *t)
{
	outline(t, "", "1 text/plain");
	outline(t, "A: b\n\nbody", "1 text/plain");
	outline(t, "Content-Type: nonsense\n\nbody", "1 text/plain");
	outline(t, "Content-Type: IMAGE/png; name=x\n\nbody", "1 IMAGE/png");
	outline(t,
	    MULTI("mixed",
		"b") "pre\n--b\n\none\n--b\nContent-Type: text/html\n\ntwo\n--b--\npost",
	    " multipart/mixed; 1 text/plain; 2 text/html");
	/* no last boundary, none at all, no boundary parameter */
	outline(t, MULTI("mixed", "b") "--b\n\none\n--b\n\ntwo",
	    " multipart/mixed; 1 text/plain; 2 text/plain");
	outline(t, MULTI("mixed", "b") "nothing", " multipart/mixed");
	outline(t, "Content-Type: multipart/mixed\n\n--b\n", " multipart/mixed");
	outline(t, MULTI("mixed", "b") "--b--\n--b\n\nx", " multipart/mixed");
	/* a boundary that begins like another one */
	outline(t,
	    MULTI("mixed", "b") "--b\n" MULTI(
		"alternative", "b2") "--b2\n\nx\n--b2\n\ny\n--b2--\n--b\n\nz\n--b--",
	    " multipart/mixed; 1 multipart/alternative; 1.1 text/plain; 1.2 text/plain; "
	    "2 text/plain");
	outline(t, MULTI("digest", "b") "--b\n\nSubject: x\n\ny\n--b--",
	    " multipart/digest; 1 message/rfc822; 1.1 text/plain");
	/* RFC 9051 6.4.5: a multipart inside a message */
	outline(t,
	    MULTI("mixed", "b") "--b\n\nx\n--b\nContent-Type: message/rfc822\n\n" MULTI(
		"mixed", "c") "--c\n\ny\n--c\nContent-Type: image/gif\n\nz\n--c--\n--b--",
	    " multipart/mixed; 1 text/plain; 2 message/rfc822; 2 multipart/mixed; "
	    "2.1 text/plain; 2.2 image/gif");
}

static void bodies(struct unit *t)
{
	struct mime m;
	mime_parse(&m,
	    STR(MULTI("mixed",
		"b") "--b  \r\n\r\none\r\n\r\n--b\r\nX: y\r\n\r\n--b\r\n--b\r\n\r\nlast\n--b"));
	CHECK_INT(m.count, 5);
	CHECK_SLICE(mime_find(&m, STR("1"))->body, "one\r\n");
	CHECK_SLICE(mime_find(&m, STR("2"))->body, "");
	CHECK_SLICE(message_head_value(&mime_find(&m, STR("2"))->head, "x"), "y");
	CHECK_SLICE(mime_find(&m, STR("4"))->body, "last");
	CHECK(!mime_find(&m, STR("5")) && m.parts[0].is_unfinished && !m.cut);
	mime_free(&m);
}

static void limits(struct unit *t)
{
	struct mime m;
	struct buf text = BUF_INIT(MIB);
	for (int i = 0; i < 100; i++)
		buf_addf(&text, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	mime_parse(&m, buf_str(&text));
	CHECK(m.cut);
	CHECK_INT(m.count, LIMIT_MIME_DEPTH + 1);
	mime_free(&m);
	buf_clear(&text);
	buf_add_text(&text, MULTI("mixed", "b"));
	for (int i = 0; i < 5000; i++)
		buf_add_text(&text, "--b\n\n");
	mime_parse(&m, buf_str(&text));
	CHECK(m.cut);
	CHECK_INT(m.count, LIMIT_MIME_PARTS);
	mime_free(&m);
	buf_free(&text);
}

static void choosing(struct unit *t)
{
	struct mime m;
	struct buf name = BUF_INIT(100);
	mime_parse(
	    &m, STR(MULTI("mixed", "b") "--b\n" MULTI("alternative",
		    "c") "--c\nContent-Type: text/html\n\nh\n--c\n\np\n--c--\n"
			 "--b\nContent-Type: text/plain; name=x.txt\n\na\n"
			 "--b\nContent-Type: text/plain\nContent-Disposition: attachment; "
			 "filename*=utf-8''%C3%A4\n\na\n"
			 "--b\nContent-Type: image/png\n\na\n--b--"));
	CHECK_STR(mime_text_part(&m)->section, "1.2");
	CHECK(!mime_is_attachment(mime_find(&m, STR("1"))) &&
	      !mime_is_attachment(mime_find(&m, STR("1.1"))));
	CHECK(mime_is_attachment(mime_find(&m, STR("2"))) &&
	      mime_is_attachment(mime_find(&m, STR("3"))));
	CHECK(mime_is_attachment(mime_find(&m, STR("4"))));
	CHECK(mime_file_name(mime_find(&m, STR("3")), &name));
	CHECK_STR(buf_cstr(&name), "\xc3\xa4");
	CHECK(!mime_file_name(mime_find(&m, STR("4")), &name));
	mime_free(&m);
	mime_parse(&m, STR("Content-Type: image/png\n\nx"));
	CHECK(!mime_text_part(&m) && mime_is_attachment(&m.parts[0]));
	mime_free(&m);
	buf_free(&name);
}

static void decodes(
    struct unit *t, const char *head, const char *body, bool good, const char *want)
{
	struct mime m;
	struct buf out = BUF_INIT(10000);
	char *text = mem_printf("%s\n\n%s", head, body);
	mime_parse(&m, str_of(text));
	CHECK(mime_decode_text(&m.parts[0], &out) == good);
	CHECK_STR(buf_cstr(&out), want);
	mime_free(&m);
	buf_free(&out);
	free(text);
}

#define CTE "Content-Transfer-Encoding: "

static void decoding(struct unit *t)
{
	decodes(t, "A: b", "x\r\ny\n", true, "x\ny\n");
	decodes(t, CTE "8bit", "\xc3\xa4", true, "\xc3\xa4");
	decodes(t, CTE "Quoted-Printable (note)", "caf=C3=A9=\r\n!", true, "caf\xc3\xa9!");
	decodes(t, CTE "base64", "aGVs\r\nbG8=\r\n", true, "hello");
	decodes(t, CTE "base64", "aGVs*bG8=", false, "hello");
	decodes(t, CTE "base64", "aGVsbG8", false, "hello");
	decodes(t, CTE "base64", "aGVsbA==aGVsbA==", true, "hellhell");
	decodes(t, CTE "base64", "====", false, "");
	decodes(t, CTE "x-what", "raw", false, "raw");
	decodes(t, CTE "x-uuencode", "begin 644 x\n%:&5L;&\\\n`\nend\n", true, "hello");
	decodes(t, CTE "x-uuencode", "begin 644 x\n%:&5L", false, "hel");
	decodes(t, "Content-Type: text/plain; charset=iso-8859-1\n" CTE "8bit", "caf\xe9", true,
	    "caf\xc3\xa9");
	decodes(
	    t, "Content-Type: text/plain; charset=x-none", "caf\xe9", false, "caf\xef\xbf\xbd");
}

static void pieces(struct unit *t)
{
	for (size_t step = 1; step < 6; step++) {
		struct mime_decoder d = {.encoding = MIME_BASE64};
		struct buf out = BUF_INIT(100);
		struct str text = STR("aGVs\r\nbG8g\r\nd29ybGQ=\r\n");
		for (size_t at = 0; at < text.len; at += step)
			CHECK(mime_decoder_add(&d, &out, str_sub(text, at, step)));
		CHECK(mime_decoder_end(&d, &out));
		CHECK_STR(buf_cstr(&out), "hello world");
		buf_free(&out);
	}
}

/* --- Composed --- */

static void field(struct unit *t, const char *name, const char *value, const char *want)
{
	struct buf out = BUF_INIT(10000);
	struct err err = {0};
	CHECK(compose_put_field(&out, name, str_of(value), &err) == (want != NULL));
	if (want)
		CHECK_STR(buf_cstr(&out), want);
	buf_free(&out);
}

static void fields(struct unit *t)
{
	field(t, "Subject", "Hello", "Subject: Hello\r\n");
	field(t, "Subject", "a\nBcc: b", NULL);
	field(t, "Sub ject", "a", NULL);
	field(t, "", "a", NULL);
	field(t, "To", "ada@x, Zo\xc3\xab <z@y>, \"B, C\" <bc@y>",
	    "To: ada@x, =?UTF-8?Q?Zo=C3=AB?= <z@y>, \"B, C\" <bc@y>\r\n");
	field(t, "To", "someone else", NULL);
	field(t, "to", "undisclosed-recipients:;", "to: undisclosed-recipients:;\r\n");
	field(t, "Cc",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org, "
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@example.org, c@d",
	    "Cc: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org,\r\n"
	    " bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@example.org, c@d\r\n");
}

/* A text as it is spooled, lent. */
static struct source *text_of(struct source *s, struct str bytes)
{
	source_free(s);
	source_lend(s, bytes, SOURCE_PLAIN);
	return s;
}

static struct buf composed(struct unit *t, const struct compose *c)
{
	struct source s = {0};
	struct err err = {0};
	struct buf all = BUF_INIT(16 * MIB);
	struct str piece = STR_NONE;
	uint64_t len = 0;
	CHECK(compose_message(&s, c, &err));
	CHECK_STR(err.text, "");
	CHECK(source_length(&s, &len, &err));
	do {
		if (!CHECK(source_next(&s, &piece, &err)))
			break;
		buf_add_str(&all, piece);
	} while (piece.len);
	CHECK_INT(len, all.len);
	source_free(&s);
	return all;
}

static void simple(struct unit *t)
{
	struct list to = {0};
	struct source read = {0};
	list_add(&to, "to", "Bob <bob@x.org>");
	struct compose c = {.to = &to,
	    .subject = "Gr\xc3\xbc\xc3\x9f"
		       "e",
	    .text = text_of(&read, STR("caf\xc3\xa9\n"))};
	c.origin = (struct message_origin){.from = "Ada <ada@x.org>", .now = 784111777};
	struct buf all = composed(t, &c);
	struct str text = buf_str(&all);
	CHECK(str_starts(text, "From: Ada <ada@x.org>\r\nTo: Bob <bob@x.org>\r\n"
			       "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n"
			       "Date: Sun, 06 Nov 1994 08:49:37 +0000\r\nMessage-ID: <2ebc9"));
	CHECK(str_ends_nocase(text,
	    "@x.org>\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=C3=A9\r\n"));
	buf_free(&all);
	c.eight_bit = true;
	all = composed(t, &c);
	CHECK(str_ends_nocase(
	    buf_str(&all), "Content-Transfer-Encoding: 8bit\r\n\r\ncaf\xc3\xa9\n"));
	buf_free(&all);
	c.text = text_of(&read, STR("plain"));
	all = composed(t, &c);
	CHECK(str_ends_nocase(
	    buf_str(&all), "charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\nplain"));
	buf_free(&all);
	c.text = text_of(&read, STR("nul\0"));
	c.type = "text/html; charset=koi8-r";
	all = composed(t, &c);
	CHECK(str_ends_nocase(buf_str(&all),
	    "Content-Type: text/html; charset=koi8-r\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\nnul=00"));
	buf_free(&all);
	list_free(&to);
	source_free(&read);
}

static void whole(struct unit *t)
{
	char path[] = "/tmp/parley-XXXXXX.PNG";
	char bytes[1000];
	struct mime m;
	struct buf out = BUF_INIT(10000);
	struct list files = {0}, headers = {0};
	struct source text = {0}, html = {0};
	int fd = mkstemps(path, 4);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)i;
	CHECK(write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes);
	close(fd);
	list_add(&files, NULL, path);
	list_add(&headers, NULL, "X-Mine:  caf\xc3\xa9");
	list_add(&headers, NULL, "subject: theirs");
	struct compose c = {.text = text_of(&text, STR("hello\n")),
	    .html = text_of(&html, STR("<p>h\xc3\xa9\n")),
	    .subject = "ours",
	    .attachments = &files,
	    .headers = &headers};
	c.origin.from = "ada@x";
	struct buf all = composed(t, &c);
	mime_parse(&m, buf_str(&all));
	CHECK_INT(m.count, 5);
	CHECK(!m.parts[0].is_unfinished && !m.parts[1].is_unfinished);
	CHECK_SLICE(message_head_value(&m.parts[0].head, "Subject"), "theirs");
	CHECK(message_head_text(&m.parts[0].head, "X-Mine", &out));
	CHECK_STR(buf_cstr(&out), "caf\xc3\xa9");
	CHECK_SLICE(mime_text_part(&m)->body, "hello\n");
	buf_clear(&out);
	CHECK(mime_decode_text(mime_find(&m, STR("1.2")), &out));
	CHECK_STR(buf_cstr(&out), "<p>h\xc3\xa9\n");
	const struct mime_part *p = mime_find(&m, STR("2"));
	buf_clear(&out);
	CHECK(mime_type_is(p, "image", "png") && mime_is_attachment(p) && mime_decode(p, &out));
	CHECK(str_eq(buf_str(&out), (struct str){bytes, sizeof bytes}));
	buf_clear(&out);
	CHECK(mime_file_name(p, &out));
	CHECK_STR(buf_cstr(&out), path + 5);
	mime_free(&m);
	buf_free(&all);
	buf_free(&out);
	list_free(&files);
	list_free(&headers);
	source_free(&text);
	source_free(&html);
	unlink(path);
}

static void refuses(struct unit *t, const struct compose *c, enum err_kind kind)
{
	struct source s = {0};
	struct err err = {0};
	CHECK(!compose_message(&s, c, &err));
	CHECK_INT(err.kind, kind);
	CHECK_INT(s.count, 0);
}

static void refused(struct unit *t)
{
	struct list l = {0}, bad = {0};
	list_add(&l, NULL, "X: y");
	list_add(&l, NULL, "Content-Type: x/y");
	refuses(t, &(struct compose){.headers = &l}, ERR_USAGE);
	list_add(&bad, NULL, "no colon");
	refuses(t, &(struct compose){.headers = &bad}, ERR_USAGE);
	refuses(t, &(struct compose){.to = &bad}, ERR_DATA);
	refuses(t, &(struct compose){.attachments = &bad}, ERR_ABSENT);
	refuses(t, &(struct compose){.subject = "a\r\nb"}, ERR_USAGE);
	refuses(t, &(struct compose){.type = "text"}, ERR_USAGE);
	refuses(t, &(struct compose){.type = "text/x\nA: b"}, ERR_USAGE);
	refuses(t, &(struct compose){.type = "multipart/mixed"}, ERR_USAGE);
	refuses(t, &(struct compose){.origin.from = "\xc3\xa4@x"}, ERR_DATA);
	list_free(&l);
	list_free(&bad);
}

static void types(struct unit *t)
{
	static const char *const want[][2] = {{"a.PNG", "image/png"},
	    {"a.tar.gz", "application/gzip"}, {"noext", "application/octet-stream"},
	    {"a.b/c", "application/octet-stream"}, {"a.", "application/octet-stream"},
	    {"x.eml", "application/octet-stream"}};
	for (size_t i = 0; i < COUNT(want); i++) {
		char *type = compose_type_of(want[i][0]);
		CHECK_STR(type, want[i][1]);
		free(type);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"trees and section numbers", trees},
	    {"bodies of parts", bodies},
	    {"ceilings", limits},
	    {"what to show", choosing},
	    {"decoding", decoding},
	    {"decoding in pieces", pieces},
	    {"header fields composed", fields},
	    {"a text composed", simple},
	    {"text, HTML and a file", whole},
	    {"what is not composed", refused},
	    {"types of files", types},
	};
	return unit_run(tests, COUNT(tests));
}
