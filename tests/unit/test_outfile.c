/*
 * Output files: whole or not at all. Works in a directory of its own, which must
 * be empty at the end.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/base/mem.h"
#include "common/base/nameless.h"
#include "common/cli/outfile.h"
#include "tests/unit/unit.h"

static bool enter(char *dir)
{
	memcpy(dir, "/tmp/parley-out.XXXXXX", sizeof "/tmp/parley-out.XXXXXX");
	return mkdtemp(dir) && chdir(dir) == 0;
}

/* How many names there are here. */
static int names(const char *dir)
{
	DIR *d = opendir(dir);
	int n = -2; /* . and .. */
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void leave(struct unit *t, const char *dir)
{
	CHECK_INT(names("."), 0);
	CHECK(chdir("/") == 0 && rmdir(dir) == 0);
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
}

/* The contents of a small file, to be read at once. */
static struct str get(const char *path, char room[64])
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(room, 1, 64, f) : 0;
	if (f)
		fclose(f);
	return (struct str){room, n};
}

/* Writes text to path; the error's kind. */
static enum err_kind save(const char *path, unsigned flags, const char *text)
{
	struct err err = {0};
	struct outfile *o = outfile_open(path, flags, &err);
	if (o && !outfile_write(o, str_of(text), &err)) {
		outfile_abandon(o);
		return err.kind;
	}
	if (o)
		outfile_commit(o, &err);
	return err.kind;
}

