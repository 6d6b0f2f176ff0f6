/*
 * --har: whatever conversation the trace tells, in whatever order, what is written is one JSON
 * value with its quotes and brackets paired. The input is a trace, a record a line: C, S, or an
 * event's letter, the connection's digit, then the text.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/webget/har.h"
#include "common/text/utf8.h"
#include "tests/fuzz/fuzz.h"

static void put_event(struct trace *t, int conn, char kind, struct str text)
{
	static const struct {
		char letter;
		const char *event;
	} events[] = {{'c', "connect"}, {'t', "tls"}, {'x', "close"}, {'n', "note"}};
	char *words = str_dup(text);
	struct trace_item items[] = {TRACE_TEXT("text", words), TRACE_MS("ms", 0.5)};
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i].letter == kind)
			trace_event(t, conn, events[i].event, items, 2);
	struct trace_item body[] = {
	    TRACE_TEXT("from", kind == 'B' ? "C" : "S"), TRACE_COUNT("bytes", text.len, "")};
	if (kind == 'B' || kind == 'b')
		trace_event(t, conn, "body", body, 2);
	free(words);
}

static void put_record(struct trace *t, struct str line)
{
	if (line.len < 2)
		return;
	int conn = line.ptr[1] & 7;
	struct str text = str_sub(line, 2, line.len);
	if (line.ptr[0] == 'C' || line.ptr[0] == 'S')
		trace_line(t, conn, line.ptr[0], text);
	else
		put_event(t, conn, line.ptr[0], text);
}

static void check(struct str json)
{
	bool quoted = false;
	int depth = 0;
	must(utf8_is_valid(json) && str_starts(json, "{\"log\":"));
	for (size_t i = 0; i < json.len; i++) {
		char c = json.ptr[i];
		must((unsigned char)c >= ' ' || (c == '\n' && !quoted));
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		must(depth > 0 || i + 2 >= json.len);
	}
	must(!quoted && depth == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str rest = {(const char *)data, size}, line;
	struct err err = {0};
	/* "-" is stdout, where nobody else writes. */
	int fd = memfd_create("har", MFD_CLOEXEC);
	must(fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	struct trace *t = trace_open();
	struct trace_sink *har = har_sink("-", &err);
	must(har != NULL);
	trace_add_sink(t, har);
	while (str_cut(&rest, '\n', &line))
		put_record(t, line);
	must(har_finish(har, &err));
	trace_close(t);
	size_t len = (size_t)lseek(fd, 0, SEEK_END);
	char *json = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	must(json != MAP_FAILED);
	check((struct str){json, len});
	munmap(json, len);
	close(fd);
	return 0;
}
