/*
 * pop3fetch's list of what was fetched: notes, torn lines, the lock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/pop3fetch/state.h"
#include "common/base/limits.h"
#include "tests/unit/unit.h"

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
}

static void fill(char *path, size_t size)
{
	char dir[] = "/tmp/parley-state.XXXXXX";
	snprintf(path, size, "%s/a/b/state", mkdtemp(dir));
}

/* The file, its lock, and the three directories above. */
static void tidy(char *path)
{
	char lock[100];
	snprintf(lock, sizeof lock, "%s.lock", path);
	unlink(lock);
	unlink(path);
	for (char *slash = strrchr(path, '/'); slash && strcmp(path, "/tmp") != 0;
	     slash = strrchr(path, '/')) {
		*slash = '\0';
		rmdir(path);
	}
}

static void notes(struct unit *t)
{
	char path[80];
	struct state s = {0};
	struct err err = {0};
	bool keeps[2] = {false, true};
	fill(path, sizeof path);
	CHECK(state_open(&s, path, true, &err));
	CHECK_INT(state_find(&s, "aaa"), 0);
	CHECK_INT(state_note(&s, "b %\x01\xff", 5), 1);
	CHECK_INT(state_note(&s, "#aaa", 6), 2);
	CHECK(state_save(&s, &err));
	state_close(&s);
	CHECK(state_open(&s, path, true, &err));
	CHECK_INT(s.count, 2);
	size_t place = state_find(&s, "b %\x01\xff");
	CHECK(place > 0 && state_time(&s, place) == 5);
	CHECK(state_find(&s, "#aaa") > 0);
	keeps[place - 1] = true;
	keeps[2 - place] = false;
	CHECK(state_keep_only(&s, keeps, &err));
	state_close(&s);
	CHECK(state_open(&s, path, false, &err));
	CHECK_INT(s.count, 1);
	CHECK(state_find(&s, "#aaa") == 0);
	state_close(&s);
	CHECK_INT(err.kind, 0);
	tidy(path);
}

static void torn(struct unit *t)
{
	char path[80];
	struct state s = {0};
	struct err err = {0};
	struct stat st;
	fill(path, sizeof path);
	CHECK(state_open(&s, path, true, &err));
	state_close(&s);
	write_file(path, "# x\n5 aaa\n6 bb");
	/* A run that only looks changes nothing. */
	CHECK(state_open(&s, path, false, &err));
	CHECK_INT(s.count, 1);
	state_close(&s);
	CHECK(stat(path, &st) == 0 && st.st_size == 14);
	CHECK(state_open(&s, path, true, &err));
	CHECK_INT(s.count, 1);
	CHECK(stat(path, &st) == 0 && st.st_size == 10);
	state_close(&s);
	write_file(path, "5 aaa\nrubbish\n");
	CHECK(!state_open(&s, path, true, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(strstr(err.text, "line 2") != NULL);
	state_close(&s);
	tidy(path);
}

/* fcntl's locks are a process's own: another one has to ask. */
static void locked(struct unit *t)
{
	char path[80];
	struct state s = {0};
	struct err err = {0};
	int status = 0;
	fill(path, sizeof path);
	CHECK(state_open(&s, path, true, &err));
	pid_t pid = fork();
	if (pid == 0) {
		struct state other = {0};
		bool opened = state_open(&other, path, true, &err);
		bool looked = state_open(&other, path, false, &(struct err){0});
		_exit(opened ? 1 : err.kind == ERR_AGAIN && looked ? 0 : 2);
	}
	waitpid(pid, &status, 0);
	CHECK_INT(status, 0);
	state_close(&s);
	tidy(path);
}

static void names(struct unit *t)
{
	setenv("XDG_STATE_HOME", "/x", 1);
	char *path = state_path("a/../b@c", "mail.example.org", 110);
	CHECK_STR(path, "/x/parley/pop3fetch.a%2F..%2Fb%40c@mail.example.org:110");
	free(path);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"notes, kept and forgotten", notes},
	    {"torn and broken files", torn},
	    {"one run at a time", locked},
	    {"a file for each account", names},
	};
	return unit_run(tests, COUNT(tests));
}
