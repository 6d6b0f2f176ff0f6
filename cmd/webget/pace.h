/*
 * --wait: a pause between any two requests of a run, whichever thread makes them.
 */
#ifndef PARLEY_WEBGET_PACE_H
#define PARLEY_WEBGET_PACE_H

#include <pthread.h>
#include <stdint.h>

#include "common/net/settings.h"

struct pace {
	pthread_mutex_t lock;
	int64_t next; /* the next request may go then */
};

/* Waits for its turn, ms behind the one before; returns early at an interrupt. */
void pace_wait(struct pace *p, int64_t ms, const struct net_settings *net);

#endif
