/*
 * What is said on stderr, and that nothing from a stranger is said raw.
 */
#include <stdio.h>

#include "common/cli/say.h"
#include "tests/unit/unit.h"

/* Runs between catch_begin and catch_end write stderr into a pipe. */
struct caught {
	int saved, ends[2];
	char text[8192];
};

static void catch_begin(struct caught *c)
{
	c->saved = dup(STDERR_FILENO);
	if (pipe(c->ends) == 0)
		dup2(c->ends[1], STDERR_FILENO);
}

static struct str catch_end(struct caught *c)
{
	dup2(c->saved, STDERR_FILENO);
	close(c->saved);
	close(c->ends[1]);
	ssize_t n = read(c->ends[0], c->text, sizeof c->text);
	close(c->ends[0]);
	return (struct str){c->text, n > 0 ? (size_t)n : 0};
}

static void test_error(struct unit *t)
{
	struct caught c;
	struct err err = {0};
	err_set(&err, ERR_AGAIN, "connection refused");
	catch_begin(&c);
	say_error("webget", "http://host/path", &err);
	CHECK_SLICE(catch_end(&c), "webget: http://host/path: connection refused\n");
	err_set_said(&err, 550, STR("No \x1b[31mway\r\nhere\r\n"));
	catch_begin(&c);
	say_error("ftpc", NULL, &err);
	CHECK_SLICE(catch_end(&c),
	    "ftpc: connection refused: server said: No \\x1b[31mway\\x0d\\x0ahere\n");
}

static void test_bounds(struct unit *t)
{
	struct caught c;
	static char long_url[100000];
	struct err err = {0};
	memset(long_url, '\x01', sizeof long_url - 1);
	err_set(&err, ERR_AGAIN, "refused\nwebget: all is well");
	catch_begin(&c);
	say_error("webget", long_url, &err);
	struct str got = catch_end(&c);
	CHECK(got.len <= 8192);
	catch_begin(&c);
	say_error("webget", NULL, &err);
	CHECK_SLICE(catch_end(&c), "webget: refused\\x0awebget: all is well\n");
}

static void test_note(struct unit *t)
{
	struct caught c;
	catch_begin(&c);
	say_note("webget", true, "not this");
	say_note("webget", false, "%d \x9b things", 2);
	say_echo("webget> ", STR("GET /"));
	CHECK_SLICE(catch_end(&c), "webget: 2 \\x9b things\nwebget> GET /\n");
}

static void test_text(struct unit *t)
{
	int ends[2];
	char got[64];
	struct err err = {0};
	CHECK(pipe(ends) == 0);
	CHECK(say_text(ends[1], "a\x1b\r\n\0b", 6, &err));
	CHECK_INT(read(ends[0], got, sizeof got), 6);
	CHECK(memcmp(got, "a\x1b\r\n\0b", 6) == 0);
	close(ends[0]);
	close(ends[1]);
	CHECK(!say_text(ends[1], "a", 1, &err));
	CHECK_INT(err.kind, ERR_IO);
}

static const struct unit_test tests[] = {
    {"errors", test_error},
    {"long and broken errors stay one line", test_bounds},
    {"notes and echoes", test_note},
    {"text for a pipe is exact", test_text},
};

int main(void)
{
	return unit_run(tests, COUNT(tests));
}
