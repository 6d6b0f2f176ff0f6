/*
 * netrc and the order of the places that know who the user is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/base/mem.h"
#include "common/cli/ask.h"
#include "common/cli/creds.h"
#include "common/cli/netrc.h"
#include "tests/unit/unit.h"

struct found {
	struct netrc_entry entry;
	struct err err;
	bool good;
};

static struct found look(const char *text, const char *host, const char *user)
{
	struct found f = {0};
	f.good = netrc_find(str_of(text), host, user, &f.entry, &f.err);
	return f;
}

/* "login/password", each "-" when it is missing; "!text" for an error. */
static void finds(
    struct unit *t, const char *text, const char *host, const char *user, const char *want)
{
	struct found f = look(text, host, user);
	const struct netrc_entry *e = &f.entry;
	char *got = f.good ? mem_printf("%s/%s", e->login ? e->login : "-",
				 e->password ? e->password : "-")
			   : mem_printf("!%s", f.err.text);
	CHECK_STR(got, want);
	free(got);
	netrc_free(&f.entry);
}

static void test_order(struct unit *t)
{
	static const char text[] = "machine a.example login al password one\n"
				   "machine b.example\n\tlogin bo\n\tpassword two\n"
				   "machine b.example login other password three\n"
				   "default login anonymous password me@\n"
				   "machine late.example login l password never\n";
	finds(t, text, "a.example", NULL, "al/one");
	finds(t, text, "B.EXAMPLE", NULL, "bo/two");
	finds(t, text, "b.example", "other", "other/three");
	finds(t, text, "b.example", "Other", "-/-");
	finds(t, text, "c.example", NULL, "anonymous/me@");
	finds(t, text, "late.example", NULL, "anonymous/me@");
	finds(t, text, "late.example", "l", "l/never");
	finds(t, "", "a.example", NULL, "-/-");
}

static void test_tokens(struct unit *t)
{
	finds(t, "machine\nh\nlogin\nu\npassword\np", "h", NULL, "u/p");
	finds(t, "machine h password p login u", "h", "u", "u/p");
	finds(t, "machine h password p", "h", "u", "-/p");
	finds(t, "machine h password p", "h", NULL, "-/-");
	finds(t, "machine h login u port 21 password p", "h", NULL, "u/p");
	finds(t, "machine h login u login v password p password q", "h", NULL, "u/p");
	finds(t, "login stray password stray\nmachine h login u", "h", NULL, "u/-");
	finds(t, "machine h\r\nlogin u\r\npassword p\r\n", "h", NULL, "u/p");
	/* A value may look like a keyword. */
	finds(t, "machine h login machine password default", "h", NULL, "machine/default");
	finds(t, "machine h login u Password p", "h", NULL, "u/-");
	finds(t, "machine h login \xc3\xbc password \xff", "h", NULL, "\xc3\xbc/\xff");
}

static void test_quotes(struct unit *t)
{
	finds(t, "machine h login \"a b\" password \"x\\\"y\\\\z\\n\\t\\q\"", "h", NULL,
	    "a b/x\"y\\z\n\tq");
	finds(t, "machine h login u password \"\"", "h", NULL, "u/");
	finds(t, "machine \"h\" login u password a\\b\"c", "h", NULL, "u/a\\b\"c");
	finds(t, "machine h \"login\" u password p", "h", "x", "-/p");
	finds(
	    t, "machine h\nlogin u password \"open", "h", NULL, "!2: a quote without its end");
	finds(
	    t, "machine h login u password \"open\\", "h", NULL, "!1: a quote without its end");
}

static void test_comments(struct unit *t)
{
	finds(t, "# machine h login no\nmachine h # x\nlogin u#1 password p#2 #end", "h", NULL,
	    "u#1/p#2");
	finds(t, "machine h login u password\n#comment\np", "h", NULL, "u/p");
	finds(t, "machine h login u password \"#p\"", "h", NULL, "u/#p");
	finds(t, "#", "h", NULL, "-/-");
}

static void test_missing(struct unit *t)
{
	finds(t, "machine", "h", NULL, "!1: machine needs a value");
	finds(t, "\n\nmachine h login", "h", NULL, "!3: login needs a value");
	finds(t, "machine h login u password # gone", "h", NULL, "!1: password needs a value");
	/* What stands behind the entry found is nobody's business. */
	finds(t, "machine h login u password p\nmachine x login", "h", NULL, "u/p");
}

static void test_macros(struct unit *t)
{
	struct found f = look("machine h login u password p account acc\n"
			      "macdef other\ncd /x\n\n"
			      "macdef init\ncd /pub\nmachine z login z\r\n\r\n"
			      "machine z login zz password zp\n",
	    "h", NULL);
	CHECK(f.good);
	CHECK_STR(f.entry.account, "acc");
	CHECK_STR(f.entry.macdef_init, "cd /pub\nmachine z login z\n");
	netrc_free(&f.entry);
	f = look("machine h login u\nmacdef init\nlast line", "h", NULL);
	CHECK_STR(f.entry.macdef_init, "last line\n");
	netrc_free(&f.entry);
	finds(t, "machine a login a\nmacdef init\npassword no\n\nmachine z login zz", "z", NULL,
	    "zz/-");
	f = look("machine a login a\nmacdef init\nquit\n\nmachine z login zz", "z", NULL);
	CHECK_STR(f.entry.macdef_init, NULL);
	netrc_free(&f.entry);
}

