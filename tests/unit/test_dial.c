/*
 * Dialling over loopback: the race of addresses, its deadline and its errors,
 * and the way through a proxy.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/dial.h"
#include "common/net/race.h"
#include "tests/unit/talk.h"

/* A listener on an IPv4 loopback address; *port is asked for (0: any) and told. */
static int listen_on(const char *address, uint16_t *port, int backlog)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(*port)};
	socklen_t len = sizeof in;
	inet_pton(AF_INET, address, &in.sin_addr);
	if (bind(fd, (struct sockaddr *)&in, len) != 0 || listen(fd, backlog) != 0)
		abort();
	getsockname(fd, (struct sockaddr *)&in, &len);
	*port = ntohs(in.sin_port);
	return fd;
}

/* A port at which nobody listens: it was free a moment ago. */
static uint16_t closed_port(void)
{
	uint16_t port = 0;
	close(listen_on("127.0.0.1", &port, 1));
	return port;
}

/* An address whose SYNs nobody answers: its queue of connections is full. */
struct mute {
	int fds[9];
};

static struct mute mute_at(const char *address, uint16_t port)
{
	struct mute m;
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
	inet_pton(AF_INET, address, &in.sin_addr);
	m.fds[0] = listen_on(address, &port, 0);
	for (size_t i = 1; i < COUNT(m.fds); i++) {
		m.fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		connect(m.fds[i], (struct sockaddr *)&in, sizeof in);
	}
	clock_sleep_until(clock_now() + 20 * CLOCK_MS);
	return m;
}

static void unmute(struct mute *m)
{
	for (size_t i = 0; i < COUNT(m->fds); i++)
		close(m->fds[i]);
}

struct call {
	struct net_settings settings;
	struct dialer *dialer;
	struct stream *stream;
	struct err err;
	double ms;
};

/* Calls h.invalid:port, which --resolve knows as these addresses. */
static struct call call(const char *addresses, uint16_t port, int64_t timeout_ms)
{
	static char no_proxy[] = "";
	struct call c = {.settings = {.proxy = no_proxy, .connect_timeout_ms = timeout_ms}};
	char *entry = mem_printf("h.invalid:%u:%s", port, addresses);
	list_add(&c.settings.resolve, "resolve", entry);
	free(entry);
	struct endpoint to = {"h.invalid", port, false, NULL, "http"};
	c.dialer = dialer_open(&c.settings, NULL);
	int64_t start = clock_now();
	c.stream = dial(c.dialer, &to, &c.err);
	c.ms = clock_ms_between(start, clock_now());
	return c;
}

static void hang_up(struct call *c)
{
	stream_close(c->stream);
	dialer_close(c->dialer);
	list_free(&c->settings.resolve);
}

/* A call that took less than so many ms; the last of many if none did, for one alone may be
 * slow because the machine is busy. */
static struct call quickest(const char *addresses, uint16_t port, double ms)
{
	struct call c = call(addresses, port, 5000);
	for (int i = 0; i < 30 && c.ms >= ms; i++) {
		hang_up(&c);
		c = call(addresses, port, 5000);
	}
	return c;
}

/* The peer of a call that stands, as text; the error otherwise. */
static const char *whom(const struct call *c)
{
	return c->stream ? stream_report(c->stream)->peer : c->err.text;
}

static void stands(struct unit *t)
{
	uint16_t port = 0;
	int fd = listen_on("127.0.0.1", &port, 5);
	char want[80];
	struct call c = call("127.0.0.1", port, 5000);
	snprintf(want, sizeof want, "127.0.0.1:%u", port);
	CHECK_STR(whom(&c), want);
	if (c.stream) {
		int on = 0;
		socklen_t len = sizeof on;
		CHECK(
		    getsockopt(stream_fd(c.stream), IPPROTO_TCP, TCP_NODELAY, &on, &len) == 0 &&
		    on);
		CHECK(fcntl(stream_fd(c.stream), F_GETFL) & O_NONBLOCK);
		CHECK(fcntl(stream_fd(c.stream), F_GETFD) & FD_CLOEXEC);
		CHECK_INT(stream_report(c.stream)->turns, 1);
		CHECK(!stream_report(c.stream)->tls);
	}
	hang_up(&c);
	close(fd);
}

