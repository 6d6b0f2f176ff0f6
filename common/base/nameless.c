/*
 * Files without a name. Knows not what for.
 */
#include "common/base/nameless.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

int nameless_open(struct err *err)
{
	const char *dir = getenv("TMPDIR");
	char *path = mem_printf("%s/parley-XXXXXX", dir && *dir == '/' ? dir : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		err_set_errno(err, ERR_IO, "cannot make a temporary file %s", path);
	else
		unlink(path);
	free(path);
	return fd;
}

bool nameless_write(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
	return true;
}

/* The file system is told by the directory. */
static int open_beside(const char *path, mode_t mode)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return compat_nameless_file(".", mode);
	char *dir = str_dup((struct str){path, (size_t)(slash - path) + 1});
	int fd = compat_nameless_file(dir, mode);
	int reason = errno;
	free(dir);
	errno = reason;
	return fd;
}

bool nameless_make(const char *path, mode_t mode, struct str bytes)
{
	int fd = open_beside(path, mode);
	if (fd < 0)
		return false;
	bool named = nameless_write(fd, bytes) && compat_name_file(fd, path) == 0;
	int reason = errno;
	/* Some file systems report a full disk only here. */
	bool kept = close(fd) == 0 || errno == EINTR;
	if (named && kept)
		return true;
	if (named)
		unlink(path);
	else
		errno = reason;
	return false;
}
