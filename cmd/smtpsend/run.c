/*
 * The loop over messages and connections.
 */
#include "cmd/smtpsend/run.h"

#include <stdlib.h>

#include "cmd/smtpsend/mails.h"
#include "cmd/smtpsend/show.h"
#include "common/base/mem.h"
#include "common/cli/interrupt.h"

/* How often a message may be begun: a server that ends every connection is not asked for ever.
 */
#define TRIES_MOST 3

static void report(struct run *run, struct submission *sub)
{
	show_submission(run->o, sub, &run->first);
	err_pass(&run->first, &sub->err);
	run->messages++;
	run->bytes += err_is_set(&sub->err) ? 0 : sub->fit.size;
	submission_free(sub);
	free(sub);
}

static void queue_again(struct run *run, struct submission *sub)
{
	envelope_reset(&sub->envelope);
	free(sub->answer.text);
	sub->answer = (struct answer){0};
	err_clear(&sub->err);
	sub->again = sub->blind = sub->mail_refused = sub->go = sub->ended = false;
	run->again = mem_resize(run->again, run->again_count + 1, sizeof(struct submission *));
	run->again[run->again_count++] = sub;
}

/* A connection that has taken nothing at all will not be better the next time. */
static void done(void *context, struct submission *sub)
{
	struct run *run = context;
	bool useful = run->submit.finished > 0;
	if (sub->again && useful && sub->tries < TRIES_MOST && !*interrupt_flag())
		queue_again(run, sub);
	else
		report(run, sub);
}

static struct submission *next_good(struct run *run, struct mails *mails)
{
	struct submission *sub;
	if (run->again_first < run->again_count)
		return run->again[run->again_first++];
	while ((sub = mails_next(mails)) && err_is_set(&sub->err))
		report(run, sub);
	return sub;
}

static bool connect_session(struct run *run, struct err *err)
{
	if (run->session->smtp.stream)
		return true;
	run->submit = (struct submit){.done = done, .context = run};
	if (!session_open(run->session, err))
		return false;
	submit_open(&run->submit, &run->session->smtp, run->o);
	return true;
}

static void disconnect(struct run *run)
{
	session_close(run->session);
	submit_close(&run->submit);
}

/* Nothing more can be sent: each message that is left hears why. */
static void fail_rest(
    struct run *run, struct mails *mails, struct submission *sub, const struct err *why)
{
	while (sub) {
		err_pass(&sub->err, why);
		report(run, sub);
		sub = next_good(run, mails);
	}
}

static void send_all(struct run *run, struct mails *mails)
{
	struct submission *next = next_good(run, mails);
	while (next) {
		struct err err = {0};
		struct submission *sub = next;
		if (*interrupt_flag())
			err_set(&err, ERR_INTERRUPT, "interrupted");
		if (err_is_set(&err) || !connect_session(run, &err)) {
			fail_rest(run, mails, sub, &err);
			return;
		}
		next = next_good(run, mails);
		bool ok = submit_send(&run->submit, sub, !next);
		if (ok && !next)
			ok = submit_finish(&run->submit);
		if (!ok || run->submit.quit_sent)
			disconnect(run);
		if (!next)
			next = next_good(run, mails);
	}
}

void run_mails(struct run *run)
{
	struct mails mails;
	if (mails_open(&mails, run->o, &run->first))
		send_all(run, &mails);
	else
		show_failure(&run->first);
	disconnect(run);
	mails_close(&mails);
}

void run_free(struct run *run)
{
	submit_close(&run->submit);
	free(run->again);
}

/* ---- one at a time ---- */

static void keep(void *context, struct submission *sub)
{
	(void)context, (void)sub;
}

bool run_one(struct run *run, struct submission *sub)
{
	/* A server that speaks unasked has said good-bye. */
	if (run->session->smtp.stream && stream_is_ready(run->session->smtp.stream))
		disconnect(run);
	if (!connect_session(run, &sub->err))
		return false;
	run->submit.done = keep;
	bool ok = submit_send(&run->submit, sub, false) && submit_finish(&run->submit);
	if (!ok)
		disconnect(run);
	return !err_is_set(&sub->err);
}
