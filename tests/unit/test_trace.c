/*
 * The trace: its text notation, JSON Lines, bodies, pauses.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/net/trace_body.h"
#include "tests/unit/talk.h"

struct shown {
	struct trace *trace;
	int fd;
};

static struct shown open_text(bool with_time)
{
	struct shown s = {trace_open(), talk_memory()};
	trace_add_sink(s.trace, trace_text_sink(s.fd, false, with_time));
	return s;
}

static struct shown open_json(void)
{
	struct shown s = {trace_open(), talk_memory()};
	trace_add_sink(s.trace, trace_json_sink(s.fd, false));
	return s;
}

/* What was shown; the trace is closed. */
static struct buf finish(struct shown *s)
{
	trace_close(s->trace);
	struct buf text = talk_file(s->fd);
	close(s->fd);
	return text;
}

static void wants(struct unit *t, struct shown *s, const char *want)
{
	struct buf text = finish(s);
	CHECK_STR(buf_cstr(&text), want);
	buf_free(&text);
}

static void notation(struct unit *t)
{
	struct shown s = open_text(false);
	struct trace_item connect[] = {
	    TRACE_TEXT("address", "127.0.0.1:25"), TRACE_MS("ms", 0.4123)};
	CHECK(trace_new_conn(s.trace) == 1 && trace_new_conn(s.trace) == 2);
	trace_event(s.trace, 1, "connect", connect, 2);
	trace_line(s.trace, 1, 'S', STR("220 mail \\ \x1b[31m\t\xc3\xbc\xff\0\x7f"));
	trace_line(s.trace, 1, 'C', STR(""));
	trace_line(s.trace, 2, 'C', STR("HELO x"));
	trace_line(s.trace, 12, 'S', STR(""));
	trace_note(s.trace, 1, "retry", "in %d s\n", 2);
	trace_event(s.trace, 1, "close", NULL, 0);
	wants(t, &s,
	    "[connect 127.0.0.1:25 0.41 ms]\n"
	    "S: 220 mail \\\\ \\x1b[31m\t\xc3\xbc\\xff\\x00\\x7f\n"
	    "C:\n"
	    "C2: HELO x\n"
	    "S12:\n"
	    "[retry in 2 s\\x0a]\n"
	    "[close]\n");
}

static void times(struct unit *t)
{
	struct shown s = open_text(true);
	trace_line(s.trace, 1, 'S', STR("250 OK"));
	struct buf text = finish(&s);
	double seconds = -1;
	int end = 0;
	CHECK(sscanf(buf_cstr(&text), "%lf S: 250 OK%n", &seconds, &end) == 1 && end == 15);
	CHECK(seconds >= 0 && seconds < 10 && text.ptr[1] == '.');
	buf_free(&text);
}

/* The line with its time, which no test can know, made 0. */
static void wants_json(struct unit *t, struct shown *s, const char *want)
{
	struct buf text = finish(s), got = BUF_INIT(KIB);
	struct str rest = buf_str(&text), line;
	while (str_cut(&rest, '\n', &line)) {
		size_t comma = str_find(line, ',');
		CHECK(str_starts(line, "{\"t\":") && comma == 13);
		buf_add_text(&got, "{0");
		buf_add_str(&got, str_sub(line, comma, line.len));
		buf_add_byte(&got, '\n');
	}
	CHECK_STR(buf_cstr(&got), want);
	buf_free(&text);
	buf_free(&got);
}

static void json(struct unit *t)
{
	struct shown s = open_json();
	struct trace_item items[] = {TRACE_TEXT("address", "a\"b"), TRACE_MS("ms", 0.4)};
	trace_line(s.trace, 1, 'S', STR("25\"0 \\ \x1b\xff\0\xc3\xbc"));
	trace_line(s.trace, 2, 'C', STR(""));
	trace_event(s.trace, 3, "connect", items, 2);
	trace_event(s.trace, 1, "close", NULL, 0);
	wants_json(t, &s,
	    "{0,\"conn\":1,\"from\":\"S\",\"line\":\"25\\\"0 \\\\ "
	    "\\u001b\xef\xbf\xbd\\u0000\xc3\xbc\"}\n"
	    "{0,\"conn\":2,\"from\":\"C\",\"line\":\"\"}\n"
	    "{0,\"conn\":3,\"event\":\"connect\",\"address\":\"a\\\"b\",\"ms\":0.40}\n"
	    "{0,\"conn\":1,\"event\":\"close\"}\n");
}

/* The longest line of the worst bytes is still whole, in both notations. */
static void long_lines(struct unit *t)
{
	for (int is_json = 0; is_json < 2; is_json++) {
		struct shown s = is_json ? open_json() : open_text(false);
		struct buf line = BUF_INIT(LIMIT_LINE);
		memset(buf_reserve(&line, LIMIT_LINE), 1, LIMIT_LINE);
		buf_commit(&line, LIMIT_LINE);
		trace_line(s.trace, 1, 'S', buf_str(&line));
		struct buf text = finish(&s);
		CHECK(text.len > (is_json ? 6 : 4) * LIMIT_LINE);
		CHECK(str_ends_nocase(buf_str(&text), is_json ? "\\u0001\"}\n" : "\\x01\n"));
		buf_free(&line);
		buf_free(&text);
	}
}

