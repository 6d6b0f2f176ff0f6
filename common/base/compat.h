/*
 * What differs between systems and compilers stands here and nowhere else:
 * this is the only file with #if in it. Linux has the fast ways; every one
 * has a fall-back that says "not here" (ENOSYS) and lets the caller go the
 * portable way.
 */
#ifndef PARLEY_BASE_COMPAT_H
#define PARLEY_BASE_COMPAT_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/xattr.h>
#endif

#if defined(__GNUC__) || defined(__clang__)
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))
#define EXPORTED __attribute__((visibility("default")))
#else
#define PRINTF_LIKE(fmt, first)
#define NORETURN
#define UNUSED
#define EXPORTED
#endif

#if !defined(MSG_NOSIGNAL)
#define MSG_NOSIGNAL 0
#endif

/* A mutex that is never held for long: who finds it taken looks again before it sleeps. */
#if defined(PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP)
#define MUTEX_BRIEF PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
#else
#define MUTEX_BRIEF PTHREAD_MUTEX_INITIALIZER
#endif

/* Moves up to len bytes between two descriptors, one of them a pipe, inside the kernel.
 * Returns as splice(2) does; -1 with ENOSYS where the system has none. */
static inline ssize_t compat_splice(int in, int out, size_t len)
{
#if defined(__linux__)
	return splice(in, NULL, out, NULL, len, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
#else
	(void)in, (void)out, (void)len;
	errno = ENOSYS;
	return -1;
#endif
}

/* Asks for a pipe of size bytes; returns what the pipe holds now, or 0 if unknown. */
static inline size_t compat_pipe_size(int fd, size_t size)
{
#if defined(F_SETPIPE_SZ)
	int got = fcntl(fd, F_SETPIPE_SZ, (int)size);
	if (got < 0)
		got = fcntl(fd, F_GETPIPE_SZ);
	return got > 0 ? (size_t)got : 0;
#else
	(void)fd, (void)size;
	return 0;
#endif
}

/* Wakes the reader only when so many bytes are there; 1 is the default. Without effect where
 * the system has no such thing. */
static inline void compat_wake_at(int fd, int bytes)
{
#if defined(SO_RCVLOWAT)
	setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes);
#else
	(void)fd, (void)bytes;
#endif
}

/* The kernel's smoothed round-trip time of a TCP socket, in microseconds; 0 if unknown. */
static inline uint32_t compat_tcp_rtt_us(int fd)
{
#if defined(TCP_INFO) && defined(__linux__)
	struct tcp_info info = {0};
	socklen_t len = sizeof info;
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0)
		return info.tcpi_rtt;
#else
	(void)fd;
#endif
	return 0;
}

/* Writes out all that is dirty on the file system of fd, and waits for it. -1 with ENOSYS where
 * the system can't do that for one of them alone. */
static inline int compat_syncfs(int fd)
{
#if defined(__linux__)
	return syncfs(fd);
#else
	(void)fd;
	errno = ENOSYS;
	return -1;
#endif
}

/* An extended attribute of an open file. -1 with errno: ENOTSUP where the file system or the
 * system keeps none. */
static inline int compat_set_xattr(int fd, const char *name, const void *value, size_t len)
{
#if defined(__linux__)
	return fsetxattr(fd, name, value, len, 0);
#else
	(void)fd, (void)name, (void)value, (void)len;
	errno = ENOTSUP;
	return -1;
#endif
}

/* renameat that takes no other file's name: -1 with EEXIST. ENOSYS or EINVAL where the system
 * or the file system can't. */
static inline int compat_rename_new(int from_dir, const char *from, int to_dir, const char *to)
{
#if defined(RENAME_NOREPLACE)
	return renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE);
#else
	(void)from_dir, (void)from, (void)to_dir, (void)to;
	errno = ENOSYS;
	return -1;
#endif
}

/* A file without a name in the directory dir, open for writing, to get one by
 * compat_name_file. -1 with errno: ENOSYS and others where there is no such thing. */
static inline int compat_nameless_file(const char *dir, mode_t mode)
{
#if defined(O_TMPFILE)
	return open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
#else
	(void)dir, (void)mode;
	errno = ENOSYS;
	return -1;
#endif
}

/* Gives it a name that is free. As link(2). Before Linux 6.10 the short way is root's. */
static inline int compat_name_file(int fd, const char *path)
{
	char self[40];
#if defined(AT_EMPTY_PATH)
	if (linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno != ENOENT && errno != EPERM && errno != EINVAL)
		return -1;
#endif
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

#endif
