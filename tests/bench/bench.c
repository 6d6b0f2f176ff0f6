/*
 * What the bare clients share; see bench.h.
 */
#include "tests/bench/bench.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

NORETURN void bench_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

int bench_connect(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
	struct addrinfo *found;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		bench_die(host);
	int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;
	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
	    connect(fd, found->ai_addr, found->ai_addrlen) < 0)
		bench_die("connect");
	freeaddrinfo(found);
	return fd;
}

void bench_write(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0)
			bench_die("write");
		bytes += n;
		len -= (size_t)n;
	}
}

size_t bench_request(char *request, size_t size, const char *host, const char *path)
{
	int len = snprintf(request, size,
	    "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, host);
	return (size_t)len;
}

size_t bench_head(const char *bytes, long long *body)
{
	const char *end = strstr(bytes, "\r\n\r\n");
	if (!end)
		return 0;
	const char *field = strcasestr(bytes, "\r\nContent-Length:");
	*body = field && field < end ? strtoll(field + 17, NULL, 10) : -1;
	return (size_t)(end + 4 - bytes);
}

double bench_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
