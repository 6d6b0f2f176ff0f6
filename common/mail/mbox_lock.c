/*
 * Locks of mbox files.
 */
#include "common/mail/mbox_lock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/mem.h"

/* A FILE.lock older than this was left by a program that died. */
enum { WAIT_MS = 10000, NAP_MS = 100, STALE_SECONDS = 900 };

static void drop_stale(const char *path)
{
	struct stat st;
	if (lstat(path, &st) == 0 && st.st_mtime + STALE_SECONDS < time(NULL))
		unlink(path);
}

enum dot { TAKEN, BUSY, NOWHERE };

/* NOWHERE: the directory takes no file of ours; then no one's lock stands there either. */
static enum dot try_dot(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? BUSY : NOWHERE;
	close(fd);
	return TAKEN;
}

static bool lock_dot(struct mbox_lock *l, const char *path, int64_t deadline)
{
	char *name = mem_printf("%s.lock", path);
	enum dot got = try_dot(name);
	while (got == BUSY && !clock_passed(deadline)) {
		drop_stale(name);
		clock_sleep_until(clock_after_ms(NAP_MS));
		got = try_dot(name);
	}
	if (got == TAKEN)
		l->dot = name;
	else
		free(name);
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
