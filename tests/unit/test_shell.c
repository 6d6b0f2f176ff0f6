/*
 * The shell: words, verbs, scripts. Scripts are run from a text and from files;
 * the prompt itself needs a terminal and is tested elsewhere.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/cli/shell.h"
#include "common/cli/shell_inside.h"
#include "common/cli/shell_words.h"
#include "tests/unit/unit.h"

/* The words of line joined by '|', or "!" and the error. */
static void splits(struct unit *t, struct str line, const char *want)
{
	struct shell_words w;
	struct err err = {0};
	struct buf got = BUF_INIT(1000);
	if (shell_words_split(&w, line, &err)) {
		for (int i = 0; i < w.count; i++)
			buf_addf(&got, "%s%s", i ? "|" : "", w.argv[i]);
		CHECK(w.argv[w.count] == NULL);
		shell_words_free(&w);
	} else {
		buf_addf(&got, "!%s", err.text);
	}
	CHECK_STR(buf_cstr(&got), want);
	buf_free(&got);
}

static void test_words(struct unit *t)
{
	splits(t, STR("  get  a\tb  "), "get|a|b");
	splits(t, STR(""), "");
	splits(t, STR("'a b' \"c d\" e\\ f"), "a b|c d|e f");
	splits(t, STR("a'b'\"c\"\\d"), "abcd");
	splits(t, STR("'' \"\" x"), "||x");
	splits(t, STR("'a\\b' \"a\\b\\\"\\\\\" a\\b"), "a\\b|a\\b\"\\|ab");
	splits(t, STR("'open"), "!a quote without its end");
	splits(t, STR("\"open\\\""), "!a quote without its end");
	splits(t, STR("end\\"), "!a backslash at the end of the line");
	splits(t, STR("a\0b"), "!a NUL byte in the line");
	splits(t, STR("a b c d e"), "a|b|c|d|e");
}

static void test_cut(struct unit *t)
{
	struct str rest = STR("a 'x;y'; b \\; \"c;\"\n;d"), command;
	CHECK(shell_words_cut(&rest, &command));
	CHECK_SLICE(command, "a 'x;y'");
	CHECK(shell_words_cut(&rest, &command));
	CHECK_SLICE(command, " b \\; \"c;\"");
	CHECK(shell_words_cut(&rest, &command));
	CHECK_SLICE(command, "");
	CHECK(shell_words_cut(&rest, &command));
	CHECK_SLICE(command, "d");
	CHECK(!shell_words_cut(&rest, &command));
}

/* What the verbs did, joined. */
static bool log_it(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct buf *log = shell_session(sh);
	(void)err;
	for (int i = 0; i < argc; i++)
		buf_addf(log, "%s%s", argv[i], i + 1 < argc ? "," : ";");
	return true;
}

static bool fail(struct shell *sh, int argc, char **argv, struct err *err)
{
	log_it(sh, argc, argv, err);
	return err_set(err, ERR_ABSENT, "no such thing");
}

static bool read_lines(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct str line;
	struct buf *log = shell_session(sh);
	(void)argc, (void)argv, (void)err;
	while (shell_read_line(sh, "more> ", &line) && line.len)
		buf_addf(log, "<%.*s>", STR_ARG(line));
	return true;
}

static const struct shell_row rows[] = {
    {.name = "GET", .usage = "GET PATH", .help = "get", .run = log_it, .completes = "remote"},
    {.name = "recv", .run = log_it, .completes = "local"},
    {.name = "reget", .run = log_it},
    {.name = "header", .run = log_it, .raw_rest = true},
    {.name = "pass", .run = log_it, .secret = true},
    {.name = "fail", .run = fail},
    {.name = "raw", .run = read_lines},
    {.name = NULL},
};

struct ran {
	struct buf log;
	struct err err;
	bool good;
};

static struct shell_config config_for(struct ran *r)
{
	*r = (struct ran){.log = BUF_INIT(10000)};
	return (struct shell_config){.tool = "unit", .rows = rows, .session = &r->log};
}

static void executes(struct unit *t, const char *text, enum err_kind kind, const char *want)
{
	struct ran r;
	struct shell_config c = config_for(&r);
	r.good = shell_execute(&c, text, &r.err);
	CHECK(r.good == (kind == ERR_NONE));
	CHECK_INT(r.err.kind, kind);
	CHECK_STR(buf_cstr(&r.log), want);
	buf_free(&r.log);
}

static void test_verbs(struct unit *t)
{
	executes(t, "@get /a; @Get '/b c'; @g x", ERR_NONE, "GET,/a;GET,/b c;GET,x;");
	executes(t, "@rec; @rege x; @re y", ERR_USAGE, "recv;reget,x;");
	executes(t, "@header X: 'a  b' ; @header", ERR_NONE, "header,X: 'a  b';header;");
	executes(t, "@frob", ERR_USAGE, "");
	executes(t, "@get 'x", ERR_USAGE, "");
	executes(t, "  ; # get x; @-; @get /", ERR_NONE, "GET,/;");
}

/* A tool's row stands for ours of the same name, and is counted once. */
static void test_replaced(struct unit *t)
{
	static const struct shell_row own[] = {
	    {.name = "Frob"}, {.name = "trace"}, {.name = NULL}};
	struct shell_config c = {.tool = "unit", .rows = own};
	struct err err = {0};
	CHECK(shell_find_row(&c, STR("tra"), &err) == &own[1]);
	CHECK(shell_find_row(&c, STR("TIM"), &err) != NULL);
	CHECK(!shell_find_row(&c, STR("t"), &err));
	CHECK_STR(err.text, "t: which of trace, timing?");
}

