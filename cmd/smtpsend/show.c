/*
 * What is said of results: sentences and timing to stderr, JSON Lines to stdout.
 */
#include "cmd/smtpsend/show.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"
#include "common/cli/timing.h"
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

/* A message is named once: why it can't be read says its name already. */
static void show_whole(const struct submission *sub)
{
	const char *name = sub->letter.name;
	say_error("smtpsend", name && strstr(sub->err.text, name) ? NULL : name, &sub->err);
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
		show_whole(sub);
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

static void show_sums(const struct session *s, const struct tally *t)
{
	timing_show(s->target.host, t, NULL);
}

void show_connection(const struct session *s)
{
	struct tally now = TALLY_NONE;
	tally_sum(&now, &s->tally);
	tally_add(&now, s->smtp.stream);
	show_sums(s, &now);
}

void show_run(const struct run *run)
{
	const struct tally *t = &run->session->tally;
	char bytes[NUMBER_SHOWN];
	if (!run->o->common.timing || !t->connections)
		return;
	show_sums(run->session, t);
	say_note("timing", false, "%zu message%s, %s, %u connection%s", run->messages,
	    run->messages == 1 ? "" : "s", number_show_bytes(run->bytes, bytes), t->connections,
	    t->connections == 1 ? "" : "s");
}
