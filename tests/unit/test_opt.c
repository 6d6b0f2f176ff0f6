/*
 * Option tables: the command line, the config file, what is said about mistakes.
 * Talks to no server; files stand in a directory of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/base/mem.h"
#include "common/cli/netopts.h"
#include "common/cli/opt.h"
#include "tests/unit/unit.h"

struct own {
	bool wide, location;
	char *output, *token;
	int64_t retry, rate, wait;
	int colour;
	struct list data;
	int done;
};

struct options {
	int before; /* so that the bases differ from 0 */
	struct own own;
	struct net_options net;
};

static const char *const colours[] = {"red", "green", NULL};

static bool count_up(void *place, const char *value, struct err *err)
{
	if (value && strcmp(value, "bad") == 0)
		return err_set(err, ERR_DATA, "%s is no good", value);
	++*(int *)place;
	return true;
}

#define AT(member) .place = offsetof(struct own, member)
#define ROW(name_, letter_, type_, member, arg_)                                               \
	.name = name_, .letter = letter_, .type = type_, AT(member), .arg = arg_, .help = name_
static const struct opt_row own_rows[] = {
    {ROW("wide", 'w', OPT_SWITCH, wide, NULL)},
    {ROW("no-location", 0, OPT_SWITCH, location, NULL)},
    {ROW("output", 'o', OPT_STRING, output, "FILE"), .completes = "file"},
    {ROW("output-dir", 0, OPT_STRING, output, "DIR")},
    {ROW("token", 't', OPT_SECRET, token, "TOKEN")},
    {ROW("retry", 0, OPT_NUMBER, retry, "N"), .max = 1000},
    {ROW("level", 0, OPT_NUMBER, retry, "N"), .min = 1, .max = 9},
    {ROW("rate", 0, OPT_SIZE, rate, "BYTES")},
    {ROW("pause", 0, OPT_SECONDS, wait, "S"), .max = 60000},
    {ROW("colour", 0, OPT_CHOICE, colour, "COLOUR"), .choices = colours},
    {ROW("data", 'd', OPT_LIST, data, "DATA")},
    {ROW("form", 'F', OPT_LIST, data, "DATA")},
    {ROW("do", '1', OPT_DO, done, NULL), .act = count_up},
    {ROW("do-with", 0, OPT_DO, done, "X"), .act = count_up},
    {.name = "secretly-hidden", .type = OPT_SWITCH, AT(wide)},
    {.name = NULL},
};

static const struct opt_group groups[] = {
    {"Own", own_rows, offsetof(struct options, own)},
    NETOPTS_GROUPS(offsetof(struct options, net)),
    {NULL, NULL, 0},
};

static const struct opt_foreign foreign[] = {
    {"page-requisite", "wget", "--page-requisites"},
    {"output-document", "wget", "--output"},
    {"metalink", "curl", NULL},
    {NULL, NULL, NULL},
};

static const struct opt_table table = {"unittool", "[options] X...", "Tests.", groups, foreign};

struct run {
	struct options o;
	struct list operands;
	struct err err;
	char *argv[16];
	bool good;
};

/* A fresh copy of each word: the parser writes over secrets. */
static void begin(struct run *r)
{
	*r = (struct run){0};
	netopts_init(&r->o.net);
	r->o.own.location = true;
}

static void parse(struct run *r, const char *const *words)
{
	begin(r);
	r->argv[0] = mem_dup("unittool");
	for (int i = 0; words[i]; i++)
		r->argv[i + 1] = mem_dup(words[i]);
	r->good = opt_parse(&table, r->argv, &r->o, &r->operands, &r->err);
}

static void end(struct run *r)
{
	opt_free(&table, &r->o);
	list_free(&r->operands);
	for (int i = 0; r->argv[i]; i++)
		free(r->argv[i]);
}

#define PARSE(r, ...) parse((r), (const char *const[]){__VA_ARGS__, NULL})
#define FAILS(t, want, ...) fails((t), (want), (const char *const[]){__VA_ARGS__, NULL})

static void fails(struct unit *t, const char *want, const char *const *words)
{
	struct run r;
	parse(&r, words);
	CHECK(!r.good);
	CHECK_INT(r.err.kind, ERR_USAGE);
	CHECK_STR(r.err.text, want);
	end(&r);
}

