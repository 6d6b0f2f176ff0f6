/*
 * Locks of mbox files.
 */
#include "common/mail/mbox_lock.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/nameless.h"

/* A FILE.lock older than this was left by a program that died, whoever it was. */
enum { WAIT_MS = 10000, NAP_MS = 100, STALE_SECONDS = 900 };

/* Whose lock it is: "PID HOST". The one of a process of this host that is no more tells of a
 * program that was killed; it need not get old. Others write other things, or nothing. */
static bool is_orphan(const char *path, const char *host)
{
	char text[300] = "";
	char *after;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	long pid = n > 0 ? strtol(text, &after, 10) : 0;
	return pid > 0 && *after == ' ' && strcmp(after + 1, host) == 0 &&
	       kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static void drop_stale(const char *path, const char *host)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return;
	if (st.st_mtime + STALE_SECONDS < time(NULL) || is_orphan(path, host))
		unlink(path);
}

enum dot { TAKEN, BUSY, NOWHERE };

/* NOWHERE: the directory takes no file of ours; then no one's lock stands there either. */
static enum dot try_dot(const char *path, const char *owner)
{
	/* Where that can be it is never there without saying whose it is. */
	if (nameless_make(path, 0600, str_of(owner)))
		return TAKEN;
	if (errno == EEXIST)
		return BUSY;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? BUSY : NOWHERE;
	/* Without its owner's name it is a lock, too. */
	nameless_write(fd, str_of(owner));
	close(fd);
	return TAKEN;
}

static bool lock_dot(struct mbox_lock *l, const char *path, int64_t deadline)
{
	char host[256] = "";
	gethostname(host, sizeof host - 1);
	char *name = mem_printf("%s.lock", path);
	char *owner = mem_printf("%ld %s", (long)getpid(), host);
	enum dot got = try_dot(name, owner);
	while (got == BUSY && !clock_passed(deadline)) {
		drop_stale(name, host);
		got = try_dot(name, owner);
		if (got == BUSY)
			clock_sleep_until(clock_after_ms(NAP_MS));
	}
	if (got == TAKEN)
		l->dot = name;
	else
		free(name);
	free(owner);
	return got != BUSY;
}

static bool lock_range(int fd, int64_t deadline)
{
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	while (fcntl(fd, F_SETLK, &range) != 0) {
		if ((errno != EAGAIN && errno != EACCES) || clock_passed(deadline))
			return false;
		clock_sleep_until(clock_after_ms(NAP_MS));
	}
	return true;
}

bool mbox_lock(struct mbox_lock *l, const char *path, struct err *err)
{
	int64_t deadline = clock_after_ms(WAIT_MS);
	struct stat st;
	*l = (struct mbox_lock){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
	if (l->fd < 0)
		return err_set_errno(err, ERR_CREATE, "cannot write %s", path);
	if (fstat(l->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		mbox_unlock(l);
		return err_set(err, ERR_CREATE, "%s is not a file", path);
	}
	if (lock_dot(l, path, deadline) && lock_range(l->fd, deadline))
		return true;
	mbox_unlock(l);
	return err_set(err, ERR_AGAIN, "%s is locked by another program", path);
}

void mbox_unlock(struct mbox_lock *l)
{
	if (l->dot)
		unlink(l->dot);
	free(l->dot);
	if (l->fd >= 0)
		close(l->fd);
	*l = (struct mbox_lock){.fd = -1};
}
