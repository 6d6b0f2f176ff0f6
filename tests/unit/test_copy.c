/*
 * The path of big bodies: every kind of target, by splice(2) and through the
 * buffer, whole, until the end, and cut.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/stream_inside.h"
#include "tests/unit/talk.h"

enum { BODY = 3000000, TAIL = 6 };

static char byte_at(size_t i)
{
	return (char)(i * 31 + i / 251 + i / 65521);
}

static bool is_body(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != byte_at(i))
			return false;
	return true;
}

static void *send_body(void *arg)
{
	struct talk *k = arg;
	char *bytes = mem_alloc(BODY + TAIL);
	for (size_t i = 0; i < BODY; i++)
		bytes[i] = byte_at(i);
	memcpy(bytes + BODY, "tail\r\n", TAIL);
	talk_say(k->peer, "head\r\n", 6);
	talk_say(k->peer, bytes, BODY + TAIL);
	shutdown(k->peer, SHUT_WR);
	free(bytes);
	return NULL;
}

/* A socket that says its bytes are not those of the stream, as TLS does. */
static ssize_t recv_plainly(void *self, void *bytes, size_t len, struct err *err)
{
	return carrier_socket_ops.recv(self, bytes, len, err);
}

static ssize_t send_plainly(void *self, const void *bytes, size_t len, struct err *err)
{
	return carrier_socket_ops.send(self, bytes, len, err);
}

static const struct carrier_ops opaque_ops = {recv_plainly, send_plainly, free, false};

/* A body on its way, its head read; by way of the buffer or not. */
static void start(struct unit *t, struct talk *k, bool by_buffer)
{
	struct str line;
	talk_open(k, NULL);
	if (by_buffer)
		k->stream->ops = &opaque_ops;
	talk_start(k, send_body);
	CHECK(stream_line(k->stream, &line) && str_is(line, "head"));
}

static bool has_tail(struct talk *k)
{
	struct str line;
	return stream_line(k->stream, &line) && str_is(line, "tail");
}

/* BODY bytes to fd, then the line behind them. */
static void copies(struct unit *t, int fd, bool by_buffer)
{
	struct talk k;
	_Atomic uint64_t counter = 0;
	start(t, &k, by_buffer);
	CHECK(stream_copy(k.stream, fd, BODY, &counter));
	CHECK_INT(counter, BODY);
	CHECK(has_tail(&k));
	CHECK_INT(stream_received(k.stream), 6 + BODY + TAIL);
	talk_close(&k);
}

static void holds_body(struct unit *t, int fd, size_t from)
{
	struct buf b = talk_file(fd);
	CHECK_INT(b.len, from + BODY);
	CHECK(b.len == from + BODY && is_body(b.ptr + from, BODY));
	buf_free(&b);
}

static void to_file(struct unit *t)
{
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		int fd = talk_memory();
		CHECK(write(fd, "before", 6) == 6);
		copies(t, fd, by_buffer);
		holds_body(t, fd, 6);
		close(fd);
	}
}

static void to_appended(struct unit *t)
{
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		FILE *f = tmpfile();
		int fd = fileno(f);
		CHECK(write(fd, "before", 6) == 6 && lseek(fd, 0, SEEK_SET) == 0);
		fcntl(fd, F_SETFL, O_APPEND);
		copies(t, fd, by_buffer);
		holds_body(t, fd, 6);
		fclose(f);
	}
}

static void to_null(struct unit *t)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	copies(t, fd, false);
	copies(t, fd, true);
	close(fd);
}

struct reader {
	int fd;
	bool good;
};

static void *read_body(void *arg)
{
	struct reader *r = arg;
	char *bytes = mem_alloc(BODY);
	clock_sleep_until(clock_now() + 30 * CLOCK_MS);
	size_t got = talk_hear(r->fd, bytes, BODY);
	r->good = got == BODY && is_body(bytes, BODY);
	free(bytes);
	return NULL;
}

/* Through a pipe or socket whose reader comes late. */
static void to_reader(struct unit *t, int from, int to, bool by_buffer)
{
	struct reader r = {from, false};
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, read_body, &r) == 0);
	copies(t, to, by_buffer);
	close(to);
	pthread_join(thread, NULL);
	close(from);
	CHECK(r.good);
}

static void to_pipe(struct unit *t)
{
	for (int i = 0; i < 4; i++) {
		int fds[2];
		CHECK(pipe2(fds, i & 2 ? O_NONBLOCK : 0) == 0);
		fcntl(fds[0], F_SETFL, 0);
		to_reader(t, fds[0], fds[1], i & 1);
	}
}

