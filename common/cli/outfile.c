/*
 * Output files that appear whole or not at all. Knows paths and descriptors, not
 * what is written. System calls are few (a new small file costs lstat, open,
 * write, close, rename; one held in memory no lstat): a mirror makes thousands.
 */
#include "common/cli/outfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/nameless.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"
#include "common/cli/userfile.h"

struct outfile {
	int fd;
	bool is_stdout;
	unsigned flags;
	char *plain;  /* the name as it was given */
	char *name;   /* the final name, for people; "-" for stdout */
	char *target; /* what the commit replaces: name with its links followed */
	char *temp;   /* NULL: fd is written directly */
	bool holds;   /* all that was written is in `held`, and no file is there yet */
	struct buf held;
	struct buf *heir;
	off_t start; /* stdout: where it stood; -1 when it can't seek */
};

enum {
	MOST_LINKS = 40,      /* as Linux */
	MOST_NUMBERS = 10000, /* "x.1" ... */
	MOST_TRIES = 100,     /* for a free temporary name */
	NAME_BYTES = 255,     /* of one component, on every file system here */
	RANDOM_LETTERS = 6,
	SHOWN = 200, /* of a path in an error, so that the reason still fits */
};

static struct outfile *cannot_create(struct outfile *o, const char *path, struct err *err)
{
	if (errno == EINTR && *interrupt_flag())
		err_set(err, ERR_INTERRUPT, "interrupted");
	else
		err_set_errno(err, ERR_CREATE, "%.*s", SHOWN, path);
	outfile_abandon(o);
	return NULL;
}

/* Length of the directory part of a path, its last slash included. */
static size_t dir_len(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* What a link at path points to, seen from where path is seen; NULL with errno. */
static char *follow_link(const char *path)
{
	char to[4096];
	ssize_t n = readlink(path, to, sizeof to);
	if (n == (ssize_t)sizeof to)
		errno = ENAMETOOLONG;
	if (n < 0 || n == (ssize_t)sizeof to)
		return NULL;
	int dir = to[0] == '/' ? 0 : (int)dir_len(path);
	return mem_printf("%.*s%.*s", dir, path, (int)n, to);
}

enum found { FOUND_NOTHING, FOUND_REGULAR, FOUND_OTHER, FOUND_ERROR };

/* Follows links by hand, so that the rename replaces what they point to, even when that does
 * not exist yet. *target is replaced by the end of the chain. */
static enum found look(char **target, mode_t *mode)
{
	struct stat st;
	for (int i = 0; i < MOST_LINKS; i++) {
		if (lstat(*target, &st) != 0)
			return errno == ENOENT ? FOUND_NOTHING : FOUND_ERROR;
		*mode = st.st_mode;
		if (S_ISREG(st.st_mode))
			return FOUND_REGULAR;
		if (!S_ISLNK(st.st_mode))
			return FOUND_OTHER;
		char *next = follow_link(*target);
		if (!next)
			return FOUND_ERROR;
		free(*target);
		*target = next;
	}
	errno = ELOOP;
	return FOUND_ERROR;
}

/* Takes the next of "x.1", "x.2" ... that is free. False with errno when there is none. */
static bool take_number(struct outfile *o)
{
	struct stat st;
	for (int i = 1; i <= MOST_NUMBERS; i++) {
		free(o->name);
		o->name = mem_printf("%s.%d", o->plain, i);
		/* A dangling link takes its name too. */
		if (lstat(o->name, &st) == 0)
			continue;
		free(o->target);
		o->target = mem_dup(o->name);
		return errno == ENOENT;
	}
	errno = EEXIST;
	return false;
}

/* ".NAME.abc123" beside the target. Nobody has to be unable to guess it: O_EXCL refuses what
 * is there; it only has to be new. */
static char *temp_name(const char *target, uint64_t seed)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	char random[RANDOM_LETTERS + 1] = {0};
	seed *= 0x9e3779b97f4a7c15u;
	for (int i = 0; i < RANDOM_LETTERS; i++) {
		random[i] = letters[(seed >> 32) % (sizeof letters - 1)];
		seed = seed * 6364136223846793005u + 1442695040888963407u;
	}
	int dir = (int)dir_len(target);
	return mem_printf(
	    "%.*s.%.*s.%s", dir, target, NAME_BYTES - RANDOM_LETTERS - 2, target + dir, random);
}

