/*
 * Streams: lines and their limits, writing and its errors, deadlines, turns.
 * Big bodies are in test_copy.c.
 */
#include <signal.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/stream_inside.h"
#include "tests/unit/talk.h"

/* ---- lines ---- */

static void lines(struct unit *t)
{
	struct stream *s = stream_over_memory(STR("a\r\nb\n\r\n\nc\rd\r\n\r\r\n"), NULL);
	static const char *const want[] = {"a", "b", "", "", "c\rd", "\r"};
	struct str line;
	for (size_t i = 0; i < COUNT(want); i++)
		CHECK(stream_line(s, &line) && str_is(line, want[i]));
	CHECK(!stream_line(s, &line) && stream_at_end(s) && stream_is_gone(s));
	CHECK(talk_failed(s, ERR_AGAIN, "the server closed the connection"));
	CHECK(!strstr(stream_err(s)->text, "middle"));
	stream_close(s);
}

static void cut_line(struct unit *t)
{
	struct stream *s = stream_over_memory(STR("one\ntw"), NULL);
	struct str line;
	CHECK(stream_line(s, &line));
	CHECK(!stream_line(s, &line));
	CHECK(talk_failed(s, ERR_AGAIN, "in the middle of a line"));
	CHECK(!stream_fail(s, ERR_PROTOCOL, "later"));
	CHECK(!stream_line(s, &line) && !stream_fill(s) && !stream_flush(s));
	CHECK(talk_failed(s, ERR_AGAIN, "in the middle of a line"));
	stream_close(s);
}

/* A line of len x, with this end, read under a limit (0: the default one). */
static bool accepts(size_t len, const char *end, size_t limit)
{
	struct buf text = BUF_INIT(4 * MIB);
	memset(buf_reserve(&text, len), 'x', len);
	buf_commit(&text, len);
	buf_add_text(&text, end);
	struct stream *s = stream_over_memory(buf_str(&text), NULL);
	struct str line = STR_NONE;
	if (limit)
		stream_set_line_limit(s, limit);
	bool good = stream_line(s, &line) && line.len == len;
	if (!good && !talk_failed(s, ERR_PROTOCOL, "a line of over"))
		abort();
	stream_close(s);
	buf_free(&text);
	return good;
}

static void line_limits(struct unit *t)
{
	CHECK(accepts(LIMIT_LINE, "\r\n", 0) && accepts(LIMIT_LINE, "\n", 0));
	CHECK(!accepts(LIMIT_LINE + 1, "\r\n", 0) && !accepts(LIMIT_LINE + 1, "\n", 0));
	CHECK(!accepts(3 * MIB, "", 0));
	CHECK(accepts(5, "\r\n", 5) && !accepts(6, "\r\n", 5) && !accepts(9, "", 5));
	CHECK(!accepts(LIMIT_LINE + 1, "\r\n", 4 * MIB));
}

static void held(struct unit *t)
{
	struct stream *s = stream_over_memory(STR("line\r\nbytes"), NULL);
	struct str line;
	CHECK(stream_held(s).len == 0 && !stream_at_end(s));
	CHECK(stream_line(s, &line));
	CHECK_SLICE(stream_held(s), "bytes");
	stream_take(s, 2);
	CHECK_SLICE(stream_held(s), "tes");
	CHECK(!stream_fill(s) && !err_is_set(stream_err(s)) && !stream_at_end(s));
	stream_take(s, 99);
	CHECK(stream_at_end(s) && stream_held(s).len == 0);
	CHECK_INT(stream_received(s), 11);
	stream_close(s);
}

static void held_too_long(struct unit *t)
{
	struct buf text = BUF_INIT(8 * MIB);
	memset(buf_reserve(&text, 4 * MIB), 'x', 4 * MIB);
	buf_commit(&text, 4 * MIB);
	struct stream *s = stream_over_memory(buf_str(&text), NULL);
	while (stream_fill(s))
		;
	CHECK(talk_failed(s, ERR_PROTOCOL, "more than can be held"));
	CHECK(stream_held(s).len < 2 * MIB);
	stream_close(s);
	buf_free(&text);
}

