/*
 * The trace's sinks and its bodies: whatever was said, each record is one line,
 * text that reads back to the same bytes or JSON that is closed. The input is a
 * body in pieces; its first bytes choose their size.
 */
#include <string.h>
#include <sys/mman.h>

#include "common/base/limits.h"
#include "common/net/trace_body.h"
#include "common/text/utf8.h"
#include "common/text/visible.h"
#include "tests/fuzz/fuzz.h"

struct output {
	int fd;
	char *bytes;
	size_t len;
};

static struct output load(int fd)
{
	struct output o = {fd, NULL, (size_t)lseek(fd, 0, SEEK_END)};
	if (o.len)
		o.bytes = mmap(NULL, o.len, PROT_READ, MAP_PRIVATE, fd, 0);
	must(o.bytes != MAP_FAILED);
	return o;
}

static void unload(struct output *o)
{
	if (o->len)
		munmap(o->bytes, o->len);
	close(o->fd);
}

/* No raw control bytes, quotes paired, braces only where they belong. */
static void check_json(struct str line)
{
	bool quoted = false;
	int depth = 0;
	must(utf8_is_valid(line) && str_starts(line, "{\"t\":"));
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];
		must((unsigned char)c >= ' ');
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += c == '{' ? 1 : c == '}' ? -1 : 0;
	}
	must(!quoted && depth == 0 && line.ptr[line.len - 1] == '}');
}

/* Joined again by LF, the S: lines are the body, but for each CR before an LF. */
static void check_text(struct str line, struct buf *back)
{
	if (line.ptr[0] == '[')
		return;
	must(str_starts(line, "S:"));
	must(line.len == 2 || line.ptr[2] == ' ');
	must(visible_parse(back, str_sub(line, 3, line.len)));
	buf_add_byte(back, '\n');
}

static void without_cr(struct buf *out, struct str body)
{
	struct str line;
	while (str_cut(&body, '\n', &line)) {
		line.len -= line.len && line.ptr[line.len - 1] == '\r';
		buf_add_str(out, line);
		buf_add_byte(out, '\n');
	}
}

static void put_body(struct trace *t, struct str body, size_t step)
{
	struct trace_body b;
	trace_body_start(&b, t, 1, 'S', step & 1);
	for (struct str rest = body; rest.len; rest = str_sub(rest, step, rest.len))
		trace_body_add(&b, str_sub(rest, 0, step));
	trace_body_end(&b);
	char name[40];
	memcpy(name, body.ptr, body.len < sizeof name ? body.len : sizeof name);
	name[body.len < sizeof name ? body.len : sizeof name - 1] = '\0';
	struct trace_item item = TRACE_TEXT("text", name);
	trace_event(t, 2, "event", &item, 1);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	if (size < 2)
		return 0;
	struct str body = {(const char *)data + 1, size - 1}, line;
	struct trace *t = trace_open();
	int text_fd = memfd_create("text", MFD_CLOEXEC), json_fd = memfd_create("json", 0);
	trace_add_sink(t, trace_text_sink(text_fd, false, false));
	trace_add_sink(t, trace_json_sink(json_fd, false));
	trace_set_bodies(t, true);
	put_body(t, body, 1 + data[0]);
	trace_close(t);
	struct output text = load(text_fd), json = load(json_fd);
	struct buf back = BUF_INIT(MIB), want = BUF_INIT(MIB);
	struct str rest = {text.bytes, text.len};
	while (str_cut(&rest, '\n', &line))
		check_text(line, &back);
	without_cr(&want, body);
	must(str_eq(buf_str(&back), buf_str(&want)));
	rest = (struct str){json.bytes, json.len};
	while (str_cut(&rest, '\n', &line))
		check_json(line);
	buf_free(&back);
	buf_free(&want);
	unload(&text);
	unload(&json);
	return 0;
}
