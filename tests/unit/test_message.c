/*
 * Messages: facts, heads found and edited, recipients, sources.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/mail/message.h"
#include "tests/unit/unit.h"

/* --- Facts --- */

static struct message_scan scanned(struct str text, size_t step)
{
	struct message_scan s = {0};
	for (size_t at = 0; at < text.len; at += step)
		message_scan_add(&s, str_sub(text, at, step));
	return s;
}

static void scan(struct unit *t)
{
	for (size_t step = 1; step < 12; step++) {
		struct message_scan s = scanned(STR("ab\r\nc\rd\nlonger\n\r\n"), step);
		CHECK_INT(s.size, 17);
		CHECK_INT(s.lf, 4);
		CHECK_INT(s.cr, 3);
		CHECK_INT(s.crlf, 2);
		CHECK_INT(s.longest, 0);
		CHECK_INT(message_scan_wire_size(&s), 17 + 2 + 1);
		CHECK(!s.eight_bit && !s.nul);
		s = scanned(STR("\0ab\xe4"), step);
		CHECK(s.eight_bit && s.nul);
		CHECK_INT(s.longest, 0);
		CHECK_INT(message_scan_wire_size(&s), 6);
		s = scanned(STR("abc\r"), step);
		CHECK_INT(message_scan_wire_size(&s), 5);
	}
	char big[1000];
	memset(big, 'x', sizeof big);
	big[130] = '\r';
	big[131] = '\n';
	struct message_scan s = scanned((struct str){big, sizeof big}, 1000);
	CHECK_INT(s.cr, 1);
	CHECK_INT(s.crlf, 1);
	CHECK_INT(s.longest, 0);
	CHECK(!s.nul && !s.eight_bit);
}

/* A line of len bytes between short ones; each line end, in pieces of every kind. */
static void long_lines(struct unit *t)
{
	static const char *const ends[] = {"\n", "\r\n", ""};
	static const size_t steps[] = {1, 7, 64, 997, 998, 999, 1000, 5000};
	for (size_t len = 990; len < 1010; len++)
		for (size_t i = 0; i < COUNT(ends) * COUNT(steps); i++) {
			struct buf text = BUF_INIT(5000);
			buf_add_text(&text, "short\nand shorter\r\n");
			for (size_t n = 0; n < len; n++)
				buf_add_byte(&text, 'x');
			buf_add_text(&text, ends[i % COUNT(ends)]);
			if (ends[i % COUNT(ends)][0])
				buf_add_text(&text, "behind\n");
			struct message_scan s = scanned(buf_str(&text), steps[i / COUNT(ends)]);
			CHECK_INT(s.longest, len > 998 ? len : 0);
			buf_free(&text);
		}
}

/* --- Heads --- */

static void ends(struct unit *t, struct str text, size_t fields_end, size_t body_at)
{
	for (size_t step = 1; step < 20; step++) {
		struct message_finder f = {0};
		size_t len = 0;
		while (!message_find_end(&f, str_sub(text, 0, len), len >= text.len) &&
		       len < text.len)
			len += step;
		CHECK_INT(f.fields_end, fields_end);
		CHECK_INT(f.body_at, body_at);
	}
}

static void find(struct unit *t)
{
	ends(t, STR("A: b\n\nbody\n"), 5, 6);
	ends(t, STR("A: b\r\n\r\nbody\n"), 6, 8);
	ends(t, STR("A: b\n c\n\td\n\nbody"), 11, 12);
	ends(t, STR("A: b\nno field\n"), 5, 5);
	ends(t, STR("no field\nA: b\n"), 0, 0);
	ends(t, STR(" A: b\n\n"), 0, 0);
	ends(t, STR("\nbody"), 0, 1);
	ends(t, STR("A: b"), 4, 4);
	ends(t, STR("A : b\n\n"), 6, 7);
	ends(t, STR("From ada Thu Jan 1\nA: b\n\nx"), 24, 25);
	ends(t, STR(""), 0, 0);
}