static void test_failures(struct unit *t)
{
	executes(t, "@fail; @get /never", ERR_ABSENT, "fail;");
	executes(t, "-@fail; @-frob; @get /a; @quit; @get /b", ERR_NONE, "fail;GET,/a;");
	executes(t, "@!exit 3", ERR_IO, "");
	executes(t, "@! true; @!", ERR_USAGE, "");
}

static void test_read_line(struct unit *t)
{
	executes(t, "@raw\nGET / HTTP/1.1\nHost: x\n\n@get /", ERR_NONE,
	    "<GET / HTTP/1.1><Host: x>GET,/;");
}

static char *script(const char *name, const char *text, size_t len)
{
	char *path = mem_printf("/tmp/parley-test-%d-%s", (int)getpid(), name);
	FILE *f = fopen(path, "w");
	fwrite(text, 1, len, f);
	fclose(f);
	return path;
}

static void runs(struct unit *t, struct str text, enum err_kind kind, const char *want)
{
	struct ran r;
	struct shell_config c = config_for(&r);
	char *path = script("script", text.ptr, text.len);
	shell_script(&c, path, &r.err);
	CHECK_INT(r.err.kind, kind);
	CHECK_STR(buf_cstr(&r.log), want);
	buf_free(&r.log);
	unlink(path);
	free(path);
}

static void test_script(struct unit *t)
{
	runs(t, STR("# first\n\n@get a;b\r\n@raw\nx\n\n@get last"), ERR_NONE,
	    "GET,a;b;<x>GET,last;");
	runs(t, STR("@get a\n@fail\n@get b\n"), ERR_ABSENT, "GET,a;fail;");
	runs(t, STR("@get a\0b\n"), ERR_USAGE, "");
	struct err err = {0};
	struct ran r;
	struct shell_config c = config_for(&r);
	CHECK(!shell_script(&c, "/nonexistent/script", &err));
	CHECK_INT(err.kind, ERR_ABSENT);
}

static void test_long_lines(struct unit *t)
{
	size_t len = 3u << 20;
	char *text = mem_alloc(len);
	memset(text, 'x', len);
	memcpy(text, "@get a\n@", 8);
	runs(t, (struct str){text, len}, ERR_USAGE, "GET,a;");
	/* A line that ends where a read ended. */
	text[0] = '#';
	memset(text + 1, 'x', 65535);
	memcpy(text + 65536, "\n@get b\n", 8);
	runs(t, (struct str){text, 65536 + 8}, ERR_NONE, "GET,b;");
	/* Many short lines must not cost more than their number. */
	for (size_t i = 0; i < len; i++)
		text[i] = '\n';
	memcpy(text + len - 6, "@get z", 6);
	runs(t, (struct str){text, len}, ERR_NONE, "GET,z;");
	free(text);
}

static void test_source(struct unit *t)
{
	char *inner = script("inner", "@get in\n@quit\n@get never\n", 26);
	char *text = mem_printf("@get out\n@source '%s'\n@get never\n", inner);
	runs(t, str_of(text), ERR_NONE, "GET,out;GET,in;");
	free(text);
	unlink(inner);
	text = mem_printf("@source %s\n", inner);
	char *self = script("inner", text, strlen(text));
	runs(t, str_of(text), ERR_USAGE, "");
	unlink(self);
	free(self), free(text), free(inner);
}

static char **remote(void *session, const char *prefix)
{
	(void)session;
	char **names = mem_array(2, sizeof *names);
	names[0] = mem_printf("%s-remote", prefix);
	return names;
}

/* The candidates for the last word of line, joined; "files" for NULL. */
static void completes(struct unit *t, const char *line, const char *want)
{
	struct ran r;
	struct shell_config c = config_for(&r);
	c.remote_names = remote;
	struct shell sh = {.config = &c};
	const char *space = strrchr(line, ' ');
	size_t start = space ? (size_t)(space + 1 - line) : 0;
	char **names = shell_complete(&sh, line + start, start, line);
	if (!names)
		buf_add_text(&r.log, "files");
	for (int i = 0; names && names[i]; i++) {
		buf_addf(&r.log, "%s%s", i ? "," : "", names[i]);
		free(names[i]);
	}
	CHECK_STR(buf_cstr(&r.log), want);
	free(names);
	buf_free(&r.log);
}

static void test_completion(struct unit *t)
{
	completes(t, "re", "recv,reget");
	completes(t, "  ge", "GET");
	completes(t, "zz", "");
	completes(t, "get /x", "/x-remote");
	completes(t, "recv ", "files");
	completes(t, "source a", "files");
	completes(t, "help he", "header,help");
	completes(t, "reget x", "");
}

static const struct unit_test tests[] = {
    {"words and quotes", test_words},
    {"commands apart", test_cut},
    {"verbs", test_verbs},
    {"rows that replace ours", test_replaced},
    {"failures and prefixes", test_failures},
    {"verbs that read lines", test_read_line},
    {"script files", test_script},
    {"long lines, many lines", test_long_lines},
    {"scripts in scripts", test_source},
    {"completion", test_completion},
};

int main(void)
{
	return unit_run(tests, COUNT(tests));
}
