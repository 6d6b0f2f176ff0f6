/*
 * Names to addresses without a network: --resolve, addresses as they are
 * written, names that can't exist, a resolver that has no time.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/net/address.h"
#include "common/net/race.h"
#include "tests/unit/unit.h"

/* All addresses found, with a space between, or "!kind text". */
static char *find_all(const struct net_settings *s, const char *host, int64_t deadline)
{
	struct err err = {0};
	struct addrinfo *found = address_find(s, host, 80, deadline, &err);
	struct buf out = BUF_INIT(4096);
	if (!found)
		buf_addf(&out, "!%d %s", (int)err.kind, err.text);
	for (struct addrinfo *a = found; a; a = a->ai_next) {
		char text[80];
		race_show_address(a->ai_addr, a->ai_addrlen, text);
		buf_addf(&out, "%s%s", a == found ? "" : " ", text);
	}
	if (found)
		freeaddrinfo(found);
	return buf_steal(&out);
}

static void finds(
    struct unit *t, const struct net_settings *s, const char *host, const char *want)
{
	char *got = find_all(s, host, 0);
	CHECK_STR(got, want);
	free(got);
}

static void written(struct unit *t)
{
	struct net_settings s = {0};
	finds(t, &s, "192.0.2.1", "192.0.2.1:80");
	finds(t, &s, "2001:db8::1", "[2001:db8::1]:80");
	s.family = AF_INET;
	finds(t, &s, "192.0.2.1", "192.0.2.1:80");
	char *got = find_all(&s, "::1", 0);
	CHECK(str_starts(str_of(got), "!68 no such host: ::1 (IPv4 only)"));
	free(got);
	s.family = AF_INET6;
	finds(t, &s, "::1", "[::1]:80");
}

static void fixed(struct unit *t)
{
	struct net_settings s = {0};
	list_add(&s.resolve, "resolve", "h.invalid:80:192.0.2.1,[2001:db8::2],2001:db8::3");
	list_add(&s.resolve, "resolve", "h.invalid:81:192.0.2.9");
	list_add(&s.resolve, "resolve", "*:80:192.0.2.8");
	list_add(&s.resolve, "resolve", "two.invalid:80:192.0.2.4");
	list_add(&s.resolve, "resolve", "TWO.invalid:80:192.0.2.5");
	list_add(&s.resolve, "resolve", "192.0.2.77:80:192.0.2.78");
	/* The last that matches counts, and so "*" only covers what stands before it. */
	finds(t, &s, "h.invalid", "192.0.2.8:80");
	finds(t, &s, "any.invalid", "192.0.2.8:80");
	finds(t, &s, "two.invalid", "192.0.2.5:80");
	finds(t, &s, "192.0.2.77", "192.0.2.78:80");
	list_free(&s.resolve);
	list_add(&s.resolve, "resolve", "H.invalid:80:192.0.2.1,[2001:db8::2],2001:db8::3");
	list_add(&s.resolve, "resolve", "h.invalid:81:192.0.2.9");
	finds(t, &s, "h.INVALID", "192.0.2.1:80 [2001:db8::2]:80 [2001:db8::3]:80");
	list_free(&s.resolve);
}

static void malformed(struct unit *t)
{
	static const char *const entries[] = {"h.invalid:80:", "h.invalid:80:name",
	    "h.invalid:80:192.0.2.1,", /* fine */
	    "h.invalid:80:192.0.2.1,x", "h.invalid:80:[192.0.2.1", "h.invalid:80:999.1.1.1"};
	for (size_t i = 0; i < COUNT(entries); i++) {
		struct net_settings s = {0};
		list_add(&s.resolve, "resolve", entries[i]);
		char *got = find_all(&s, "h.invalid", 0);
		CHECK(str_starts(str_of(got), i == 2 ? "192.0.2.1:80" : "!64 --resolve: "));
		free(got);
		list_free(&s.resolve);
	}
	struct net_settings v4 = {.family = AF_INET};
	list_add(&v4.resolve, "resolve", "h.invalid:80:::1");
	finds(t, &v4, "h.invalid", "!64 --resolve: ::1 is not an address (of that family)");
	list_free(&v4.resolve);
}

/* Whether the resolver answers or can't be reached, there is no such name. */
static void unknown(struct unit *t)
{
	struct net_settings s = {0};
	int64_t start = clock_now();
	char *got = find_all(&s, "no-such-name.invalid", clock_after_ms(1500));
	CHECK(str_starts(str_of(got), "!68 no such host: no-such-name.invalid") ||
	      str_starts(str_of(got), "!75 "));
	CHECK(clock_ms_between(start, clock_now()) < 10000);
	free(got);
}

/* An answer that is there already counts, and now and then a resolver without a network is
 * quicker than the look at the clock: one time of many it is not. */
static void gives_up(struct unit *t, const struct net_settings *s, const char *want)
{
	char *got = find_all(s, "no-such-name.invalid", clock_now());
	for (int i = 0; i < 50 && strcmp(got, want) != 0; i++) {
		free(got);
		got = find_all(s, "no-such-name.invalid", clock_now());
	}
	CHECK_STR(got, want);
	free(got);
}

static void no_time(struct unit *t)
{
	volatile sig_atomic_t flag = 1;
	struct net_settings s = {0};
	gives_up(t, &s, "!75 no name server told the address of no-such-name.invalid in time");
	s.interrupted = &flag;
	gives_up(t, &s, "!130 interrupted");
}

static void loopback(struct unit *t)
{
	static const char *const yes[] = {
	    "127.0.0.1", "127.255.0.9", "::1", "localhost", "LOCALHOST", "a.localhost"};
	static const char *const no[] = {"128.0.0.1", "127.0.0.1.example", "127.evil", "::2",
	    "0.0.0.0", "localhost.example", "notlocalhost", "", "::ffff:192.0.2.1"};
	for (size_t i = 0; i < COUNT(yes); i++)
		if (!CHECK(address_is_loopback(yes[i])))
			CHECK_STR(yes[i], "loopback");
	for (size_t i = 0; i < COUNT(no); i++)
		if (!CHECK(!address_is_loopback(no[i])))
			CHECK_STR(no[i], "not loopback");
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"addresses as they are written", written},
	    {"--resolve", fixed},
	    {"--resolve, malformed", malformed},
	    {"a name that does not exist", unknown},
	    {"no time left, and an interrupt", no_time},
	    {"loopback", loopback},
	};
	return unit_run(tests, COUNT(tests));
}
