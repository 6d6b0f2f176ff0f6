/*
 * Segments of a request body: kept, measured, rewound and sent. Where they come
 * from stands in payload_data.c and multipart.c.
 */
#include "cmd/webget/payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/limits.h"
#include "common/base/mem.h"

/* A read(2), and the largest chunk. */
#define PIECE (64 * KIB)

void payload_add_segment(struct payload *p, const struct payload_segment *s)
{
	p->segments = mem_resize(p->segments, p->count + 1, sizeof *p->segments);
	p->segments[p->count++] = *s;
}

void payload_add_bytes(struct payload *p, struct buf *b)
{
	if (b->len == 0)
		return;
	struct payload_segment s = {.length = (int64_t)b->len, .fd = -1, .start = -1};
	s.bytes = buf_steal(b);
	payload_add_segment(p, &s);
}

static int open_file(const char *path, struct err *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		if (fd != STDIN_FILENO)
			close(fd);
		fd = -1;
	}
	if (fd < 0)
		err_set_errno(err, ERR_IO, "%s", path);
	return fd;
}

static void close_file(int fd)
{
	if (fd >= 0 && fd != STDIN_FILENO)
		close(fd);
}

bool payload_add_file(struct payload *p, const char *path, struct err *err)
{
	struct stat st;
	int fd = open_file(path, err);
	if (fd < 0)
		return false;
	struct payload_segment s = {.fd = fd, .length = -1, .start = -1};
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		s.start = lseek(fd, 0, SEEK_CUR);
	if (s.start >= 0)
		s.length = st.st_size > s.start ? st.st_size - s.start : 0;
	payload_add_segment(p, &s);
	return true;
}

bool payload_from_file(const char *path, struct payload *p, struct err *err)
{
	return payload_add_file(p, path, err);
}

/* read(2), with what a signal means. */
static ssize_t read_some(int fd, char *at, size_t len, struct err *err)
{
	ssize_t n = read(fd, at, len);
	if (n < 0 && errno == EINTR)
		err_set(err, ERR_INTERRUPT, "interrupted");
	else if (n < 0)
		err_set_errno(err, ERR_IO, "reading what is to be sent");
	return n;
}

bool payload_read_some(int fd, size_t most, struct buf *out, struct err *err)
{
	ssize_t n = 1;
	for (size_t got = 0; n > 0 && got < most; got += (size_t)n) {
		size_t want = most - got < PIECE ? most - got : PIECE;
		char *at = buf_reserve(out, want);
		if (!at)
			return err_set(err, ERR_USAGE,
			    "more than %zu bytes to be kept in memory: send a file with -T or "
			    "--data-binary @FILE",
			    out->max);
		n = read_some(fd, at, want, err);
		if (n > 0)
			buf_commit(out, (size_t)n);
	}
	return n >= 0;
}

bool payload_read_file(const char *path, struct buf *out, struct err *err)
{
	int fd = open_file(path, err);
	if (fd < 0)
		return false;
	bool ok = payload_read_some(fd, SIZE_MAX, out, err);
	close_file(fd);
	return ok;
}

int64_t payload_length(const struct payload *p)
{
	int64_t sum = 0;
	for (size_t i = 0; i < p->count; i++) {
		if (p->segments[i].length < 0 || p->segments[i].length > INT64_MAX - sum)
			return -1;
		sum += p->segments[i].length;
	}
	return sum;
}

bool payload_rewind(struct payload *p)
{
	if (p->spent)
		return false;
	for (size_t i = 0; i < p->count; i++) {
		const struct payload_segment *s = &p->segments[i];
		if (s->start >= 0 && lseek(s->fd, s->start, SEEK_SET) < 0)
			return false;
	}
	return true;
}

/* ---- sending ---- */

struct sending {
	struct stream *stream;
	bool chunked;
	_Atomic uint64_t *counter;
};

static bool is_broken(const struct sending *to)
{
	return err_is_set(stream_err(to->stream));
}

static void put_piece(const struct sending *to, const char *bytes, size_t len)
{
	char size[24];
	if (to->chunked) {
		snprintf(size, sizeof size, "%zx\r\n", len);
		stream_put_text(to->stream, size);
	}
	stream_put(to->stream, bytes, len);
	if (to->chunked)
		stream_put(to->stream, "\r\n", 2);
	if (to->counter)
		*to->counter += len;
}

/* Only as much at a time as the stream takes before it sends. */
static bool send_bytes(const struct sending *to, const struct payload_segment *s)
{
	size_t left = (size_t)s->length;
	const char *at = s->bytes;
	while (left && !is_broken(to)) {
		size_t n = left < PIECE ? left : PIECE;
		put_piece(to, at, n);
		at += n;
		left -= n;
	}
	return !is_broken(to);
}

/* A chunk for each read, sent at once: who feeds the pipe slowly wants it so. */
static bool send_chunks(const struct sending *to, const struct payload_segment *s)
{
	char *piece = mem_alloc(PIECE);
	uint64_t left = s->length < 0 ? UINT64_MAX : (uint64_t)s->length;
	bool ok = true;
	while (ok && left) {
		struct err err = {0};
		ssize_t n = read_some(s->fd, piece, left < PIECE ? (size_t)left : PIECE, &err);
		if (n < 0)
			ok = stream_fail(to->stream, err.kind, "%s", err.text);
		if (n <= 0)
			break;
		put_piece(to, piece, (size_t)n);
		ok = stream_flush(to->stream);
		left -= (uint64_t)n;
	}
	if (ok && left && s->length >= 0)
		ok = stream_fail(
		    to->stream, ERR_IO, "the file became shorter while it was sent");
	free(piece);
	return ok;
}

static bool send_segment(const struct sending *to, const struct payload_segment *s)
{
	if (s->bytes)
		return send_bytes(to, s);
	if (to->chunked)
		return send_chunks(to, s);
	if (s->length < 0)
		return stream_fail(to->stream, ERR_INTERNAL, "a body of unknown length");
	return stream_send_fd(to->stream, s->fd, (uint64_t)s->length, to->counter);
}

bool payload_send(struct payload *p, struct stream *s, bool chunked, _Atomic uint64_t *counter)
{
	struct sending to = {s, chunked, counter};
	bool ok = !is_broken(&to);
	for (size_t i = 0; ok && i < p->count; i++) {
		p->spent |= !p->segments[i].bytes && p->segments[i].start < 0;
		ok = send_segment(&to, &p->segments[i]);
	}
	if (ok && chunked)
		stream_put_text(s, "0\r\n\r\n");
	return ok && !is_broken(&to);
}

void payload_free(struct payload *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->segments[i].bytes);
		close_file(p->segments[i].fd);
	}
	free(p->segments);
	free(p->content_type);
	*p = (struct payload){0};
}