static void test_forms(struct unit *t)
{
	struct run r;
	PARSE(&r, "a", "--output=x", "-w", "b", "-", "--", "-w", "--nonsense");
	CHECK(r.good);
	CHECK_STR(r.o.own.output, "x");
	CHECK(r.o.own.wide);
	CHECK_INT(r.operands.count, 5);
	CHECK_STR(r.operands.items[2].text, "-");
	CHECK_STR(r.operands.items[4].text, "--nonsense");
	end(&r);
	PARSE(&r, "--output", "-w", "--output=", "--wide", "--no-wide");
	CHECK(r.good);
	CHECK_STR(r.o.own.output, "");
	CHECK(!r.o.own.wide);
	end(&r);
	PARSE(&r, "--output=a=b", "-v4q");
	CHECK_STR(r.o.own.output, "a=b");
	CHECK(r.o.net.verbose && r.o.net.ipv4 && r.o.net.quiet && !r.o.net.ipv6);
	CHECK_INT(r.o.before, 0);
	end(&r);
}

static void test_clusters(struct unit *t)
{
	struct run r;
	PARSE(&r, "-wofile", "-wo", "-x", "-1w1");
	CHECK(r.good);
	CHECK_STR(r.o.own.output, "-x");
	CHECK_INT(r.o.own.done, 2);
	end(&r);
	PARSE(&r, "-o=x");
	CHECK_STR(r.o.own.output, "=x");
	end(&r);
	FAILS(t, "-y: unknown option (in -wy)", "-wy");
	FAILS(t, "-y: unknown option (--help lists them)", "-y");
	FAILS(t, "-o: needs an argument", "-wo");
	FAILS(t, "-retry: unknown option (did you mean --retry?)", "-retry");
}

static void test_prefixes(struct unit *t)
{
	struct run r;
	PARSE(&r, "--wid", "--retr", "7", "--no-wid", "--no-loc", "--col=green");
	CHECK(r.good);
	CHECK(!r.o.own.wide);
	CHECK(!r.o.own.location);
	CHECK_INT(r.o.own.retry, 7);
	CHECK_INT(r.o.own.colour, 1);
	end(&r);
	/* An exact name is no abbreviation of a longer one. */
	PARSE(&r, "--output", "x", "--do", "--no-location", "--location");
	CHECK(r.good);
	CHECK(r.o.own.location);
	end(&r);
	FAILS(t, "--outp: which of --output, --output-dir?", "--outp=x");
	FAILS(t, "--no-wide: takes no argument", "--no-w=x");
	FAILS(t, "--secretly: unknown option (--help lists them)", "--secretly");
	PARSE(&r, "--secretly-hidden");
	CHECK(r.good && r.o.own.wide);
	end(&r);
}

static void test_ambiguous_no(struct unit *t)
{
	struct run r;
	PARSE(&r, "--no-");
	CHECK(!r.good);
	CHECK(strstr(r.err.text, "--no-: which of --no-wide, --no-location") != NULL);
	end(&r);
	/* A row of its own wins over another row's opposite. */
	PARSE(&r, "--progress", "--no-progress");
	CHECK(r.good && !r.o.net.progress && r.o.net.no_progress);
	end(&r);
	PARSE(&r, "--no-progress", "--progress");
	CHECK(r.good && r.o.net.progress && !r.o.net.no_progress);
	end(&r);
	PARSE(&r, "--no-netrc", "--no-config");
	CHECK(r.good && r.o.net.cred.no_netrc && r.o.net.no_config);
	end(&r);
}

static void test_unknown(struct unit *t)
{
	FAILS(t, "--fom: unknown option (did you mean --form?)", "--fom=x");
	FAILS(t, "--retyr: unknown option (did you mean --retry?)", "--retyr", "1");
	FAILS(t, "--zzzzzz: unknown option (--help lists them)", "--zzzzzz");
	FAILS(t, "--no-output: unknown option (--help lists them)", "--no-output");
	FAILS(t, "--: unknown option (--help lists them)", "--=x");
	FAILS(t, "--page-requisite: that is wget's; here it is --page-requisites",
	    "--page-requisite");
	FAILS(
	    t, "--output-document: that is wget's; here it is --output", "--output-document=x");
	FAILS(t, "--metalink: that is curl's; unittool has nothing like it", "--metalink");
}

static void test_arguments(struct unit *t)
{
	FAILS(t, "--output: needs an argument", "--output");
	FAILS(t, "--wide: takes no argument", "--wide=1");
	FAILS(t, "--do: takes no argument", "--do=1");
	FAILS(t, "--do-with: bad is no good", "--do-with", "bad");
	struct run r;
	PARSE(&r, "--do-with=x", "--do");
	CHECK(r.good);
	CHECK_INT(r.o.own.done, 2);
	end(&r);
}

