/*
 * Hosts that want TLS and nothing else (RFC 6797), from --hsts FILE, in curl's
 * format: what they say over verified TLS is kept, and http:// URLs of theirs become https://
 * before anything is sent. Threads share it; it has its own lock.
 */
#ifndef PARLEY_WEBGET_HSTS_H
#define PARLEY_WEBGET_HSTS_H

#include <pthread.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/net/trace.h"
#include "common/text/field.h"
#include "common/text/url.h"

struct hsts_host {
	char *name;      /* lower case, no dot at its end */
	int64_t expires; /* seconds since 1970; INT64_MAX: never */
	bool subdomains;
};

struct hsts {
	pthread_mutex_t lock;
	struct hsts_host *items;
	size_t count, cap;
	const char *file; /* borrowed; NULL: not in use, "": kept for this run only */
	bool changed;
	bool unverified; /* --insecure: nothing is learnt */
};

/* A missing file is an empty one; lines that are no entries are skipped. ERR_CONFIG. */
bool hsts_open(struct hsts *h, const char *file, bool unverified, struct err *err);
/* Writes the file, whole or not at all, if anything changed, and frees all. */
bool hsts_close(struct hsts *h, struct err *err);
/* Makes an http URL of a known host https (8.3); an event says so. */
void hsts_upgrade(struct hsts *h, struct url *url, struct trace *trace);
/* 8.1: takes what the answer from url says. */
void hsts_take(
    struct hsts *h, const struct url *url, const struct fields *fields, struct trace *trace);

/* Pure, for tests: the value of Strict-Transport-Security (6.1). False if it is none. */
bool hsts_parse(struct str value, int64_t *max_age, bool *subdomains);
/* Adds what a file holds, and writes it. */
void hsts_load(struct hsts *h, struct str text);
void hsts_put(const struct hsts *h, struct buf *out);

#endif
