/*
 * Heads of HTTP responses: accepted, repaired, refused.
 */
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/text/httphead.h"
#include "tests/unit/unit.h"

/* Parses a copy of just the size, for ASan to see every step outside. *copy is to be freed. */
static bool parse(struct http_head *head, struct str text, char **copy, struct err *err)
{
	*copy = str_dup(text);
	*copy = realloc(*copy, text.len ? text.len : 1);
	return http_head_parse(head, *copy, text.len, err);
}

static void check_refused(struct unit *t, struct str text, const char *why)
{
	struct http_head head;
	struct err err = {0};
	char *copy;
	if (!CHECK(!parse(&head, text, &copy, &err)))
		unit_check_str(t, text, STR("refused"), "head");
	CHECK_INT(err.kind, ERR_PROTOCOL);
	if (!CHECK(strstr(err.text, why)))
		unit_check_str(t, str_of(err.text), str_of(why), "reason");
	CHECK(!strchr(err.text, '\n'));
	http_head_free(&head);
	free(copy);
}

static void ordinary(struct unit *t)
{
	struct http_head head;
	struct err err = {0};
	char *copy;
	struct str text = STR(
	    "HTTP/1.1 200 OK then\r\nServer: x\r\nContent-Length:  5 \r\nEmpty:\r\n\r\nbody");
	CHECK_INT(http_head_end(text, 0), text.len - 4);
	CHECK(parse(&head, text, &copy, &err));
	CHECK_INT(head.major * 10 + head.minor, 11);
	CHECK_INT(head.status, 200);
	CHECK_SLICE(head.reason, "OK then");
	CHECK_INT(head.fields.count, 3);
	CHECK_SLICE(fields_value(&head.fields, "content-length"), "5");
	http_head_free(&head);
	free(copy);
}

static void lenient(struct unit *t)
{
	struct http_head head;
	struct err err = {0};
	char *copy;
	CHECK(parse(&head, STR("HTTP/1.0 404\nA: b\nC: d"), &copy, &err));
	CHECK_INT(head.status, 404);
	CHECK_INT(head.minor, 0);
	CHECK_INT(head.reason.len, 0);
	CHECK_SLICE(fields_value(&head.fields, "c"), "d");
	http_head_free(&head);
	free(copy);
	CHECK(parse(&head, STR("HTTP/1.1 299 \r\n\r\n"), &copy, &err));
	CHECK_INT(head.reason.len, 0);
	http_head_free(&head);
	free(copy);
}

static void folded(struct unit *t)
{
	struct http_head head;
	struct err err = {0};
	char *copy;
	struct str text =
	    STR("HTTP/1.1 200 OK\r\nA: b \r\n\t  c\r\n d e \r\nF:\n g\n \n h\r\nI: j\n\n");
	CHECK(parse(&head, text, &copy, &err));
	CHECK_SLICE(fields_value(&head.fields, "a"), "b c d e");
	CHECK_SLICE(fields_value(&head.fields, "f"), "g h");
	CHECK_SLICE(fields_value(&head.fields, "i"), "j");
	http_head_free(&head);
	free(copy);
}