static void refused(struct unit *t)
{
	uint16_t port = closed_port();
	char want[200];
	struct call c = call("127.0.0.1", port, 60000);
	snprintf(want, sizeof want,
	    "cannot connect to h.invalid:%u (127.0.0.1:%u: Connection refused)", port, port);
	CHECK_STR(whom(&c), want);
	CHECK(c.err.kind == ERR_AGAIN && c.ms < 30000);
	hang_up(&c);
}

/* All addresses are named, families in turn, whatever ailed each of them. */
static void all_refused(struct unit *t)
{
	uint16_t port = closed_port();
	struct call c = quickest("127.0.0.1,127.0.0.2,::1", port, 200);
	char first[40], second[40], third[40];
	snprintf(first, sizeof first, "(127.0.0.1:%u: ", port);
	snprintf(second, sizeof second, "; [::1]:%u: ", port);
	snprintf(third, sizeof third, "; 127.0.0.2:%u: ", port);
	const char *a = strstr(c.err.text, first), *b = strstr(c.err.text, second);
	CHECK(a && b && a < b && strstr(b, third));
	CHECK(c.err.kind == ERR_AGAIN && c.ms < 200);
	hang_up(&c);
}

/* The next address is tried at once when the one before is refused. */
static void second_works(struct unit *t)
{
	uint16_t port = 0;
	int fd = listen_on("127.0.0.1", &port, 5);
	char want[80];
	struct call c = quickest("::1,127.0.0.1", port, 200);
	snprintf(want, sizeof want, "127.0.0.1:%u", port);
	CHECK_STR(whom(&c), want);
	CHECK(c.ms < 200);
	hang_up(&c);
	close(fd);
}

/* RFC 8305: one that does not answer delays the next by 250 ms, no more. */
static void stagger(struct unit *t)
{
	uint16_t port = 0;
	int fd = listen_on("127.0.0.1", &port, 5);
	struct mute m = mute_at("127.0.0.3", port);
	char want[80];
	struct call c = quickest("127.0.0.3,127.0.0.1", port, 400);
	snprintf(want, sizeof want, "127.0.0.1:%u", port);
	CHECK_STR(whom(&c), want);
	CHECK(c.ms >= 249 && c.ms < 400);
	hang_up(&c);
	unmute(&m);
	close(fd);
}

static void no_answer(struct unit *t)
{
	uint16_t port = closed_port();
	struct mute m = mute_at("127.0.0.4", port);
	char want[200];
	struct call c = call("127.0.0.4,127.0.0.1", port, 400);
	snprintf(want, sizeof want,
	    "cannot connect to h.invalid:%u (127.0.0.4:%u: no answer in time; "
	    "127.0.0.1:%u: Connection refused)",
	    port, port, port);
	CHECK_STR(whom(&c), want);
	CHECK(c.err.kind == ERR_AGAIN && c.ms >= 399);
	hang_up(&c);
	unmute(&m);
}

static void interrupted(struct unit *t)
{
	static char no_proxy[] = "";
	volatile sig_atomic_t flag = 1;
	struct net_settings s = {
	    .proxy = no_proxy, .connect_timeout_ms = 5000, .interrupted = &flag};
	struct endpoint to = {"127.0.0.1", closed_port(), false, NULL, "http"};
	struct err err = {0};
	struct dialer *d = dialer_open(&s, NULL);
	CHECK(!dial(d, &to, &err) && err.kind == ERR_INTERRUPT);
	dialer_close(d);
}

/* When --max-time is over nothing is begun any more, and that is what is said: no connection
 * failed, no name server was slow, and no proxy is to blame. */
