/*
 * Submission. Commands are put, the answers to come are queued in a ring, and
 * one function deals with each as it is read; without PIPELINING the ring is
 * drained after every command. So one course serves both.
 */
#include "cmd/smtpsend/submit.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/progress.h"

/* Answers that may be outstanding: their text has to fit into what the kernel and the stream
 * hold, so that neither side waits for the other to read. */
#define WINDOW 600
/* A BDAT message that goes with its envelope in one flight; a larger one waits for the
 * recipients' answers, so that it is not sent in vain. */
#define FLIGHT_MOST (256 * KIB)

void submit_open(struct submit *w, struct smtp *smtp, const struct smtpsend_options *o)
{
	w->smtp = smtp;
	w->o = o;
	w->room = WINDOW + 8;
	w->ring = mem_array(w->room, sizeof *w->ring);
}

void submit_close(struct submit *w)
{
	free(w->ring);
	w->ring = NULL;
}

static bool has(const struct submit *w, unsigned extension)
{
	const struct smtpsend_options *o = w->o;
	if ((extension == SMTP_PIPELINING && !o->pipelining) ||
	    (extension == SMTP_CHUNKING && !o->chunking))
		return false;
	return w->smtp->extensions & extension;
}

static bool is_alive(const struct submit *w)
{
	return w->smtp->stream && !w->smtp->closing && !err_is_set(stream_err(w->smtp->stream));
}

/* ---- what an answer means ---- */

static void finish(struct submit *w, struct submission *sub)
{
	if (w->current == sub)
		w->current = NULL;
	w->finished += !sub->again;
	w->done(w->context, sub);
}

static void on_rcpt(struct submission *sub, struct recipient *to, const struct reply *r)
{
	/* After a refused MAIL the server's "503 need MAIL" says nothing of the recipient. */
	if (sub->mail_refused)
		return;
	answer_set(&to->answer, r);
	to->fate = reply_is_good(r) ? RECIPIENT_ACCEPTED : RECIPIENT_REFUSED;
	if (reply_is_good(r))
		return;
	struct err why = {0};
	char *what = mem_printf("recipient <%s> was refused", to->address);
	enum err_kind kind = reply_kind(r) == ERR_REFUSED ? ERR_RECIPIENT : reply_kind(r);
	reply_fail_as(&why, r, kind, what);
	free(what);
	/* "Unknown" outweighs "try again": the user has to do something. */
	if (why.kind == ERR_RECIPIENT && sub->err.kind == ERR_AGAIN)
		err_clear(&sub->err);
	err_pass(&sub->err, &why);
}

static void set_fates(struct submission *sub, enum recipient_fate fate)
{
	for (size_t i = 0; i < sub->envelope.count; i++)
		if (sub->envelope.items[i].fate == RECIPIENT_ACCEPTED)
			sub->envelope.items[i].fate = fate;
}

/* LMTP: this answer is one recipient's (RFC 2033 4.2). */
static void on_end_of_one(struct submission *sub, struct recipient *to, const struct reply *r)
{
	to->fate = RECIPIENT_ACCEPTED;
	if (reply_is_good(r)) {
		answer_set(&to->answer, r);
		to->fate = RECIPIENT_DELIVERED;
		return;
	}
	on_rcpt(sub, to, r);
}

static void on_end(struct submission *sub, const struct reply *r)
{
	/* With no recipient left the end was a formality, and its refusal says nothing new. */
	bool any = envelope_count(&sub->envelope, RECIPIENT_ACCEPTED) > 0;
	if (!any && !reply_is_good(r) && err_is_set(&sub->err))
		return;
	answer_set(&sub->answer, r);
	if (reply_is_good(r)) {
		set_fates(sub, RECIPIENT_DELIVERED);
		return;
	}
	struct err why = {0};
	reply_fail(&why, r, "the message was refused");
	sub->err = why;
	for (size_t i = 0; i < sub->envelope.count; i++)
		if (sub->envelope.items[i].fate == RECIPIENT_ACCEPTED)
			answer_set(&sub->envelope.items[i].answer, r);
	set_fates(sub, RECIPIENT_REFUSED);
}

