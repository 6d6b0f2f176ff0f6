/*
 * The phases, the turns, the model. Adds up and shows; measures nothing.
 */
#include "common/cli/timing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/err.h"
#include "common/base/limits.h"
#include "common/cli/say.h"
#include "common/text/number.h"

enum { REMARK = 160 };

void timing_put_row(struct buf *out, const char *name, double ms, const char *remark)
{
	buf_addf(out, "    %-22s%10.2f ms%s%s\n", name, ms, *remark ? "   " : "", remark);
}

double timing_put_model(
    struct buf *out, int turns, uint32_t rtt_us, double transfer_ms, double total_ms)
{
	double rtt = (double)rtt_us / 1000, model = turns * rtt + transfer_ms;
	buf_addf(
	    out, "    %-22s%10d      RTT by the kernel %.2f ms\n", "round trips", turns, rtt);
	buf_addf(out,
	    "    model: %d RTT + L/R = %d x %.2f ms + %.2f ms = %.2f ms, measured %.2f ms",
	    turns, turns, rtt, transfer_ms, model, total_ms);
	/* What was quicker than the kernel's average leaves nothing over. */
	return total_ms > model ? total_ms - model : 0;
}

static void put_handshakes(struct buf *out, const struct tally *t)
{
	char remark[REMARK];
	unsigned n = t->connections;
	snprintf(remark, sizeof remark, n == 1 ? "1 RTT" : "1 RTT each, %u connections", n);
	timing_put_row(out, "TCP handshake", t->tcp_ms, remark);
	if (t->proxy_ms > 0)
		timing_put_row(out, "proxy", t->proxy_ms, "");
	if (!t->encrypted)
		return;
	snprintf(remark, sizeof remark, "%d RTT, %s", t->tls_turns, t->tls_version);
	timing_put_row(out, "TLS handshake", t->tls_ms, remark);
}

static void put_moved(struct buf *out, const struct tally *t)
{
	char remark[REMARK], in[NUMBER_SHOWN], sent[NUMBER_SHOWN];
	snprintf(remark, sizeof remark, "%s received, %s sent",
	    number_show_bytes(t->received, in), number_show_bytes(t->sent, sent));
	timing_put_row(out, "transfer", t->moved_ms, remark);
}

static void put_data(struct buf *out, const struct tally *t)
{
	buf_addf(
	    out, "  %u data connection%s\n", t->connections, t->connections == 1 ? "" : "s");
	put_handshakes(out, t);
	put_moved(out, t);
}

/* What is neither a handshake nor spent on the server's answers: who typed, the disk, ours. */
static double rest_of(const struct tally *t, const struct tally *data)
{
	double rest = t->lived_ms - t->dns_ms - t->tcp_ms - t->proxy_ms - t->tls_ms -
		      t->waited_ms - t->moved_ms;
	if (data)
		rest -= data->tcp_ms + data->proxy_ms;
	return rest > 0 ? rest : 0;
}

/* The control connection waits for 226 while data connections shake hands and carry. */
static double put_both(struct buf *out, const struct tally *t, const struct tally *data)
{
	double transfer = t->moved_ms > data->tls_ms ? t->moved_ms - data->tls_ms : 0;
	timing_put_row(out, "waiting for data", t->moved_ms, "");
	timing_put_row(out, "this side", rest_of(t, data), "");
	put_data(out, data);
	return transfer;
}

static double put_one(struct buf *out, const struct tally *t)
{
	put_moved(out, t);
	timing_put_row(out, "this side", rest_of(t, NULL), "");
	return t->moved_ms;
}

void timing_put(
    struct buf *out, const char *host, const struct tally *t, const struct tally *data)
{
	char remark[REMARK];
	bool two = data && data->connections;
	if (!t->connections)
		return;
	buf_addf(out, host ? "timing: %s (%s)\n" : "timing: %s%s\n", host ? host : "", t->peer);
	if (two)
		buf_add_text(out, "  the control connection\n");
	timing_put_row(out, "name lookup", t->dns_ms, "");
	put_handshakes(out, t);
	snprintf(remark, sizeof remark, "%d turn%s, 1 RTT each and the server's work", t->turns,
	    t->turns == 1 ? "" : "s");
	timing_put_row(out, "waiting for answers", t->waited_ms, remark);
	double transfer = two ? put_both(out, t, data) : put_one(out, t);
	timing_put_row(out, "total", t->lived_ms, "");
	int turns = t->turns + t->setup_turns + (two ? data->setup_turns : 0);
	double rest = timing_put_model(out, turns, t->rtt_us, transfer, t->lived_ms);
	buf_addf(out, " (server and others %.2f ms)\n", rest);
}

void timing_show(const char *host, const struct tally *t, const struct tally *data)
{
	struct buf out = BUF_INIT(LIMIT_FILE);
	struct err ignored = {0};
	timing_put(&out, host, t, data);
	say_text(STDERR_FILENO, out.ptr, out.len, &ignored);
	buf_free(&out);
}
