/*
 * The user's own files. Knows where they are, not what they say.
 */
#include "common/cli/userfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/interrupt.h"

/* The specification wants relative values to be ignored. */
static char *xdg_path(const char *variable, const char *fallback, const char *tail)
{
	const char *dir = getenv(variable);
	if (dir && dir[0] == '/')
		return mem_printf("%s/parley/%s", dir, tail);
	const char *home = getenv("HOME");
	return home && home[0] ? mem_printf("%s/%s/parley/%s", home, fallback, tail) : NULL;
}

char *userfile_config_path(const char *tool)
{
	char *tail = mem_printf("%s.conf", tool);
	char *path = xdg_path("XDG_CONFIG_HOME", ".config", tail);
	free(tail);
	return path;
}

char *userfile_history_path(const char *tool)
{
	char *tail = mem_printf("%s.history", tool);
	char *path = xdg_path("XDG_STATE_HOME", ".local/state", tail);
	free(tail);
	return path;
}

char *userfile_home_path(const char *name)
{
	const char *home = getenv("HOME");
	return home && home[0] ? mem_printf("%s/%s", home, name) : NULL;
}

bool userfile_make_dirs(const char *path, unsigned mode)
{
	char *copy = mem_dup(path);
	bool good = true;
	for (char *slash = copy + 1; good && slash[-1] && (slash = strchr(slash, '/'));
	     slash++) {
		*slash = '\0';
		good = mkdir(copy, (mode_t)mode) == 0 || errno == EEXIST;
		*slash = '/';
	}
	free(copy);
	return good;
}

static bool read_all(int fd, off_t expected, struct buf *b)
{
	/* Room for all of it at once: a buffer that grows leaves copies of secrets behind. */
	size_t step =
	    expected > 0 && (size_t)expected < b->max ? (size_t)expected + 1 : 4 * KIB;
	for (;; step = 4 * KIB) {
		char *room = buf_reserve(b, step);
		if (!room) {
			errno = EFBIG;
			return false;
		}
		ssize_t n = read(fd, room, step);
		if (n < 0 && errno == EINTR && !*interrupt_flag())
			continue;
		if (n <= 0)
			return n == 0;
		buf_commit(b, (size_t)n);
	}
}

bool userfile_read_upto(struct userfile *f, const char *path, size_t most, struct err *err)
{
	*f = (struct userfile){.bytes = BUF_INIT(most + 4 * KIB)};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	struct stat st;
	f->found = fd >= 0 && fstat(fd, &st) == 0 && read_all(fd, st.st_size, &f->bytes);
	if (!f->found)
		err_set_errno(err, ERR_CONFIG, "%.200s", path);
	else
		f->open_to_others = S_ISREG(st.st_mode) && (st.st_mode & 077) != 0;
	if (fd >= 0)
		close(fd);
	return f->found;
}

bool userfile_read(struct userfile *f, const char *path, struct err *err)
{
	return userfile_read_upto(f, path, LIMIT_FILE, err);
}

void userfile_free(struct userfile *f)
{
	buf_free_secret(&f->bytes);
}