static void edit(struct unit *t)
{
	struct message_head h;
	struct buf out = BUF_INIT(1000);
	size_t at = 0;
	CHECK(message_head_parse(
	    &h, STR("To: a@x\r\nbcc: b,\r\n c\r\nX:\r\nSubject : =?utf-8?q?=C3=A4?=\r\n"
		    " =?utf-8?q?b?=\r\nBCC:d")));
	CHECK_INT(h.count, 5);
	CHECK_SLICE(message_head_find(&h, "Bcc", &at)->value, "b,\r\n c");
	CHECK_SLICE(message_head_find(&h, "Bcc", &at)->value, "d");
	CHECK(!message_head_find(&h, "Bcc", &at));
	CHECK_SLICE(message_head_value(&h, "to"), "a@x");
	CHECK(message_head_text(&h, "subject", &out) && !message_head_text(&h, "no", &out));
	CHECK_STR(buf_cstr(&out), "\xc3\xa4"
				  "b");
	buf_clear(&out);
	CHECK_INT(message_head_remove(&h, "Bcc"), 2);
	CHECK(message_head_add(&h, "Date", STR("now,\n then")));
	CHECK(message_head_put(&h, &out));
	CHECK_STR(buf_cstr(&out),
	    "To: a@x\r\nX:\r\nSubject : =?utf-8?q?=C3=A4?=\r\n =?utf-8?q?b?=\r\n"
	    "Date: now,\r\n then\r\n\r\n");
	message_head_free(&h);
	CHECK(message_head_parse(&h, STR("")));
	buf_clear(&out);
	message_head_put(&h, &out);
	CHECK_STR(buf_cstr(&out), "\n");
	message_head_free(&h);
	buf_free(&out);
}

static void read_and_apply(struct unit *t)
{
	struct source s = {0};
	struct message m = {0};
	struct message_scan head;
	struct str piece;
	struct err err = {0};
	struct buf all = BUF_INIT(1000);
	source_add(&s, STR("To: a\nBc"));
	source_add(&s, STR("c: b\n\nbody\xe4\nmore"));
	CHECK(message_read(&m, &s, &err));
	CHECK_INT(m.body.size, 10);
	CHECK(m.body.eight_bit);
	message_remove_bcc(&m.head);
	message_apply(&m, &s, &head);
	CHECK(!head.eight_bit);
	CHECK_INT(head.size, 7);
	for (int again = 0; again < 2; again++) {
		uint64_t len;
		CHECK(source_length(&s, &len, &err));
		CHECK_INT(len, 17);
		buf_clear(&all);
		do {
			CHECK(source_next(&s, &piece, &err));
			buf_add_str(&all, piece);
		} while (piece.len);
		CHECK_STR(buf_cstr(&all), "To: a\n\nbody\xe4\nmore");
		source_rewind(&s);
	}
	message_free(&m);
	source_free(&s);
	buf_free(&all);
}

static void limits(struct unit *t)
{
	struct source s = {0};
	struct message m = {0};
	struct err err = {0};
	struct buf big = BUF_INIT(4 * MIB);
	while (big.len <= LIMIT_MAIL_HEAD)
		buf_addf(&big, "X: %01000d\n", 0);
	source_lend(&s, buf_str(&big), SOURCE_PLAIN);
	CHECK(!message_read(&m, &s, &err));
	CHECK_INT(err.kind, ERR_DATA);
	source_free(&s);
	err_clear(&err);
	buf_clear(&big);
	for (size_t i = 0; i <= LIMIT_HEAD_FIELDS; i++)
		buf_addf(&big, "X: y\n");
	source_lend(&s, buf_str(&big), SOURCE_PLAIN);
	CHECK(!message_read(&m, &s, &err));
	CHECK_INT(err.kind, ERR_DATA);
	source_free(&s);
	buf_free(&big);
}

/* --- Submission --- */

static void recipients(struct unit *t, struct str head, const char *want)
{
	struct message_head h;
	struct mailboxes l = {0};
	struct err err = {0};
	struct buf got = BUF_INIT(1000);
	message_head_parse(&h, head);
	CHECK(message_recipients(&h, &l, &err) == (want != NULL));
	for (size_t i = 0; i < l.count; i++)
		buf_addf(&got, "%s ", l.items[i].address);
	if (want)
		CHECK_STR(buf_cstr(&got), want);
	else
		CHECK(str_starts(str_of(err.text), "Cc: "));
	mailboxes_free(&l);
	message_head_free(&h);
	buf_free(&got);
}

static void submit(struct unit *t)
{
	recipients(t, STR("To: a@x, A@x, a@X\nCC: b@x\nbcc: c@x\nFrom: d@x\nTo: e@x\n"),
	    "a@x A@x b@x c@x e@x ");
	recipients(t, STR("To: a@x\nCc: no one\n"), NULL);
	recipients(t,
	    STR("Received: 1\nResent-From: q@x\nResent-To: r@x\nReceived: 2\n"
		"Resent-To: s@x\nTo: a@x\n"),
	    "r@x ");
	recipients(t,
	    STR("Resent-From: q@x\nResent-To: r@x\nResent-From: p@x\nResent-To: s@x\n"
		"To: a@x\n"),
	    "r@x ");
	recipients(t, STR("Resent-Bcc: r@x\nresent-cc: s@x\nTo: a@x\n"), "r@x s@x ");
}

