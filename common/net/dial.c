/*
 * Dialling: resolve -> race -> proxy -> TLS, each stage timed and shown.
 * Knows no protocol of its own; the proxies' words are in proxy.c.
 */
#include "common/net/dial.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/net/address.h"
#include "common/net/race.h"
#include "common/net/stream_inside.h"
#include "common/net/tls.h"

struct dialer {
	const struct net_settings *settings;
	struct trace *trace;
	const struct tls_module *tls; /* NULL until TLS is first wanted */
	struct tls_context *tls_context;
	pthread_mutex_t lock; /* over these two: workers share a dialer */
};

struct dialer *dialer_open(const struct net_settings *settings, struct trace *trace)
{
	struct dialer *d = mem_alloc(sizeof *d);
	d->settings = settings;
	d->trace = trace;
	pthread_mutex_init(&d->lock, NULL);
	return d;
}

void dialer_close(struct dialer *d)
{
	if (!d)
		return;
	if (d->tls)
		d->tls->context_close(d->tls_context);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

const char *dial_tls_version(struct err *err)
{
	const struct tls_module *tls = module_table("tls", err);
	return tls ? tls->version() : NULL;
}

bool dial_route(
    struct dialer *d, const struct endpoint *to, struct route *route, struct err *err)
{
	return proxy_route(d->settings, to->scheme, to->host, route, err);
}

/* ---- TCP ---- */

struct hop {
	const char *host; /* whom to connect to: the endpoint or its proxy */
	uint16_t port;
	int64_t deadline;
};

static struct stream *connect_hop(struct dialer *d, const struct hop *hop, struct err *err)
{
	char name[300], peer[80];
	snprintf(name, sizeof name, strchr(hop->host, ':') ? "[%s]:%u" : "%s:%u", hop->host,
	    hop->port);
	struct race race = {d->settings, hop->deadline, name};
	int64_t start = clock_now();
	struct addrinfo *addresses =
	    address_find(d->settings, hop->host, hop->port, hop->deadline, err);
	if (!addresses)
		return NULL;
	int64_t resolved = clock_now();
	int fd = race_connect(&race, addresses, peer, err);
	freeaddrinfo(addresses);
	if (fd < 0)
		return NULL;
	struct stream *s = stream_open(fd, d->settings, d->trace);
	struct stream_report *report = stream_report(s);
	snprintf(report->peer, sizeof report->peer, "%s", peer);
	report->dns_ms = clock_ms_between(start, resolved);
	report->tcp_ms = clock_ms_between(resolved, clock_now());
	report->turns = 1;
	struct trace_item items[] = {TRACE_TEXT("address", peer),
	    TRACE_MS("ms", report->tcp_ms), TRACE_MS_ASIDE("dns", report->dns_ms)};
	trace_event(d->trace, stream_conn(s), "connect", items, 3);
	return s;
}

/* ---- TLS ---- */

static bool load_tls(struct dialer *d, struct err *err)
{
	pthread_mutex_lock(&d->lock);
	if (!d->tls)
		d->tls = module_table("tls", err);
	if (d->tls && !d->tls_context)
		d->tls_context = d->tls->context_open(d->settings, err);
	bool ok = d->tls && d->tls_context;
	pthread_mutex_unlock(&d->lock);
	return ok;
}

static bool shake_hands(struct dialer *d, struct stream *s, void *carrier)
{
	for (;;) {
		int step = d->tls->handshake(carrier, &s->err);
		if (step == 1)
			return true;
		if (step == CARRIER_FAILED)
			return false;
		short ready;
		struct stream_wait wait = {step == CARRIER_WANT_READ ? POLLIN : POLLOUT, -1, 0};
		if (!stream_wait_for(s, &wait, &ready))
			return false;
	}
}

/* On the stream's own trace: one that is not shown (FTP's data) stays silent here too. */
static void show_tls(struct dialer *d, const struct stream *s)
{
	const struct stream_report *r = &s->report;
	char subject[sizeof r->tls_subject + 4];
	snprintf(subject, sizeof subject, "CN=%s", r->tls_subject);
	struct trace_item items[] = {
	    TRACE_TEXT("version", r->tls_version),
	    TRACE_TEXT("cipher", r->tls_cipher),
	    TRACE_TEXT("subject", subject),
	    TRACE_TEXT("verified", d->settings->insecure ? "unverified" : "verified"),
	    TRACE_MS("ms", r->tls_ms),
	    TRACE_TEXT("session", "resumed"),
	};
	trace_event(s->trace, s->conn, "tls", items, r->resumed ? 6 : 5);
}

bool dial_start_tls(struct dialer *d, struct stream *s, const struct endpoint *to)
{
	char key[300];
	snprintf(key, sizeof key, "%s:%u", to->host, to->port);
	return dial_start_tls_for(d, s, to, key);
}

bool dial_start_tls_for(
    struct dialer *d, struct stream *s, const struct endpoint *to, const char *session)
{
	struct tls_peer peer = {to->host, session, to->alpn};
	int64_t start = clock_now();
	if (!stream_flush(s) || !load_tls(d, &s->err))
		return err_pass(&s->err, &s->write_err);
	void *carrier = d->tls->carrier_open(d->tls_context, s->fd, &peer, &s->err);
	if (!carrier || !stream_set_carrier(s, d->tls->ops, carrier))
		return false;
	if (!shake_hands(d, s, carrier))
		return false;
	int before = s->report.turns;
	d->tls->describe(carrier, &s->report);
	s->report.tls_turns = s->report.turns - before;
	s->mark = clock_now();
	s->report.tls_ms = clock_ms_between(start, s->mark);
	/* Before TLS 1.3 the server ends the handshake, and may speak at once. */
	s->awaiting = s->awaiting && strcmp(s->report.tls_version, "TLSv1.3") == 0;
	show_tls(d, s);
	return true;
}

bool dial_end_output(struct dialer *d, struct stream *s)
{
	if (!stream_flush(s))
		return err_pass(&s->err, &s->write_err);
	if (d->tls && s->ops == d->tls->ops)
		d->tls->finish(s->carrier);
	shutdown(s->fd, SHUT_WR);
	while (stream_fill(s))
		stream_take(s, stream_held(s).len);
	return !err_is_set(&s->err);
}

bool dial_channel_binding(struct dialer *d, struct stream *s, unsigned char out[32])
{
	return d->tls && s->ops == d->tls->ops && d->tls->export_binding(s->carrier, out, 32);
}

/* ---- the way through ---- */

static bool pass_proxy(struct stream *s, const struct route *route, const struct endpoint *to)
{
	bool forwards =
	    route->kind == ROUTE_HTTP && !to->tls && strcmp(to->scheme, "http") == 0;
	if (route->kind == ROUTE_DIRECT || forwards)
		return true;
	int64_t start = clock_now();
	bool ok = proxy_connect(s, route, to->host, to->port);
	stream_report(s)->proxy_ms = clock_ms_between(start, clock_now());
	return ok;
}

/* Whom the error is about, when that is not whom the user named. */
static void blame_proxy(struct err *err, const struct err *why)
{
	err_set(err, why->kind, "the proxy: %.490s", why->text);
	err->code = why->code;
}

static struct stream *dial_by(
    struct dialer *d, const struct endpoint *to, const struct route *route, struct err *err)
{
	bool direct = route->kind == ROUTE_DIRECT;
	/* Whoever is asked now was given no time: nothing may be said against him. */
	if (net_must_stop(d->settings, err))
		return NULL;
	struct hop hop = {direct ? to->host : route->host, direct ? to->port : route->port,
	    clock_earlier(
		clock_after_ms(d->settings->connect_timeout_ms), d->settings->deadline)};
	struct err why = {0};
	struct stream *s = connect_hop(d, &hop, &why);
	if (!s) {
		if (direct || why.kind == ERR_INTERRUPT)
			err_pass(err, &why);
		else
			blame_proxy(err, &why);
		return NULL;
	}
	stream_set_deadline(s, hop.deadline);
	if (pass_proxy(s, route, to) && (!to->tls || dial_start_tls(d, s, to))) {
		stream_set_deadline(s, 0);
		return s;
	}
	err_pass(err, stream_err(s));
	stream_close(s);
	return NULL;
}

struct stream *dial(struct dialer *d, const struct endpoint *to, struct err *err)
{
	struct route route;
	struct stream *s = NULL;
	if (dial_route(d, to, &route, err))
		s = dial_by(d, to, &route, err);
	mem_wipe(&route, sizeof route);
	return s;
}
