/*
 * Preloaded into pop3fetch: an accident at the Nth system call that changes
 * something. Environment: CRASH=MODE:N, CRASH_LOG=FILE. Modes:
 *   kill  SIGKILL before the call       torn  half of what it writes, then SIGKILL
 *   full  ENOSPC, for it and all writes to files after it
 *   cut   the connection is shut down (counts what is sent and received)
 *   log   none: each call is a line in the log
 * When the accident came about, the log names the call. Knows nothing of the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned long calls;
static bool happened;

static bool mode_is(const char *mode)
{
	const char *crash = getenv("CRASH");
	size_t len = strlen(mode);
	return crash && strncmp(crash, mode, len) == 0 && crash[len] == ':';
}

static void note(const char *call, const char *what, size_t len)
{
	const char *path = getenv("CRASH_LOG");
	char line[200];
	long fd = path
		      ? syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600)
		      : -1;
	if (fd < 0)
		return;
	int n = snprintf(line, sizeof line, "%s %.*s", call, (int)(len < 60 ? len : 60), what);
	for (int i = 0; i < n; i++)
		if (line[i] == '\r' || line[i] == '\n')
			line[i] = '|';
	line[n++] = '\n';
	syscall(SYS_write, fd, line, n);
	syscall(SYS_close, fd);
}

/* Is this the one? */
static bool is_due(const char *call, const char *what, size_t len)
{
	const char *crash = getenv("CRASH");
	const char *colon = crash ? strchr(crash, ':') : NULL;
	if (mode_is("log"))
		note(call, what, len);
	if (!colon || ++calls != strtoul(colon + 1, NULL, 10) || mode_is("log"))
		return false;
	note(call, what, len);
	happened = true;
	return true;
}

static void die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
	for (;;)
		pause();
}

/* A call that writes nothing. */
static bool refuse(const char *call, const char *what)
{
	if (mode_is("cut") || mode_is("torn"))
		return false;
	bool due = is_due(call, what, strlen(what));
	if (due && mode_is("kill"))
		die();
	if (!mode_is("full") || !happened)
		return false;
	errno = ENOSPC;
	return true;
}

static bool is_file(int fd)
{
	return fd > 2 && lseek(fd, 0, SEEK_CUR) >= 0;
}

static ssize_t put(long number, int fd, const void *bytes, size_t len, off_t at)
{
	return number == SYS_pwrite64 ? syscall(number, fd, bytes, len, at)
				      : syscall(number, fd, bytes, len);
}

static ssize_t write_at(long number, int fd, const void *bytes, size_t len, off_t at)
{
	if (!is_file(fd) || mode_is("cut"))
		return put(number, fd, bytes, len, at);
	bool due = is_due("write", bytes, len);
	if (due && mode_is("torn"))
		put(number, fd, bytes, len / 2, at);
	if (due && (mode_is("kill") || mode_is("torn")))
		die();
	if (happened && mode_is("full")) {
		errno = ENOSPC;
		return -1;
	}
	return put(number, fd, bytes, len, at);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	return write_at(SYS_write, fd, bytes, len, 0);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	return write_at(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	if (!mode_is("full") && is_due("send", bytes, len)) {
		if (mode_is("cut"))
			shutdown(fd, SHUT_RDWR);
		if (mode_is("torn"))
			syscall(SYS_sendto, fd, bytes, len / 2, flags, NULL, 0);
		if (!mode_is("cut"))
			die();
	}
	return syscall(SYS_sendto, fd, bytes, len, flags, NULL, 0);
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
	/* In small pieces, so that an answer can be cut anywhere; what the kernel has already
	 * is lost, too. */
	bool cut = mode_is("cut");
	if (cut && is_due("recv", "", 0))
		shutdown(fd, SHUT_RDWR);
	if (cut && happened)
		return 0;
	return syscall(
	    SYS_recvfrom, fd, bytes, cut && len > 200 ? 200 : len, flags, NULL, NULL);
}

int rename(const char *from, const char *to)
{
	return refuse("rename", to) ? -1
				    : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return refuse("renameat", to) ? -1
				      : (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
}

/* With CRASH_OLD the file system does not know it. */
int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned int flags)
{
	if (getenv("CRASH_OLD")) {
		errno = EINVAL;
		return -1;
	}
	return refuse("renameat2", to)
		   ? -1
		   : (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	return refuse("linkat", to)
		   ? -1
		   : (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
}

int unlink(const char *path)
{
	if (mode_is("kill") || mode_is("log"))
		refuse("unlink", path);
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int unlinkat(int dir, const char *path, int flags)
{
	if (mode_is("kill") || mode_is("log"))
		refuse("unlinkat", path);
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int fsync(int fd)
{
	return refuse("fsync", "") ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return refuse("fdatasync", "") ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int syncfs(int fd)
{
	return refuse("syncfs", "") ? -1 : (int)syscall(SYS_syncfs, fd);
}

int ftruncate(int fd, off_t size)
{
	if (mode_is("kill") || mode_is("log"))
		refuse("ftruncate", "");
	return (int)syscall(SYS_ftruncate, fd, size);
}