static void missing(struct unit *t)
{
	struct message_head h;
	struct message_origin o = {
	    .from = "ada@x.org", .name = "Ad\xc3\xa4 L", .now = 784111777, .zone = 60};
	struct err err = {0};
	message_head_parse(&h, STR("To: a\n"));
	CHECK(message_add_missing(&h, &o, &err));
	CHECK_SLICE(message_head_value(&h, "Date"), "Sun, 06 Nov 1994 09:49:37 +0100");
	CHECK_SLICE(message_head_value(&h, "From"), "=?UTF-8?B?QWTDpCBM?= <ada@x.org>");
	struct str id = message_head_value(&h, "Message-ID");
	CHECK(str_starts(id, "<2ebc9") && str_ends_nocase(id, "@x.org>"));
	size_t count = h.count;
	CHECK(message_add_missing(&h, &o, &err));
	CHECK_INT(h.count, count);
	message_head_free(&h);
}

/* --- Sources --- */

static struct buf pulled(struct unit *t, struct source *s)
{
	struct buf all = BUF_INIT(16 * MIB);
	struct err err = {0};
	struct str piece;
	uint64_t len;
	source_rewind(s);
	do {
		CHECK(source_next(s, &piece, &err));
		CHECK(piece.len <= 512 * KIB);
		buf_add_str(&all, piece);
	} while (piece.len);
	CHECK(source_length(s, &len, &err));
	CHECK_INT(len, all.len);
	return all;
}

