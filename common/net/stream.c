/*
 * The stream: its life, waiting with deadlines, and reading lines and bytes.
 * Writing is in stream_put.c, the path of big bodies in stream_copy.c. Knows no
 * verb of any protocol.
 */
#include "common/net/stream.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/stream_inside.h"

/* How long a wait may overlook an interrupt that came just before it began. */
#define WAIT_SLICE_MS 1000
/* While a flush can't go on, this much input is taken in, so that neither side waits for ever.
 */
#define HELD_WHILE_SENDING (256 * KIB)

static const struct net_settings no_settings;

static struct stream *stream_new(const struct net_settings *settings, struct trace *trace)
{
	struct stream *s = mem_alloc(sizeof *s);
	s->settings = settings;
	s->trace = trace;
	s->fd = -1;
	s->pipe[0] = s->pipe[1] = -1;
	s->in = BUF_INIT(LIMIT_LINE + HELD_WHILE_SENDING + STREAM_CHUNK);
	s->out = BUF_INIT(LIMIT_OUTPUT);
	s->line_limit = LIMIT_LINE;
	return s;
}

struct stream *stream_open(int fd, const struct net_settings *settings, struct trace *trace)
{
	struct stream *s = stream_new(settings, trace);
	s->fd = fd;
	s->conn = trace_new_conn(trace);
	s->opened = s->mark = clock_now();
	s->awaiting = true;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	s->ops = &carrier_socket_ops;
	s->carrier = carrier_socket_open(fd);
	return s;
}

struct stream *stream_over_memory(struct str input, struct buf *output)
{
	struct stream *s = stream_new(&no_settings, NULL);
	s->conn = 1;
	s->ops = &carrier_memory_ops;
	s->carrier = carrier_memory_open(input, output);
	return s;
}

struct stream *stream_over_file(int fd, const struct net_settings *settings)
{
	struct stream *s = stream_new(settings, NULL);
	s->fd = fd;
	s->conn = 1;
	s->ops = &carrier_file_ops;
	s->carrier = carrier_socket_open(fd);
	return s;
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	if (s->tally)
		tally_add(s->tally, s);
	s->ops->close(s->carrier);
	if (s->fd >= 0) {
		close(s->fd);
		trace_event(s->trace, s->conn, "close", NULL, 0);
	}
	for (int i = 0; i < 2; i++)
		if (s->pipe[i] >= 0)
			close(s->pipe[i]);
	buf_free(&s->in);
	buf_free_secret(&s->out);
	free(s);
}

const struct err *stream_err(const struct stream *s)
{
	return &s->err;
}

bool stream_fail(struct stream *s, enum err_kind kind, const char *fmt, ...)
{
	char text[sizeof s->err.text];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	return err_set(&s->err, kind, "%s", text);
}

struct stream_report *stream_report(struct stream *s)
{
	return &s->report;
}

struct trace *stream_trace(struct stream *s)
{
	return s->trace;
}

int stream_conn(const struct stream *s)
{
	return s->conn;
}

int stream_fd(const struct stream *s)
{
	return s->fd;
}

void stream_set_tally(struct stream *s, struct tally *tally)
{
	s->tally = tally;
}

int stream_turns(const struct stream *s)
{
	return s->turns;
}

void stream_set_pending(struct stream *s, bool pending)
{
	s->pending = pending;
}

uint64_t stream_received(const struct stream *s)
{
	return s->received;
}

uint64_t stream_sent(const struct stream *s)
{
	return s->sent;
}

void stream_set_deadline(struct stream *s, int64_t deadline)
{
	s->deadline = deadline;
}

void stream_set_line_limit(struct stream *s, size_t bytes)
{
	s->line_limit = bytes < LIMIT_LINE ? bytes : LIMIT_LINE;
}

bool stream_set_carrier(struct stream *s, const struct carrier_ops *ops, void *self)
{
	if (s->in.len > s->taken) {
		ops->close(self);
		return stream_fail(s, ERR_PROTOCOL,
		    "the server sent data before the TLS handshake (injected?)");
	}
	s->ops->close(s->carrier);
	s->ops = ops;
	s->carrier = self;
	return true;
}