/* A netrc of this mode, under a name of its own; to be freed and unlinked. */
static char *write_netrc(const char *text, mode_t mode)
{
	char *path = mem_dup("/tmp/parley-netrc.XXXXXX");
	FILE *f = fdopen(mkstemp(path), "w");
	fputs(text, f);
	fclose(f);
	chmod(path, mode);
	return path;
}

static void has(struct unit *t, const struct cred_source *source, const char *want)
{
	struct creds c;
	struct err err = {0};
	char *got = creds_find(source, &c, &err) ? mem_printf("%s/%s", c.user ? c.user : "-",
						       c.password ? c.password : "-")
						 : mem_printf("!%d", (int)err.kind);
	CHECK_STR(got, want);
	free(got);
	creds_free(&c);
}

static void test_places(struct unit *t)
{
	struct cred_options o = {.no_netrc = true};
	struct cred_source s = {.options = &o, .host = "h"};
	char bob[] = "bob:pw:2", al[] = "al", empty[] = "bob:", command[] = "echo s3; echo x";
	has(t, &s, "-/-");
	o.user = bob;
	has(t, &s, "bob/pw:2");
	s.url_user = "eve";
	has(t, &s, "eve/-");
	s.url_user = "bob";
	has(t, &s, "bob/pw:2");
	s.url_password = "url";
	has(t, &s, "bob/url");
	s.url_user = s.url_password = NULL;
	o.user = empty;
	has(t, &s, "bob/");
	o.user = al;
	has(t, &s, "al/-");
	o.password_command = command;
	has(t, &s, "al/s3");
	o.oauth2_bearer = al;
	has(t, &s, "al/-");
}

static void test_netrc_file(struct unit *t)
{
	struct cred_options o = {0};
	struct cred_source s = {.options = &o, .host = "h"};
	char *path = write_netrc("machine h login u password p\n"
				 "machine pub login anonymous password me\n",
	    0600);
	char al[] = "al", u[] = "u";
	char missing[] = "/nonexistent/netrc";
	o.netrc_file = path;
	has(t, &s, "u/p");
	o.user = al;
	has(t, &s, "al/-");
	o.user = u;
	has(t, &s, "u/p");
	chmod(path, 0640);
	has(t, &s, "!78");
	s.url_user = "u";
	s.url_password = "known";
	has(t, &s, "u/known");
	s.url_user = s.url_password = NULL;
	o.user = NULL;
	s.host = "pub";
	has(t, &s, "anonymous/me");
	o.netrc_file = NULL;
	setenv("NETRC", path, 1);
	has(t, &s, "anonymous/me");
	o.no_netrc = true;
	has(t, &s, "-/-");
	unlink(path);
	o.no_netrc = false;
	has(t, &s, "-/-");
	o.netrc_file = missing;
	has(t, &s, "!78");
	free(path);
}

static void command_gives(struct unit *t, const char *command, const char *want)
{
	struct err err = {0};
	char *secret = ask_command(command, 0, &err);
	CHECK_STR(secret ? secret : err.text, want);
	CHECK(secret || err.kind == ERR_AUTH);
	mem_free_secret(secret);
}

static void test_command(struct unit *t)
{
	command_gives(t, "printf 'a b\\r\\nrest'", "a b");
	command_gives(t, "printf x", "x");
	command_gives(t, "printf '\\nx'", "");
	command_gives(t, "cat; echo end", "end");
	command_gives(t, "true", "--password-command: no password was given");
	command_gives(
	    t, "echo x; exit 3", "--password-command: the command failed with status 3");
	command_gives(
	    t, "printf 'a\\0b'", "--password-command: the password has a control byte in it");
	command_gives(t, "yes 2>&-", "--password-command: the password is too long");
	command_gives(
	    t, "kill -9 $$", "--password-command: the command was ended by signal 9 (Killed)");
}

static void test_plaintext(struct unit *t)
{
	struct cred_options o = {0};
	struct err err = {0};
	CHECK(creds_peer_is_loopback("127.0.0.1:80"));
	CHECK(creds_peer_is_loopback("127.9.9.9:80"));
	CHECK(creds_peer_is_loopback("[::1]:80"));
	CHECK(creds_peer_is_loopback("[::ffff:127.0.0.1]:80"));
	CHECK(!creds_peer_is_loopback("127.evil.example:80"));
	CHECK(!creds_peer_is_loopback("127.0.0.1.evil.example:80"));
	CHECK(!creds_peer_is_loopback("128.0.0.1:80"));
	CHECK(!creds_peer_is_loopback("[::2]:80"));
	CHECK(!creds_peer_is_loopback("[::ffff:10.0.0.1]:80"));
	CHECK(!creds_peer_is_loopback("127.0.0.1"));
	CHECK(!creds_peer_is_loopback(""));
	CHECK(creds_may_send(&o, true, "192.0.2.1:21", &err));
	CHECK(creds_may_send(&o, false, "127.0.0.1:21", &err));
	CHECK(!creds_may_send(&o, false, "192.0.2.1:21", &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "--plaintext-login") != NULL);
	o.plaintext_login = true;
	CHECK(creds_may_send(&o, false, "192.0.2.1:21", &err));
}

static const struct unit_test tests[] = {
    {"netrc: machines, logins, default", test_order},
    {"netrc: words", test_tokens},
    {"netrc: quotes", test_quotes},
    {"netrc: comments", test_comments},
    {"netrc: missing values", test_missing},
    {"netrc: macros", test_macros},
    {"URL, option, command", test_places},
    {"a netrc file and its permissions", test_netrc_file},
    {"password commands", test_command},
    {"passwords in the clear", test_plaintext},
};

int main(void)
{
	return unit_run(tests, COUNT(tests));
}