static void on_mail(struct submit *w, struct submission *sub, const struct reply *r)
{
	if (reply_is_good(r))
		return;
	/* "Nested MAIL": the BDAT before it failed and left its transaction open. */
	sub->again = r->code == 503 && sub->blind && w->needs_rset;
	reply_fail(&sub->err, r, "the sender was refused");
	answer_set(&sub->answer, r);
	sub->mail_refused = true;
	w->needs_rset = true;
}

static void on_data(struct submit *w, struct submission *sub, const struct reply *r)
{
	sub->go = r->code == 354;
	if (sub->go)
		return;
	w->needs_rset = true;
	if (err_is_set(&sub->err))
		return;
	answer_set(&sub->answer, r);
	reply_fail(&sub->err, r, "DATA was refused");
	set_fates(sub, RECIPIENT_REFUSED);
}

static void deal_with(struct submit *w, const struct awaited *a)
{
	const struct reply *r = &w->smtp->reply;
	struct submission *sub = a->sub;
	bool per_recipient = w->smtp->lmtp && a->recipient < SIZE_MAX;
	switch (a->verb) {
	case AWAIT_MAIL: on_mail(w, sub, r); break;
	case AWAIT_RCPT: on_rcpt(sub, &sub->envelope.items[a->recipient], r); break;
	case AWAIT_DATA: on_data(w, sub, r); break;
	case AWAIT_END:
		if (per_recipient)
			on_end_of_one(sub, &sub->envelope.items[a->recipient], r);
		else
			on_end(sub, r);
		/* RFC 3030 2: after a failed BDAT the state is nobody's guess. */
		w->needs_rset = w->needs_rset || (!reply_is_good(r) && !sub->go);
		break;
	case AWAIT_RSET:
	case AWAIT_QUIT: break;
	}
}

/* ---- the ring ---- */

static const struct awaited *next_awaited(struct submit *w)
{
	const struct awaited *a = &w->ring[w->first];
	w->first = (w->first + 1) % w->room;
	w->count--;
	return a;
}

/* Is this the last answer that the submission waits for? */
static bool is_last_of(const struct submit *w, const struct submission *sub)
{
	return w->count == 0 || w->ring[w->first].sub != sub;
}

static bool collect_one(struct submit *w)
{
	if (!smtp_read(w->smtp))
		return false;
	struct awaited a = *next_awaited(w);
	deal_with(w, &a);
	if (a.sub && a.sub->ended && is_last_of(w, a.sub))
		finish(w, a.sub);
	return !w->smtp->closing;
}

/* Reads answers until at most `left` are to come. */
static bool collect(struct submit *w, size_t left)
{
	while (w->count > left)
		if (!collect_one(w))
			return false;
	return true;
}

/* The connection ended under answers that were to come. The server that said 421 has taken
 * nothing of what came after; of one that fell silent nobody knows. */
static void on_lost(struct submission *sub, bool said_421, const struct err *why)
{
	sub->again = !sub->ended || said_421;
	if (sub->again) {
		err_pass(&sub->err, why);
		return;
	}
	for (size_t i = 0; i < sub->envelope.count; i++)
		if (sub->envelope.items[i].fate <= RECIPIENT_ACCEPTED)
			sub->envelope.items[i].fate = RECIPIENT_UNCERTAIN;
	if (envelope_count(&sub->envelope, RECIPIENT_UNCERTAIN) == 0)
		return;
	err_clear(&sub->err);
	err_set(&sub->err, why->kind == ERR_INTERRUPT ? ERR_INTERRUPT : ERR_AGAIN,
	    "delivery uncertain: the message was sent, its answer did not come (%s)",
	    why->text);
}

static struct err reason_of_loss(const struct submit *w)
{
	struct err why = {0};
	if (w->smtp->stream && err_is_set(stream_err(w->smtp->stream)))
		return *stream_err(w->smtp->stream);
	reply_fail(&why, &w->smtp->reply, "the server ends the session");
	why.kind = ERR_AGAIN;
	return why;
}