static void test_commit(struct unit *t)
{
	char dir[32], room[64];
	struct err err = {0};
	struct stat st;
	CHECK(enter(dir));
	umask(027);
	struct outfile *o = outfile_open("x", 0, &err);
	CHECK(o && outfile_write(o, STR("abc"), &err));
	CHECK(access("x", F_OK) != 0);
	CHECK_STR(outfile_name(o), "x");
	CHECK(!outfile_is_stdout(o));
	CHECK(outfile_commit(o, &err));
	CHECK_SLICE(get("x", room), "abc");
	CHECK(stat("x", &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0640);
	CHECK_INT(names("."), 1);
	chmod("x", 0600);
	CHECK_INT(save("x", OUTFILE_SYNC, "new"), ERR_NONE);
	CHECK_SLICE(get("x", room), "new");
	CHECK(stat("x", &st) == 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	unlink("x");
	leave(t, dir);
}

static void test_abandon(struct unit *t)
{
	char dir[32], room[64];
	struct err err = {0};
	CHECK(enter(dir));
	put("x", "old");
	struct outfile *o = outfile_open("x", 0, &err);
	CHECK(o && outfile_write(o, STR("half"), &err));
	outfile_abandon(o);
	outfile_abandon(NULL);
	CHECK_SLICE(get("x", room), "old");
	CHECK_INT(names("."), 1);
	unlink("x");
	leave(t, dir);
}

static void test_rewind(struct unit *t)
{
	char dir[32], room[64];
	struct err err = {0};
	CHECK(enter(dir));
	struct outfile *o = outfile_open("x", 0, &err);
	CHECK(o && outfile_write(o, STR("a long first try"), &err));
	CHECK(outfile_rewind(o, &err));
	CHECK(outfile_write(o, STR("short"), &err));
	CHECK(outfile_commit(o, &err));
	CHECK_SLICE(get("x", room), "short");
	unlink("x");
	o = outfile_open("/dev/null", 0, &err);
	CHECK(o && outfile_write(o, STR("gone"), &err) && outfile_rewind(o, &err));
	CHECK(outfile_commit(o, &err));
	leave(t, dir);
}

static void test_no_clobber(struct unit *t)
{
	char dir[32], room[64];
	struct err err = {0};
	CHECK(enter(dir));
	put("x", "old");
	CHECK(symlink("nowhere", "x.1") == 0);
	struct outfile *o = outfile_open("x", OUTFILE_NO_CLOBBER, &err);
	CHECK(o != NULL);
	CHECK_STR(outfile_name(o), "x.2");
	/* Somebody is faster. */
	put("x.2", "theirs");
	CHECK(outfile_write(o, STR("ours"), &err) && outfile_commit(o, &err));
	CHECK_SLICE(get("x", room), "old");
	CHECK_SLICE(get("x.2", room), "theirs");
	CHECK_SLICE(get("x.3", room), "ours");
	CHECK_INT(names("."), 4);
	CHECK_INT(save("y", OUTFILE_NO_CLOBBER, "y"), ERR_NONE);
	CHECK_SLICE(get("y", room), "y");
	CHECK_INT(save("/dev/null", OUTFILE_NO_CLOBBER, "y"), ERR_NONE);
	unlink("x"), unlink("x.1"), unlink("x.2"), unlink("x.3"), unlink("y");
	leave(t, dir);
}

static void test_fresh(struct unit *t)
{
	char dir[32], room[64];
	struct err err = {0};
	CHECK(enter(dir));
	CHECK_INT(save("x", OUTFILE_FRESH, "first"), ERR_NONE);
	CHECK_INT(save("x", OUTFILE_FRESH, "second"), ERR_CREATE);
	CHECK(symlink("nowhere", "link") == 0);
	CHECK_INT(save("link", OUTFILE_FRESH, "second"), ERR_CREATE);
	struct outfile *o = outfile_open("late", OUTFILE_FRESH, &err);
	put("late", "theirs");
	CHECK(o && !outfile_commit(o, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	CHECK_SLICE(get("late", room), "theirs");
	CHECK_SLICE(get("x", room), "first");
	CHECK_INT(names("."), 3);
	unlink("x"), unlink("link"), unlink("late");
	leave(t, dir);
}

static void test_links(struct unit *t)
{
	char dir[32], room[64];
	struct stat st;
	CHECK(enter(dir));
	CHECK(mkdir("d", 0700) == 0);
	put("d/file", "old");
	CHECK(symlink("d/file", "a") == 0 && symlink("a", "b") == 0);
	CHECK_INT(save("b", 0, "new"), ERR_NONE);
	CHECK(lstat("b", &st) == 0 && S_ISLNK(st.st_mode));
	CHECK_SLICE(get("d/file", room), "new");
	/* A dangling link is filled, as by open(2). */
	CHECK(symlink("d/other", "c") == 0);
	CHECK_INT(save("c", 0, "made"), ERR_NONE);
	CHECK_SLICE(get("d/other", room), "made");
	CHECK(symlink("loop", "loop") == 0);
	CHECK_INT(save("loop", 0, "x"), ERR_CREATE);
	CHECK_INT(names("d"), 2);
	unlink("a"), unlink("b"), unlink("c"), unlink("loop");
	unlink("d/file"), unlink("d/other"), rmdir("d");
	leave(t, dir);
}

static void test_refusals(struct unit *t)
{
	char dir[32], name[300];
	struct err err = {0};
	CHECK(enter(dir));
	CHECK(mkdir("d", 0500) == 0);
	CHECK_INT(save("d", 0, "x"), ERR_CREATE);
	CHECK_INT(save("", 0, "x"), ERR_CREATE);
	CHECK_INT(save("missing/x", 0, "x"), ERR_CREATE);
	if (geteuid() != 0) {
		CHECK_INT(save("d/x", 0, "x"), ERR_CREATE);
		put("readonly", "old");
		chmod("readonly", 0444);
		CHECK_INT(save("readonly", 0, "x"), ERR_CREATE);
		unlink("readonly");
	}
	memset(name, 'n', sizeof name);
	name[255] = '\0';
	CHECK_INT(save(name, 0, "x"), ERR_NONE);
	CHECK(unlink(name) == 0);
	memset(name, 'n', sizeof name);
	name[256] = '\0';
	CHECK(outfile_open(name, 0, &err) == NULL);
	CHECK_INT(err.kind, ERR_CREATE);
	CHECK(strstr(err.text, "too long") != NULL);
	rmdir("d");
	leave(t, dir);
}

static void test_dirs(struct unit *t)
{
	char dir[32], room[64];
	CHECK(enter(dir));
	CHECK_INT(save("a/b//c/x", OUTFILE_CREATE_DIRS, "deep"), ERR_NONE);
	CHECK_SLICE(get("a/b/c/x", room), "deep");
	CHECK_INT(save("a/b/c/x/y", OUTFILE_CREATE_DIRS, "deep"), ERR_CREATE);
	CHECK_INT(names("a/b/c"), 1);
	unlink("a/b/c/x"), rmdir("a/b/c"), rmdir("a/b"), rmdir("a");
	leave(t, dir);
}

static void test_full(struct unit *t)
{
	CHECK_INT(save("/dev/full", 0, "x"), ERR_IO);
	CHECK_INT(save("/dev/null", 0, "x"), ERR_NONE);
	struct err err = {0};
	struct outfile *o = outfile_open("-", 0, &err);
	CHECK(o && outfile_is_stdout(o));
	CHECK_STR(outfile_name(o), "-");
	CHECK(outfile_commit(o, &err));
	CHECK(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
}

/* What name is made of raw; NULL is "no name". */
static void safe(struct unit *t, struct str raw, const char *want)
{
	char *name = outfile_safe_name(raw);
	CHECK_STR(name, want);
	free(name);
}

static void test_names(struct unit *t)
{
	safe(t, STR("file.txt"), "file.txt");
	safe(t, STR("/etc/passwd"), "passwd");
	safe(t, STR("..\\..\\boot.ini"), "boot.ini");
	safe(t, STR("../../.bashrc"), "bashrc");
	safe(t, STR("-rf"), "rf");
	safe(t, STR(".-. -x"), "x");
	safe(t, STR(".."), NULL);
	safe(t, STR("dir/"), NULL);
	safe(t, STR(""), NULL);
	safe(t, STR("\x01\x02\x7f"), NULL);
	safe(t, STR("\x1b.a\nb\0c.txt "), "abc.txt");
	safe(t, STR("\x01.hidden"), "hidden");
	safe(t,
	    STR("a\xc2\x9b"
		"b"),
	    "ab");
	safe(t,
	    STR("a\xe2\x80\xae"
		"b"),
	    "ab");
	safe(t, STR("gr\xc3\xbc\xc3\x9f.txt"), "gr\xc3\xbc\xc3\x9f.txt");
	safe(t, STR("gr\xfc.txt"), "gr_.txt");
	safe(t, STR("tarball.tar.gz"), "tarball.tar.gz");
}

static void test_long_names(struct unit *t)
{
	char raw[1000];
	for (size_t i = 0; i < sizeof raw; i++)
		raw[i] = i % 2 ? '\xbc' : '\xc3';
	memcpy(raw + 600, ".html", 5);
	char *name = outfile_safe_name((struct str){raw, 605});
	CHECK(name && strlen(name) <= 200);
	CHECK(name && strcmp(name + strlen(name) - 5, ".html") == 0);
	/* 195 is odd: the last character before the extension is whole. */
	CHECK_INT(name ? strlen(name) : 0, 199);
	free(name);
	memset(raw, 'a', sizeof raw);
	name = outfile_safe_name((struct str){raw, sizeof raw});
	CHECK_INT(name ? strlen(name) : 0, 200);
	free(name);
}

/* In memory until the commit, or until it becomes more than that. */
static void test_held(struct unit *t)
{
	static char much[OUTFILE_HELD];
	char dir[32], room[64];
	struct err err = {0};
	struct buf left = BUF_INIT(OUTFILE_HELD);
	CHECK(enter(dir));
	struct outfile *o = outfile_open("a", OUTFILE_NEW | OUTFILE_HOLD, &err);
	CHECK(outfile_write(o, STR("one "), &err) && outfile_write(o, STR("two"), &err));
	CHECK_INT(outfile_fd(o), -1);
	CHECK_INT(names("."), 0);
	outfile_leave_held(o, &left);
	CHECK(outfile_commit(o, &err) && str_eq(get("a", room), STR("one two")));
	CHECK_SLICE(buf_str(&left), "one two");
	buf_free(&left);
	o = outfile_open("b", OUTFILE_NEW | OUTFILE_HOLD, &err);
	CHECK(outfile_write(o, (struct str){much, sizeof much}, &err) && outfile_fd(o) < 0);
	CHECK(outfile_write(o, STR("!"), &err) && outfile_fd(o) >= 0);
	CHECK_INT(outfile_size(o), sizeof much + 1);
	outfile_leave_held(o, &left);
	CHECK(outfile_rewind(o, &err) && outfile_write(o, STR("b"), &err));
	CHECK(outfile_commit(o, &err) && str_eq(get("b", room), STR("b")) && !left.len);
	/* Somebody was faster: replaced, as any file is. */
	o = outfile_open("a", OUTFILE_NEW | OUTFILE_HOLD, &err);
	CHECK(outfile_write(o, STR("a2"), &err) && outfile_commit(o, &err));
	CHECK(str_eq(get("a", room), STR("a2")));
	CHECK_INT(names("."), 2);
	outfile_abandon(outfile_open("c", OUTFILE_NEW | OUTFILE_HOLD, &err));
	o = outfile_open("no/dir", OUTFILE_NEW | OUTFILE_HOLD, &err);
	CHECK(!outfile_commit(o, &err) && err.kind == ERR_CREATE);
	CHECK(unlink("a") == 0 && unlink("b") == 0);
	leave(t, dir);
}

/* Made with all it has, or not at all. */
static void test_nameless(struct unit *t)
{
	char dir[32], room[64];
	struct stat st;
	CHECK(enter(dir));
	mode_t mask = umask(022);
	bool here = nameless_make("x", 0664, STR("all of it"));
	CHECK(!here || str_eq(get("x", room), STR("all of it")));
	CHECK(!here || (stat("x", &st) == 0 && (st.st_mode & 0777) == 0644));
	CHECK(!here || (!nameless_make("x", 0666, STR("other")) && errno == EEXIST));
	CHECK(!here || (nameless_make("./y", 0666, STR("")) && get("y", room).len == 0));
	CHECK(!nameless_make("no/dir", 0666, STR("x")) && !nameless_make("", 0666, STR("x")));
	CHECK_INT(names("."), here ? 2 : 0);
	CHECK(!here || (unlink("x") == 0 && unlink("y") == 0));
	umask(mask);
	leave(t, dir);
}

static const struct unit_test tests[] = {
    {"a commit makes it appear", test_commit},
    {"abandoning leaves nothing", test_abandon},
    {"rewinding", test_rewind},
    {"no clobber takes a free number", test_no_clobber},
    {"fresh names only", test_fresh},
    {"links are written through", test_links},
    {"what can't be created", test_refusals},
    {"directories are made", test_dirs},
    {"full disk, stdout", test_full},
    {"names from servers", test_names},
    {"long names from servers", test_long_names},
    {"held in memory", test_held},
    {"without a name until it is whole", test_nameless},
};

int main(void)
{
	return unit_run(tests, COUNT(tests));
}
