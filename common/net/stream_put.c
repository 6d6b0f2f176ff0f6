/*
 * The writing half of a stream: lines and bytes are appended, a flush sends
 * them in one write. A failed send is kept aside until there is nothing left to
 * read, for a server may have said why before it closed (421, 413).
 */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/stream_inside.h"

/* Input taken in while the output is stuck; more would be the peer's flood. */
#define HELD_MOST (256 * KIB)
/* A longer one is formatted on the heap. */
#define SHORT_LINE 512

static bool is_broken(const struct stream *s)
{
	return err_is_set(&s->err) || err_is_set(&s->write_err);
}

void stream_put(struct stream *s, const void *bytes, size_t len)
{
	if (is_broken(s) || len == 0)
		return;
	if (s->out.len + len > s->out.max && !stream_flush(s))
		return;
	if (!buf_add(&s->out, bytes, len))
		stream_fail(s, ERR_INTERNAL, "more than %zu bytes to send at once", s->out.max);
}

char *stream_room(struct stream *s, size_t len)
{
	if (is_broken(s) || (s->out.len + len > s->out.max && !stream_flush(s)))
		return NULL;
	char *room = buf_reserve(&s->out, len);
	if (!room)
		stream_fail(s, ERR_INTERNAL, "more than %zu bytes to send at once", s->out.max);
	return room;
}

void stream_put_room(struct stream *s, size_t len)
{
	buf_commit(&s->out, len);
}

void stream_put_text(struct stream *s, const char *text)
{
	stream_put(s, text, strlen(text));
}

/* The one place where a command line is made: nothing that came from outside may
 * smuggle a second line into it. */
static void put_line(struct stream *s, struct str line, struct str shown)
{
	if (!str_is_one_line(line)) {
		stream_fail(s, ERR_USAGE, "a line break or NUL inside a command was refused");
		return;
	}
	trace_line(s->trace, s->conn, 'C', shown);
	stream_put(s, line.ptr, line.len);
	stream_put(s, "\r\n", 2);
}

void stream_put_whole(struct stream *s, struct str line)
{
	put_line(s, line, line);
}

/* The length is that of the formatting, so that a NUL put in by %c is seen. */
static PRINTF_LIKE(2, 0) size_t format(char **line, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	*line = mem_vprintf(fmt, args);
	return len > 0 ? (size_t)len : 0;
}

/* Most lines are short, and are formatted once. */
void stream_put_line(struct stream *s, const char *fmt, ...)
{
	char small[SHORT_LINE];
	char *line = NULL;
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(small, sizeof small, fmt, args);
	va_end(args);
	size_t len = n > 0 ? (size_t)n : 0;
	if (len >= sizeof small) {
		va_start(args, fmt);
		len = format(&line, fmt, args);
		va_end(args);
	}
	struct str text = {line ? line : small, len};
	put_line(s, text, text);
	free(line);
}

void stream_put_secret(struct stream *s, const char *shown, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	char *line;
	size_t len = format(&line, fmt, args);
	va_end(args);
	struct str secret = {line, len};
	put_line(s, secret, trace_shows_secrets(s->trace) ? secret : str_of(shown));
	/* Only now: what was put may have flushed what stood before it. */
	s->out_secret = true;
	mem_wipe(line, len);
	free(line);
}

size_t stream_unsent(const struct stream *s)
{
	return s->out.len;
}

/* The server may be unable to read because it waits for us to read: take its bytes in. */
static bool wait_to_send(struct stream *s, ssize_t code)
{
	bool may_hold = s->in.len - s->taken < HELD_MOST && !s->at_end;
	short out = code == CARRIER_WANT_READ ? POLLIN : POLLOUT;
	struct stream_wait wait = {(short)(out | (may_hold ? POLLIN : 0)), -1, 0};
	short ready;
	if (!stream_wait_for(s, &wait, &ready))
		return false;
	if (may_hold && (ready & POLLIN) && !(ready & POLLOUT))
		return stream_receive_ready(s) || !err_is_set(&s->err);
	return true;
}

static bool send_all(struct stream *s, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = s->ops->send(s->carrier, bytes, len, &s->write_err);
		if (n == CARRIER_FAILED)
			return false;
		if (n < 0) {
			if (!wait_to_send(s, n))
				return false;
			continue;
		}
		bytes += n;
		len -= (size_t)n;
		s->sent += (uint64_t)n;
	}
	return true;
}

/* While answers are due the time passes for them. */
static void count_out(struct stream *s, int64_t start)
{
	int64_t now = clock_now();
	if (s->pending)
		return;
	s->moved += now - start;
	s->mark = now;
}

bool stream_flush(struct stream *s)
{
	if (is_broken(s))
		return false;
	if (s->out.len == 0)
		return true;
	int64_t start = clock_now();
	bool ok = send_all(s, s->out.ptr, s->out.len);
	count_out(s, start);
	if (s->out_secret)
		mem_wipe(s->out.ptr, s->out.len);
	s->out_secret = false;
	buf_clear(&s->out);
	s->awaiting = !s->pending;
	return ok;
}

bool stream_send_fd(struct stream *s, int fd, uint64_t len, _Atomic uint64_t *counter)
{
	char *chunk = mem_alloc(STREAM_CHUNK);
	bool ok = stream_flush(s);
	int64_t start = clock_now();
	while (ok && len && (ok = stream_may_go_on(s))) {
		ssize_t n = read(fd, chunk, len < STREAM_CHUNK ? (size_t)len : STREAM_CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			ok = n < 0
				 ? err_set_errno(&s->err, ERR_IO, "reading what is to be sent")
				 : stream_fail(
				       s, ERR_IO, "the file became shorter while it was sent");
			break;
		}
		ok = send_all(s, chunk, (size_t)n);
		len -= (uint64_t)n;
		if (counter)
			*counter += (uint64_t)n;
		stream_pace(s, (size_t)n);
	}
	count_out(s, start);
	s->awaiting = true;
	free(chunk);
	return ok;
}
