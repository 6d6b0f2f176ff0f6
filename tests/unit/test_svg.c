/*
 * The SVG writer's escaping, and the diagram's bounds: a long and a hostile trace.
 */
#include "common/text/svg.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/cli/diagram.h"
#include "tests/unit/unit.h"

static void check_escaped(struct unit *t, struct str text, const char *want)
{
	struct buf out = BUF_INIT(1000);
	CHECK(svg_put_escaped(&out, text, 1000));
	CHECK_STR(buf_cstr(&out), want);
	buf_free(&out);
}

static void escaping(struct unit *t)
{
	check_escaped(t, STR("250 \xc3\xa4 OK"), "250 \xc3\xa4 OK");
	check_escaped(
	    t, STR("</text><script>'\"&"), "&lt;/text&gt;&lt;script&gt;&#39;&quot;&amp;");
	check_escaped(t, STR("]]>"), "]]&gt;");
	check_escaped(t, STR("\0\x1b[31m\x7f\xc2\x85"), "\\x00\\x1b[31m\\x7f\\xc2\\x85");
	check_escaped(t, STR("\xff\xc3"), "\\xff\\xc3");
	check_escaped(t, STR("\xef\xbf\xbe\xef\xbf\xbf"), "\\xef\\xbf\\xbe\\xef\\xbf\\xbf");
	check_escaped(t, STR("a\tb"), "a b");
}

static void cutting(struct unit *t)
{
	struct buf out = BUF_INIT(1000);
	CHECK(!svg_put_escaped(&out, STR("abcdef"), 4));
	CHECK_STR(buf_cstr(&out), "abc…");
	buf_clear(&out);
	CHECK(svg_put_escaped(&out, STR("a<&d"), 4));
	CHECK_STR(buf_cstr(&out), "a&lt;&amp;d");
	buf_clear(&out);
	CHECK(!svg_put_escaped(&out, STR("ab\x1b[2J"), 5));
	CHECK_STR(buf_cstr(&out), "ab…");
	buf_free(&out);
}

static void numbers(struct unit *t)
{
	struct buf out = BUF_INIT(1000);
	svg_line(&out, "k", (struct svg_point){-0.04, 1.25}, (struct svg_point){-12.34, 1000});
	CHECK_STR(buf_cstr(&out),
	    "<line class=\"k\" x1=\"0.0\" y1=\"1.3\" x2=\"-12.3\" y2=\"1000.0\"/>\n");
	buf_free(&out);
}

static size_t file_size(const char *path)
{
	FILE *f = fopen(path, "r");
	if (!f)
		return 0;
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	fclose(f);
	return (size_t)size;
}

/* Many connections, events without their beginning, the second half of a connection. */
static void long_and_odd(struct unit *t)
{
	char path[] = "/tmp/parley-svg.XXXXXX";
	int fd = mkstemp(path);
	struct err err = {0};
	struct outfile *out = outfile_open(path, 0, &err);
	struct trace *trace = trace_open();
	int64_t start = clock_now();
	if (fd >= 0)
		close(fd);
	if (!CHECK(out))
		return;
	trace_add_sink(trace, diagram_sink(out));
	struct trace_item body[] = {TRACE_TEXT("from", "S"), TRACE_COUNT("bytes", 12, "bytes")};
	for (int i = 0; i < 100000; i++) {
		int conn = 1 + i % 300;
		trace_line(trace, conn, i % 2 ? 'S' : 'C', STR("250 <\xff> of a long session"));
		if (i % 5 == 0)
			trace_event(trace, conn, i % 3 ? "body" : "data", body, 2);
		if (i % 7 == 0)
			trace_event(trace, conn, "close", NULL, 0);
		if (i % 11 == 0)
			trace_event(trace, conn, "connect", NULL, 0);
		if (i % 13 == 0)
			trace_event(trace, conn, "tls", NULL, 0);
		if (i % 17 == 0)
			trace_note(trace, conn, "data", "127.0.0.1:1 open");
	}
	CHECK(trace_finish(trace, NULL, &err) && !err_is_set(&err));
	trace_close(trace);
	/* A tenth of a second on an idle machine. */
	CHECK(clock_now() - start < 10 * CLOCK_SECOND);
	CHECK(file_size(path) > 1000 && file_size(path) < 1000000);
	unlink(path);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"what may not stand in XML is escaped", escaping},
	    {"texts are cut whole", cutting},
	    {"numbers without a locale", numbers},
	    {"a long and odd trace is drawn within bounds", long_and_odd},
	};
	return unit_run(tests, COUNT(tests));
}