static void test_numbers(struct unit *t)
{
	struct run r;
	FAILS(t, "--retry: 99999999999 is too large (at most 1000)", "--retry=99999999999");
	FAILS(t, "--retry: 99999999999999999999999 is too large", "--retry",
	    "99999999999999999999999");
	FAILS(t, "--retry: -1 is negative", "--retry", "-1");
	FAILS(t, "--retry: many is not a number", "--retry", "many");
	FAILS(t, "--retry:  is not a number", "--retry", "");
	FAILS(t, "--level: 0 is too small (at least 1)", "--level", "0");
	FAILS(t, "--pause: 61 is too large (at most 60 s)", "--pause", "61");
	FAILS(t, "--rate: 1x is not a number", "--rate", "1x");
	FAILS(t, "--rate: 99999999999999999999 is too large", "--rate", "99999999999999999999");
	FAILS(t, "--colour: blue is not one of red, green", "--colour=blue");
	PARSE(&r, "--retry", "1000", "--pause", "1.5", "--rate", "2k", "--timeout", "0");
	CHECK(r.good);
	CHECK_INT(r.o.own.retry, 1000);
	CHECK_INT(r.o.own.wait, 1500);
	CHECK_INT(r.o.own.rate, 2048);
	CHECK_INT(r.o.net.net.idle_timeout_ms, 0);
	CHECK_INT(r.o.net.net.connect_timeout_ms, 30000);
	end(&r);
}

static void test_list(struct unit *t)
{
	struct run r;
	PARSE(&r, "-d", "a", "-Fb", "--data=c");
	CHECK_INT(r.o.own.data.count, 3);
	CHECK_STR(r.o.own.data.items[1].name, "form");
	CHECK_STR(r.o.own.data.items[1].text, "b");
	CHECK_STR(r.o.own.data.items[2].name, "data");
	end(&r);
}

static void test_secrets(struct unit *t)
{
	struct run r;
	PARSE(&r, "--token=hush", "-u", "bob:pw", "-u", "bob", "-xhttp://a:b@proxy");
	CHECK(r.good);
	CHECK_STR(r.o.own.token, "hush");
	CHECK_STR(r.o.net.cred.user, "bob");
	CHECK_STR(r.argv[1], "--token=");
	CHECK_STR(r.argv[3], "");
	CHECK_STR(r.argv[5], "bob");
	CHECK_STR(r.argv[6], "-x");
	end(&r);
}

/* Runs with $XDG_CONFIG_HOME a fresh directory that holds the text. */
static void configure(struct run *r, const char *text, mode_t mode)
{
	char dir[] = "/tmp/parley-opt.XXXXXX";
	begin(r);
	if (!mkdtemp(dir))
		return;
	setenv("XDG_CONFIG_HOME", dir, 1);
	char *parley = mem_printf("%s/parley", dir);
	char *file = mem_printf("%s/unittool.conf", parley);
	mkdir(parley, 0700);
	FILE *f = fopen(file, "w");
	fputs(text, f);
	fclose(f);
	chmod(file, mode);
	r->good = opt_read_config(&table, &r->o, &r->err);
	unlink(file);
	rmdir(parley);
	rmdir(dir);
	free(file);
	free(parley);
}

static void test_config(struct unit *t)
{
	struct run r;
	configure(&r,
	    "# a comment\n\n  output = some file  \r\nretry 3\nwide\nno-location\n"
	    "data=1\ndata 2\ncolour\tgreen\nno-wide\nuser bob",
	    0644);
	CHECK(r.good);
	CHECK_STR(r.err.text, "");
	CHECK_STR(r.o.own.output, "some file");
	CHECK_INT(r.o.own.retry, 3);
	CHECK(!r.o.own.wide && !r.o.own.location);
	CHECK_INT(r.o.own.data.count, 2);
	CHECK_STR(r.o.net.cred.user, "bob");
	/* The command line comes after: the last one wins, lists go on. */
	char tool[] = "unittool", o[] = "-oy", d[] = "-d3", loc[] = "--location";
	char *argv[] = {tool, o, d, loc, NULL};
	CHECK(opt_parse(&table, argv, &r.o, &r.operands, &r.err));
	CHECK_STR(r.o.own.output, "y");
	CHECK_INT(r.o.own.data.count, 3);
	CHECK(r.o.own.location);
	end(&r);
}

