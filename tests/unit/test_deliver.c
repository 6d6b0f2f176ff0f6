/*
 * Delivery into Maildir, mbox, commands and streams: bytes, groups, cancelled
 * and failed messages, and what a run that died leaves.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/mail/deliver.h"
#include "tests/unit/unit.h"

/* A directory of the test's own, and a path in it. */
struct place {
	char dir[40];
	char path[60];
};

static struct place make_place(const char *name)
{
	struct place p = {.dir = "/tmp/parley-deliver-XXXXXX"};
	if (!mkdtemp(p.dir))
		abort();
	snprintf(p.path, sizeof p.path, "%s/%s", p.dir, name);
	return p;
}

static void remove_place(struct place *p)
{
	char *command = mem_printf("rm -rf %s", p->dir);
	if (system(command) != 0)
		abort();
	free(command);
}

static char *content(const char *path)
{
	struct buf all = BUF_INIT(4 * MIB);
	int fd = open(path, O_RDONLY);
	ssize_t n;
	char piece[4096];
	while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0)
		buf_add(&all, piece, (size_t)n);
	if (fd >= 0)
		close(fd);
	return buf_steal(&all);
}

static void holds(struct unit *t, const char *path, const char *want)
{
	char *text = content(path);
	CHECK_STR(text, want);
	free(text);
}

static size_t entries(struct place *p, const char *sub, char *last)
{
	char *path = mem_printf("%s/%s", p->path, sub);
	DIR *dir = opendir(path);
	struct dirent *e;
	size_t count = 0;
	while (dir && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.') {
			count++;
			if (last)
				snprintf(last, 300, "%s/%s", path, e->d_name);
		}
	if (dir)
		closedir(dir);
	free(path);
	return count;
}

static struct deliver *opened(struct unit *t, enum deliver_kind kind, const char *target)
{
	struct err err = {0};
	struct deliver_options o = {.kind = kind, .target = target};
	struct deliver *d = deliver_open(&o, &err);
	CHECK(d != NULL);
	CHECK_STR(err.text, "");
	return d;
}

/* A message in pieces of one byte. */
static bool put(struct deliver *d, const char *key, const char *text, struct err *err)
{
	struct deliver_envelope e = {.key = str_of(key), .time = 784111777};
	bool good = deliver_begin(d, &e, err);
	for (; good && *text; text++)
		good = deliver_put(d, (struct str){text, 1}, err);
	return good && deliver_end(d, err);
}

/* --- Maildir --- */

static void maildir(struct unit *t)
{
	struct place p = make_place("Mail");
	struct err err = {0};
	size_t done = 9;
	char name[300];
	struct deliver *d = opened(t, DELIVER_MAILDIR, p.path);
	CHECK(!deliver_has(d, STR("k1")));
	CHECK(put(d, "k1", "A: b\r\n\r\nx\r\r\ny\rz\r", &err));
	CHECK_INT(entries(&p, "new", NULL), 0);
	CHECK_INT(entries(&p, "tmp", NULL), 1);
	CHECK(deliver_sync(d, &done, &err));
	CHECK_INT(done, 1);
	CHECK_INT(entries(&p, "new", name), 1);
	CHECK_INT(entries(&p, "tmp", NULL), 0);
	holds(t, name, "A: b\n\nx\r\ny\rz\r");
	struct deliver_envelope e = {.key = STR("k2"), .flags = "SxR"};
	CHECK(
	    deliver_begin(d, &e, &err) && deliver_end(d, &err) && deliver_sync(d, NULL, &err));
	CHECK_INT(entries(&p, "cur", name), 1);
	CHECK(str_ends_nocase(str_of(name), ":2,RS"));
	deliver_close(d);
	d = opened(t, DELIVER_MAILDIR, p.path);
	CHECK(deliver_has(d, STR("k1")) && deliver_has(d, STR("k2")) &&
	      !deliver_has(d, STR("k3")));
	CHECK(!deliver_has(d, STR("")));
	CHECK(deliver_set_flags(d, STR("k1"), "F") && !deliver_set_flags(d, STR("k3"), "F"));
	CHECK_INT(entries(&p, "cur", NULL), 2);
	CHECK_INT(entries(&p, "new", NULL), 0);
	deliver_close(d);
	remove_place(&p);
}

