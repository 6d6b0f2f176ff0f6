/*
 * What --timing says, of figures made up: phases, turns, the model; one connection,
 * several, FTP's two kinds.
 */
#include <string.h>

#include "common/cli/timing.h"
#include "tests/unit/unit.h"

static void check(
    struct unit *t, const struct tally *one, const struct tally *data, const char *want)
{
	struct buf got = BUF_INIT(8000);
	timing_put(&got, NULL, one, data);
	CHECK_STR(buf_cstr(&got), want);
	buf_free(&got);
}

static struct tally mail(void)
{
	return (struct tally){.connections = 1,
	    .tcp_ms = 50,
	    .waited_ms = 252,
	    .moved_ms = 1,
	    .lived_ms = 310,
	    .setup_turns = 1,
	    .turns = 5,
	    .received = 100,
	    .sent = 2048,
	    .rtt_us = 50000,
	    .peer = "192.0.2.1:25"};
}

static void one(struct unit *t)
{
	struct tally m = mail();
	check(t, &m, NULL,
	    "timing: 192.0.2.1:25\n"
	    "    name lookup                 0.00 ms\n"
	    "    TCP handshake              50.00 ms   1 RTT\n"
	    "    waiting for answers       252.00 ms   5 turns, 1 RTT each "
	    "and the server's work\n"
	    "    transfer                    1.00 ms   100 B received, 2.0 KiB sent\n"
	    "    this side                   7.00 ms\n"
	    "    total                     310.00 ms\n"
	    "    round trips                    6      RTT by the kernel 50.00 ms\n"
	    "    model: 6 RTT + L/R = 6 x 50.00 ms + 1.00 ms = 301.00 ms, measured 310.00 ms "
	    "(server and others 9.00 ms)\n");
}

static void several(struct unit *t)
{
	struct tally sum = TALLY_NONE, m = mail();
	tally_sum(&sum, &m);
	m.encrypted = 1;
	m.tls_turns = 1;
	m.setup_turns = 2;
	memcpy(m.tls_version, "TLSv1.3", 8);
	tally_sum(&sum, &m);
	struct buf got = BUF_INIT(8000);
	timing_put(&got, "mail.example.org", &sum, NULL);
	CHECK(str_starts(buf_str(&got), "timing: mail.example.org (192.0.2.1:25)\n"));
	CHECK(
	    strstr(buf_cstr(&got), "TCP handshake             100.00 ms   1 RTT each, 2 conn"));
	CHECK(strstr(buf_cstr(&got), "TLS handshake               0.00 ms   1 RTT, TLSv1.3\n"));
	CHECK(strstr(buf_cstr(&got), "model: 13 RTT + L/R = 13 x 50.00 ms + 2.00 ms = 652.00"));
	buf_free(&got);
}

static void two_kinds(struct unit *t)
{
	struct tally control = mail();
	struct tally data = {.connections = 2,
	    .encrypted = 2,
	    .tcp_ms = 3,
	    .tls_ms = 0.5,
	    .tls_turns = 2,
	    .setup_turns = 4,
	    .tls_version = "TLSv1.3"};
	check(t, &control, &data,
	    "timing: 192.0.2.1:25\n"
	    "  the control connection\n"
	    "    name lookup                 0.00 ms\n"
	    "    TCP handshake              50.00 ms   1 RTT\n"
	    "    waiting for answers       252.00 ms   5 turns, 1 RTT each "
	    "and the server's work\n"
	    "    waiting for data            1.00 ms\n"
	    "    this side                   4.00 ms\n"
	    "  2 data connections\n"
	    "    TCP handshake               3.00 ms   1 RTT each, 2 connections\n"
	    "    TLS handshake               0.50 ms   2 RTT, TLSv1.3\n"
	    "    transfer                    0.00 ms   0 B received, 0 B sent\n"
	    "    total                     310.00 ms\n"
	    "    round trips                   10      RTT by the kernel 50.00 ms\n"
	    "    model: 10 RTT + L/R = 10 x 50.00 ms + 0.50 ms = 500.50 ms, measured 310.00 ms "
	    "(server and others 0.00 ms)\n");
}

static void nothing(struct unit *t)
{
	struct tally none = TALLY_NONE;
	check(t, &none, NULL, "");
	check(t, &none, &none, "");
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"one connection: phases, turns, the model and what it does not know", one},
	    {"several connections are one sum", several},
	    {"FTP's two kinds of connection", two_kinds},
	    {"no connection, no words", nothing},
	};
	return unit_run(tests, COUNT(tests));
}
