/*
 * What the bare clients share: a connected socket, sending text, giving up.
 * They show what a task costs without a client around it, so they check
 * nothing that their one server does not do.
 */
#ifndef PARLEY_TESTS_BENCH_H
#define PARLEY_TESTS_BENCH_H

#include <stddef.h>

#include "common/base/compat.h"

/* Prints what and errno's text, and ends the program with 1. */
NORETURN void bench_die(const char *what);
/* The socket, TCP_NODELAY set. host is a numeric address. */
int bench_connect(const char *host, const char *port);
void bench_write(int fd, const char *bytes, size_t len);
/* GET of path with Connection: close, into request; returns its length. */
size_t bench_request(char *request, size_t size, const char *host, const char *path);
/* Length of the head in bytes[0..len), the blank line included, and what its Content-Length
 * says; 0 while it is not complete. bytes is NUL-terminated. */
size_t bench_head(const char *bytes, long long *body);
double bench_now_ms(void);

#endif
