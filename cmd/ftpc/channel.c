/*
 * Data connections. Decides nothing about when one is needed.
 */
#include "cmd/ftpc/channel.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/net/race.h"

enum { SLICE_MS = 1000 };

static void show(struct ftp *f, struct channel *c, const char *what)
{
	trace_note(
	    stream_trace(f->stream), stream_conn(f->stream), "data", "%s %s", c->address, what);
}

/* ---- passive ---- */

/* "192.0.2.1:21" or "[::1]:21" without its port and brackets. */
static void peer_host(const char *peer, char host[80])
{
	size_t len = strrchr(peer, ':') ? (size_t)(strrchr(peer, ':') - peer) : strlen(peer);
	bool v6 = len > 2 && peer[0] == '[';
	snprintf(host, 80, "%.*s", (int)(len - (v6 ? 2 : 0)), peer + v6);
}

bool channel_connect(struct ftp *f, struct channel *c, uint16_t port, struct err *err)
{
	char host[80];
	struct route route;
	struct endpoint to = {.host = host, .port = port, .scheme = "ftp"};
	if (!dial_route(f->dialer, &f->to, &route, err))
		return false;
	/* Only the control peer is connected to, whatever address a 227 gives: a server must
	 * not be able to send us to somebody else's (RFC 2577 3 from the client's side). */
	peer_host(stream_report(f->stream)->peer, host);
	if (route.kind != ROUTE_DIRECT)
		to.host = f->to.host;
	mem_wipe(&route, sizeof route);
	c->stream = dial(f->data_dialer, &to, err);
	if (!c->stream)
		return false;
	snprintf(c->address, sizeof c->address, "%s", stream_report(c->stream)->peer);
	stream_set_tally(c->stream, f->data_tally);
	/* The first of the data may have come together with the proxy's answer. */
	c->received = stream_received(c->stream) - stream_held(c->stream).len;
	c->sent = stream_sent(c->stream);
	show(f, c, "open");
	return true;
}

/* ---- active ---- */

union any_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

static bool own_address(struct ftp *f, union any_address *a, socklen_t *len, struct err *err)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST}, *found;
	*len = sizeof *a;
	if (strcmp(f->active, "-") == 0)
		return getsockname(stream_fd(f->stream), &a->any, len) == 0 ||
		       err_set_errno(err, ERR_INTERNAL, "getsockname");
	if (getaddrinfo(f->active, NULL, &hints, &found) != 0)
		return err_set(err, ERR_USAGE, "--ftp-port: '%s' is no address", f->active);
	memcpy(a, found->ai_addr, found->ai_addrlen);
	*len = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

static void put_argument(struct ftp *f, const union any_address *a, struct buf *arg)
{
	char host[INET6_ADDRSTRLEN] = "";
	bool v6 = a->any.sa_family == AF_INET6;
	unsigned port = ntohs(v6 ? a->v6.sin6_port : a->v4.sin_port);
	inet_ntop(a->any.sa_family,
	    v6 ? (const void *)&a->v6.sin6_addr : (const void *)&a->v4.sin_addr, host,
	    sizeof host);
	if (v6 || f->uses_epsv) {
		buf_addf(arg, "|%d|%s|%u|", v6 ? 2 : 1, host, port);
		return;
	}
	for (char *dot = host; *dot; dot++)
		*dot = *dot == '.' ? ',' : *dot;
	buf_addf(arg, "%s,%u,%u", host, port / 256, port % 256);
}

bool channel_listen(struct ftp *f, struct channel *c, struct buf *arg, struct err *err)
{
	union any_address a;
	socklen_t len;
	struct route route;
	if (!dial_route(f->dialer, &f->to, &route, err))
		return false;
	bool direct = route.kind == ROUTE_DIRECT;
	mem_wipe(&route, sizeof route);
	if (!direct)
		return err_set(err, ERR_USAGE,
		    "active mode does not work through a proxy: leave out --ftp-port");
	if (!own_address(f, &a, &len, err))
		return false;
	if (a.any.sa_family == AF_INET6)
		a.v6.sin6_port = 0;
	else
		a.v4.sin_port = 0;
	c->listener = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->listener < 0 || bind(c->listener, &a.any, len) != 0 ||
	    listen(c->listener, 4) != 0 || getsockname(c->listener, &a.any, &len) != 0)
		return err_set_errno(err, ERR_AGAIN, "listening for the data connection");
	race_show_address(&a.any, len, c->address);
	put_argument(f, &a, arg);
	return true;
}