static bool open_temp(struct outfile *o, mode_t mode)
{
	uint64_t seed = (uint64_t)clock_now() ^ (uint64_t)(uintptr_t)o;
	bool dirs_made = false;
	for (int i = 0; i < MOST_TRIES; i++) {
		free(o->temp);
		o->temp = temp_name(o->target, seed + (uint64_t)i);
		o->fd = open(o->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (o->fd >= 0)
			return true;
		if (errno == ENOENT && (o->flags & OUTFILE_CREATE_DIRS) && !dirs_made)
			dirs_made = userfile_make_dirs(o->target, 0777);
		else if (errno != EEXIST)
			break;
	}
	/* Nothing to unlink. */
	free(o->temp);
	o->temp = NULL;
	return false;
}

/* A new file: the umask applies. A replaced one: its permissions, once it is ours. */
static bool open_new(struct outfile *o, enum found found, mode_t old)
{
	if (found != FOUND_REGULAR)
		return open_temp(o, 0666);
	/* A read-only file is not replaced just because its directory may be written. */
	if (access(o->target, W_OK) != 0 || !open_temp(o, 0600))
		return false;
	return fchmod(o->fd, old & 0777) == 0;
}

static bool open_partial(struct outfile *o)
{
	struct stat st;
	char *part = mem_printf("%s.part", o->target);
	o->fd = open(part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (o->fd < 0 && errno == ENOENT && (o->flags & OUTFILE_CREATE_DIRS) &&
	    userfile_make_dirs(part, 0777))
		o->fd = open(part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	bool ok = o->fd >= 0 && fstat(o->fd, &st) == 0 && flock(o->fd, LOCK_EX | LOCK_NB) == 0;
	if (ok && !S_ISREG(st.st_mode)) {
		errno = EEXIST;
		ok = false;
	}
	if (!ok) {
		free(part); /* it is somebody else's: not to be removed */
		return false;
	}
	o->temp = part;
	return true;
}

static bool open_direct(struct outfile *o)
{
	o->fd = open(o->target, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return o->fd >= 0;
}

static struct outfile *open_stdout(struct outfile *o)
{
	o->fd = STDOUT_FILENO;
	o->is_stdout = true;
	o->name = mem_dup("-");
	o->start = lseek(STDOUT_FILENO, 0, SEEK_CUR);
	return o;
}

static bool open_target(struct outfile *o)
{
	mode_t mode = 0;
	if (o->flags & OUTFILE_NEW && !(o->flags & OUTFILE_PARTIAL)) {
		o->holds = o->flags & OUTFILE_HOLD;
		o->held = BUF_INIT(OUTFILE_HELD);
		return o->holds || open_temp(o, 0666);
	}
	enum found found = look(&o->target, &mode);
	bool taken = found != FOUND_NOTHING || strcmp(o->target, o->name) != 0;
	if (found == FOUND_ERROR)
		return false;
	if (taken && (o->flags & OUTFILE_FRESH)) {
		errno = EEXIST;
		return false;
	}
	if (found == FOUND_OTHER)
		return open_direct(o);
	if (taken && (o->flags & OUTFILE_NO_CLOBBER) && !take_number(o))
		return false;
	if (o->flags & OUTFILE_PARTIAL)
		return open_partial(o);
	if (taken && (o->flags & OUTFILE_NO_CLOBBER))
		return open_temp(o, 0666);
	return open_new(o, found, mode);
}

struct outfile *outfile_open(const char *path, unsigned flags, struct err *err)
{
	struct outfile *o = mem_alloc(sizeof *o);
	*o = (struct outfile){.fd = -1, .flags = flags, .start = -1};
	if (!path || strcmp(path, "-") == 0)
		return open_stdout(o);
	o->plain = mem_dup(path);
	o->name = mem_dup(path);
	o->target = mem_dup(path);
	errno = ENOENT;
	return path[0] && open_target(o) ? o : cannot_create(o, path, err);
}

int outfile_fd(const struct outfile *o)
{
	return o->fd;
}

bool outfile_is_stdout(const struct outfile *o)
{
	return o->is_stdout;
}

const char *outfile_name(const struct outfile *o)
{
	return o->name;
}

static const char *shown_name(const struct outfile *o)
{
	return outfile_is_stdout(o) ? "standard output" : o->name;
}

void outfile_leave_held(struct outfile *o, struct buf *heir)
{
	o->heir = heir;
}

/* The file, with what was held back. */
static bool stop_holding(struct outfile *o, struct err *err)
{
	if (!o->holds)
		return true;
	o->holds = false;
	if (!open_temp(o, 0666))
		return err_set_errno(err, ERR_CREATE, "%.*s", SHOWN, o->name);
	return say_bytes(o->fd, o->name, buf_str(&o->held), err);
}

bool outfile_write(struct outfile *o, struct str bytes, struct err *err)
{
	if (o->holds && o->held.len + bytes.len <= OUTFILE_HELD)
		return buf_add_str(&o->held, bytes);
	if (!stop_holding(o, err))
		return false;
	buf_free(&o->held);
	return say_bytes(o->fd, shown_name(o), bytes, err);
}

/* stdout redirected to a file is cut back to where it stood, but only when nothing of
 * somebody else's stands behind that. */
static bool is_ours_from(int fd, off_t start)
{
	struct stat st;
	int modes = fcntl(fd, F_GETFL);
	return start >= 0 && modes >= 0 && !(modes & O_APPEND) && fstat(fd, &st) == 0 &&
	       S_ISREG(st.st_mode) && st.st_size == lseek(fd, 0, SEEK_CUR);
}

/* /dev/null and its like: nothing was kept, so there is nothing to take back. */
static bool swallows_all(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && !isatty(fd) &&
	       lseek(fd, 0, SEEK_CUR) == 0;
}

bool outfile_rewind(struct outfile *o, struct err *err)
{
	off_t start = o->temp ? 0 : o->start;
	buf_clear(&o->held);
	if (o->holds)
		return true;
	if (!o->temp && swallows_all(o->fd))
		return true;
	if (!o->temp && !is_ours_from(o->fd, start))
		return err_set(err, ERR_IO, "%.*s: what was written can't be taken back", SHOWN,
		    shown_name(o));
	if (ftruncate(o->fd, start) != 0 || lseek(o->fd, start, SEEK_SET) != start)
		return err_set_errno(err, ERR_IO, "%.*s", SHOWN, shown_name(o));
	return true;
}

void outfile_mark(struct outfile *o)
{
	o->start = lseek(o->fd, 0, SEEK_CUR);
}

const char *outfile_partial_path(const struct outfile *o)
{
	return o->temp;
}

uint64_t outfile_size(const struct outfile *o)
{
	struct stat st;
	return o->fd >= 0 && fstat(o->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

bool outfile_cut(struct outfile *o, uint64_t size, struct err *err)
{
	if (ftruncate(o->fd, (off_t)size) == 0 && lseek(o->fd, (off_t)size, SEEK_SET) >= 0)
		return true;
	return err_set_errno(err, ERR_IO, "%.*s", SHOWN, shown_name(o));
}

/* Where there are no hard links, the name is taken by an empty file that is then replaced. */
static bool move_without_links(const struct outfile *o)
{
	int fd = open(o->target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	close(fd);
	if (rename(o->temp, o->target) == 0)
		return true;
	int why = errno;
	unlink(o->target);
	errno = why;
	return false;
}

/* rename(2) replaces; this refuses with EEXIST. */
static bool move_if_free(const struct outfile *o)
{
	if (link(o->temp, o->target) == 0) {
		unlink(o->temp);
		return true;
	}
	return (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) &&
	       move_without_links(o);
}

static bool move_to_free_number(struct outfile *o)
{
	/* Somebody may have taken the name since outfile_open. */
	bool good = move_if_free(o);
	while (!good && errno == EEXIST && take_number(o))
		good = move_if_free(o);
	return good;
}

static bool move_in_place(struct outfile *o)
{
	if (o->flags & OUTFILE_FRESH)
		return move_if_free(o);
	if (o->flags & OUTFILE_NO_CLOBBER)
		return move_to_free_number(o);
	return rename(o->temp, o->target) == 0;
}

/* Some file systems report a full disk only here. For stdout, which others still need, a
 * duplicate is closed instead. */
static bool finish_fd(struct outfile *o)
{
	int fd = outfile_is_stdout(o) ? dup(o->fd) : o->fd;
	o->fd = -1;
	bool good = fd >= 0;
	if (good && (o->flags & OUTFILE_SYNC) && o->temp)
		good = fsync(fd) == 0;
	/* Linux has closed it even when EINTR is returned. */
	return fd >= 0 && (close(fd) == 0 || errno == EINTR) && good;
}

static void release(struct outfile *o)
{
	free(o->plain);
	free(o->name);
	free(o->target);
	free(o->temp);
	if (o->heir)
		*o->heir = o->held;
	else
		buf_free(&o->held);
	free(o);
}

/* What is only in memory, in fewer calls and without a temporary. Where that can't be, or is
 * not enough, the ordinary way says why or goes on. */
static bool commit_held(const struct outfile *o)
{
	return o->holds && !(o->flags & OUTFILE_SYNC) &&
	       nameless_make(o->target, 0666, buf_str(&o->held));
}

bool outfile_commit(struct outfile *o, struct err *err)
{
	if (commit_held(o)) {
		release(o);
		return true;
	}
	bool made = stop_holding(o, err);
	bool good = finish_fd(o) && made;
	if (made && !good)
		err_set_errno(err, ERR_IO, "%.*s", SHOWN, shown_name(o));
	if (good && o->temp && !move_in_place(o))
		good = err_set_errno(err, ERR_CREATE, "%.*s", SHOWN, o->name);
	if (!good && o->temp)
		unlink(o->temp);
	release(o);
	return good;
}

void outfile_abandon(struct outfile *o)
{
	if (!o)
		return;
	bool keep = o->temp && (o->flags & OUTFILE_PARTIAL) && outfile_size(o) > 0;
	if (o->fd >= 0 && !outfile_is_stdout(o))
		close(o->fd);
	if (o->temp && !keep)
		unlink(o->temp);
	release(o);
}
