/*
 * mbox files: where a message begins and ends. Its bytes are the source's
 * business.
 */
#include "common/mail/mbox.h"

#include <string.h>
#include <sys/stat.h>

#include "common/base/limits.h"

enum { PIECE = 64 * 1024 };

static const struct str separator = {"\n\nFrom ", 7};

/* The piece of the file at that place into m->in; empty at its end. */
static bool read_piece(struct mbox *m, uint64_t at, struct err *err)
{
	m->in.max = PIECE;
	buf_clear(&m->in);
	char *room = buf_reserve(&m->in, PIECE);
	ssize_t n = pread(m->fd, room, PIECE, (off_t)at);
	if (n < 0)
		return err_set_errno(err, ERR_IO, "cannot read %s", m->name);
	buf_commit(&m->in, (size_t)n);
	m->held_at = at;
	return true;
}

static struct str held_from(const struct mbox *m, uint64_t at)
{
	uint64_t offset = at - m->held_at;
	bool is_held = at >= m->held_at && offset < m->in.len;
	return is_held ? str_sub(buf_str(&m->in), (size_t)offset, m->in.len) : STR_NONE;
}

/* What is held from that place on, which many small messages share; at least a separator's
 * length of it unless the file ends. */
static bool look_at(struct mbox *m, uint64_t at, struct str *piece, struct err *err)
{
	if (held_from(m, at).len < separator.len && !read_piece(m, at, err))
		return false;
	*piece = held_from(m, at);
	return true;
}

static bool open_mbox(struct mbox *m, struct err *err)
{
	struct stat st;
	if (fstat(m->fd, &st) != 0)
		return err_set_errno(err, ERR_IO, "cannot read %s", m->name);
	m->size = (uint64_t)st.st_size;
	m->opened = true;
	if (!read_piece(m, 0, err))
		return false;
	if (m->size && !str_starts(buf_str(&m->in), "From "))
		return err_set(
		    err, ERR_DATA, "%s is no mbox: it does not begin with \"From \"", m->name);
	return true;
}

/* Where the separator stands from `at` on, or the end of the file. Pieces overlap by what of it
 * may have been cut off. */
static bool find_end(struct mbox *m, uint64_t at, uint64_t *end, struct err *err)
{
	struct str piece;
	*end = m->size;
	while (at < m->size) {
		if (!look_at(m, at, &piece, err))
			return false;
		size_t found = str_find_str(piece, separator);
		if (found < piece.len) {
			*end = at + found;
			return true;
		}
		if (piece.len < separator.len)
			return true;
		at += piece.len - (separator.len - 1);
	}
	return true;
}

/* Length of the From_ line. */
static bool skip_line(struct mbox *m, uint64_t *at, struct err *err)
{
	struct str piece = held_from(m, *at);
	if (!str_has_byte(piece, '\n')) {
		if (!read_piece(m, *at, err))
			return false;
		piece = buf_str(&m->in);
	}
	size_t lf = str_find(piece, '\n');
	if (lf == piece.len && piece.len == PIECE)
		return err_set(
		    err, ERR_DATA, "%s: a From_ line of over %d bytes", m->name, PIECE);
	*at += lf < piece.len ? lf + 1 : lf;
	return true;
}

static bool ends_empty(struct mbox *m, uint64_t from, uint64_t end)
{
	char tail[2] = "";
	return end >= from + 2 && pread(m->fd, tail, 2, (off_t)(end - 2)) == 2 &&
	       memcmp(tail, "\n\n", 2) == 0;
}

bool mbox_next(struct mbox *m, struct source *out, bool *found, struct err *err)
{
	uint64_t end;
	if (!m->opened && !open_mbox(m, err))
		return false;
	*found = m->at < m->size;
	if (!*found)
		return true;
	uint64_t from = m->at;
	/* From the last byte of the From_ line on: a message may be empty. */
	if (!skip_line(m, &from, err) || !find_end(m, from - 1, &end, err))
		return false;
	m->at = end < m->size ? end + 2 : m->size;
	if (end < m->size)
		end = end + 1 > from ? end + 1 : from;
	else if (ends_empty(m, from, end))
		end--;
	source_add_file(out, &(struct source_file){.fd = m->fd,
				 .from = from,
				 .len = end - from,
				 .name = m->name,
				 .coding = SOURCE_MBOXRD});
	return true;
}

void mbox_free(struct mbox *m)
{
	buf_free(&m->in);
}
