/*
 * The sums of what connections cost.
 */
#include "common/net/tally.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/compat.h"
#include "common/net/stream_inside.h"

/* What one stream has to tell. */
static struct tally of_stream(const struct stream *s)
{
	const struct stream_report *r = &s->report;
	struct tally t = {
	    .connections = 1,
	    .encrypted = r->tls,
	    .dns_ms = r->dns_ms,
	    .tcp_ms = r->tcp_ms,
	    .proxy_ms = r->proxy_ms,
	    .tls_ms = r->tls_ms,
	    .waited_ms = (double)s->waited / CLOCK_MS,
	    .moved_ms = (double)s->moved / CLOCK_MS,
	    .lived_ms = r->dns_ms + r->tcp_ms + clock_ms_between(s->opened, clock_now()),
	    .setup_turns = r->turns,
	    .tls_turns = r->tls_turns,
	    .turns = s->turns,
	    .received = s->received,
	    .sent = s->sent,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .rtt_us = compat_tcp_rtt_us(s->fd),
	};
	memcpy(t.tls_version, r->tls_version, sizeof t.tls_version);
	memcpy(t.peer, r->peer, sizeof t.peer);
	return t;
}

void tally_sum(struct tally *sum, const struct tally *from)
{
	pthread_mutex_lock(&sum->lock);
	sum->connections += from->connections;
	sum->encrypted += from->encrypted;
	sum->dns_ms += from->dns_ms;
	sum->tcp_ms += from->tcp_ms;
	sum->proxy_ms += from->proxy_ms;
	sum->tls_ms += from->tls_ms;
	sum->waited_ms += from->waited_ms;
	sum->moved_ms += from->moved_ms;
	sum->lived_ms += from->lived_ms;
	sum->setup_turns += from->setup_turns;
	sum->tls_turns += from->tls_turns;
	sum->turns += from->turns;
	sum->received += from->received;
	sum->sent += from->sent;
	if (from->rtt_us)
		sum->rtt_us = from->rtt_us;
	if (from->encrypted)
		memcpy(sum->tls_version, from->tls_version, sizeof sum->tls_version);
	if (from->connections)
		memcpy(sum->peer, from->peer, sizeof sum->peer);
	pthread_mutex_unlock(&sum->lock);
}

void tally_add(struct tally *sum, const struct stream *s)
{
	struct tally one = of_stream(s);
	tally_sum(sum, &one);
}
