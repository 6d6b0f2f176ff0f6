/*
 * What conversations cost: phases, turns, waiting, bytes, summed over the
 * connections of a run. A stream that has a tally adds its figures when it closes.
 * Knows no protocol, shows nothing.
 */
#ifndef PARLEY_NET_TALLY_H
#define PARLEY_NET_TALLY_H

#include <pthread.h>
#include <stdint.h>

struct stream;

/* All times are milliseconds and sums over the connections. */
struct tally {
	unsigned connections, encrypted;
	double dns_ms, tcp_ms, proxy_ms, tls_ms;
	double waited_ms; /* for answers: from the last byte sent to the first of the answer */
	double moved_ms;  /* from an answer's first byte to its last, and sending */
	double lived_ms;  /* from the name's lookup to the closing */
	int setup_turns;  /* round trips of the handshakes: TCP, proxy, TLS */
	int tls_turns;    /* TLS's share of them */
	int turns;        /* round trips of the dialogue */
	uint64_t received, sent; /* bytes, inside TLS */
	uint32_t rtt_us; /* the kernel's measurement, of the last connection; 0 unknown */
	char tls_version[16];
	char peer[80];        /* the last one's address and port */
	pthread_mutex_t lock; /* sessions of several threads share one */
};

#define TALLY_NONE                                                                             \
	{                                                                                      \
		.lock = PTHREAD_MUTEX_INITIALIZER                                              \
	}

/* Adds a stream's figures as they are now. */
void tally_add(struct tally *sum, const struct stream *s);
/* Adds another tally's; nobody else may use that meanwhile. */
void tally_sum(struct tally *sum, const struct tally *from);

#endif
