/*
 * What the user decided about the network, filled once from the options and
 * const from then on. cli/netopts.c fills it; dial, proxy, tls and stream read it.
 */
#ifndef PARLEY_NET_SETTINGS_H
#define PARLEY_NET_SETTINGS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/list.h"

enum tls_mode { TLS_AUTO, TLS_REQUIRE, TLS_OFF };

struct net_settings {
	int family;                 /* AF_UNSPEC, AF_INET or AF_INET6 */
	int64_t connect_timeout_ms; /* for the whole of dialling: names, TCP, proxy, TLS */
	int64_t idle_timeout_ms;    /* without a byte in either direction */
	int64_t max_time_ms;        /* the whole run, 0 for none */
	int64_t deadline;           /* max_time_ms as a point of clock_now(), 0 for none */
	int64_t limit_rate;         /* bytes per second in each direction, 0 for none */
	char *proxy;                /* --proxy; "" forbids one, NULL asks the environment */
	char *noproxy;              /* --noproxy, NULL asks the environment */
	struct list resolve;        /* HOST:PORT:ADDR[,ADDR] */
	int tls;                    /* enum tls_mode */
	int tls_min; /* 0: TLS 1.2; 1: TLS 1.3 (the order of --tls-min's choices) */
	bool insecure;
	char *cacert, *capath, *cert, *key;
	/* Set by the signal handler; a wait that sees it ends with ERR_INTERRUPT. May be NULL.
	 */
	const volatile sig_atomic_t *interrupted;
	/* The same, set by another thread: what this part of the run is for has been done, or
	 * can't be. */
	const volatile sig_atomic_t *over;
};

/* Every wait asks this. Atomic, for the flags are another's. */
static inline bool net_is_interrupted(const struct net_settings *n)
{
	return (n->interrupted && __atomic_load_n(n->interrupted, __ATOMIC_RELAXED)) ||
	       (n->over && __atomic_load_n(n->over, __ATOMIC_RELAXED));
}

/* True when nothing more may be begun or waited for, with err: ERR_INTERRUPT, or ERR_AGAIN when
 * the time of the whole run is over. */
bool net_must_stop(const struct net_settings *n, struct err *err);

#endif