/* ---- waiting ---- */

static bool too_late(struct stream *s, int64_t idle_until)
{
	if (net_must_stop(s->settings, &s->err))
		return true;
	if (clock_passed(s->deadline))
		return !stream_fail(s, ERR_AGAIN, "timed out");
	if (clock_passed(idle_until))
		return !stream_fail(s, ERR_AGAIN, "timed out: %s was silent for %g s",
		    s->report.peer[0] ? s->report.peer : "the server",
		    (double)s->settings->idle_timeout_ms / 1000);
	return false;
}

bool stream_may_go_on(struct stream *s)
{
	return !too_late(s, 0);
}

#define LARGE_PIECE (64 * KIB)

void stream_hurry(struct stream *s, bool hurry)
{
	if (s->fd >= 0 && s->unhurried == hurry) {
		compat_wake_at(s->fd, hurry ? 1 : (int)LARGE_PIECE);
		s->unhurried = !hurry;
	}
}

bool stream_wait_for(struct stream *s, const struct stream_wait *wait, short *ready)
{
	/* Whoever reads our output may take its time (a pager): only the server has to hurry.
	 */
	int64_t idle_until = wait->events ? clock_after_ms(s->settings->idle_timeout_ms) : 0;
	int64_t until =
	    clock_earlier(s->settings->deadline, clock_earlier(s->deadline, idle_until));
	struct pollfd fds[2] = {{wait->events ? s->fd : -1, wait->events, 0},
	    {wait->other_fd, wait->other_events, 0}};
	for (;;) {
		if (too_late(s, idle_until))
			return false;
		nfds_t count = wait->other_fd >= 0 ? 2 : 1;
		int n = poll(fds, count, clock_poll_ms(until, WAIT_SLICE_MS));
		if (n == 0 && s->unhurried) { /* a slow server: take what is there */
			stream_hurry(s, true);
			n = poll(fds, count, 0);
		}
		if (n > 0) {
			*ready = fds[0].revents;
			return true;
		}
		if (n < 0 && errno != EINTR)
			return err_set_errno(&s->err, ERR_INTERNAL, "poll");
	}
}

/* ---- reading ---- */

static void count_turn(struct stream *s)
{
	int64_t now = clock_now();
	*(s->awaiting ? &s->waited : &s->moved) += now - s->mark;
	s->mark = now;
	s->turns += s->awaiting;
	s->awaiting = false;
}

void stream_pace(struct stream *s, size_t n)
{
	if (!s->settings->limit_rate)
		return;
	if (!s->paced_from)
		s->paced_from = clock_now();
	s->paced += n;
	double due = (double)s->paced / (double)s->settings->limit_rate * (double)CLOCK_SECOND;
	int64_t until = s->paced_from + (int64_t)due;
	while (clock_now() < until && !net_is_interrupted(s->settings)) {
		int64_t slice = clock_now() + WAIT_SLICE_MS * CLOCK_MS;
		clock_sleep_until(until < slice ? until : slice);
	}
}

void stream_count_in(struct stream *s, size_t n)
{
	count_turn(s);
	s->received += n;
	stream_pace(s, n);
}

static size_t chunk_size(const struct stream *s)
{
	size_t room = s->in.max - s->in.len;
	size_t chunk = room < STREAM_CHUNK ? room : STREAM_CHUNK;
	if (s->settings->limit_rate && chunk > (size_t)s->settings->limit_rate)
		chunk = (size_t)s->settings->limit_rate;
	return chunk;
}

static bool ended(struct stream *s)
{
	s->at_end = s->gone = true;
	if (err_is_set(&s->write_err))
		err_pass(&s->err, &s->write_err);
	return false;
}

static bool failed(struct stream *s)
{
	s->gone = true;
	/* The failed send came first and says more than the reset that followed. */
	if (err_is_set(&s->write_err))
		s->err = s->write_err;
	return false;
}

