/*
 * The race of addresses (RFC 8305 4 and 5). One of the three places that poll.
 * Knows neither names nor protocols.
 */
#include "common/net/race.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"

/* RFC 8305 5: Connection Attempt Delay, recommended value. */
#define STAGGER_MS 250
/* A name with more addresses than this gains nothing from the rest. */
#define RUNNERS_MOST 16
#define WAIT_SLICE_MS 1000

struct runner {
	const struct addrinfo *to;
	int fd;    /* -1: not started, or out */
	int error; /* errno of its end */
};

struct field {
	struct runner runners[RUNNERS_MOST];
	int count, started, running;
};

void race_show_address(const struct sockaddr *address, socklen_t len, char out[80])
{
	char host[64], port[8];
	if (getnameinfo(address, len, host, sizeof host, port, sizeof port,
		NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		snprintf(out, 80, "unknown address");
	else
		snprintf(
		    out, 80, address->sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static const struct addrinfo *next_of(const struct addrinfo *a, int family, bool same)
{
	while (a && (a->ai_family == family) != same)
		a = a->ai_next;
	return a;
}

/* RFC 8305 4: the first address's family first, then in turn. */
static void line_up(struct field *f, const struct addrinfo *addresses)
{
	int first = addresses->ai_family;
	const struct addrinfo *turn[2] = {addresses, next_of(addresses, first, false)};
	for (int i = 0; (turn[0] || turn[1]) && f->count < RUNNERS_MOST; i ^= 1) {
		if (!turn[i])
			continue;
		f->runners[f->count++] = (struct runner){turn[i], -1, 0};
		turn[i] = next_of(turn[i]->ai_next, first, i == 0);
	}
}

static void start(struct field *f)
{
	struct runner *r = &f->runners[f->started++];
	int one = 1;
	r->fd = socket(r->to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (r->fd < 0) {
		r->error = errno;
		return;
	}
	/* A request must not wait for the ACK of what went before it (RFC 9293 3.7.4). */
	setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(r->fd, r->to->ai_addr, r->to->ai_addrlen) == 0 || errno == EINPROGRESS) {
		f->running++;
		return;
	}
	r->error = errno;
	close(r->fd);
	r->fd = -1;
}

static void stop(struct field *f, struct runner *r, int error)
{
	close(r->fd);
	r->fd = -1;
	r->error = error;
	f->running--;
}

/* One look at all that run: the index of a winner, or -1. */
static int look(struct field *f, int wait_ms)
{
	struct pollfd fds[RUNNERS_MOST];
	int which[RUNNERS_MOST], n = 0;
	for (int i = 0; i < f->started; i++)
		if (f->runners[i].fd >= 0) {
			which[n] = i;
			fds[n++] = (struct pollfd){f->runners[i].fd, POLLOUT, 0};
		}
	if (poll(fds, (nfds_t)n, wait_ms) <= 0)
		return -1;
	for (int i = 0; i < n; i++) {
		int error = 0;
		socklen_t len = sizeof error;
		if (!fds[i].revents)
			continue;
		getsockopt(fds[i].fd, SOL_SOCKET, SO_ERROR, &error, &len);
		if (!error)
			return which[i];
		stop(f, &f->runners[which[i]], error);
	}
	return -1;
}

static bool is_over(const struct race *race, const struct field *f, struct err *err)
{
	if (net_is_interrupted(race->settings))
		return !err_set(err, ERR_INTERRUPT, "interrupted");
	return (f->running == 0 && f->started == f->count) || clock_passed(race->deadline);
}

static int run(const struct race *race, struct field *f, struct err *err)
{
	int64_t next_start = 0;
	while (!is_over(race, f, err)) {
		if (f->started < f->count && (f->running == 0 || clock_passed(next_start))) {
			start(f);
			next_start = clock_after_ms(STAGGER_MS);
			continue;
		}
		int64_t until = f->started < f->count ? next_start : 0;
		until = clock_earlier(until, race->deadline);
		int winner = look(f, clock_poll_ms(until, WAIT_SLICE_MS));
		if (winner >= 0)
			return winner;
	}
	return -1;
}

static void explain(const struct race *race, const struct field *f, struct err *err)
{
	char text[400] = "";
	size_t len = 0;
	for (int i = 0; i < f->started && len < sizeof text; i++) {
		char peer[80];
		const struct runner *r = &f->runners[i];
		race_show_address(r->to->ai_addr, r->to->ai_addrlen, peer);
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s: %s",
		    i ? "; " : "", peer, r->error ? strerror(r->error) : "no answer in time");
	}
	err_set(err, ERR_AGAIN, "cannot connect to %s (%s)", race->name,
	    f->started ? text : "no time was left to try");
}

int race_connect(
    const struct race *race, const struct addrinfo *addresses, char peer[80], struct err *err)
{
	struct field f = {0};
	line_up(&f, addresses);
	int winner = run(race, &f, err);
	if (winner < 0)
		explain(race, &f, err);
	for (int i = 0; i < f.started; i++)
		if (f.runners[i].fd >= 0 && i != winner)
			close(f.runners[i].fd);
	if (winner < 0)
		return -1;
	const struct addrinfo *to = f.runners[winner].to;
	race_show_address(to->ai_addr, to->ai_addrlen, peer);
	return f.runners[winner].fd;
}