static bool same_host(const union any_address *a, const union any_address *b)
{
	if (a->any.sa_family != b->any.sa_family)
		return false;
	if (a->any.sa_family == AF_INET)
		return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
	return memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
}

/* Only the control peer may connect: anybody else could feed us a file. */
static void take_connection(struct ftp *f, struct channel *c)
{
	union any_address from, peer;
	socklen_t len = sizeof from, peer_len = sizeof peer;
	int fd = accept4(c->listener, &from.any, &len, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	char address[80];
	race_show_address(&from.any, len, address);
	if (getpeername(stream_fd(f->stream), &peer.any, &peer_len) != 0 ||
	    !same_host(&from, &peer)) {
		trace_note(stream_trace(f->stream), stream_conn(f->stream), "data",
		    "%s turned away: not the server", address);
		close(fd);
		return;
	}
	c->stream = stream_open(fd, f->settings, NULL);
	stream_set_tally(c->stream, f->data_tally);
	snprintf(c->address, sizeof c->address, "%s", address);
	snprintf(stream_report(c->stream)->peer, 80, "%s", address);
	show(f, c, "accepted");
}

/* Waits a while for either; true when the control connection has something. */
static bool poll_both(struct ftp *f, struct channel *c)
{
	struct pollfd fds[2] = {{c->listener, POLLIN, 0}, {stream_fd(f->stream), POLLIN, 0}};
	/* The connection comes first: its end may be announced already. */
	poll(fds, 2, stream_held(f->stream).len ? 0 : SLICE_MS);
	if (fds[0].revents)
		take_connection(f, c);
	return stream_held(f->stream).len || fds[1].revents;
}

bool channel_accept(struct ftp *f, struct channel *c, bool *marked, struct err *err)
{
	int64_t until = clock_after_ms(f->settings->connect_timeout_ms);
	if (!stream_flush(f->stream))
		return err_pass(err, stream_err(f->stream));
	while (!c->stream) {
		if (net_is_interrupted(f->settings))
			return err_set(err, ERR_INTERRUPT, "interrupted");
		if (clock_passed(until) || clock_passed(f->settings->deadline))
			return err_set(err, ERR_AGAIN,
			    "the server did not connect to %s for the data", c->address);
		if (!poll_both(f, c) || c->stream)
			continue;
		if (!ftp_read(f, err))
			return false;
		if (reply_class(&f->reply) != 1)
			return false;
		*marked = true;
	}
	close(c->listener);
	c->listener = -1;
	return true;
}

/* ---- both ---- */

bool channel_secure(struct ftp *f, struct channel *c, struct err *err)
{
	if (!dial_start_tls_for(f->dialer, c->stream, &f->to, f->tls_key))
		return err_pass(err, stream_err(c->stream));
	const struct stream_report *r = stream_report(c->stream);
	trace_note(stream_trace(f->stream), stream_conn(f->stream), "data", "%s %s %s",
	    c->address, r->tls_version, r->resumed ? "resumed" : "new session");
	return true;
}

static void show_amount(struct ftp *f, const struct channel *c)
{
	bool sent = stream_sent(c->stream) > c->sent;
	uint64_t n =
	    sent ? stream_sent(c->stream) - c->sent : stream_received(c->stream) - c->received;
	struct trace_item items[] = {
	    TRACE_TEXT("from", sent ? "C" : "S"), TRACE_COUNT("bytes", n, "bytes")};
	trace_event(stream_trace(f->stream), stream_conn(f->stream), "data", items, 2);
}

void channel_close(struct ftp *f, struct channel *c)
{
	if (c->stream) {
		bool lingers = stream_report(c->stream)->tls &&
			       stream_sent(c->stream) > c->sent &&
			       !err_is_set(stream_err(c->stream));
		if (f->stream)
			show_amount(f, c);
		/* A server that says no goodbye itself: what counts is its 226. */
		if (lingers)
			dial_end_output(f->dialer, c->stream);
		stream_close(c->stream);
	}
	if (c->listener >= 0)
		close(c->listener);
	*c = CHANNEL_NONE;
}
