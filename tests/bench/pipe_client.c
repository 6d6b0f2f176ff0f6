/*
 * Many objects by one connection, requests sent ahead: PREFIX1 .. PREFIXn.
 *   pipe_client HOST PORT PREFIX COUNT WINDOW
 * At most WINDOW requests are unanswered; bodies go to stdout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/bench.h"

struct pipeline {
	int fd;
	const char *host, *prefix;
	long count, window;
	long sent, answered;
	size_t have; /* bytes held */
	char bytes[262145];
};

/* A half-empty window is filled in one write, so that writes are few. */
static void send_ahead(struct pipeline *p)
{
	char text[65536];
	size_t len = 0;
	if (p->sent - p->answered > p->window / 2)
		return;
	while (p->sent < p->count && p->sent - p->answered < p->window &&
	       len + 512 < sizeof text) {
		p->sent++;
		len += (size_t)snprintf(text + len, 512,
		    "GET %s%ld HTTP/1.1\r\nHost: %s\r\n\r\n", p->prefix, p->sent, p->host);
	}
	if (len > 0)
		bench_write(p->fd, text, len);
}

/* Takes the complete answers off what was read. */
static void take_answers(struct pipeline *p)
{
	size_t at = 0;
	for (;;) {
		long long body = 0;
		size_t head = bench_head(p->bytes + at, &body);
		if (head == 0 || at + head + (size_t)body > p->have)
			break;
		bench_write(STDOUT_FILENO, p->bytes + at + head, (size_t)body);
		at += head + (size_t)body;
		p->answered++;
	}
	p->have -= at;
	memmove(p->bytes, p->bytes + at, p->have);
	p->bytes[p->have] = '\0';
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 64;
	struct pipeline *p = calloc(1, sizeof *p);
	if (!p)
		bench_die("memory");
	p->host = argv[1];
	p->prefix = argv[3];
	p->count = strtol(argv[4], NULL, 10);
	p->window = strtol(argv[5], NULL, 10);
	p->fd = bench_connect(argv[1], argv[2]);
	while (p->answered < p->count) {
		send_ahead(p);
		ssize_t n = read(p->fd, p->bytes + p->have, sizeof p->bytes - 1 - p->have);
		if (n <= 0)
			bench_die("read");
		p->have += (size_t)n;
		p->bytes[p->have] = '\0';
		take_answers(p);
	}
	close(p->fd);
	free(p);
	return 0;
}
