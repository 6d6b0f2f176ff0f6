/*
 * Temporary files without a name.
 */
#include "common/mail/nameless.h"

#include <stdlib.h>

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
