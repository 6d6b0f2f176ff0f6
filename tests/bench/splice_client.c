/*
 * A body that never enters the program: socket to pipe to file by splice(2).
 *   splice_client HOST PORT PATH FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

/* Peeks until the head is whole, takes it off the socket; returns the body's length. */
static long long skip_head(int fd)
{
	char head[8193];
	for (;;) {
		ssize_t n = recv(fd, head, sizeof head - 1, MSG_PEEK);
		if (n <= 0)
			bench_die("recv");
		head[n] = '\0';
		long long body;
		size_t len = bench_head(head, &body);
		if (len > 0) {
			if (recv(fd, head, len, 0) < 0)
				bench_die("recv");
			return body;
		}
	}
}

static void copy(int fd, int out, long long left)
{
	int ends[2];
	if (pipe(ends) < 0)
		bench_die("pipe");
	fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	while (left > 0) {
		size_t most = left < 1 << 20 ? (size_t)left : 1 << 20;
		ssize_t in = splice(fd, NULL, ends[1], NULL, most, SPLICE_F_MOVE);
		if (in <= 0)
			bench_die("splice from the socket");
		left -= in;
		while (in > 0) {
			ssize_t n = splice(ends[0], NULL, out, NULL, (size_t)in, SPLICE_F_MOVE);
			if (n <= 0)
				bench_die("splice to the file");
			in -= n;
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 64;
	int out = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (out < 0)
		bench_die(argv[4]);
	int fd = bench_connect(argv[1], argv[2]);
	char request[1024];
	bench_write(fd, request, bench_request(request, sizeof request, argv[1], argv[3]));
	copy(fd, out, skip_head(fd));
	close(fd);
	close(out);
	return 0;
}