static bool receive(struct stream *s, bool patient)
{
	if (s->taken == s->in.len) {
		buf_clear(&s->in);
		s->taken = 0;
	} else if (s->taken > STREAM_CHUNK) {
		buf_drop(&s->in, s->taken);
		s->taken = 0;
	}
	size_t chunk = chunk_size(s);
	if (chunk == 0)
		return stream_fail(s, ERR_PROTOCOL, "the server sent more than can be held");
	char *room = buf_reserve(&s->in, chunk);
	for (;;) {
		ssize_t n = s->ops->recv(s->carrier, room, chunk, &s->err);
		if (n > 0) {
			buf_commit(&s->in, (size_t)n);
			s->more = (size_t)n == chunk && !s->ops->plain;
			stream_count_in(s, (size_t)n);
			return true;
		}
		if (n == 0)
			return ended(s);
		if (n == CARRIER_FAILED)
			return failed(s);
		short ready;
		struct stream_wait wait = {n == CARRIER_WANT_READ ? POLLIN : POLLOUT, -1, 0};
		if (!patient || !stream_wait_for(s, &wait, &ready))
			return !patient;
	}
}

bool stream_receive(struct stream *s)
{
	return receive(s, true);
}

bool stream_receive_ready(struct stream *s)
{
	return receive(s, false);
}

/* Right after a send there is nothing to read yet: waiting first saves a futile read. */
static bool expect(struct stream *s)
{
	short ready;
	struct stream_wait wait = {POLLIN, -1, 0};
	return !s->awaiting || s->more || s->fd < 0 || stream_wait_for(s, &wait, &ready);
}

bool stream_fill(struct stream *s)
{
	if (err_is_set(&s->err) || s->at_end || !stream_may_go_on(s))
		return false;
	size_t held = stream_held(s).len;
	if (!stream_flush(s) && err_is_set(&s->err))
		return false;
	/* A flush that could not go on took input in: that may be all that comes. */
	if (stream_held(s).len > held || s->at_end)
		return stream_held(s).len > held;
	return expect(s) && stream_receive(s);
}

struct str stream_held(const struct stream *s)
{
	return str_sub(buf_str(&s->in), s->taken, s->in.len);
}

void stream_take(struct stream *s, size_t len)
{
	size_t held = s->in.len - s->taken;
	s->taken += len < held ? len : held;
}

bool stream_at_end(const struct stream *s)
{
	return s->at_end && s->taken == s->in.len;
}

bool stream_is_ready(struct stream *s)
{
	if (s->in.len > s->taken || s->at_end || s->more || s->fd < 0 || err_is_set(&s->err))
		return true;
	struct pollfd fd = {s->fd, POLLIN, 0};
	return poll(&fd, 1, 0) > 0;
}

bool stream_is_gone(const struct stream *s)
{
	return s->gone;
}

bool stream_await(struct stream *s, int ms)
{
	int64_t until = clock_after_ms(ms);
	stream_flush(s);
	while (ms > 0 && !stream_is_ready(s) && !clock_passed(until) && stream_may_go_on(s)) {
		struct pollfd fd = {s->fd, POLLIN, 0};
		poll(&fd, 1, clock_poll_ms(until, WAIT_SLICE_MS));
	}
	return stream_is_ready(s);
}

static bool end_inside_line(struct stream *s)
{
	if (!err_is_set(&s->err))
		stream_fail(s, ERR_AGAIN, "the server closed the connection%s",
		    s->in.len > s->taken ? " in the middle of a line" : "");
	return false;
}

bool stream_line(struct stream *s, struct str *line)
{
	if (err_is_set(&s->err) || (!stream_flush(s) && err_is_set(&s->err)))
		return false;
	size_t seen = 0;
	for (;;) {
		struct str held = stream_held(s);
		size_t at = seen + str_find(str_sub(held, seen, held.len), '\n');
		size_t len = at < held.len ? at : held.len;
		len -= len && held.ptr[len - 1] == '\r';
		if (len > s->line_limit)
			return stream_fail(s, ERR_PROTOCOL,
			    "the server sent a line of over %zu bytes", s->line_limit);
		if (at < held.len) {
			stream_take(s, at + 1);
			*line = str_sub(held, 0, len);
			return true;
		}
		seen = held.len;
		if (!stream_fill(s))
			return end_inside_line(s);
	}
}
