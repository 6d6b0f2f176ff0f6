/*
 * The peer at the other end of a stream. Knows no protocol.
 */
#include "tests/unit/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "common/base/limits.h"

void talk_open(struct talk *k, struct trace *trace)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		abort();
	*k = (struct talk){.peer = pair[1]};
	/* A test that fails must not hang: neither side waits for ever. */
	struct timeval most = {10, 0};
	setsockopt(k->peer, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	setsockopt(k->peer, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
	k->settings.idle_timeout_ms = 5000;
	k->stream = stream_open(pair[0], &k->settings, trace);
}

void talk_start(struct talk *k, void *(*run)(void *talk))
{
	k->running = pthread_create(&k->thread, NULL, run, k) == 0;
}

void talk_hang_up(struct talk *k)
{
	if (k->peer >= 0)
		close(k->peer);
	k->peer = -1;
}

void talk_close(struct talk *k)
{
	stream_close(k->stream);
	if (k->running)
		pthread_join(k->thread, NULL);
	talk_hang_up(k);
}

void talk_say(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;
	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

size_t talk_hear(int fd, void *bytes, size_t len)
{
	size_t got = 0;
	while (got < len) {
		ssize_t n = read(fd, (char *)bytes + got, len - got);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

int talk_memory(void)
{
	int fd = memfd_create("parley-test", MFD_CLOEXEC);
	if (fd < 0)
		abort();
	return fd;
}

struct buf talk_file(int fd)
{
	struct buf b = BUF_INIT(64 * MIB);
	size_t len = (size_t)lseek(fd, 0, SEEK_END);
	char *room = buf_reserve(&b, len);
	ssize_t n = pread(fd, room, len, 0);
	buf_commit(&b, n > 0 ? (size_t)n : 0);
	return b;
}

bool talk_failed(const struct stream *s, enum err_kind kind, const char *words)
{
	const struct err *e = stream_err(s);
	bool good = e->kind == kind && strstr(e->text, words);
	if (!good)
		printf("# error is %d \"%s\", not %d \"%s\"\n", (int)e->kind, e->text,
		    (int)kind, words);
	return good;
}
