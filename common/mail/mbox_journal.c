/*
 * The journal's file: the text of the batch, its keys a line each, and a last
 * line of fixed length that makes it valid.
 */
#include "common/mail/mbox_journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/nameless.h"
#include "common/mail/mbox_lock.h"

enum { PIECE = 64 * 1024, KEY_LINE = DELIVER_KEY + 1, OLD_DAYS = 30 };

/* Where the batch goes, its size, the bytes of keys, the sum, and how far it got. */
#define LAST_LINE                                                                              \
	"parley-mbox 1 %020" PRIu64 " %020" PRIu64 " %020" PRIu64 " %016" PRIx64 " %c\n"
enum { LAST_LEN = 14 + 3 * 21 + 17 + 2 };

struct last_line {
	uint64_t at, size, keys, sum;
	char phase; /* 'a': may be in part in the mbox; 'b': is there */
};

/* FNV-1a: tells a whole batch from one that a power cut left with holes. */
static uint64_t add_sum(uint64_t sum, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		sum = (sum ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
	return sum;
}

static const uint64_t first_sum = 0xcbf29ce484222325;

/* --- The text --- */

bool mbox_journal_add(struct mbox_journal *j, struct str text)
{
	if (!nameless_write(j->fd, text))
		return false;
	j->size += text.len;
	j->sum = add_sum(j->sum, text);
	return true;
}

void mbox_journal_cut(struct mbox_journal *j, uint64_t size, uint64_t sum)
{
	/* Should that fail, the sum at the end tells. */
	if (ftruncate(j->fd, (off_t)size) == 0)
		lseek(j->fd, (off_t)size, SEEK_SET);
	j->size = size;
	j->sum = sum;
}

void mbox_journal_settle(struct mbox_journal *j)
{
	mbox_journal_cut(j, 0, first_sum);
	buf_clear(&j->keys);
	j->committed = false;
}

/* Exactly len bytes from that place. */
static bool read_at(int fd, char *room, size_t len, uint64_t at)
{
	for (size_t got = 0; got < len;) {
		ssize_t n = pread(fd, room + got, len - got, (off_t)(at + got));
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

/* --- The last line --- */

static bool put_last(struct mbox_journal *j, const struct last_line *l)
{
	struct buf out = BUF_INIT(LAST_LEN + j->keys.len);
	buf_add_str(&out, buf_str(&j->keys));
	buf_addf(&out, LAST_LINE, l->at, l->size, l->keys, l->sum, l->phase);
	bool good = !out.over && lseek(j->fd, (off_t)l->size, SEEK_SET) >= 0 &&
		    nameless_write(j->fd, buf_str(&out));
	buf_free(&out);
	return good;
}

static bool read_last(struct mbox_journal *j, uint64_t file_size, struct last_line *l)
{
	char line[LAST_LEN + 1] = "";
	if (file_size < LAST_LEN || !read_at(j->fd, line, LAST_LEN, file_size - LAST_LEN))
		return false;
	return sscanf(line,
		   "parley-mbox 1 %20" SCNu64 " %20" SCNu64 " %20" SCNu64 " %16" SCNx64 " %c",
		   &l->at, &l->size, &l->keys, &l->sum, &l->phase) == 5 &&
	       l->size <= file_size && l->keys <= file_size &&
	       l->size + l->keys + LAST_LEN == file_size && l->keys % KEY_LINE == 0;
}

static bool check_sum(struct mbox_journal *j, const struct last_line *l)
{
	char piece[PIECE];
	uint64_t sum = first_sum;
	for (uint64_t at = 0; at < l->size; at += PIECE) {
		size_t len = l->size - at < PIECE ? (size_t)(l->size - at) : PIECE;
		if (!read_at(j->fd, piece, len, at))
			return false;
		sum = add_sum(sum, (struct str){piece, len});
	}
	return sum == l->sum;
}

static bool read_keys(struct mbox_journal *j, const struct last_line *l)
{
	char *room = buf_reserve(&j->keys, (size_t)l->keys);
	if (!room || !read_at(j->fd, room, (size_t)l->keys, l->size))
		return false;
	buf_commit(&j->keys, (size_t)l->keys);
	return true;
}

/* --- Into the mbox --- */

/* The batch from its byte `from` on, to the same place of the mbox. */
static bool copy(struct mbox_journal *j, int mbox, const struct last_line *l, uint64_t from)
{
	char piece[PIECE];
	if (lseek(mbox, (off_t)(l->at + from), SEEK_SET) < 0)
		return false;
	while (from < l->size) {
		size_t len = l->size - from < PIECE ? (size_t)(l->size - from) : PIECE;
		if (!read_at(j->fd, piece, len, from) ||
		    !nameless_write(mbox, (struct str){piece, len}))
			return false;
		from += len;
	}
	return fsync(mbox) == 0;
}

/* A new file is durable when its name is. */
static void sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? mem_printf("%.*s", (int)(slash - path + 1), path) : mem_dup(".");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(dir);
}

/* Where the batch goes: behind an empty line, which a message must have before it. */
static bool find_end(int mbox, uint64_t *at)
{
	struct stat st;
	char tail[2] = "\n";
	if (fstat(mbox, &st) != 0)
		return false;
	*at = (uint64_t)st.st_size;
	size_t len = *at < 2 ? (size_t)*at : 2;
	if (len == 0)
		return true;
	if (!read_at(mbox, tail + 2 - len, len, *at - len))
		return false;
	struct str missing = str_sub(STR("\n\n"), 0, tail[1] != '\n' ? 2 : tail[0] != '\n');
	if (lseek(mbox, 0, SEEK_END) < 0 || !nameless_write(mbox, missing))
		return false;
	*at += missing.len;
	return true;
}

static bool append(struct mbox_journal *j, int mbox)
{
	struct last_line l = {
	    .size = j->size, .keys = j->keys.len, .sum = j->sum, .phase = 'a'};
	if (!find_end(mbox, &l.at) || !put_last(j, &l) || fsync(j->fd) != 0)
		return false;
	if (!copy(j, mbox, &l, 0)) {
		int error = errno;
		if (ftruncate(mbox, (off_t)l.at) == 0)
			fsync(mbox);
		errno = error;
		return false;
	}
	if (l.at == 0)
		sync_directory(j->mbox);
	l.phase = 'b';
	put_last(j, &l);
	return true;
}

bool mbox_journal_commit(struct mbox_journal *j, struct err *err)
{
	struct mbox_lock lock;
	if (j->size == 0)
		return true;
	if (!mbox_lock(&lock, j->mbox, err)) {
		mbox_journal_settle(j);
		return false;
	}
	j->committed = append(j, lock.fd);
	if (!j->committed) {
		err_set_errno(err, ERR_IO, "cannot write %s", j->mbox);
		mbox_journal_settle(j);
	}
	mbox_unlock(&lock);
	return j->committed;
}

/* --- What a run before left --- */

/* How much of the batch stands in the mbox at its place; up to the first difference. */
static uint64_t find_there(struct mbox_journal *j, int mbox, const struct last_line *l)
{
	uint64_t at = 0;
	char ours, theirs;
	char piece[PIECE], other[PIECE];
	while (at + PIECE <= l->size && read_at(j->fd, piece, PIECE, at) &&
	       read_at(mbox, other, PIECE, l->at + at) && memcmp(piece, other, PIECE) == 0)
		at += PIECE;
	for (size_t i = 0; i <= PIECE && at < l->size; i++, at++)
		if (!read_at(j->fd, &ours, 1, at) || !read_at(mbox, &theirs, 1, l->at + at) ||
		    ours != theirs)
			break;
	return at;
}

/* A batch that was cut off and has nothing behind it is completed. One that others wrote over
 * or behind is written anew: better a torn message too many than one too few. */
static bool complete(struct mbox_journal *j, int mbox, struct last_line *l)
{
	struct stat st;
	uint64_t there = find_there(j, mbox, l);
	if (fstat(mbox, &st) != 0)
		return false;
	if (there < l->size && l->at + there != (uint64_t)st.st_size) {
		there = 0;
		if (!find_end(mbox, &l->at))
			return false;
	}
	if (!put_last(j, l) || fsync(j->fd) != 0 || !copy(j, mbox, l, there))
		return false;
	l->phase = 'b';
	put_last(j, l);
	return true;
}

static bool recover(struct mbox_journal *j, struct err *err)
{
	struct last_line l;
	struct stat st;
	struct mbox_lock lock;
	if (fstat(j->fd, &st) != 0)
		return err_set_errno(err, ERR_CREATE, "cannot read %s", j->path);
	if (!read_last(j, (uint64_t)st.st_size, &l) || !check_sum(j, &l) || !read_keys(j, &l)) {
		mbox_journal_settle(j);
		return true;
	}
	j->committed = true;
	if (l.phase == 'b') {
		/* Whoever it was for does not come any more. */
		if (st.st_mtime + OLD_DAYS * 86400 < time(NULL))
			mbox_journal_settle(j);
		return true;
	}
	if (!mbox_lock(&lock, j->mbox, err))
		return false;
	bool good = complete(j, lock.fd, &l);
	if (!good)
		err_set_errno(err, ERR_IO, "cannot write %s", j->mbox);
	mbox_unlock(&lock);
	return good;
}

/* --- Opening --- */

/* True if the file is ours: locked, and still the one of that name. */
static bool lock_journal(struct mbox_journal *j)
{
	struct stat held, named;
	return flock(j->fd, LOCK_EX | LOCK_NB) == 0 && fstat(j->fd, &held) == 0 &&
	       stat(j->path, &named) == 0 && held.st_ino == named.st_ino;
}

static bool open_file(struct mbox_journal *j, bool make, struct err *err)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (make ? O_CREAT : 0);
	j->fd = open(j->path, flags, 0600);
	if (j->fd < 0 && (make || errno != ENOENT))
		return err_set_errno(err, ERR_CREATE, "cannot write %s", j->path);
	return j->fd >= 0 && lock_journal(j);
}

bool mbox_journal_open(
    struct mbox_journal *j, const char *mbox, unsigned number, bool make, struct err *err)
{
	const char *slash = strrchr(mbox, '/');
	size_t dir = slash ? (size_t)(slash - mbox) + 1 : 0;
	*j = (struct mbox_journal){.mbox = mem_dup(mbox), .fd = -1, .sum = first_sum};
	j->path = mem_printf("%.*s.%s.parley-%u", (int)dir, mbox, mbox + dir, number);
	j->keys = BUF_INIT(64 * MIB);
	if (open_file(j, make, err) && recover(j, err))
		return true;
	j->committed = true; /* what there is stays for the next run */
	mbox_journal_close(j);
	return false;
}

void mbox_journal_close(struct mbox_journal *j)
{
	if (j->fd >= 0 && !j->committed)
		unlink(j->path);
	if (j->fd >= 0)
		close(j->fd);
	buf_free(&j->keys);
	free(j->path);
	free(j->mbox);
	*j = (struct mbox_journal){.fd = -1};
}
