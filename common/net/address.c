/*
 * Names to addresses. getaddrinfo is the only resolver; an address written as
 * one costs no file and no question.
 */
#include "common/net/address.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/text/number.h"

#define WAIT_SLICE_MS 1000

struct lookup {
	const struct net_settings *settings;
	const char *host;
	char port[8];
};

static int ask(const struct lookup *l, const char *name, int flags, struct addrinfo **out)
{
	struct addrinfo hints = {.ai_family = l->settings->family,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = flags | AI_NUMERICSERV};
	return getaddrinfo(name, l->port, &hints, out);
}

static void append(struct addrinfo **list, struct addrinfo *more)
{
	while (*list)
		list = &(*list)->ai_next;
	*list = more;
}

/* "HOST:PORT:ADDR[,ADDR]"; IPv6 addresses with or without brackets. */
static bool entry_matches(const struct lookup *l, struct str entry, struct str *addresses)
{
	struct str host, port;
	if (!str_cut(&entry, ':', &host) || !str_cut(&entry, ':', &port))
		return false;
	*addresses = entry;
	return (str_is_nocase(host, l->host) || str_is(host, "*")) && str_is(port, l->port);
}

bool address_check(const struct net_settings *settings, struct err *err)
{
	for (size_t i = 0; i < settings->resolve.count; i++) {
		const char *entry = settings->resolve.items[i].text;
		struct str rest = str_of(entry), host, port;
		uint64_t number = 0;
		bool good = str_cut(&rest, ':', &host) && host.len &&
			    str_cut(&rest, ':', &port) && rest.len &&
			    number_parse_max(port, UINT16_MAX, &number);
		if (!good)
			return err_set(
			    err, ERR_USAGE, "--resolve: %.200s is not HOST:PORT:ADDR", entry);
	}
	return true;
}

static bool add_fixed(
    const struct lookup *l, struct str addresses, struct addrinfo **list, struct err *err)
{
	struct str one;
	while (str_cut(&addresses, ',', &one)) {
		if (one.len > 2 && one.ptr[0] == '[' && one.ptr[one.len - 1] == ']')
			one = str_sub(one, 1, one.len - 2);
		char *text = str_dup(one);
		struct addrinfo *found = NULL;
		int bad = ask(l, text, AI_NUMERICHOST, &found);
		if (bad)
			err_set(err, ERR_USAGE,
			    "--resolve: %s is not an address (of that family)", text);
		free(text);
		if (bad)
			return false;
		append(list, found);
	}
	return *list || err_set(err, ERR_USAGE, "--resolve: no address for %s", l->host);
}

static struct addrinfo *resolve_fixed(const struct lookup *l, bool *hit, struct err *err)
{
	struct addrinfo *list = NULL;
	for (size_t i = l->settings->resolve.count; i-- > 0 && !*hit;) {
		struct str addresses;
		if (!entry_matches(l, str_of(l->settings->resolve.items[i].text), &addresses))
			continue;
		*hit = true;
		if (!add_fixed(l, addresses, &list, err) && list) {
			freeaddrinfo(list);
			list = NULL;
		}
	}
	return list;
}

static void explain(const struct lookup *l, int bad, struct err *err)
{
	const char *family = l->settings->family == AF_INET    ? " (IPv4 only)"
			     : l->settings->family == AF_INET6 ? " (IPv6 only)"
							       : "";
	if (bad == EAI_AGAIN)
		err_set(
		    err, ERR_AGAIN, "cannot look up %s now: no name server answered", l->host);
	else if (bad == EAI_SYSTEM)
		err_set_errno(err, ERR_AGAIN, "cannot look up %s", l->host);
	else
		err_set(err, ERR_HOST, "no such host: %s%s", l->host, family);
}

/* ---- the resolver, in a thread: it knows no deadline of ours ---- */

struct question {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	struct lookup lookup;
	char *host;
	struct addrinfo *found;
	int bad;
	bool done, abandoned;
};

static void free_question(struct question *q)
{
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->answered);
	free(q->host);
	free(q);
}

static void *answer(void *arg)
{
	struct question *q = arg;
	struct addrinfo *found = NULL;
	int bad = ask(&q->lookup, q->host, 0, &found);
	pthread_mutex_lock(&q->lock);
	q->found = found;
	q->bad = bad;
	q->done = true;
	bool abandoned = q->abandoned;
	pthread_cond_signal(&q->answered);
	pthread_mutex_unlock(&q->lock);
	if (abandoned) {
		if (found)
			freeaddrinfo(found);
		free_question(q);
	}
	return NULL;
}

/* True when the answer is there; with the lock held. */
static bool wait_for_answer(struct question *q, int64_t deadline)
{
	while (!q->done && !clock_passed(deadline) && !net_is_interrupted(q->lookup.settings)) {
		int64_t until = clock_earlier(clock_after_ms(WAIT_SLICE_MS), deadline);
		struct timespec at = {until / CLOCK_SECOND, until % CLOCK_SECOND};
		pthread_cond_timedwait(&q->answered, &q->lock, &at);
	}
	return q->done;
}

static struct question *ask_in_thread(const struct lookup *l)
{
	struct question *q = mem_alloc(sizeof *q);
	pthread_condattr_t monotonic;
	pthread_t thread;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->answered, &monotonic);
	pthread_condattr_destroy(&monotonic);
	q->lookup = *l;
	q->host = mem_dup(l->host);
	if (pthread_create(&thread, NULL, answer, q) == 0)
		pthread_detach(thread);
	else
		answer(q);
	return q;
}

static struct addrinfo *resolve(const struct lookup *l, int64_t deadline, struct err *err)
{
	struct question *q = ask_in_thread(l);
	pthread_mutex_lock(&q->lock);
	bool done = wait_for_answer(q, deadline);
	q->abandoned = !done;
	pthread_mutex_unlock(&q->lock);
	if (!done) {
		if (net_is_interrupted(l->settings))
			err_set(err, ERR_INTERRUPT, "interrupted");
		else
			err_set(err, ERR_AGAIN, "no name server told the address of %s in time",
			    l->host);
		return NULL;
	}
	struct addrinfo *found = q->found;
	if (q->bad)
		explain(l, q->bad, err);
	free_question(q);
	return found;
}

struct addrinfo *address_find(const struct net_settings *settings, const char *host,
    uint16_t port, int64_t deadline, struct err *err)
{
	struct lookup l = {settings, host, ""};
	struct addrinfo *found = NULL;
	bool fixed = false;
	snprintf(l.port, sizeof l.port, "%u", port);
	found = resolve_fixed(&l, &fixed, err);
	if (fixed)
		return found;
	if (ask(&l, host, AI_NUMERICHOST, &found) == 0)
		return found;
	return resolve(&l, deadline, err);
}

bool address_is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return str_is_nocase(str_of(host), "localhost") ||
	       str_ends_nocase(str_of(host), ".localhost");
}