/* ---- another carrier ---- */

static ssize_t nothing(void *self, void *bytes, size_t len, struct err *err)
{
	(void)self, (void)bytes, (void)len, (void)err;
	return 0;
}

static ssize_t swallow(void *self, const void *bytes, size_t len, struct err *err)
{
	(void)self, (void)bytes, (void)err;
	return (ssize_t)len;
}

static void count_close(void *self)
{
	++*(int *)self;
}

static const struct carrier_ops fake_ops = {nothing, swallow, count_close, false};

static void injected(struct unit *t)
{
	struct stream *s = stream_over_memory(STR("220 go ahead\r\nEVIL\r\n"), NULL);
	struct str line;
	int closed = 0;
	CHECK(stream_line(s, &line));
	CHECK(!stream_set_carrier(s, &fake_ops, &closed) && closed == 1);
	CHECK(talk_failed(s, ERR_PROTOCOL, "before the TLS handshake"));
	stream_close(s);
	closed = 0;
	s = stream_over_memory(STR("220 go ahead\r\n"), NULL);
	CHECK(stream_line(s, &line) && stream_set_carrier(s, &fake_ops, &closed));
	CHECK(closed == 0 && !stream_line(s, &line));
	stream_close(s);
	CHECK_INT(closed, 1);
}

/* A socket that nothing can be written to until what came on it was read, and what came is
 * nothing for the stream: as a session ticket of TLS 1.3 in the middle of an upload. */
struct ticket {
	int fd, peer;
	bool is_read, is_closed;
};

static ssize_t take_ticket(void *self, void *bytes, size_t len, struct err *err)
{
	struct ticket *k = self;
	char sink[65536];
	(void)bytes, (void)len, (void)err;
	k->is_read |= recv(k->fd, sink, 1, MSG_DONTWAIT) == 1;
	while (recv(k->peer, sink, sizeof sink, MSG_DONTWAIT) > 0)
		;
	return CARRIER_WANT_READ;
}

static ssize_t send_behind_it(void *self, const void *bytes, size_t len, struct err *err)
{
	struct ticket *k = self;
	(void)bytes, (void)err;
	return k->is_read ? (ssize_t)len : CARRIER_WANT_WRITE;
}

static void close_ticket(void *self)
{
	struct ticket *k = self;
	k->is_closed = true;
}

static void ticket_while_sending(struct unit *t)
{
	static const struct carrier_ops ops = {
	    take_ticket, send_behind_it, close_ticket, false};
	struct net_settings settings = {.idle_timeout_ms = 2000};
	char full[65536] = {0};
	int fds[2];
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	struct stream *s = stream_open(fds[0], &settings, NULL);
	struct ticket k = {.fd = fds[0], .peer = fds[1]};
	CHECK(stream_set_carrier(s, &ops, &k));
	CHECK_INT(send(k.peer, "t", 1, 0), 1);
	while (send(k.fd, full, sizeof full, MSG_DONTWAIT) > 0)
		;
	stream_put_text(s, "upload");
	CHECK(stream_flush(s));
	stream_close(s);
	CHECK(k.is_closed);
	close(fds[1]);
}

/* ---- writing ---- */

static void put_lines(struct unit *t)
{
	struct buf sent = BUF_INIT(KIB);
	struct stream *s = stream_over_memory(STR(""), &sent);
	stream_put_line(s, "HELO %s", "host");
	stream_put_line(s, "%s", "");
	stream_put(s, "a\0b", 3);
	CHECK(sent.len == 0 && stream_unsent(s) == 16);
	CHECK(stream_flush(s));
	CHECK_SLICE(buf_str(&sent), "HELO host\r\n\r\na\0b");
	CHECK(stream_sent(s) == 16 && stream_unsent(s) == 0);
	stream_close(s);
	buf_free(&sent);
}