/* Hands over every submission that is under way. */
static void abandon(struct submit *w)
{
	struct err why = reason_of_loss(w);
	bool said_421 = w->smtp->closing;
	while (w->count) {
		struct submission *sub = next_awaited(w)->sub;
		if (!sub || sub == w->current || !is_last_of(w, sub))
			continue;
		on_lost(sub, said_421, &why);
		w->done(w->context, sub);
	}
	struct submission *sub = w->current;
	w->current = NULL;
	if (!sub)
		return;
	on_lost(sub, said_421, &why);
	w->done(w->context, sub);
}

/* Queues the answer to what was just put; waits for it without PIPELINING. */
static bool await(struct submit *w, enum awaited_verb verb, struct submission *sub, size_t i)
{
	w->ring[(w->first + w->count++) % w->room] = (struct awaited){verb, sub, i};
	if (!has(w, SMTP_PIPELINING))
		return collect(w, 0);
	return w->count < WINDOW || collect(w, WINDOW / 2);
}

/* ---- the transaction ---- */

static bool put_mail(struct submit *w, struct submission *sub)
{
	struct buf envid = BUF_INIT(LIMIT_LINE);
	const struct smtpsend_options *o = w->o;
	bool dsn = has(w, SMTP_DSN);
	struct smtp_mail mail = {
	    .sender = sub->envelope.sender,
	    .has_size = has(w, SMTP_SIZE),
	    .size = sub->fit.size,
	    .body = sub->fit.body,
	    .utf8 = sub->fit.utf8,
	    .ret =
		dsn && o->ret != RETURN_UNSAID ? o->ret == RETURN_FULL ? "FULL" : "HDRS" : NULL,
	};
	if (dsn && o->envid) {
		smtp_put_xtext(&envid, str_of(o->envid));
		mail.envid = buf_cstr(&envid);
	}
	smtp_put_mail(w->smtp, &mail);
	buf_free(&envid);
	return await(w, AWAIT_MAIL, sub, 0);
}

static bool put_recipient(struct submit *w, struct submission *sub, size_t i)
{
	char notify[64] = "";
	struct smtp_rcpt rcpt = {.address = sub->envelope.items[i].address};
	if (has(w, SMTP_DSN) && w->o->notify) {
		for (size_t k = 0; k < sizeof notify - 1 && w->o->notify[k]; k++)
			notify[k] = (char)(w->o->notify[k] >= 'a' ? w->o->notify[k] - 32
								  : w->o->notify[k]);
		rcpt.notify = notify;
	}
	smtp_put_rcpt(w->smtp, &rcpt);
	return await(w, AWAIT_RCPT, sub, i);
}

static bool put_envelope(struct submit *w, struct submission *sub)
{
	if (w->needs_rset) {
		smtp_put_rset(w->smtp);
		w->needs_rset = false;
		if (!await(w, AWAIT_RSET, NULL, 0))
			return false;
	}
	if (!put_mail(w, sub))
		return false;
	for (size_t i = 0; i < sub->envelope.count && !sub->mail_refused; i++)
		if (!put_recipient(w, sub, i))
			return false;
	return true;
}

/* QUIT may leave with the end of the message: its answer is not worth a round trip. */
static void put_quit(struct submit *w, bool last)
{
	if (!last || !has(w, SMTP_PIPELINING))
		return;
	smtp_put_quit(w->smtp);
	w->quit_sent = true;
}

/* The answers to the end: one, or in LMTP one for each recipient that was accepted. */
static bool await_end(struct submit *w, struct submission *sub)
{
	if (!w->smtp->lmtp) {
		sub->ended = true;
		return await(w, AWAIT_END, sub, SIZE_MAX);
	}
	size_t left = envelope_count(&sub->envelope, RECIPIENT_ACCEPTED);
	for (size_t i = 0; left; i++) {
		if (sub->envelope.items[i].fate != RECIPIENT_ACCEPTED)
			continue;
		sub->ended = --left == 0;
		/* With the last answer sub is handed over and must not be looked at again. */
		if (!await(w, AWAIT_END, sub, i))
			return false;
	}
	return true;
}

