/*
 * What is said of results: sentences and timing to stderr, JSON Lines to stdout.
 */
#include "cmd/smtpsend/show.h"

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"
#include "common/text/json.h"
#include "common/text/number.h"

void show_failure(const struct err *err)
{
	say_error("smtpsend", NULL, err);
}

/* ---- sentences ---- */

static void show_refused(const struct submission *sub, const struct recipient *to)
{
	struct err err = {0};
	struct buf said = BUF_INIT(2 * LIMIT_REPLY);
	buf_addf(&said, "%d ", to->answer.code);
	buf_add_text(&said, to->answer.text ? to->answer.text : "");
	err_set(&err, ERR_RECIPIENT, "<%.300s> was refused", to->address);
	err_set_said(&err, to->answer.code, buf_str(&said));
	say_error("smtpsend", sub->letter.name, &err);
	buf_free(&said);
}

static void show_error(const struct smtpsend_options *o, const struct submission *sub)
{
	const struct envelope *e = &sub->envelope;
	size_t own = 0;
	size_t sent = envelope_count(e, RECIPIENT_DELIVERED);
	for (size_t i = 0; i < e->count; i++) {
		const struct recipient *to = &e->items[i];
		/* What was refused at the message's end is one refusal, not many. */
		bool by_name = to->fate == RECIPIENT_REFUSED && to->answer.code &&
			       !(sub->answer.code && !sent);
		if (by_name)
			show_refused(sub, to);
		own += by_name;
	}
	if (own == 0)
		say_error("smtpsend", sub->letter.name, &sub->err);
	else if (o->require_all)
		say_note("smtpsend", o->common.quiet, "nothing was sent (--require-all)");
	else if (!o->dry_run)
		say_note("smtpsend", o->common.quiet, "sent to %zu of %zu recipients", sent,
		    e->count);
}

/* ---- JSON Lines ---- */

static void put_answer(struct buf *out, const struct answer *a)
{
	char status[16];
	if (a->code)
		json_key_int(out, "code", a->code);
	else
		json_key_null(out, "code");
	json_key_text(out, "enhanced", answer_status(a, status) ? status : NULL);
	if (a->text)
		json_key_str(out, "text", answer_words(a));
	else
		json_key_null(out, "text");
}

static void put_recipient(
    struct buf *out, const struct submission *sub, const struct recipient *to)
{
	bool accepted = to->fate == RECIPIENT_ACCEPTED || to->fate == RECIPIENT_DELIVERED;
	json_open(out);
	if (sub->letter.name)
		json_key_text(out, "message", sub->letter.name);
	json_key_text(out, "address", to->address);
	/* One that was not asked shares the answer that came before: MAIL's. */
	put_answer(out, to->answer.code ? &to->answer : &sub->answer);
	json_key_bool(out, "accepted", accepted);
	json_key_bool(out, "sent", to->fate == RECIPIENT_DELIVERED);
	json_close(out);
	buf_add_byte(out, '\n');
}

static void put_message(struct buf *out, const struct submission *sub)
{
	json_open(out);
	json_key_text(out, "message", sub->letter.name);
	json_key_int(out, "recipients", (int64_t)sub->envelope.count);
	json_key_int(out, "sent", (int64_t)envelope_count(&sub->envelope, RECIPIENT_DELIVERED));
	put_answer(out, &sub->answer);
	json_key_int(out, "status", err_exit_status(&sub->err));
	json_key_text(out, "error", err_is_set(&sub->err) ? sub->err.text : NULL);
	json_close(out);
	buf_add_byte(out, '\n');
}

void show_submission(
    const struct smtpsend_options *o, const struct submission *sub, struct err *err)
{
	struct buf out = BUF_INIT(LIMIT_DATA);
	if (err_is_set(&sub->err))
		show_error(o, sub);
	if (!o->common.jsonl)
		return;
	for (size_t i = 0; i < sub->envelope.count; i++)
		put_recipient(&out, sub, &sub->envelope.items[i]);
	if (options_many(o))
		put_message(&out, sub);
	struct err broken = {0};
	if (!say_bytes(STDOUT_FILENO, "standard output", buf_str(&out), &broken)) {
		show_failure(&broken);
		err_pass(err, &broken);
	}
	buf_free(&out);
}

/* ---- --timing ---- */

static void put_row(struct buf *out, const char *name, double ms, const char *remark)
{
	buf_addf(out, "    %-22s%10.2f ms   %s\n", name, ms, remark);
}

static void put_connection(struct buf *out, const struct session *s)
{
	/* A closed one has left its report. */
	const struct stream_report *r =
	    s->smtp.stream ? stream_report(s->smtp.stream) : &s->report;
	buf_addf(out, "timing: %s:%u\n", s->target.host, s->target.port);
	put_row(out, "name lookup", r->dns_ms, "");
	put_row(out, "TCP handshake", r->tcp_ms, "1 RTT");
	if (r->proxy_ms > 0)
		put_row(out, "proxy", r->proxy_ms, "");
	if (r->tls)
		put_row(out, "TLS handshake", r->tls_ms, r->tls_version);
}

static void put_turns(struct buf *out, int turns, uint32_t rtt_us)
{
	buf_addf(out, "    %-22s%10d      RTT by the kernel %.2f ms\n", "round trips", turns,
	    (double)rtt_us / 1000);
}

void show_connection(const struct session *s)
{
	struct buf out = BUF_INIT(LIMIT_FILE);
	struct err ignored = {0};
	struct stream *stream = s->smtp.stream;
	put_connection(&out, s);
	put_turns(&out, stream_report(stream)->turns + stream_turns(stream),
	    compat_tcp_rtt_us(stream_fd(stream)));
	say_text(STDERR_FILENO, out.ptr, out.len, &ignored);
	buf_free(&out);
}

void show_run(const struct run *run)
{
	const struct session *s = run->session;
	struct buf out = BUF_INIT(LIMIT_FILE);
	struct err ignored = {0};
	char bytes[NUMBER_SHOWN];
	if (!run->o->common.timing || s->opened == 0)
		return;
	put_connection(&out, s);
	put_row(&out, "until ready for mail", s->hello_ms, "connecting, greeting, EHLO, AUTH");
	put_row(&out, "envelopes, messages", s->work_ms, number_show_bytes(run->bytes, bytes));
	put_row(&out, "total", clock_ms_between(run->start, clock_now()), "");
	put_turns(&out, s->turns, s->rtt_us);
	buf_addf(&out, "    %-22s%10zu      on %u connection%s\n", "messages", run->messages,
	    s->opened, s->opened == 1 ? "" : "s");
	say_text(STDERR_FILENO, out.ptr, out.len, &ignored);
	buf_free(&out);
}