static void refused_line(struct unit *t, char evil)
{
	struct buf sent = BUF_INIT(KIB);
	struct stream *s = stream_over_memory(STR("reply\r\n"), &sent);
	struct str line;
	char text[] = {'a', evil, 'b', '\0'};
	if (evil)
		stream_put_line(s, "RCPT TO:<%s>", text);
	else
		stream_put_line(s, "a%cb", evil);
	CHECK(talk_failed(s, ERR_USAGE, "inside a command was refused"));
	CHECK(!stream_flush(s) && !stream_line(s, &line) && sent.len == 0);
	stream_close(s);
	buf_free(&sent);
}

static void refused_lines(struct unit *t)
{
	refused_line(t, '\r');
	refused_line(t, '\n');
	refused_line(t, '\0');
}

static bool remembers(const struct stream *s, const char *secret)
{
	return s->out.ptr && memmem(s->out.ptr, s->out.cap, secret, strlen(secret));
}

static void secrets(struct unit *t, bool shown, const char *want)
{
	struct talk k;
	struct trace *trace = trace_open();
	int file = talk_memory();
	char got[64] = "";
	trace_add_sink(trace, trace_text_sink(file, false, false));
	trace_set_secrets(trace, shown);
	talk_open(&k, trace);
	stream_put_secret(k.stream, "PASS ****", "PASS %s", "hunter2");
	CHECK(remembers(k.stream, "hunter2"));
	CHECK(stream_flush(k.stream) && !remembers(k.stream, "hunter2"));
	talk_hear(k.peer, got, 14);
	CHECK_STR(got, "PASS hunter2\r\n");
	struct buf text = talk_file(file);
	CHECK_STR(buf_cstr(&text), want);
	talk_close(&k);
	trace_close(trace);
	close(file);
	buf_free(&text);
}

static void masked_secrets(struct unit *t)
{
	secrets(t, false, "C: PASS ****\n");
	secrets(t, true, "C: PASS hunter2\n");
}

/* More than the buffer holds: what stands there is sent, the secret is still known as one. */
static void crowded(struct unit *t)
{
	struct buf sent = BUF_INIT(16 * MIB);
	struct stream *s = stream_over_memory(STR(""), &sent);
	char *big = mem_alloc(LIMIT_OUTPUT + 1);
	memset(big, 'x', LIMIT_OUTPUT);
	stream_put(s, big, LIMIT_OUTPUT - 4);
	stream_put_secret(s, "****", "%s", "hunter2");
	CHECK(sent.len == LIMIT_OUTPUT - 4 && stream_unsent(s) == 9);
	CHECK(stream_flush(s) && !remembers(s, "hunter2"));
	CHECK(sent.len == LIMIT_OUTPUT + 5 && !err_is_set(stream_err(s)));
	stream_put(s, big, LIMIT_OUTPUT + 1);
	CHECK(talk_failed(s, ERR_INTERNAL, "to send at once"));
	free(big);
	stream_close(s);
	buf_free(&sent);
}

/* The server says why and hangs up while we still write. */
static void said_before_closing(struct unit *t)
{
	struct talk k;
	struct str line;
	talk_open(&k, NULL);
	stream_put_line(k.stream, "never read");
	CHECK(stream_flush(k.stream));
	talk_say(k.peer, "421 too busy\r\nbye\r\n", 19);
	talk_hang_up(&k);
	stream_put_line(k.stream, "DATA");
	CHECK(!stream_flush(k.stream) && !err_is_set(stream_err(k.stream)));
	stream_put_line(k.stream, "swallowed");
	CHECK(stream_line(k.stream, &line) && str_is(line, "421 too busy"));
	CHECK(stream_line(k.stream, &line) && str_is(line, "bye"));
	CHECK(!stream_line(k.stream, &line) && stream_is_gone(k.stream));
	CHECK(talk_failed(k.stream, ERR_AGAIN, "lost while writing"));
	talk_close(&k);
}

enum { FLOOD = 8 << 20, REPLY = 200000 };

static void *reply_first(void *arg)
{
	struct talk *k = arg;
	char *bytes = mem_alloc(FLOOD);
	memset(bytes, '.', REPLY);
	bytes[REPLY - 1] = '\n';
	talk_say(k->peer, bytes, REPLY);
	bool all = talk_hear(k->peer, bytes, FLOOD) == FLOOD;
	talk_say(k->peer, all ? "all\n" : "cut\n", 4);
	free(bytes);
	return NULL;
}