static void crlf(struct unit *t)
{
	struct place p = make_place("Mail");
	struct err err = {0};
	char name[300];
	struct deliver_options o = {.kind = DELIVER_MAILDIR, .target = p.path, .crlf = true};
	struct deliver *d = deliver_open(&o, &err);
	CHECK(put(d, "", "a\r\nb\n", &err) && deliver_sync(d, NULL, &err));
	entries(&p, "new", name);
	holds(t, name, "a\r\nb\n");
	deliver_close(d);
	remove_place(&p);
}

static void groups(struct unit *t)
{
	struct place p = make_place("Mail");
	struct err err = {0};
	size_t done;
	struct deliver *d = opened(t, DELIVER_MAILDIR, p.path);
	for (int i = 0; i < 20; i++)
		CHECK(put(d, "", "m\n", &err));
	/* the same key twice: both are kept */
	CHECK(put(d, "same", "1", &err) && put(d, "same", "2", &err));
	struct deliver_envelope e = {0};
	CHECK(deliver_begin(d, &e, &err) && deliver_put(d, STR("half"), &err));
	deliver_cancel(d);
	CHECK(!deliver_put(d, STR("x"), &err) && !deliver_end(d, &err));
	err_clear(&err);
	CHECK(deliver_sync(d, &done, &err));
	CHECK_INT(done, 22);
	CHECK_INT(entries(&p, "new", NULL), 22);
	CHECK(deliver_sync(d, &done, &err) && done == 0);
	CHECK(put(d, "", "never synced", &err));
	CHECK(deliver_begin(d, &e, &err));
	deliver_close(d);
	CHECK_INT(entries(&p, "new", NULL), 22);
	CHECK_INT(entries(&p, "tmp", NULL), 0);
	remove_place(&p);
}