static void to_socket(struct unit *t)
{
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		int fds[2];
		CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
		to_reader(t, fds[0], fds[1], by_buffer);
	}
}

static void fails(struct unit *t, int fd, bool by_buffer, const char *words)
{
	struct talk k;
	_Atomic uint64_t counter = 0;
	start(t, &k, by_buffer);
	CHECK(!stream_copy(k.stream, fd, BODY, &counter));
	CHECK(counter < BODY);
	CHECK(talk_failed(k.stream, ERR_IO, words));
	CHECK(!stream_copy(k.stream, fd, 1, &counter));
	talk_close(&k);
}

static void to_full(struct unit *t)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	fails(t, fd, false, "writing the output: No space left");
	fails(t, fd, true, "writing the output: No space left");
	close(fd);
}

static void to_closed_pipe(struct unit *t)
{
	int fds[2];
	CHECK(pipe(fds) == 0);
	close(fds[0]);
	fails(t, fds[1], false, "writing the output: Broken pipe");
	fails(t, fds[1], true, "writing the output: Broken pipe");
	close(fds[1]);
	fails(t, -1, false, "writing the output: Bad file descriptor");
	fails(t, -1, true, "writing the output: Bad file descriptor");
}

static void cut(struct unit *t)
{
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		struct talk k;
		_Atomic uint64_t counter = 0;
		int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		start(t, &k, by_buffer);
		CHECK(!stream_copy(k.stream, fd, BODY + 1000, &counter));
		CHECK_INT(counter, BODY + TAIL);
		CHECK(talk_failed(k.stream, ERR_AGAIN, "994 bytes too early"));
		CHECK(stream_is_gone(k.stream) && stream_at_end(k.stream));
		talk_close(&k);
		close(fd);
	}
}

static void until_the_end(struct unit *t)
{
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		struct talk k;
		_Atomic uint64_t counter = 0;
		int fd = talk_memory();
		start(t, &k, by_buffer);
		CHECK(stream_copy(k.stream, fd, -1, &counter));
		CHECK_INT(counter, BODY + TAIL);
		CHECK(stream_at_end(k.stream) && !err_is_set(stream_err(k.stream)));
		CHECK(stream_copy(k.stream, fd, -1, &counter) && counter == BODY + TAIL);
		CHECK(!stream_copy(k.stream, fd, 1, &counter));
		talk_close(&k);
		close(fd);
	}
}

static void *stall(void *arg)
{
	struct talk *k = arg;
	char bytes[1000] = "";
	talk_say(k->peer, bytes, sizeof bytes);
	return NULL;
}

static void silence(struct unit *t)
{
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		struct talk k;
		int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		talk_open(&k, NULL);
		k.settings.idle_timeout_ms = 100;
		if (by_buffer)
			k.stream->ops = &opaque_ops;
		talk_start(&k, stall);
		CHECK(!stream_copy(k.stream, fd, BODY, NULL));
		CHECK(talk_failed(k.stream, ERR_AGAIN, "was silent for 0.1 s"));
		talk_close(&k);
		close(fd);
	}
}

static void interrupted(struct unit *t)
{
	volatile sig_atomic_t flag = 1;
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		struct talk k;
		int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		start(t, &k, by_buffer);
		k.settings.interrupted = &flag;
		CHECK(!stream_copy(k.stream, fd, BODY, NULL));
		CHECK(talk_failed(k.stream, ERR_INTERRUPT, "interrupted"));
		talk_close(&k);
		close(fd);
	}
}

static void rate(struct unit *t)
{
	for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
		struct talk k;
		int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		start(t, &k, by_buffer);
		k.settings.limit_rate = 10 * BODY;
		int64_t from = clock_now();
		CHECK(stream_copy(k.stream, fd, BODY, NULL));
		double took = clock_ms_between(from, clock_now());
		CHECK(took > 75 && took < 4500);
		talk_close(&k);
		close(fd);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"to a file, behind what it holds", to_file},
	    {"to a file in append mode", to_appended},
	    {"to /dev/null", to_null},
	    {"to a pipe", to_pipe},
	    {"to a socket", to_socket},
	    {"to /dev/full", to_full},
	    {"to a pipe that was closed", to_closed_pipe},
	    {"a body cut short", cut},
	    {"until the end", until_the_end},
	    {"a server that falls silent", silence},
	    {"interrupt", interrupted},
	    {"rate", rate},
	};
	signal(SIGPIPE, SIG_IGN);
	return unit_run(tests, COUNT(tests));
}