static void refused(struct unit *t)
{
	check_refused(
	    t, STR("SSH-2.0-OpenSSH_9\r\n"), "not an answer in HTTP/1: \"SSH-2.0-Open");
	check_refused(t, STR("<html>\r\n\r\n"), "not an answer");
	check_refused(t, STR("\x1b[2J\r\n"), "\\x1b[2J");
	check_refused(t, STR(""), "not an answer");
	check_refused(t, STR("\r\nHTTP/1.1 200 OK\r\n"), "not an answer");
	check_refused(t, STR("HTTP/0.9 200 OK\r\n"), "not an answer");
	check_refused(t, STR("HTTP/2.0 200 OK\r\n"), "not an answer");
	check_refused(t, STR("http/1.1 200 OK\r\n"), "not an answer");
	check_refused(t, STR("HTTP/1."), "status line");
	check_refused(t, STR("HTTP/1.1 20\r\n"), "status line");
	check_refused(t, STR("HTTP/1.1 2000\r\n"), "status line");
	check_refused(t, STR("HTTP/1.1 099 x\r\n"), "status line");
	check_refused(t, STR("HTTP/1.1 -20 x\r\n"), "status line");
	check_refused(t, STR("HTTP/1.1  200 x\r\n"), "status line");
	check_refused(t, STR("HTTP/1.1 200 O\0K\r\n"), "NUL");
	check_refused(t, STR("HTTP/1.1 200 O\rK\r\n"), "bare CR");
	check_refused(t, STR("HTTP/1.1 200 OK\r\nA: b\0\r\n"), "NUL");
	check_refused(t, STR("HTTP/1.1 200 OK\r\nA: b\rC: d\r\n"), "bare CR");
	check_refused(t, STR("HTTP/1.1 200 OK\r\nA: b\r\r\n"), "bare CR");
	check_refused(t, STR("HTTP/1.1 200 OK\r\nA : b\r\n"), "before a colon");
	check_refused(t, STR("HTTP/1.1 200 OK\r\nA\t: b\r\n"), "before a colon");
	check_refused(t, STR("HTTP/1.1 200 OK\r\nnothing\r\n"), "without a colon");
	check_refused(t, STR("HTTP/1.1 200 OK\r\n: b\r\n"), "field name");
	check_refused(t, STR("HTTP/1.1 200 OK\r\n A: b\r\n"), "folded");
}

static void ceilings(struct unit *t)
{
	struct buf text = BUF_INIT(LIMIT_HEAD * 2);
	buf_add_text(&text, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i <= LIMIT_HEAD_FIELDS; i++)
		buf_add_text(&text, "a: b\r\n");
	check_refused(t, buf_str(&text), "more than 5000");
	while (text.len <= LIMIT_HEAD)
		buf_add_byte(&text, 'a');
	check_refused(t, buf_str(&text), "300 KiB");
	buf_free(&text);
}

static void ends(struct unit *t)
{
	struct str text = STR("HTTP/1.1 200 OK\r\nA: b\n\r\nrest\n\n");
	size_t whole = text.len - 6;
	CHECK_INT(http_head_end(text, 0), whole);
	/* Byte by byte, each call knowing what the one before had. */
	for (size_t len = 0; len < whole; len++)
		CHECK_INT(http_head_end(str_sub(text, 0, len), len ? len - 1 : 0), 0);
	CHECK_INT(http_head_end(str_sub(text, 0, whole), whole - 1), whole);
	CHECK_INT(http_head_end(STR("a\n\nb"), 2), 3);
	CHECK_INT(http_head_end(STR(""), 0), 0);
	struct err err = {0};
	CHECK(http_head_begins(STR(""), &err) && http_head_begins(STR("HTT"), &err) &&
	      http_head_begins(STR("HTTP/1.0 2"), &err));
	CHECK(!http_head_begins(STR("220 mail ready\r\n"), &err));
	CHECK_STR(err.text, "not an answer in HTTP/1: \"220 mail ready\"");
}

static void trailers(struct unit *t)
{
	char bytes[] = "Digest: x\r\n y\r\n\r\n";
	struct fields list;
	struct err err = {0};
	CHECK(http_fields_parse(&list, bytes, strlen(bytes), &err));
	CHECK_SLICE(fields_value(&list, "digest"), "x y");
	fields_free(&list);
	CHECK(http_fields_parse(&list, bytes, 0, &err) && list.count == 0);
	char bad[] = "A: b\r\nno colon\r\n";
	CHECK(!http_fields_parse(&list, bad, strlen(bad), &err));
	CHECK(!list.items);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"ordinary", ordinary},
	    {"lenient", lenient},
	    {"folded", folded},
	    {"refused", refused},
	    {"ceilings", ceilings},
	    {"where it ends", ends},
	    {"trailers", trailers},
	};
	return unit_run(tests, COUNT(tests));
}
