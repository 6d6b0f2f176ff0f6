/*
 * Sockets with deadlines. Addresses are numeric: no name is ever looked up.
 */
#include "tests/peer/socket.h"

#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/compat.h"

/* A page's worth of parallel connections may wait while one is played. */
#define BACKLOG 128

static void make_ready(int fd)
{
	int on = 1;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static int listen_on(const struct addrinfo *at)
{
	int on = 1;
	int fd = socket(at->ai_family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	make_ready(fd);
	if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

enum { PREDECESSOR_MS = 2000 };

int socket_listen(const char *address, uint16_t port, struct err *err)
{
	struct addrinfo hints = {
	    .ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	char service[16];
	snprintf(service, sizeof service, "%u", (unsigned)port);
	int bad = getaddrinfo(address, service, &hints, &found);
	if (bad) {
		err_set(err, ERR_USAGE, "cannot listen on %s: %s", address, gai_strerror(bad));
		return -1;
	}
	/* One that played before may be on its way out. */
	int64_t until = clock_after_ms(PREDECESSOR_MS);
	int fd;
	while ((fd = listen_on(found)) < 0 && errno == EADDRINUSE && !clock_passed(until))
		clock_sleep_until(clock_after_ms(10));
	if (fd < 0)
		err_set_errno(err, ERR_USAGE, "cannot listen on %s port %s", address, service);
	freeaddrinfo(found);
	return fd;
}

static uint16_t *port_in(struct sockaddr_storage *at)
{
	return at->ss_family == AF_INET6 ? &((struct sockaddr_in6 *)at)->sin6_port
					 : &((struct sockaddr_in *)at)->sin_port;
}

uint16_t socket_port(int fd)
{
	struct sockaddr_storage at = {0};
	socklen_t len = sizeof at;
	getsockname(fd, (struct sockaddr *)&at, &len);
	return ntohs(*port_in(&at));
}

/* Waits until fd is ready for `want`; false at the deadline. */
static bool wait_for(int fd, short want, int64_t deadline)
{
	struct pollfd ready = {.fd = fd, .events = want};
	for (;;) {
		if (poll(&ready, 1, clock_poll_ms(deadline, INT_MAX)) > 0)
			return true;
		if (clock_passed(deadline))
			return false;
	}
}

int socket_accept(int listener, int64_t deadline, struct err *err)
{
	while (wait_for(listener, POLLIN, deadline)) {
		int fd = accept(listener, NULL, NULL);
		if (fd >= 0) {
			make_ready(fd);
			return fd;
		}
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
			err_set_errno(err, ERR_IO, "cannot accept a connection");
			return -1;
		}
	}
	err_set(err, ERR_AGAIN, "the client did not connect");
	return -1;
}

bool socket_is_called(int listener)
{
	struct pollfd ready = {.fd = listener, .events = POLLIN};
	return poll(&ready, 1, 0) > 0;
}

static bool connect_by(int fd, struct sockaddr_storage *to, socklen_t len, int64_t deadline)
{
	int failed = 0;
	socklen_t size = sizeof failed;
	if (connect(fd, (struct sockaddr *)to, len) == 0)
		return true;
	if (errno != EINPROGRESS)
		return false;
	errno = ETIMEDOUT;
	if (!wait_for(fd, POLLOUT, deadline))
		return false;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size);
	errno = failed;
	return failed == 0;
}

int socket_connect_back(int fd, uint16_t port, int64_t deadline, struct err *err)
{
	struct sockaddr_storage to = {0};
	socklen_t len = sizeof to;
	int made = -1;
	if (getpeername(fd, (struct sockaddr *)&to, &len) == 0)
		made = socket(to.ss_family, SOCK_STREAM, 0);
	if (made >= 0) {
		make_ready(made);
		*port_in(&to) = htons(port);
		if (connect_by(made, &to, len, deadline))
			return made;
	}
	err_set_errno(err, ERR_IO, "cannot connect to the client's data port %u", port);
	if (made >= 0)
		close(made);
	return -1;
}
