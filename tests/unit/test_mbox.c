/*
 * mbox files read message by message.
 */
#include <stdlib.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/mail/mbox.h"
#include "tests/unit/unit.h"

#define FROM "From MAILER-DAEMON Sun Nov  6 08:49:37 1994\n"

static void reads(struct unit *t, const char *text, const char *want)
{
	char path[] = "/tmp/parley-mbox-XXXXXX";
	struct err err = {0};
	struct buf got = BUF_INIT(MIB);
	bool found = true;
	int fd = mkstemp(path);
	CHECK(write(fd, text, strlen(text)) >= 0);
	struct mbox m = {.fd = fd, .name = "x"};
	while (found) {
		struct source s = {0};
		struct str piece = STR_NONE;
		if (!mbox_next(&m, &s, &found, &err))
			break;
		do
			buf_add_str(
			    &got, found && source_next(&s, &piece, &err) ? piece : STR_NONE);
		while (found && piece.len);
		buf_add_text(&got, found ? "|" : "");
		source_free(&s);
	}
	CHECK(err_is_set(&err) == (want == NULL));
	if (want)
		CHECK_STR(buf_cstr(&got), want);
	mbox_free(&m);
	buf_free(&got);
	close(fd);
	unlink(path);
}

static void reading(struct unit *t)
{
	reads(t, "", "");
	reads(t, FROM "a\n\n" FROM "b\n", "a\n|b\n|");
	reads(t, FROM "a\n\n>From x\n>>From y\n\n\n" FROM "b", "a\n\nFrom x\n>From y\n\n|b|");
	reads(t, FROM "a\nFrom here on\n\n" FROM "b\n\n", "a\nFrom here on\n|b\n|");
	reads(t, FROM, "|");
	reads(t, "no mbox\n", NULL);
}

/* A From_ line on every edge of the pieces that are read. */
static void edges(struct unit *t)
{
	for (size_t len = 65536; len < 65536 + 60; len++) {
		struct buf text = BUF_INIT(MIB);
		struct err err = {0};
		char path[] = "/tmp/parley-mbox-XXXXXX";
		int fd = mkstemp(path);
		struct mbox m = {.fd = fd, .name = "x"};
		buf_add_text(&text, FROM);
		while (text.len < len)
			buf_add_byte(&text, 'x');
		buf_add_text(&text, "\n\n" FROM "two\n");
		CHECK(write(fd, text.ptr, text.len) == (ssize_t)text.len);
		bool found = true;
		size_t count = 0;
		for (; found; count += found) {
			struct source s = {0};
			CHECK(mbox_next(&m, &s, &found, &err));
			source_free(&s);
		}
		CHECK_INT(count, 2);
		mbox_free(&m);
		buf_free(&text);
		close(fd);
		unlink(path);
	}
}

/* Messages of all lengths in many pieces: their edges fall everywhere. */
static void many(struct unit *t)
{
	struct buf text = BUF_INIT(4 * MIB), want = BUF_INIT(4 * MIB);
	for (size_t n = 0; n < 600; n++) {
		struct buf body = BUF_INIT(KIB);
		buf_addf(&body, "%zu ", n);
		for (size_t i = 0; i < n * 37 % 999; i++)
			buf_add_byte(&body, i % 70 == 69 ? '\n' : 'x');
		buf_add_text(&body, "\n");
		buf_addf(&text, FROM "%s\n", buf_cstr(&body));
		buf_addf(&want, "%s|", buf_cstr(&body));
		buf_free(&body);
	}
	reads(t, buf_cstr(&text), buf_cstr(&want));
	buf_free(&text);
	buf_free(&want);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"mbox files read", reading},
	    {"edges of pieces", edges},
	    {"many in a piece", many},
	};
	return unit_run(tests, COUNT(tests));
}