/* A source that breaks in the middle: the server must not take the half for the whole. */
static bool give_up(struct submit *w, struct submission *sub)
{
	finish(w, sub);
	smtp_drop(w->smtp);
	return false;
}

static bool send_body(struct submit *w, struct submission *sub, bool stuffs, bool last)
{
	const char *label = sub->letter.name ? sub->letter.name : "message";
	struct progress_file *bar =
	    progress_open_one(netopts_wants_progress(&w->o->common), label);
	sub->given = progress_file_begin(bar, 0, sub->fit.size);
	bool whole = fit_send(sub, w->smtp->stream, stuffs);
	progress_close_one(bar, whole);
	sub->given = NULL;
	if (!whole)
		return give_up(w, sub);
	put_quit(w, last);
	return await_end(w, sub);
}

/* Nobody takes the message; the transaction that is open is closed by the next RSET or QUIT. */
static bool end_unsent(struct submit *w, struct submission *sub)
{
	w->needs_rset = true;
	finish(w, sub);
	return is_alive(w);
}

static bool may_send(const struct submit *w, const struct submission *sub)
{
	size_t accepted = envelope_count(&sub->envelope, RECIPIENT_ACCEPTED);
	if (w->o->dry_run || sub->mail_refused)
		return false;
	return w->o->require_all ? accepted == sub->envelope.count : accepted > 0;
}

static bool send_by_data(struct submit *w, struct submission *sub, bool last)
{
	bool ask_first = w->o->require_all || !has(w, SMTP_PIPELINING);
	if (ask_first && (!collect(w, 0) || !may_send(w, sub)))
		return is_alive(w) ? end_unsent(w, sub) : false;
	smtp_put_data(w->smtp);
	if (!await(w, AWAIT_DATA, sub, 0) || !collect(w, 0))
		return false;
	if (!sub->go)
		return end_unsent(w, sub);
	if (may_send(w, sub))
		return send_body(w, sub, true, last);
	/* 354 without a recipient (RFC 2920 3.1): a lone dot ends it, and is refused. */
	stream_put_line(w->smtp->stream, ".");
	if (w->smtp->lmtp)
		return end_unsent(w, sub);
	put_quit(w, last);
	sub->ended = true;
	return await(w, AWAIT_END, sub, SIZE_MAX);
}

static bool send_by_bdat(struct submit *w, struct submission *sub, bool last)
{
	bool one_flight = has(w, SMTP_PIPELINING) && !w->o->require_all && !w->smtp->lmtp &&
			  sub->fit.size <= FLIGHT_MOST;
	if (!one_flight && (!collect(w, 0) || !may_send(w, sub)))
		return is_alive(w) ? end_unsent(w, sub) : false;
	smtp_put_bdat(w->smtp, sub->fit.size, true);
	return send_body(w, sub, false, last);
}

bool submit_send(struct submit *w, struct submission *sub, bool last)
{
	bool ok;
	if (!fit_submission(sub, w->smtp, w->o)) {
		finish(w, sub);
		return is_alive(w);
	}
	sub->tries++;
	sub->blind = w->count > 0;
	w->current = sub;
	if (!put_envelope(w, sub))
		ok = false;
	else if (w->o->dry_run)
		ok = collect(w, 0) && end_unsent(w, sub);
	else if (has(w, SMTP_CHUNKING))
		ok = send_by_bdat(w, sub, last);
	else
		ok = send_by_data(w, sub, last);
	if (!ok && !is_alive(w))
		abandon(w);
	return ok;
}

bool submit_finish(struct submit *w)
{
	if (!w->smtp->stream)
		return false;
	bool ok = collect(w, 0);
	if (!ok)
		abandon(w);
	if (ok && w->quit_sent) {
		smtp_read(w->smtp);
		w->smtp->closing = true;
	}
	return ok;
}
