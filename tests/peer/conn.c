/*
 * A connection's buffers and waits. The socket never blocks: every wait is a
 * poll with a deadline, and takes in what the client sends meanwhile, so that
 * the log has the true times and neither side waits for the other for ever.
 */
#include "tests/peer/conn.h"

#include <limits.h>
#include <poll.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/limits.h"

/* What may stand unread: a client that sends more is made to wait by TCP. */
#define MOST_UNREAD (4 * LIMIT_LINE)
/* Output is sent from this size on even before the next read. */
#define ENOUGH_OUTPUT (64 * KIB)
#define READ_AT_ONCE (64 * KIB)
/* How long the rest of a client's turn may take to be shown in a report. */
#define GATHERING (50 * CLOCK_MS)

void conn_open(struct conn *c, int fd, unsigned id, const struct conn_setup *setup)
{
	*c = (struct conn){.fd = fd, .id = id, .setup = setup};
	c->in = BUF_INIT(MOST_UNREAD);
	c->out = BUF_INIT(2 * MOST_UNREAD);
	c->wire = BUF_INIT(4 * MOST_UNREAD);
	/* Loopback's handshake took no time; a distant client's takes one round trip. */
	if (id != LOG_DATA && setup->rtt)
		c->heard = clock_now() + setup->rtt;
	log_event(&setup->log, "accept", 0, id);
}

struct str conn_unread(const struct conn *c)
{
	return str_sub(buf_str(&c->in), c->at, c->in.len);
}

/* For a whole read, and what TLS held back of the one before. */
static bool has_room(const struct conn *c)
{
	return c->in.max - c->in.len > 2 * READ_AT_ONCE;
}

static void note_end(struct conn *c)
{
	if (!c->eof)
		log_event(&c->setup->log, "eof", 0, c->id);
	c->eof = true;
}

static void note_bytes(struct conn *c, size_t count)
{
	int64_t now = clock_now();
	if (now > c->heard)
		c->heard = now;
	log_event(&c->setup->log, "recv", count, c->id);
}

/* Takes in what has come. */
static void fill(struct conn *c)
{
	char *room = buf_reserve(&c->in, READ_AT_ONCE);
	ssize_t got = room ? recv(c->fd, room, READ_AT_ONCE, 0) : 0;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		note_end(c);
		return;
	}
	note_bytes(c, (size_t)got);
	if (!c->tls) {
		buf_commit(&c->in, (size_t)got);
		return;
	}
	tls_feed(c->tls, (struct str){room, (size_t)got});
	if (!tls_take(c->tls, &c->in, c->in.max - c->in.len))
		note_end(c);
}

/* Waits until something came (which it takes in), the socket is ready for `want`, or the
 * deadline. False at the deadline. */
static bool wait_until(struct conn *c, short want, int64_t deadline)
{
	short in = !c->eof && has_room(c) ? POLLIN : 0;
	struct pollfd ready = {.fd = in || want ? c->fd : -1, .events = (short)(in | want)};
	if (poll(&ready, 1, clock_poll_ms(deadline, INT_MAX)) <= 0)
		return !clock_passed(deadline);
	if (in && ready.revents)
		fill(c);
	return true;
}

/* poll(2) counts whole milliseconds, and rounds up: the last one is slept. */
static void pass_time(struct conn *c, int64_t until)
{
	while (wait_until(c, 0, until - CLOCK_MS))
		;
	clock_sleep_until(until);
}

static int64_t deadline_of(const struct conn *c)
{
	return clock_now() + c->setup->timeout;
}

/* One write; how many bytes left. A client that has gone takes them all. */
static size_t send_some(struct conn *c, struct str bytes)
{
	ssize_t sent = send(c->fd, bytes.ptr, c->drip ? 1 : bytes.len, MSG_NOSIGNAL);
	if (sent >= 0) {
		log_event(&c->setup->log, "send", (size_t)sent, c->id);
		return (size_t)sent;
	}
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	note_end(c);
	return bytes.len;
}

static bool send_wire(struct conn *c, struct err *err)
{
	struct str left = buf_str(&c->wire);
	int64_t deadline = deadline_of(c);
	while (left.len) {
		size_t sent = send_some(c, left);
		left = str_sub(left, sent, left.len);
		if (sent)
			deadline = deadline_of(c);
		else if (!wait_until(c, POLLOUT, deadline))
			return err_set(err, ERR_AGAIN, "the client does not read what is sent");
	}
	buf_clear(&c->wire);
	return true;
}

/* Turns what was put so far into what goes over the wire. */
static void seal(struct conn *c)
{
	if (c->tls)
		tls_put(c->tls, buf_str(&c->out));
	else
		buf_add_str(&c->wire, buf_str(&c->out));
	buf_clear(&c->out);
	if (c->tls)
		tls_drain(c->tls, &c->wire);
}

static void say_goodbye(struct conn *c)
{
	seal(c);
	if (c->tls)
		tls_goodbye(c->tls);
}

bool conn_flush(struct conn *c, struct err *err)
{
	seal(c);
	if (c->wire.len == 0)
		return true;
	if (c->heard)
		pass_time(c, c->heard + c->setup->rtt);
	return send_wire(c, err);
}