static void too_late(struct unit *t)
{
	char none[] = "", by_proxy[] = "http://127.0.0.1:1";
	const struct {
		const char *host;
		char *proxy;
	} cases[] = {{"127.0.0.1", none}, {"::1", none}, {"localhost", none},
	    {"127.0.0.1", by_proxy}, {"localhost", by_proxy}};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct net_settings s = {.proxy = cases[i].proxy,
		    .noproxy = none,
		    .connect_timeout_ms = 5000,
		    .max_time_ms = 1500,
		    .deadline = clock_now() - CLOCK_MS};
		struct endpoint to = {cases[i].host, 1, false, NULL, "smtp"};
		struct err err = {0};
		struct dialer *d = dialer_open(&s, NULL);
		CHECK(!dial(d, &to, &err));
		CHECK_INT(err.kind, ERR_AGAIN);
		CHECK_STR(err.text, "not done after --max-time 1.5 s");
		dialer_close(d);
	}
}

/* A race that may not begin has no runner to speak of. */
static void no_time_left(struct unit *t)
{
	char peer[80];
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct addrinfo address = {
	    .ai_family = AF_INET, .ai_addr = (struct sockaddr *)&in, .ai_addrlen = sizeof in};
	struct net_settings s = {0};
	struct race race = {&s, clock_now() - CLOCK_MS, "h.invalid:1"};
	struct err err = {0};
	CHECK_INT(race_connect(&race, &address, peer, &err), -1);
	CHECK_INT(err.kind, ERR_AGAIN);
	CHECK_STR(err.text, "cannot connect to h.invalid:1 (no time was left to try)");
}

/* ---- through a proxy ---- */

struct office {
	int listener;
	const char *says;
	char heard[256];
};

static void *serve(void *arg)
{
	struct office *o = arg;
	int fd = accept(o->listener, NULL, NULL);
	size_t len = 0;
	while (len + 1 < sizeof o->heard && !strstr(o->heard, "\r\n\r\n")) {
		ssize_t n = read(fd, o->heard + len, sizeof o->heard - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	talk_say(fd, o->says, strlen(o->says));
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* Dials scheme://h.invalid:25 through an HTTP proxy that says this. */
static void through(struct unit *t, const char *scheme, const char *says, enum err_kind kind)
{
	uint16_t port = 0;
	struct office o = {listen_on("127.0.0.1", &port, 5), says, ""};
	char *proxy = mem_printf("http://127.0.0.1:%u", port);
	char none[] = "";
	struct net_settings s = {.proxy = proxy, .noproxy = none, .connect_timeout_ms = 5000};
	struct endpoint to = {"h.invalid", 25, false, NULL, scheme};
	struct dialer *d = dialer_open(&s, NULL);
	struct err err = {0};
	struct str line;
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, serve, &o) == 0);
	struct stream *stream = dial(d, &to, &err);
	CHECK_INT(err.kind, kind);
	CHECK(!stream == (kind != ERR_NONE));
	if (stream && strcmp(scheme, "http") == 0)
		stream_put_text(stream, "GET http://h.invalid:25/ HTTP/1.1\r\n\r\n");
	CHECK(!stream || (stream_line(stream, &line) && str_is(line, "220 here")));
	stream_close(stream);
	pthread_join(thread, NULL);
	CHECK(str_starts(str_of(o.heard),
	    strcmp(scheme, "http") ? "CONNECT h.invalid:25 " : "GET http://h.inv"));
	dialer_close(d);
	close(o.listener);
	free(proxy);
}

static void proxies(struct unit *t)
{
	through(t, "smtp", "HTTP/1.1 200 OK\r\n\r\n220 here\r\n", ERR_NONE);
	through(t, "smtp", "HTTP/1.1 407 Who\r\n\r\n", ERR_AUTH);
	through(t, "smtp", "HTTP/1.1 503 Not now\r\n\r\n", ERR_AGAIN);
	through(t, "smtp", "", ERR_AGAIN);
	/* http itself needs no tunnel. */
	through(t, "http", "220 here\r\n", ERR_NONE);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"a connection that stands", stands},
	    {"refused", refused},
	    {"all refused, all named", all_refused},
	    {"the second of two works", second_works},
	    {"a mute address costs 250 ms", stagger},
	    {"no answer in time", no_answer},
	    {"interrupt", interrupted},
	    {"too late to begin", too_late},
	    {"a race without time", no_time_left},
	    {"through an HTTP proxy", proxies},
	};
	signal(SIGPIPE, SIG_IGN);
	return unit_run(tests, COUNT(tests));
}
