/*
 * Local ends of downloads. The part file stands beside its target, so that one
 * rename makes it the file.
 */
#include "cmd/ftpc/local.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/mem.h"

static bool failed(const char *path, struct err *err)
{
	return err_set_errno(err, ERR_CREATE, "%.*s", 200, path);
}

static bool look(const char *path, struct local *l)
{
	struct stat st;
	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	l->held = (uint64_t)st.st_size;
	l->held_time = st.st_mtime;
	return true;
}

bool local_find_part(struct local *l, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) + 1 : 0;
	struct stat st;
	*l = (struct local){.fd = -1, .target = mem_dup(path)};
	l->part = mem_printf("%.*s.%s.part", dir, path, path + dir);
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(err, ERR_CREATE, "%s is no file that can be continued", path);
	if (!look(l->part, l))
		l->was_target = look(path, l);
	return true;
}

bool local_open_part(struct local *l, uint64_t from, struct err *err)
{
	if (l->was_target && from && rename(l->target, l->part) != 0)
		return failed(l->part, err);
	l->was_target = l->was_target && from;
	l->fd = open(l->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (l->fd < 0 || ftruncate(l->fd, (off_t)from) != 0 ||
	    lseek(l->fd, (off_t)from, SEEK_SET) < 0)
		return failed(l->part, err);
	return true;
}

bool local_open(struct local *l, const char *path, unsigned flags, struct err *err)
{
	*l = (struct local){.fd = -1};
	l->out = outfile_open(path, flags, err);
	l->fd = l->out ? outfile_fd(l->out) : -1;
	if (l->out && outfile_is_stdout(l->out))
		outfile_mark(l->out);
	return l->out;
}

bool local_is_stdout(const struct local *l)
{
	return l->out && outfile_is_stdout(l->out);
}

bool local_rewind(struct local *l, struct err *err)
{
	if (l->out)
		return outfile_rewind(l->out, err);
	return (ftruncate(l->fd, 0) == 0 && lseek(l->fd, 0, SEEK_SET) == 0) ||
	       err_set_errno(err, ERR_IO, "%.*s", 200, l->part);
}

void local_set_time(struct local *l, int64_t time)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = (time_t)time}};
	if (l->fd >= 0 && !local_is_stdout(l) && futimens(l->fd, times) != 0)
		return; /* a file system without times: the contents are what counts */
}

static void release(struct local *l)
{
	free(l->part);
	free(l->target);
	*l = (struct local){.fd = -1};
}

static bool commit_part(struct local *l, struct err *err)
{
	bool ok =
	    l->fd < 0 || close(l->fd) == 0 || err_set_errno(err, ERR_IO, "%.*s", 200, l->part);
	ok = ok && (rename(l->part, l->target) == 0 || failed(l->target, err));
	release(l);
	return ok;
}

bool local_commit(struct local *l, struct err *err)
{
	if (!l->out)
		return commit_part(l, err);
	struct outfile *out = l->out;
	*l = (struct local){.fd = -1};
	return outfile_commit(out, err);
}

void local_abandon(struct local *l)
{
	struct stat st;
	outfile_abandon(l->out);
	if (l->fd >= 0 && !l->out && l->part) {
		bool empty = fstat(l->fd, &st) == 0 && st.st_size == 0;
		bool same = l->was_target && !empty && (uint64_t)st.st_size == l->held;
		close(l->fd);
		if (empty)
			unlink(l->part);
		else if (same && rename(l->part, l->target) != 0)
			same = false; /* it stays a part: nothing is lost */
	}
	release(l);
}