bool conn_put(struct conn *c, struct str bytes, struct err *err)
{
	while (bytes.len) {
		struct str piece = str_sub(bytes, 0, ENOUGH_OUTPUT);
		buf_add_str(&c->out, piece);
		bytes = str_sub(bytes, piece.len, bytes.len);
		if (c->out.len >= ENOUGH_OUTPUT && !conn_flush(c, err))
			return false;
	}
	return true;
}

/* Drops what has been read, but not at every line: that would be quadratic. */
static void make_room(struct conn *c)
{
	if (c->at < c->in.len && c->at < c->in.max / 2)
		return;
	buf_drop(&c->in, c->at);
	c->at = 0;
}

/* Waits for bytes that were not there; false with err at the deadline or the end. */
static bool await(struct conn *c, int64_t deadline, struct err *err)
{
	size_t before = c->in.len;
	while (c->in.len == before && !c->eof)
		if (!wait_until(c, 0, deadline))
			return err_set(err, ERR_AGAIN, "nothing came within %.3g s",
			    (double)c->setup->timeout / (double)CLOCK_SECOND);
	if (c->in.len > before)
		return true;
	return err_set(err, ERR_IO, "the client closed the connection");
}

bool conn_line(struct conn *c, struct str *line, struct err *err)
{
	if (!conn_flush(c, err))
		return false;
	make_room(c);
	int64_t deadline = deadline_of(c);
	size_t searched = 0;
	for (;;) {
		struct str unread = conn_unread(c);
		size_t end = searched + str_find(str_sub(unread, searched, unread.len), '\n');
		if (end > LIMIT_LINE)
			return err_set(err, ERR_DATA, "the line is too long");
		if (end < unread.len) {
			*line = str_sub(unread, 0, end);
			c->at += end + 1;
			break;
		}
		searched = unread.len;
		if (!await(c, deadline, err))
			return false;
	}
	if (line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool conn_bytes(struct conn *c, size_t most, struct str *bytes, struct err *err)
{
	struct err why = {0};
	*bytes = STR_NONE;
	if (!conn_flush(c, err))
		return false;
	make_room(c);
	if (conn_unread(c).len == 0 && !await(c, deadline_of(c), &why))
		return why.kind == ERR_IO || err_pass(err, &why);
	*bytes = str_sub(conn_unread(c), 0, most);
	c->at += bytes->len;
	return true;
}

bool conn_ends(struct conn *c, struct err *err)
{
	struct err why = {0};
	if (!conn_flush(c, err))
		return false;
	int64_t deadline = deadline_of(c);
	if (conn_unread(c).len > 0 || await(c, deadline, &why))
		return err_set(err, ERR_DATA, "the client sent more");
	if (why.kind == ERR_IO)
		return true;
	return err_set(err, ERR_AGAIN, "the client did not close the connection");
}

bool conn_pause(struct conn *c, int64_t until, struct err *err)
{
	if (!conn_flush(c, err))
		return false;
	pass_time(c, until);
	return true;
}

void conn_gather(struct conn *c)
{
	if (c->fd >= 0)
		pass_time(c, clock_now() + GATHERING);
}

bool conn_start_tls(struct conn *c, struct err *err)
{
	if (!c->setup->tls)
		return err_set(err, ERR_USAGE, "TLS needs --cert and --key");
	if (c->tls)
		return err_set(err, ERR_USAGE, "TLS was started before");
	if (!conn_flush(c, err))
		return false;
	int64_t deadline = deadline_of(c);
	c->tls = tls_new(c->setup->tls);
	/* The first flight may have come while nobody knew that it was TLS. */
	tls_feed(c->tls, conn_unread(c));
	buf_clear(&c->in);
	c->at = 0;
	enum tls_state state;
	while ((state = tls_handshake(c->tls, err)) == TLS_MORE) {
		if (!conn_flush(c, err))
			return false;
		if (!wait_until(c, 0, deadline) || c->eof)
			return err_set(err, ERR_IO, "no TLS handshake from the client");
	}
	/* Goes out even after a failure: an alert tells the client why. */
	if (!conn_flush(c, err) || state != TLS_DONE)
		return false;
	if (!tls_take(c->tls, &c->in, c->in.max))
		note_end(c);
	return true;
}

bool conn_half_close(struct conn *c, struct err *err)
{
	say_goodbye(c);
	if (!conn_flush(c, err))
		return false;
	shutdown(c->fd, SHUT_WR);
	return true;
}

void conn_drop(struct conn *c)
{
	if (c->fd < 0)
		return;
	close(c->fd);
	c->fd = -1;
	tls_free(c->tls);
	c->tls = NULL;
	buf_free(&c->in);
	buf_free(&c->out);
	buf_free(&c->wire);
}

void conn_close(struct conn *c, enum conn_end how)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	struct err ignored = {0};
	if (c->fd < 0)
		return;
	if (how == CONN_CLOSE)
		say_goodbye(c);
	conn_flush(c, &ignored);
	if (how == CONN_RESET)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	/* Bytes left unread would turn the FIN into a reset. */
	while (how != CONN_RESET && !c->eof && wait_until(c, 0, clock_now()))
		;
	log_event(&c->setup->log, how == CONN_RESET ? "reset" : "close", 0, c->id);
	conn_drop(c);
}