static int file_of(struct str bytes)
{
	char path[] = "/tmp/parley-test-XXXXXX";
	int fd = mkstemp(path);
	unlink(path);
	if (write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len)
		abort();
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void sources(struct unit *t)
{
	struct source s = {0};
	source_add(&s, STR("one "));
	source_lend(&s, STR("caf\xe9 "), SOURCE_QP);
	source_lend(&s, STR("hello"), SOURCE_BASE64);
	source_lend(&s, STR(">From a\n>>From b\n> c\n>Fro"), SOURCE_MBOXRD);
	struct buf all = pulled(t, &s);
	CHECK_STR(buf_cstr(&all), "one caf=E9=20aGVsbG8=\r\nFrom a\n>From b\n> c\n>Fro");
	buf_free(&all);
	source_set_front(&s, 12, STR("front"));
	all = pulled(t, &s);
	CHECK_STR(buf_cstr(&all), "front0aGVsbG8=\r\nFrom a\n>From b\n> c\n>Fro");
	buf_free(&all);
	source_free(&s);
}

/* What one part or reading holds back is not given to the next. */
static void again(struct unit *t)
{
	struct source s = {0};
	struct err err = {0};
	struct str piece;
	struct buf text = BUF_INIT(MIB);
	while (text.len < 100001)
		buf_add_byte(&text, 'x');
	source_lend(&s, buf_str(&text), SOURCE_QP);
	struct buf once = pulled(t, &s);
	CHECK(source_next(&s, &piece, &err));
	source_rewind(&s);
	struct buf twice = pulled(t, &s);
	CHECK(str_eq(buf_str(&once), buf_str(&twice)));
	source_free(&s);
	buf_free(&once);
	buf_free(&twice);
	buf_free(&text);
}

/* Files, of every size about the edges of pieces, give what memory gives. */
static void files(struct unit *t)
{
	static const size_t sizes[] = {1, 57, 58, 58367, 58368, 58369, 262144, 262145, 600000};
	char *bytes = mem_alloc(600000);
	for (size_t i = 0; i < 600000; i++)
		bytes[i] = "ab\n>From \n"[i % 10];
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (enum source_coding c = SOURCE_PLAIN; c <= SOURCE_MBOXRD; c++) {
			struct str text = {bytes, sizes[i]};
			struct source memory = {0}, file = {0};
			source_lend(&memory, text, c);
			source_add_file(&file, &(struct source_file){.fd = file_of(text),
						   .owned = true,
						   .len = text.len,
						   .coding = c});
			struct buf a = pulled(t, &memory), b = pulled(t, &file);
			CHECK(str_eq(buf_str(&a), buf_str(&b)));
			if (c == SOURCE_PLAIN)
				CHECK(str_eq(buf_str(&a), text));
			if (c == SOURCE_MBOXRD)
				CHECK_INT(str_find_str(buf_str(&a), STR(">From ")), a.len);
			source_free(&memory);
			source_free(&file);
			buf_free(&a);
			buf_free(&b);
		}
	free(bytes);
}

static void spool(struct unit *t)
{
	struct source s = {0};
	struct err err = {0};
	int ends_of[2];
	int fd = file_of(STR("0123456789"));
	lseek(fd, 4, SEEK_SET);
	CHECK(source_spool(&s, fd, "x", &err));
	struct buf all = pulled(t, &s);
	CHECK_STR(buf_cstr(&all), "456789");
	buf_free(&all);
	CHECK_INT(ftruncate(fd, 5), 0);
	struct str piece;
	source_rewind(&s);
	CHECK(!source_next(&s, &piece, &err));
	CHECK_INT(err.kind, ERR_IO);
	source_free(&s);
	close(fd);
	err_clear(&err);
	CHECK(pipe(ends_of) == 0);
	CHECK(write(ends_of[1], "piped", 5) == 5);
	close(ends_of[1]);
	CHECK(source_spool(&s, ends_of[0], "x", &err));
	close(ends_of[0]);
	all = pulled(t, &s);
	CHECK_STR(buf_cstr(&all), "piped");
	buf_free(&all);
	source_free(&s);
	FILE *big = popen("head -c 700000 /dev/zero", "r");
	CHECK(source_spool(&s, fileno(big), "x", &err));
	pclose(big);
	all = pulled(t, &s);
	CHECK_INT(all.len, 700000);
	buf_free(&all);
	source_free(&s);
	CHECK(!source_add_path(&s, "/nowhere/at/all", SOURCE_PLAIN, &err));
	CHECK_INT(err.kind, ERR_ABSENT);
	err_clear(&err);
	CHECK(!source_add_path(&s, "/", SOURCE_PLAIN, &err));
	CHECK_INT(err.kind, ERR_IO);
	source_free(&s);
}

/* What is left of text, written to a pipe in pieces and never closed, up to its lone dot. */
static void stops_at_dot(struct unit *t, const char *text, bool closes, const char *want)
{
	struct source s = {0};
	struct err err = {0};
	int ends_of[2];
	CHECK(pipe(ends_of) == 0);
	CHECK(write(ends_of[1], text, strlen(text)) == (ssize_t)strlen(text));
	if (closes)
		close(ends_of[1]);
	CHECK(source_spool_to_dot(&s, ends_of[0], "x", &err));
	struct buf all = pulled(t, &s);
	CHECK_STR(buf_cstr(&all), want);
	buf_free(&all);
	source_free(&s);
	close(ends_of[0]);
	if (!closes)
		close(ends_of[1]);
}

static void spool_to_dot(struct unit *t)
{
	static const char *const texts[][2] = {{"a\n.\n", "a\n"}, {"a\r\n.\r\nb\n", "a\r\n"},
	    {".\n", ""}, {"..\n.a\n.\r\rx\n\n.\n.\n", "..\n.a\n.\r\rx\n\n"}};
	for (size_t i = 0; i < COUNT(texts); i++)
		stops_at_dot(t, texts[i][0], false, texts[i][1]);
	stops_at_dot(t, "", true, "");
	stops_at_dot(t, "a\n.", true, "a\n");
	stops_at_dot(t, "a\n..", true, "a\n..");
	stops_at_dot(t, "a.", true, "a.");
	struct source s = {0};
	struct err err = {0};
	FILE *big =
	    popen("head -c 600000 /dev/zero; echo; echo .; head -c 100000 /dev/zero", "r");
	CHECK(source_spool_to_dot(&s, fileno(big), "x", &err));
	pclose(big);
	struct buf all = pulled(t, &s);
	CHECK_INT(all.len, 600001);
	buf_free(&all);
	source_free(&s);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"lines at the limit", long_lines},
	    {"facts of bytes", scan},
	    {"where the head ends", find},
	    {"heads edited", edit},
	    {"a message read and changed", read_and_apply},
	    {"ceilings", limits},
	    {"recipients", submit},
	    {"missing fields", missing},
	    {"sources of memory", sources},
	    {"sources read again", again},
	    {"sources of files", files},
	    {"what can be read but once", spool},
	    {"what a lone dot ends", spool_to_dot},
	};
	return unit_run(tests, COUNT(tests));
}