static void refused(struct unit *t)
{
	struct place p = make_place("Mail");
	struct err err = {0};
	char *deep = mem_printf("%s/no/such", p.dir);
	struct deliver_options o = {.kind = DELIVER_MAILDIR, .target = deep};
	CHECK(!deliver_open(&o, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	err_clear(&err);
	o.kind = DELIVER_MBOX;
	CHECK(!deliver_open(&o, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	err_clear(&err);
	o.target = p.dir;
	CHECK(!deliver_open(&o, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	free(deep);
	remove_place(&p);
}

/* --- mbox --- */

#define FROM "From MAILER-DAEMON Sun Nov  6 08:49:37 1994\n"

static void mbox(struct unit *t)
{
	struct place p = make_place("mbox");
	struct err err = {0};
	size_t done;
	struct deliver *d = opened(t, DELIVER_MBOX, p.path);
	CHECK(put(d, "a",
	    "A: b\r\n\r\nFrom me\r\n>From you\r\n>>From\r\nFrom\r\n From x\r\n>> From y",
	    &err));
	CHECK(put(d, "b", "", &err));
	CHECK(put(d, "c", "Fro", &err));
	holds(t, p.path, "");
	CHECK(deliver_sync(d, &done, &err) && done == 3);
	holds(t, p.path,
	    FROM "A: b\n\n>From me\n>>From you\n>>From\nFrom\n From x\n>> From y\n\n" FROM
		 "\n" FROM "Fro\n\n");
	deliver_settle(d);
	deliver_close(d);
	/* nothing but the mbox is left: no lock, no journal */
	snprintf(p.path, sizeof p.path, "%s", p.dir);
	CHECK_INT(entries(&p, ".", NULL), 1);
	remove_place(&p);
}

static void append(struct unit *t)
{
	struct place p = make_place("mbox");
	struct err err = {0};
	int fd = open(p.path, O_WRONLY | O_CREAT, 0600);
	CHECK(write(fd, FROM "old", sizeof FROM + 2) > 0);
	close(fd);
	struct deliver *d = opened(t, DELIVER_MBOX, p.path);
	struct deliver_envelope e = {.sender = STR("a da@x\n"), .time = 1};
	CHECK(deliver_begin(d, &e, &err) && deliver_put(d, STR("lost"), &err));
	deliver_cancel(d);
	CHECK(deliver_begin(d, &e, &err) && deliver_put(d, STR("new\n"), &err) &&
	      deliver_end(d, &err));
	CHECK(deliver_sync(d, NULL, &err));
	deliver_close(d);
	holds(t, p.path, FROM "old\n\nFrom ada@x Thu Jan  1 00:00:01 1970\nnew\n\n");
	remove_place(&p);
}

static void locked(struct unit *t)
{
	struct place p = make_place("mbox");
	struct err err = {0};
	struct deliver *d = opened(t, DELIVER_MBOX, p.path);
	struct deliver *other = opened(t, DELIVER_MBOX, p.path);
	CHECK(put(d, "a", "one\n", &err) && put(other, "b", "two\n", &err));
	CHECK(deliver_sync(other, NULL, &err) && deliver_sync(d, NULL, &err));
	holds(t, p.path, FROM "two\n\n" FROM "one\n\n");
	deliver_settle(d);
	deliver_close(d);
	deliver_close(other);
	d = opened(t, DELIVER_MBOX, p.path);
	CHECK(deliver_has(d, STR("b")) && !deliver_has(d, STR("a")));
	deliver_settle(d);
	deliver_close(d);
	/* one who has not asked leaves it alone */
	other = opened(t, DELIVER_MBOX, p.path);
	CHECK(put(other, "c", "x", &err) && deliver_sync(other, NULL, &err));
	deliver_close(other);
	d = opened(t, DELIVER_MBOX, p.path);
	CHECK(put(d, "d", "y", &err) && deliver_sync(d, NULL, &err));
	deliver_settle(d);
	deliver_close(d);
	other = opened(t, DELIVER_MBOX, p.path);
	CHECK(deliver_has(other, STR("c")) && !deliver_has(other, STR("d")));
	deliver_close(other);
	remove_place(&p);
}

/* A full disk while appending: the mbox is as it was. */
static void rollback(struct unit *t)
{
	struct place p = make_place("mbox");
	struct err err = {0};
	struct rlimit limit, small;
	struct deliver *d = opened(t, DELIVER_MBOX, p.path);
	char old[500] = "";
	memset(old, 'o', sizeof old - 1);
	CHECK(put(d, "a", old, &err) && deliver_sync(d, NULL, &err));
	deliver_settle(d);
	char big[4000];
	memset(big, 'x', sizeof big);
	struct deliver_envelope e = {.key = STR("b")};
	CHECK(deliver_begin(d, &e, &err) &&
	      deliver_put(d, (struct str){big, sizeof big}, &err) && deliver_end(d, &err));
	size_t done = 7;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 4400; /* enough for the journal and not for the mbox */
	setrlimit(RLIMIT_FSIZE, &small);
	bool good = deliver_sync(d, &done, &err);
	setrlimit(RLIMIT_FSIZE, &limit);
	CHECK(!good && done == 0);
	CHECK_INT(err.kind, ERR_IO);
	char *text = content(p.path);
	CHECK_INT(strlen(text), sizeof FROM - 1 + strlen(old) + 2);
	free(text);
	deliver_close(d);
	d = opened(t, DELIVER_MBOX, p.path);
	CHECK(!deliver_has(d, STR("b")));
	deliver_close(d);
	remove_place(&p);
}

/* Delivers two messages in a process that then just ends. */
static void die(struct unit *t, struct place *p, bool sync)
{
	struct err err = {0};
	pid_t child = fork();
	if (child == 0) {
		struct deliver *d = opened(t, DELIVER_MBOX, p->path);
		put(d, "a", "one\n", &err);
		put(d, "b", "two\n", &err);
		if (sync)
			deliver_sync(d, NULL, &err);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void set_phase(struct place *p, char phase)
{
	char *path = mem_printf("%s/.mbox.parley-0", p->dir);
	int fd = open(path, O_RDWR);
	if (fd < 0 || lseek(fd, -2, SEEK_END) < 0 || write(fd, &phase, 1) != 1)
		abort();
	close(fd);
	free(path);
}

static void recovery(struct unit *t)
{
	static const char whole[] = FROM "one\n\n" FROM "two\n\n";
	struct place p = make_place("mbox");
	struct err err = {0};
	die(t, &p, false);
	struct deliver *d = opened(t, DELIVER_MBOX, p.path);
	CHECK(!deliver_has(d, STR("a")));
	deliver_close(d);
	die(t, &p, true);
	for (size_t len = 0; len < sizeof whole; len += 7) {
		CHECK_INT(truncate(p.path, (off_t)len), 0);
		set_phase(&p, 'a');
		d = opened(t, DELIVER_MBOX, p.path);
		CHECK(deliver_has(d, STR("a")) && deliver_has(d, STR("b")) &&
		      !deliver_has(d, STR("c")));
		deliver_close(d);
		char *text = content(p.path);
		CHECK_STR(text, whole);
		free(text);
	}
	d = opened(t, DELIVER_MBOX, p.path);
	CHECK(deliver_has(d, STR("a")));
	deliver_settle(d);
	CHECK(put(d, "c", "three\n", &err) && deliver_sync(d, NULL, &err));
	deliver_settle(d);
	deliver_close(d);
	d = opened(t, DELIVER_MBOX, p.path);
	CHECK(!deliver_has(d, STR("a")) && !deliver_has(d, STR("c")));
	deliver_close(d);
	remove_place(&p);
}

/* Another program wrote behind a batch that was cut off: nothing of either is lost. */
static void behind(struct unit *t)
{
	struct place p = make_place("mbox");
	die(t, &p, true);
	set_phase(&p, 'a');
	int fd = open(p.path, O_WRONLY | O_TRUNC);
	CHECK(write(fd, FROM "on", sizeof FROM + 1) > 0);
	CHECK(write(fd, "\n\n" FROM "theirs\n\n", sizeof FROM + 9) > 0);
	close(fd);
	deliver_close(opened(t, DELIVER_MBOX, p.path));
	holds(t, p.path, FROM "on\n\n" FROM "theirs\n\n" FROM "one\n\n" FROM "two\n\n");
	remove_place(&p);
}

/* --- Commands and streams --- */

static void command(struct unit *t)
{
	struct place p = make_place("out");
	struct err err = {0};
	char *line = mem_printf("cat >>%s; grep -q bad %s && exit 75; exit 0", p.path, p.path);
	struct deliver *d = opened(t, DELIVER_PIPE, line);
	size_t done;
	CHECK(put(d, "a", "one\r\n", &err) && put(d, "b", "two\n", &err));
	struct deliver_envelope e = {0};
	CHECK(deliver_begin(d, &e, &err) && deliver_put(d, STR("half"), &err));
	deliver_cancel(d);
	CHECK(deliver_sync(d, &done, &err));
	CHECK_INT(done, 2);
	CHECK(!put(d, "c", "bad\n", &err));
	CHECK_INT(err.kind, ERR_AGAIN);
	CHECK(deliver_sync(d, &done, &err) && done == 0);
	holds(t, p.path, "one\ntwo\nbad\n");
	deliver_close(d);
	free(line);
	err_clear(&err);
	d = opened(t, DELIVER_PIPE, "exit 3");
	CHECK(!put(d, "c", "x\n", &err));
	CHECK_INT(err.kind, ERR_IO);
	deliver_close(d);
	remove_place(&p);
}

static void stream(struct unit *t)
{
	struct place p = make_place("out");
	struct err err = {0};
	struct deliver_options o = {.kind = DELIVER_STREAM, .crlf = true};
	o.fd = open(p.path, O_WRONLY | O_CREAT, 0600);
	struct deliver *d = deliver_open(&o, &err);
	struct deliver_envelope e = {0};
	CHECK(put(d, "a", "From x\r\n", &err));
	CHECK(deliver_begin(d, &e, &err));
	deliver_cancel(d);
	CHECK(put(d, "b", "y", &err) && deliver_sync(d, NULL, &err));
	deliver_close(d);
	holds(t, p.path, FROM ">From x\n\n" FROM "y\n\n");
	close(o.fd);
	remove_place(&p);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"Maildir", maildir},
	    {"line ends kept", crlf},
	    {"groups", groups},
	    {"places that can't be written", refused},
	    {"mbox", mbox},
	    {"appending to an mbox", append},
	    {"two at one mbox", locked},
	    {"a failed append", rollback},
	    {"after a run that died", recovery},
	    {"others meanwhile", behind},
	    {"commands", command},
	    {"streams", stream},
	};
	return unit_run(tests, COUNT(tests));
}
