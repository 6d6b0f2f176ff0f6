/*
 * Sentences for people, on stderr, and text for whoever reads stdout. Knows the
 * error record and how bytes are made visible; decides nothing.
 */
#include "common/cli/say.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/cli/interrupt.h"
#include "common/text/charset.h"
#include "common/text/visible.h"

/* More than any sentence: its parts are cut, and a byte made visible takes four. */
#define SENTENCE_MAX (16 * KIB)

static bool wait_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	return poll(&p, 1, -1) > 0 || errno == EINTR;
}

bool say_bytes(int fd, const char *name, struct str bytes, struct err *err)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n >= 0) {
			bytes = str_sub(bytes, (size_t)n, bytes.len);
			continue;
		}
		if (errno == EINTR && *interrupt_flag())
			return err_set(err, ERR_INTERRUPT, "interrupted");
		/* A terminal or pipe that somebody else made non-blocking. */
		if (errno == EAGAIN && wait_writable(fd))
			continue;
		if (errno != EINTR)
			return err_set_errno(err, ERR_IO, "%s", name);
	}
	return true;
}

static void speak(struct buf *sentence)
{
	struct err nobody_to_tell = {0};
	buf_add_byte(sentence, '\n');
	say_bytes(STDERR_FILENO, "stderr", buf_str(sentence), &nobody_to_tell);
	buf_free(sentence);
}

void say_error(const char *tool, const char *what, const struct err *err)
{
	struct buf out = BUF_INIT(SENTENCE_MAX);
	buf_addf(&out, "%s: ", tool);
	if (what) {
		visible_put_text(&out, str_sub(str_of(what), 0, 2 * KIB), "");
		buf_add_text(&out, ": ");
	}
	visible_put_text(&out, str_of(err->text), "");
	if (err->said[0]) {
		buf_add_text(&out, ": server said: ");
		visible_put_text(&out, str_trim(str_of(err->said)), "");
	}
	speak(&out);
}

void say_note(const char *tool, bool quiet, const char *fmt, ...)
{
	if (quiet)
		return;
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	struct buf out = BUF_INIT(SENTENCE_MAX);
	buf_addf(&out, "%s: ", tool);
	visible_put_text(&out, str_of(text), "");
	speak(&out);
}

void say_echo(const char *prompt, struct str line)
{
	struct buf out = BUF_INIT(SENTENCE_MAX);
	buf_add_text(&out, prompt);
	visible_put_text(&out, str_sub(line, 0, 2 * KIB), "\t");
	speak(&out);
}

/* The CR of a CRLF would be shown as a byte on every line of a mail or a reply. */
static void put_line_by_line(struct buf *out, struct str text)
{
	struct str line;
	while (text.len) {
		bool ends = str_find(text, '\n') < text.len;
		str_cut(&text, '\n', &line);
		if (ends && line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		visible_put_text(out, line, "\t");
		if (ends)
			buf_add_byte(out, '\n');
	}
}

/* UTF-8, unless the terminal speaks something else. */
static void to_locale(struct buf *out)
{
	char charset[64];
	if (!charset_of_locale(charset, sizeof charset))
		return;
	struct buf converted = BUF_INIT(4 * out->len + KIB);
	charset_from_utf8(&converted, charset, buf_str(out));
	buf_free(out);
	*out = converted;
}

bool say_text(int fd, const char *text, size_t len, struct err *err)
{
	struct str bytes = {text, len};
	const char *name = fd == STDOUT_FILENO ? "standard output" : "output";
	if (!isatty(fd))
		return say_bytes(fd, name, bytes, err);
	struct buf out = BUF_INIT(4 * len + KIB);
	put_line_by_line(&out, bytes);
	to_locale(&out);
	bool good = say_bytes(fd, name, buf_str(&out), err);
	buf_free(&out);
	return good;
}
