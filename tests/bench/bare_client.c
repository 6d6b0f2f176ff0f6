/*
 * The least a client can do: connect, GET, body to stdout.
 *   bare_client HOST PORT PATH
 *   bare_client HOST PORT        only connects and prints how long it took, in ms: the RTT
 */
#include <stdio.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static void fetch(int fd, const char *host, const char *path)
{
	char bytes[65537];
	bench_write(fd, bytes, bench_request(bytes, sizeof bytes, host, path));
	size_t have = 0;
	size_t head = 0;
	long long body;
	ssize_t n;
	while ((n = read(fd, bytes + have, sizeof bytes - 1 - have)) > 0) {
		have += (size_t)n;
		bytes[have] = '\0';
		if (head == 0 && (head = bench_head(bytes, &body)) == 0)
			continue;
		bench_write(STDOUT_FILENO, bytes + head, have - head);
		have = head = 0;
		break;
	}
	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		bench_write(STDOUT_FILENO, bytes, (size_t)n);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	double start = bench_now_ms();
	int fd = bench_connect(argv[1], argv[2]);
	if (argc == 3)
		printf("%.3f\n", bench_now_ms() - start);
	else
		fetch(fd, argv[1], argv[3]);
	close(fd);
	return 0;
}
