/*
 * The least that a lister of mail can do: one write (LOGIN, EXAMINE, FETCH of what a list
 * shows, LOGOUT), then reading to the end, nothing understood. imap_client HOST PORT USER
 * PASSWORD
 */
#include <stdio.h>
#include <unistd.h>

#include "tests/bench/bench.h"

int main(int argc, char **argv)
{
	char bytes[65536];
	ssize_t n;
	if (argc < 5)
		return 64;
	int fd = bench_connect(argv[1], argv[2]);
	/* The greeting first, as any client must. */
	if (read(fd, bytes, sizeof bytes) <= 0)
		return 75;
	int len = snprintf(bytes, sizeof bytes,
	    "A1 LOGIN %s %s\r\nA2 EXAMINE INBOX\r\nA3 UID FETCH 1:* (UID FLAGS INTERNALDATE "
	    "RFC822.SIZE ENVELOPE)\r\nA4 LOGOUT\r\n",
	    argv[3], argv[4]);
	bench_write(fd, bytes, (size_t)len);
	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		;
	close(fd);
	return 0;
}
