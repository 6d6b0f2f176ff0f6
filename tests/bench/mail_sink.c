/*
 * An SMTP server that takes all mail and keeps none, for `make bench`: one
 * connection after another, answers held back until there is nothing left to
 * read, so that a pipeline costs it one write.
 *   mail_sink ADDRESS PORT [nochunking]
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 1 << 18 };

struct sink {
	int fd;
	bool chunking;
	char in[ROOM + 1], out[ROOM];
	size_t held, answered;
	bool in_data;
	unsigned long long skip; /* of a BDAT chunk */
	bool over;
};

static void flush(struct sink *s)
{
	size_t sent = 0;
	while (sent < s->answered) {
		ssize_t n = write(s->fd, s->out + sent, s->answered - sent);
		if (n <= 0)
			break;
		sent += (size_t)n;
	}
	s->answered = 0;
}

static void answer(struct sink *s, const char *text)
{
	size_t len = strlen(text);
	if (s->answered + len > ROOM)
		flush(s);
	memcpy(s->out + s->answered, text, len);
	s->answered += len;
}

static void obey(struct sink *s, const char *line)
{
	if (strncasecmp(line, "EHLO", 4) == 0)
		answer(s, s->chunking
			      ? "250-sink\r\n250-PIPELINING\r\n250-SIZE\r\n250-8BITMIME\r\n"
				"250 CHUNKING\r\n"
			      : "250-sink\r\n250-PIPELINING\r\n250-SIZE\r\n250 8BITMIME\r\n");
	else if (strncasecmp(line, "DATA", 4) == 0)
		answer(s, "354 go\r\n");
	else if (strncasecmp(line, "QUIT", 4) == 0)
		answer(s, "221 bye\r\n");
	else
		answer(s, "250 ok\r\n");
	s->in_data = strncasecmp(line, "DATA", 4) == 0;
	s->over = strncasecmp(line, "QUIT", 4) == 0;
	if (strncasecmp(line, "BDAT ", 5) == 0)
		s->skip = strtoull(line + 5, NULL, 10);
}

/* The dot of CRLF dot CRLF: dots are rare, and memchr is as fast as memory. */
static const char *find_end(const char *at, size_t len)
{
	const char *p = at, *end = at + len;
	while ((p = memchr(p, '.', (size_t)(end - p)))) {
		if (p - at >= 2 && end - p >= 3 && memcmp(p - 2, "\r\n.\r\n", 5) == 0)
			return p;
		p++;
	}
	return NULL;
}

/* The bytes used of what is held; 0: more must come. */
static size_t step(struct sink *s, const char *at, size_t len)
{
	if (s->skip) {
		size_t n = s->skip < len ? (size_t)s->skip : len;
		s->skip -= n;
		return n;
	}
	if (s->in_data) {
		const char *end = find_end(at, len);
		if (!end)
			return len > 4 ? len - 4 : 0;
		s->in_data = false;
		answer(s, "250 taken\r\n");
		return (size_t)(end - at) + 3;
	}
	const char *lf = memchr(at, '\n', len);
	if (!lf)
		return 0;
	obey(s, at);
	return (size_t)(lf - at) + 1;
}

static void serve(struct sink *s)
{
	s->held = s->answered = 0;
	s->skip = 0;
	s->in_data = s->over = false;
	answer(s, "220 sink\r\n");
	while (!s->over) {
		size_t used = 0, n = 0;
		flush(s);
		ssize_t got = read(s->fd, s->in + s->held, ROOM - s->held);
		if (got <= 0)
			break;
		s->held += (size_t)got;
		s->in[s->held] = '\0';
		while (!s->over && used < s->held &&
		       (n = step(s, s->in + used, s->held - used)) > 0)
			used += n;
		memmove(s->in, s->in + used, s->held - used);
		s->held -= used;
	}
	flush(s);
	close(s->fd);
}

int main(int argc, char **argv)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	struct sockaddr_in at = {.sin_family = AF_INET};
	static struct sink sink; /* too large for the stack */
	struct sink *s = &sink;
	if (listener < 0 || argc < 3 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1)
		return 64; // cppcheck-suppress resourceLeak
	at.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 16) != 0)
		return 75; // cppcheck-suppress resourceLeak
	s->chunking = argc < 4;
	while ((s->fd = accept(listener, NULL, NULL)) >= 0) {
		setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		serve(s);
	}
	return 0;
}
