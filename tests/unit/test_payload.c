/*
 * Request bodies: -d and its kin, files and pipes, multipart forms, framing.
 */
#include "cmd/webget/payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "tests/unit/unit.h"

/* A file with these bytes; unlinked and freed by drop. */
static char *file_of(struct unit *t, struct str bytes, const char *suffix)
{
	char *path = mem_printf("/tmp/parley-unit-XXXXXX%s", suffix);
	int fd = mkstemps(path, (int)strlen(suffix));
	CHECK(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	close(fd);
	return path;
}

static void drop(char *path)
{
	unlink(path);
	free(path);
}

/* What leaves on the wire; the caller frees it. */
static struct buf sent(struct unit *t, struct payload *p, bool chunked)
{
	struct buf out = BUF_INIT(LIMIT_DATA);
	_Atomic uint64_t counter = 0;
	struct stream *s = stream_over_memory(STR_NONE, &out);
	bool ok = payload_send(p, s, chunked, &counter) && stream_flush(s);
	unit_check_str(t, str_of(stream_err(s)->text), str_of(""), "send");
	unit_check(t, ok, "sent");
	if (payload_length(p) >= 0)
		unit_check_int(t, (long long)counter, payload_length(p), "counted");
	stream_close(s);
	return out;
}

/* The one item, or two if name2, as a body. */
static void data(struct unit *t, const char *const items[][2], struct str want)
{
	struct list list = {0};
	struct payload p = {0};
	struct err err = {0};
	for (; (*items)[0]; items++)
		list_add(&list, (*items)[0], (*items)[1]);
	if (!payload_from_data(&list, &p, &err))
		unit_check_str(t, str_of(err.text), str_of(""), "from data");
	struct buf got = sent(t, &p, false);
	unit_check_str(t, buf_str(&got), want, "body");
	unit_check_int(t, payload_length(&p), (long long)want.len, "length");
	buf_free(&got);
	payload_free(&p);
	list_free(&list);
}

#define DATA(want, ...)                                                                        \
	data(HERE(t), (const char *const[][2]){__VA_ARGS__, {NULL, NULL}}, STR(want))

static void joined(struct unit *t)
{
	DATA("a=1", {"data", "a=1"});
	DATA("a=1&b=2&@c", {"data", "a=1"}, {"data-binary", "b=2"}, {"data-raw", "@c"});
	DATA("a&&", {"data", "a"}, {"data", ""}, {"data-raw", ""});
	DATA("&a", {"data", ""}, {"data", "a"});
	DATA("", {"data", ""});
	DATA("a{}x&b", {"data", "a"}, {"json", "{}"}, {"json", "x"}, {"data", "b"});
	DATA("a", {"header", "X: y"}, {"data", "a"}, {"url-query", "z"});
	DATA("a+b%26c", {"data-urlencode", "a b&c"});
	DATA("x%3Dy", {"data-urlencode", "=x=y"});
	DATA("n=x++y", {"data-urlencode", "n=x  y"});
	DATA("n=%C3%A4%40", {"data-urlencode", "n=\xc3\xa4@"});
	DATA("+a+", {"data-urlencode", " a "});
}

static void types(struct unit *t)
{
	struct list list = {0};
	struct payload p = {0};
	list_add(&list, "data", "x");
	CHECK(payload_from_data(&list, &p, NULL) && !p.json);
	CHECK_STR(p.content_type, "application/x-www-form-urlencoded");
	payload_free(&p);
	list_add(&list, "json", "x");
	CHECK(payload_from_data(&list, &p, NULL) && p.json);
	CHECK_STR(p.content_type, "application/json");
	payload_free(&p);
	list_free(&list);
}

static void from_files(struct unit *t)
{
	char *path = file_of(t, STR("a\r\nb\0c d"), "");
	char *at = mem_printf("@%s", path), *named = mem_printf("n@%s", path);
	DATA("abc d", {"data", at});
	DATA("abc d&x", {"data", at}, {"data", "x"});
	DATA("a\r\nb\0c d", {"data-binary", at});
	DATA("x&a\r\nb\0c d", {"data-raw", "x"}, {"data-binary", at});
	DATA("a\r\nb\0c d", {"json", at});
	DATA("a%0D%0Ab%00c+d", {"data-urlencode", at});
	DATA("n=a%0D%0Ab%00c+d", {"data-urlencode", named});
	free(at);
	free(named);
	drop(path);
}

static void streamed(struct unit *t)
{
	char *path = file_of(t, STR("0123456789"), ""), *at = mem_printf("@%s", path);
	struct list list = {0};
	struct payload p = {0};
	list_add(&list, "data-binary", at);
	CHECK(payload_from_data(&list, &p, NULL));
	CHECK(p.count == 1 && !p.segments[0].bytes && payload_length(&p) == 10);
	for (int i = 0; i < 2; i++) {
		struct buf got = sent(t, &p, i == 1);
		CHECK_STR(buf_cstr(&got), i ? "a\r\n0123456789\r\n0\r\n\r\n" : "0123456789");
		buf_free(&got);
		CHECK(payload_rewind(&p));
	}
	CHECK(truncate(path, 5) == 0);
	struct buf out = BUF_INIT(100);
	for (int i = 0; i < 2; i++) {
		struct stream *s = stream_over_memory(STR_NONE, &out);
		CHECK(!payload_send(&p, s, i == 1, NULL));
		CHECK_INT(stream_err(s)->kind, ERR_IO);
		stream_close(s);
		CHECK(payload_rewind(&p));
	}
	buf_free(&out);
	payload_free(&p);
	list_free(&list);
	free(at);
	drop(path);
}

/* stdin becomes a pipe with these bytes in it. */
static void feed_stdin(struct unit *t, const char *bytes)
{
	int ends[2];
	CHECK(pipe(ends) == 0 && dup2(ends[0], STDIN_FILENO) == 0);
	CHECK(write(ends[1], bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
	close(ends[0]);
	close(ends[1]);
}

static void pipes(struct unit *t)
{
	struct payload p = {0};
	feed_stdin(t, "from a pipe");
	CHECK(payload_from_file("-", &p, NULL));
	CHECK_INT(payload_length(&p), -1);
	CHECK(payload_rewind(&p));
	struct buf got = sent(t, &p, true);
	CHECK_STR(buf_cstr(&got), "b\r\nfrom a pipe\r\n0\r\n\r\n");
	CHECK(!payload_rewind(&p));
	payload_free(&p);
	buf_free(&got);

	feed_stdin(t, "short\n");
	DATA("short\n", {"data-binary", "@-"});
	feed_stdin(t, "short\n");
	DATA("short&x", {"data", "@-"}, {"data", "x"});
	feed_stdin(t, "");
	DATA("", {"data-binary", "@-"});

	feed_stdin(t, "x");
	CHECK(payload_from_file("-", &p, NULL));
	struct stream *s = stream_over_memory(STR_NONE, NULL);
	CHECK(!payload_send(&p, s, false, NULL));
	CHECK_INT(stream_err(s)->kind, ERR_INTERNAL);
	stream_close(s);
	payload_free(&p);
}

static void stdin_file(struct unit *t)
{
	char *path = file_of(t, STR("0123456789"), "");
	struct payload p = {0};
	CHECK(freopen(path, "r", stdin) != NULL && lseek(STDIN_FILENO, 4, SEEK_SET) == 4);
	CHECK(payload_from_file("-", &p, NULL));
	CHECK_INT(payload_length(&p), 6);
	for (int i = 0; i < 2; i++) {
		struct buf got = sent(t, &p, false);
		CHECK_STR(buf_cstr(&got), "456789");
		buf_free(&got);
		CHECK(payload_rewind(&p));
	}
	payload_free(&p);
	CHECK(lseek(STDIN_FILENO, 0, SEEK_CUR) == 4);
	drop(path);
}

static void large(struct unit *t)
{
	struct buf text = BUF_INIT(16 * MIB);
	struct payload p = {0};
	for (size_t i = 0; i < 10 * MIB; i++)
		buf_add_byte(&text, (char)('a' + i % 26));
	payload_add_bytes(&p, &text);
	CHECK(text.len == 0 && payload_length(&p) == (int64_t)(10 * MIB));
	struct buf got = sent(t, &p, false);
	CHECK(
	    got.len == 10 * MIB && got.ptr[10 * MIB - 1] == (char)('a' + (10 * MIB - 1) % 26));
	buf_free(&got);
	got = sent(t, &p, true);
	CHECK(str_starts(buf_str(&got), "10000\r\nabc"));
	CHECK_INT(got.len, 10 * MIB + 160 * 9 + 5);
	buf_free(&got);
	payload_free(&p);
}

static void refused(struct unit *t)
{
	struct payload p = {0};
	struct err err = {0};
	struct list list = {0};
	CHECK(!payload_from_file("/nonexistent/x", &p, &err));
	CHECK_INT(err.kind, ERR_IO);
	CHECK(strstr(err.text, "/nonexistent/x"));
	err_clear(&err);
	CHECK(!payload_from_file("/", &p, &err));
	CHECK_INT(err.kind, ERR_IO);
	err_clear(&err);
	list_add(&list, "data", "@/nonexistent/x");
	CHECK(!payload_from_data(&list, &p, &err));
	CHECK_INT(err.kind, ERR_IO);
	payload_free(&p);
	list_free(&list);
	err_clear(&err);
	struct buf small = BUF_INIT(3);
	list_add(&list, "data", "abcd");
	CHECK(!payload_data_as_query(&list, &small, &err));
	CHECK_INT(err.kind, ERR_USAGE);
	buf_free(&small);
	list_free(&list);
}

static void query(struct unit *t)
{
	struct list list = {0};
	struct buf out = BUF_INIT(200);
	list_add(&list, "data", "a=1");
	list_add(&list, "url-query", "x y");
	list_add(&list, "url-query", "+z%20w");
	list_add(&list, "url-query", "n=v w");
	list_add(&list, "url-query", "=p=q");
	CHECK(payload_data_as_query(&list, &out, NULL));
	CHECK_STR(buf_cstr(&out), "a=1&x+y&z%20w&n=v+w&p%3Dq");
	buf_clear(&out);
	buf_add_text(&out, "q=1");
	CHECK(payload_data_as_query(&list, &out, NULL));
	CHECK(str_starts(buf_str(&out), "q=1&a=1&"));
	buf_free(&out);
	list_free(&list);
}

/* What the form sends, its boundary written as B. */
static void form(struct unit *t, const char *name, const char *text, const char *want)
{
	struct list list = {0};
	struct payload p = {0};
	struct err err = {0};
	struct buf plain = BUF_INIT(4000);
	list_add(&list, name, text);
	bool ok = payload_from_form(&list, &p, &err);
	list_free(&list);
	if (!unit_check(t, ok, err.text))
		return;
	const char *boundary = strrchr(p.content_type, '=') + 1;
	unit_check(t, strlen(boundary) == 56, "boundary");
	struct buf got = sent(t, &p, false);
	unit_check_int(t, (long long)got.len, payload_length(&p), "length");
	for (struct str rest = buf_str(&got); rest.len;) {
		size_t at = str_find_str(rest, str_of(boundary));
		bool hit = at < rest.len;
		buf_add_str(&plain, str_sub(rest, 0, at));
		if (hit)
			buf_add_byte(&plain, 'B');
		rest = str_sub(rest, at + (hit ? strlen(boundary) : 0), rest.len);
	}
	unit_check_str(t, buf_str(&plain), str_of(want), text);
	buf_free(&plain);
	buf_free(&got);
	payload_free(&p);
}

#define PART(head, body) "--B\r\nContent-Disposition: form-data; " head "\r\n\r\n" body "\r\n"
#define FORM(arg, want) form(HERE(t), "form", arg, want "--B--\r\n")

static void form_texts(struct unit *t)
{
	FORM("a=b", PART("name=\"a\"", "b"));
	FORM("a=", PART("name=\"a\"", ""));
	FORM("a=b=c;d", PART("name=\"a\"", "b=c;d"));
	FORM("a=x;type=text/y", PART("name=\"a\"\r\nContent-Type: text/y", "x"));
	FORM("a=x; type=\"text/y;b=c\";headers=\"X-A: 1\"",
	    PART("name=\"a\"\r\nContent-Type: text/y;b=c\r\nX-A: 1", "x"));
	FORM("a=x;type=text/y;charset=z;filename=f",
	    PART("name=\"a\"; filename=\"f\"\r\nContent-Type: text/y;charset=z", "x"));
	FORM("a=\"x;type=y\\\"\\\\\";type=t/t",
	    PART("name=\"a\"\r\nContent-Type: t/t", "x;type=y\"\\"));
	FORM("a=\"x\"y", PART("name=\"a\"", "\"x\"y"));
	FORM("a=\"x", PART("name=\"a\"", "\"x"));
	FORM("a\"b\r\nc=x", PART("name=\"a%22b%0D%0Ac\"", "x"));
	FORM("a={\"b\":[1,2]};type=application/json",
	    PART("name=\"a\"\r\nContent-Type: application/json", "{\"b\":[1,2]}"));
	form(
	    HERE(t), "form-string", "a=@x;type=y", PART("name=\"a\"", "@x;type=y") "--B--\r\n");
}

static void form_files(struct unit *t)
{
	char *path = file_of(t, STR("x\ny"), ".html"), *name = strrchr(path, '/') + 1;
	char *arg = mem_printf("a=@%s,%s;type=t/t;filename=\"q\\\"r\"", path, path);
	char *want =
	    mem_printf("--B\r\nContent-Disposition: form-data; name=\"a\"; "
		       "filename=\"%s\"\r\nContent-Type: text/html\r\n\r\nx\ny\r\n"
		       "--B\r\nContent-Disposition: form-data; name=\"a\"; "
		       "filename=\"q%%22r\"\r\nContent-Type: t/t\r\n\r\nx\ny\r\n--B--\r\n",
		name);
	form(HERE(t), "form", arg, want);
	free(arg);
	arg = mem_printf("a=<%s;type=t/t", path);
	FORM(arg, PART("name=\"a\"\r\nContent-Type: t/t", "x\ny"));
	free(arg);
	free(want);
	drop(path);
}

static void form_refused(struct unit *t)
{
	static const char *const bad[] = {"nothing", "a=x;headers=nocolon",
	    "a=x;encoder=base64", "a=x;headers=\"A: b\r\nC: d\"", "a=x;type=\"t\r\nX: y\"",
	    "a=@/nonexistent/x"};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct list list = {0};
		struct payload p = {0};
		struct err err = {0};
		list_add(&list, "form", bad[i]);
		unit_check(HERE(t), !payload_from_form(&list, &p, &err), bad[i]);
		unit_check_int(
		    HERE(t), err.kind, i + 1 < COUNT(bad) ? ERR_USAGE : ERR_IO, bad[i]);
		payload_free(&p);
		list_free(&list);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"-d and its kin", joined},
	    {"content types", types},
	    {"data from files", from_files},
	    {"a file sent from where it lies", streamed},
	    {"pipes", pipes},
	    {"stdin that is a file", stdin_file},
	    {"much in memory", large},
	    {"what is refused", refused},
	    {"as a query", query},
	    {"form: texts", form_texts},
	    {"form: files", form_files},
	    {"form: what is refused", form_refused},
	};
	return unit_run(tests, COUNT(tests));
}