static void put_parts(struct stream *s, int eighths)
{
	char *bytes = mem_alloc(FLOOD / 8);
	for (int i = 0; i < eighths; i++)
		stream_put(s, bytes, FLOOD / 8);
	free(bytes);
}

/* Both write more than the kernel holds before they read. */
static void both_write(struct unit *t)
{
	struct talk k;
	struct str line;
	talk_open(&k, NULL);
	talk_start(&k, reply_first);
	put_parts(k.stream, 8);
	CHECK(stream_line(k.stream, &line) && line.len == REPLY - 1);
	CHECK(stream_line(k.stream, &line) && str_is(line, "all"));
	CHECK_INT(stream_sent(k.stream), FLOOD);
	talk_close(&k);
}

static void *answer_early(void *arg)
{
	struct talk *k = arg;
	char *bytes = mem_alloc(FLOOD);
	talk_say(k->peer, "413 too much\r\n", 14);
	clock_sleep_until(clock_now() + 50 * CLOCK_MS);
	talk_hear(k->peer, bytes, FLOOD / 8 * 3);
	/* Nothing more is said until the client hangs up. */
	talk_hear(k->peer, bytes, 1);
	free(bytes);
	return NULL;
}

/* All of the answer came during the flush that stream_fill does first. */
static void came_while_flushing(struct unit *t)
{
	struct talk k;
	talk_open(&k, NULL);
	talk_start(&k, answer_early);
	put_parts(k.stream, 3);
	CHECK(stream_fill(k.stream));
	CHECK_SLICE(stream_held(k.stream), "413 too much\r\n");
	CHECK(!err_is_set(stream_err(k.stream)));
	talk_close(&k);
}

static void *never_read(void *arg)
{
	struct talk *k = arg;
	char *bytes = mem_alloc(FLOOD);
	talk_say(k->peer, bytes, FLOOD);
	free(bytes);
	return NULL;
}

static void stuck(struct unit *t)
{
	struct talk k;
	talk_open(&k, NULL);
	k.settings.idle_timeout_ms = 200;
	talk_start(&k, never_read);
	put_parts(k.stream, 8);
	CHECK(!stream_flush(k.stream));
	CHECK(talk_failed(k.stream, ERR_AGAIN, "timed out"));
	CHECK(stream_held(k.stream).len < 512 * KIB);
	talk_close(&k);
}

static void send_file(struct unit *t)
{
	struct talk k;
	char got[12] = "";
	_Atomic uint64_t counter = 0;
	int file = talk_memory();
	CHECK(write(file, "0123456789", 10) == 10 && lseek(file, 2, SEEK_SET) == 2);
	talk_open(&k, NULL);
	stream_put_text(k.stream, "head:");
	CHECK(stream_send_fd(k.stream, file, 5, &counter) && counter == 5);
	CHECK(talk_hear(k.peer, got, 10) == 10);
	CHECK_STR(got, "head:23456");
	CHECK(!stream_send_fd(k.stream, file, 5, &counter) && counter == 8);
	CHECK(talk_failed(k.stream, ERR_IO, "shorter"));
	talk_close(&k);
	close(file);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"lines", lines},
	    {"the end within a line, and the first error stays", cut_line},
	    {"the longest line", line_limits},
	    {"bytes held and taken", held},
	    {"input that nobody takes", held_too_long},
	    {"input before a handshake is refused", injected},
	    {"what came during a flush was nothing for us", ticket_while_sending},
	    {"put_line", put_lines},
	    {"put_line refuses CR, LF, NUL", refused_lines},
	    {"secrets are masked and wiped", masked_secrets},
	    {"more than the output holds", crowded},
	    {"a failed write waits for what the server said", said_before_closing},
	    {"both sides write megabytes", both_write},
	    {"an answer that came during the flush", came_while_flushing},
	    {"a peer that only writes", stuck},
	    {"sending from a file", send_file},
	};
	signal(SIGPIPE, SIG_IGN);
	return unit_run(tests, COUNT(tests));
}