static void config_fails(struct unit *t, const char *text, mode_t mode, const char *tail)
{
	struct run r;
	configure(&r, text, mode);
	CHECK(!r.good);
	CHECK_INT(r.err.kind, ERR_CONFIG);
	const char *at = strstr(r.err.text, "unittool.conf:");
	CHECK_STR(at ? at + strlen("unittool.conf:") : NULL, tail);
	end(&r);
}

static void test_config_errors(struct unit *t)
{
	config_fails(t, "\n\nretry = many\n", 0600, "3: retry: many is not a number");
	config_fails(t, "nonsense\n", 0600, "1: nonsense: unknown option");
	config_fails(t, "outp = x\n", 0600, "1: outp: unknown option");
	config_fails(t, "--output x\n", 0600, "1: --output: unknown option");
	config_fails(t, "wide = 1\n", 0600, "1: wide: takes no argument");
	config_fails(t, "output\n", 0600, "1: output: needs an argument");
	config_fails(t, "= x\n", 0600, "1: : unknown option");
}

static void test_config_secrets(struct unit *t)
{
	static const char refusal[] =
	    ": a secret, in a file that others can read (chmod 600 it)";
	struct run r;
	char *want = mem_printf("1: token%s", refusal);
	config_fails(t, "token = hush\n", 0640, want);
	free(want);
	want = mem_printf("1: user%s", refusal);
	config_fails(t, "user = bob:pw\n", 0604, want);
	free(want);
	want = mem_printf("1: proxy%s", refusal);
	config_fails(t, "proxy = http://a:b@host\n", 0644, want);
	free(want);
	configure(&r, "token = hush\nuser = bob:pw\n", 0600);
	CHECK(r.good);
	CHECK_STR(r.o.own.token, "hush");
	end(&r);
}

static void test_config_absent(struct unit *t)
{
	struct run r;
	begin(&r);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	CHECK(opt_read_config(&table, &r.o, &r.err));
	setenv("XDG_CONFIG_HOME", "relative", 1);
	unsetenv("HOME");
	CHECK(opt_read_config(&table, &r.o, &r.err));
	char a[] = "x", b[] = "--no-config", c[] = "--";
	CHECK(opt_wants_no_config((char *[]){a, b, NULL}));
	CHECK(!opt_wants_no_config((char *[]){a, c, b, NULL}));
	end(&r);
}

static void test_finish(struct unit *t)
{
	struct run r;
	PARSE(&r, "-4", "-6");
	CHECK(r.good && !netopts_finish(&r.o.net, &r.err));
	CHECK_INT(r.err.kind, ERR_USAGE);
	end(&r);
	PARSE(&r, "-6", "-m2", "--tls-min", "1.3", "--tls=require");
	CHECK(netopts_finish(&r.o.net, &r.err));
	CHECK_INT(r.o.net.net.family, 10);
	CHECK_INT(r.o.net.net.tls_min, 1);
	CHECK_INT(r.o.net.net.tls, TLS_REQUIRE);
	CHECK(r.o.net.net.deadline > 0 && r.o.net.net.interrupted != NULL);
	end(&r);
}

static void test_rows(struct unit *t)
{
	CHECK(opt_find(&table, "verbose") && opt_find(&table, "verbose")->letter == 'v');
	CHECK(opt_find(&table, "verb") == NULL);
	/* No name or letter twice among the shared rows. */
	for (const struct opt_group *g = groups; g->rows; g++)
		for (const struct opt_row *row = g->rows; row->name; row++) {
			CHECK(opt_find(&table, row->name) == row);
			CHECK(!row->help || strlen(row->help) < 80);
		}
}

static const struct unit_test tests[] = {
    {"words, values and operands", test_forms},
    {"clusters of letters", test_clusters},
    {"abbreviations", test_prefixes},
    {"names with no-", test_ambiguous_no},
    {"unknown and foreign names", test_unknown},
    {"missing and superfluous arguments", test_arguments},
    {"numbers are checked", test_numbers},
    {"lists keep their common order", test_list},
    {"secrets leave argv", test_secrets},
    {"a config file", test_config},
    {"mistakes in a config file", test_config_errors},
    {"secrets in a config file", test_config_secrets},
    {"no config file", test_config_absent},
    {"cross-checks of the shared options", test_finish},
    {"the tables", test_rows},
};

int main(void)
{
	return unit_run(tests, COUNT(tests));
}