static void pauses(struct unit *t)
{
	struct shown s = open_text(false);
	struct trace *none = trace_open();
	CHECK(!trace_is_on(NULL) && !trace_is_on(none) && trace_is_on(s.trace));
	CHECK(!trace_wants_bodies(NULL) && !trace_shows_secrets(NULL));
	trace_line(NULL, 1, 'S', STR("nowhere"));
	trace_set_bodies(none, true);
	CHECK(!trace_wants_bodies(none));
	trace_line(s.trace, 1, 'S', STR("one"));
	trace_pause(s.trace, true);
	CHECK(!trace_is_on(s.trace));
	trace_line(s.trace, 1, 'S', STR("two"));
	trace_note(s.trace, 1, "two", "two");
	trace_pause(s.trace, false);
	trace_line(s.trace, 1, 'S', STR("three"));
	wants(t, &s, "S: one\nS: three\n");
	trace_close(none);
	trace_close(NULL);
}

static void two_sinks(struct unit *t)
{
	struct shown s = open_text(false);
	struct shown second = {s.trace, talk_memory()};
	trace_add_sink(s.trace, trace_text_sink(second.fd, false, false));
	trace_line(s.trace, 1, 'C', STR("QUIT"));
	trace_close(s.trace);
	struct buf a = talk_file(s.fd), b = talk_file(second.fd);
	CHECK_STR(buf_cstr(&a), "C: QUIT\n");
	CHECK_STR(buf_cstr(&b), "C: QUIT\n");
	close(s.fd);
	close(second.fd);
	buf_free(&a);
	buf_free(&b);
}

/* ---- bodies ---- */

static void add_lines(struct buf *out, int from, int to, const char *before)
{
	for (int i = from; i <= to; i++)
		buf_addf(out, "%sline %d\n", before, i);
}

/* This text as a body, in pieces of `step` bytes. */
static void show_body(struct shown *s, struct str text, size_t step, bool is_text)
{
	struct trace_body b;
	trace_body_start(&b, s->trace, 1, 'S', is_text);
	while (text.len) {
		trace_body_add(&b, str_sub(text, 0, step));
		text = str_sub(text, step, text.len);
	}
	trace_body_end(&b);
}

static void text_body(struct unit *t, int count, const char *end, const char *event)
{
	for (size_t step = 1; step < 64; step += 9) {
		struct buf text = BUF_INIT(4 * KIB), want = BUF_INIT(4 * KIB);
		struct shown s = open_text(false);
		int most = LIMIT_TRACE_LINES;
		add_lines(&text, 1, count, "");
		buf_add_text(&text, end);
		add_lines(&want, 1, count < most ? count : most, "S: ");
		buf_add_text(&want, event);
		show_body(&s, buf_str(&text), step, true);
		wants(t, &s, buf_cstr(&want));
		buf_free(&text);
		buf_free(&want);
	}
}

static void text_bodies(struct unit *t)
{
	text_body(t, 3, "", "");
	text_body(t, 3, "cut", "S: cut\n");
	text_body(t, 3, "\r\n.\r\n", "S:\nS: .\n");
	text_body(t, 39, "cut", "S: cut\n");
	text_body(t, 40, "", "");
	text_body(t, 40, "cut", "[body S 1 more lines, 314 bytes]\n");
	text_body(t, 60, "", "[body S 20 more lines, 471 bytes]\n");
}

static void file_bodies(struct unit *t)
{
	struct shown s = open_text(false);
	show_body(&s, STR("a\nb\0c"), 2, false);
	wants(t, &s, "[body S 5 bytes]\n");
	s = open_text(false);
	trace_set_bodies(s.trace, true);
	show_body(&s, STR("a\r\nb\0c"), 2, false);
	wants(t, &s, "S: a\nS: b\\x00c\n[body S 6 bytes]\n");
	s = open_json();
	show_body(&s, STR("a\nb\0c"), 2, false);
	wants_json(t, &s, "{0,\"conn\":1,\"event\":\"body\",\"from\":\"S\",\"bytes\":5}\n");
}

static void endless_line(struct unit *t)
{
	struct shown s = open_text(false);
	struct buf text = BUF_INIT(4 * MIB);
	memset(buf_reserve(&text, 3 * MIB), 'x', 3 * MIB);
	buf_commit(&text, 3 * MIB);
	trace_set_bodies(s.trace, true);
	show_body(&s, buf_str(&text), 100000, false);
	struct buf got = finish(&s);
	size_t count = 0;
	for (size_t i = 0; i < got.len; i++)
		count += got.ptr[i] == 'x';
	CHECK_INT(count, 3 * MIB);
	buf_free(&text);
	buf_free(&got);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"notation", notation},
	    {"times", times},
	    {"JSON Lines", json},
	    {"long lines", long_lines},
	    {"pauses, and no trace at all", pauses},
	    {"two sinks", two_sinks},
	    {"text bodies", text_bodies},
	    {"file bodies", file_bodies},
	    {"a line without end", endless_line},
	};
	return unit_run(tests, COUNT(tests));
}
