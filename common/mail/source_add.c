/*
 * How bytes get into a source: memory, files, pipes. Reads nothing it can
 * refer to instead.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/nameless.h"
#include "common/mail/source_inside.h"

/* What of a pipe is kept in memory before a file is made. */
enum { IN_MEMORY = 256 * 1024 };

void source_lend(struct source *s, struct str bytes, enum source_coding coding)
{
	struct source_part *p = source_append(s);
	p->bytes = bytes;
	p->len = bytes.len;
	p->coding = coding;
	source_rewind(s);
}

void source_add(struct source *s, struct str bytes)
{
	char *copy = mem_alloc(bytes.len + 1);
	if (bytes.len)
		memcpy(copy, bytes.ptr, bytes.len);
	source_lend(s, (struct str){copy, bytes.len}, SOURCE_PLAIN);
	s->parts[s->count - 1].owned = copy;
}

void source_lend_part(struct source *s, const struct source *from, enum source_coding coding)
{
	struct source_part *p = source_append(s);
	*p = from->parts[0];
	p->owned = NULL;
	p->owns_fd = false;
	p->name = p->name ? mem_dup(p->name) : NULL;
	p->coding = coding;
	source_rewind(s);
}

void source_add_file(struct source *s, const struct source_file *f)
{
	struct source_part *p = source_append(s);
	p->fd = f->fd;
	p->owns_fd = f->owned;
	p->from = f->from;
	p->len = f->len;
	p->coding = f->coding;
	p->name = mem_dup(f->name ? f->name : "file");
	source_rewind(s);
}

/* --- What can be read but once --- */

/* Looking for the line that is a dot alone, in bytes that come in pieces. */
struct lone_dot {
	enum { AT_START, AFTER_DOT, AFTER_CR, IN_LINE } state;
	uint64_t seen, line_at; /* bytes; where the line that has begun begins */
	bool found;
};

struct spool {
	int in, out; /* out is -1 while the bytes fit in memory */
	const char *name;
	struct buf held;
	uint64_t size;
	struct lone_dot *dot; /* NULL: it ends nothing */
};

static void look_at_byte(struct lone_dot *d, char c, uint64_t after)
{
	if (c == '\n') {
		d->found = d->state == AFTER_DOT || d->state == AFTER_CR;
		d->line_at = d->found ? d->line_at : after;
		d->state = AT_START;
	} else if (d->state == AT_START && c == '.') {
		d->state = AFTER_DOT;
	} else if (d->state == AFTER_DOT && c == '\r') {
		d->state = AFTER_CR;
	} else {
		d->state = IN_LINE;
	}
}

static bool look_for_dot(struct lone_dot *d, struct str piece)
{
	size_t at = 0;
	while (at < piece.len && !d->found) {
		if (d->state == IN_LINE)
			at += str_find(str_sub(piece, at, piece.len), '\n');
		if (at < piece.len)
			look_at_byte(d, piece.ptr[at], d->seen + at + 1);
		at++;
	}
	d->seen += piece.len;
	return d->found;
}

/* A last line without its end counts too. */
static bool ends_with_dot(const struct lone_dot *d)
{
	return d->found || d->state == AFTER_DOT || d->state == AFTER_CR;
}

static bool write_held(struct spool *sp, struct err *err)
{
	if (sp->out < 0 && (sp->out = nameless_open(err)) < 0)
		return false;
	if (!nameless_write(sp->out, buf_str(&sp->held)))
		return err_set_errno(
		    err, ERR_IO, "cannot keep %s in a temporary file", sp->name);
	buf_clear(&sp->held);
	return true;
}

static bool read_all(struct spool *sp, struct err *err)
{
	struct str got;
	do {
		if (sp->held.len == IN_MEMORY && !write_held(sp, err))
			return false;
		char *room = buf_reserve(&sp->held, IN_MEMORY - sp->held.len);
		ssize_t n = read(sp->in, room, IN_MEMORY - sp->held.len);
		if (n < 0 && errno == EINTR)
			return err_set(
			    err, ERR_INTERRUPT, "interrupted while reading %s", sp->name);
		if (n < 0)
			return err_set_errno(err, ERR_IO, "cannot read %s", sp->name);
		got = (struct str){room, (size_t)n};
		buf_commit(&sp->held, got.len);
		sp->size += got.len;
	} while (got.len && !(sp->dot && look_for_dot(sp->dot, got)));
	if (sp->dot && ends_with_dot(sp->dot))
		sp->size = sp->dot->line_at;
	return sp->out < 0 || write_held(sp, err);
}

static bool copy_all(
    struct source *s, int fd, const char *name, struct lone_dot *dot, struct err *err)
{
	struct spool sp = {
	    .in = fd, .out = -1, .name = name, .held = BUF_INIT(IN_MEMORY), .dot = dot};
	bool good = read_all(&sp, err);
	if (!good && sp.out >= 0)
		close(sp.out);
	if (good && sp.out >= 0)
		source_add_file(
		    s, &(struct source_file){
			   .fd = sp.out, .owned = true, .len = sp.size, .name = name});
	else if (good)
		source_add(s, str_sub(buf_str(&sp.held), 0, (size_t)sp.size));
	buf_free(&sp.held);
	return good;
}

/* Bytes of a regular file from where it stands, in *from and *len; false for anything else, and
 * for files of /proc, whose size is 0. */
static bool measure(int fd, uint64_t *from, uint64_t *len)
{
	struct stat st;
	off_t at = lseek(fd, 0, SEEK_CUR);
	if (at < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= at)
		return false;
	*from = (uint64_t)at;
	*len = (uint64_t)(st.st_size - at);
	return true;
}

bool source_spool(struct source *s, int fd, const char *name, struct err *err)
{
	struct source_file f = {.fd = fd, .name = name};
	if (!measure(fd, &f.from, &f.len))
		return copy_all(s, fd, name, NULL, err);
	source_add_file(s, &f);
	return true;
}

bool source_spool_to_dot(struct source *s, int fd, const char *name, struct err *err)
{
	struct lone_dot dot = {0};
	return copy_all(s, fd, name, &dot, err);
}

bool source_add_path(
    struct source *s, const char *path, enum source_coding coding, struct err *err)
{
	size_t before = s->count;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set_errno(
		    err, errno == ENOENT ? ERR_ABSENT : ERR_IO, "cannot read %s", path);
	if (!source_spool(s, fd, path, err)) {
		close(fd);
		return false;
	}
	struct source_part *p = &s->parts[before];
	p->coding = coding;
	if (p->fd == fd)
		p->owns_fd = true;
	else
		close(fd);
	return true;
}
