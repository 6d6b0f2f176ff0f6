/*
 * The wait. What came while a connection was lost is shown when it stands again.
 */
#include "cmd/imapls/watch.h"

#include "common/base/clock.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"

/* Without IDLE the server is asked so often. */
#define POLL_MS (60 * 1000)
/* Between connections: 1 s, 2 s, and so on, up to this. */
#define PAUSE_MOST 64

struct watch {
	struct session *s;
	struct show *show;
	struct letter letter;
	uint64_t uid_validity, next; /* the unique ids to be shown begin there */
};

/* ---- new messages ---- */

static bool show_new(struct watch *w, struct err *err)
{
	struct imap *i = &w->s->imap;
	uint64_t from = w->next;
	unsigned tag =
	    imap_put(i, "UID FETCH %llu:4294967295 %s", (unsigned long long)from, letter_items);
	i->changed = false;
	while (imap_next(i, tag, err)) {
		if (!imap_is(i, "FETCH"))
			continue;
		if (!letter_read(&w->letter, i))
			return err_pass(err, stream_err(i->stream));
		if (w->letter.uid < from || !w->letter.has_envelope)
			continue;
		show_letter(w->show, &w->letter, w->s->target.mailbox);
		if (w->letter.uid >= w->next)
			w->next = w->letter.uid + 1;
	}
	if (i->answered < tag || !imap_good(i, ERR_REFUSED, "FETCH was refused", err))
		return false;
	return show_flush(w->show) || err_pass(err, w->show->err);
}

/* ---- waiting ---- */

/* Until something changed, or it is time to say something. */
static bool wait_idle(struct watch *w, struct err *err)
{
	struct imap *i = &w->s->imap;
	int64_t until = clock_after_ms(w->s->o->renew_ms);
	unsigned tag = imap_put(i, "IDLE");
	if (!imap_continue(i, tag, err))
		return false;
	if (i->status != IMAP_MORE) { /* announced and refused: it is asked instead */
		i->capabilities &= ~(unsigned)IMAP_IDLE;
		return true;
	}
	while (!i->changed && !clock_passed(until)) {
		if (*interrupt_flag())
			return err_set(err, ERR_INTERRUPT, "interrupted");
		if (stream_await(i->stream, clock_poll_ms(until, POLL_MS)) &&
		    !imap_read(i, err))
			return false;
		if (err_is_set(stream_err(i->stream)))
			return err_pass(err, stream_err(i->stream));
	}
	stream_put_line(i->stream, "DONE");
	return imap_expect(i, tag, "IDLE was refused", err);
}

static bool wait_poll(struct watch *w, struct err *err)
{
	struct imap *i = &w->s->imap;
	int64_t renew = w->s->o->renew_ms;
	int64_t until = clock_earlier(
	    clock_after_ms(renew < POLL_MS ? renew : POLL_MS), w->s->o->common.net.deadline);
	while (!clock_passed(until) && !*interrupt_flag())
		clock_sleep_until(until);
	if (*interrupt_flag())
		return err_set(err, ERR_INTERRUPT, "interrupted");
	return imap_expect(i, imap_put(i, "NOOP"), "NOOP was refused", err);
}

/* ---- connections ---- */

/* Opens the mailbox; what came since the last connection is shown. */
static bool begin(struct watch *w, struct err *err)
{
	struct session *s = w->s;
	struct imap *i = &s->imap;
	if (!session_know(s, err))
		return false;
	unsigned select = session_put_select(s, s->target.mailbox, false, err);
	if (!select || !session_take_select(s, select, err))
		return false;
	bool first = w->next == 0 || w->uid_validity != i->uid_validity;
	w->uid_validity = i->uid_validity;
	i->changed = false;
	if (!first)
		return show_new(w, err);
	w->next = i->uid_next;
	return w->next || err_set(err, ERR_REFUSED, "the server does not say UIDNEXT");
}

static bool serve(struct watch *w, struct err *err)
{
	struct imap *i = &w->s->imap;
	bool ok = begin(w, err);
	while (ok) {
		ok = i->capabilities & IMAP_IDLE ? wait_idle(w, err) : wait_poll(w, err);
		if (ok && i->changed)
			ok = show_new(w, err);
	}
	return false;
}

static bool pause_before_next(const struct watch *w, unsigned seconds, struct err *err)
{
	int64_t until = clock_earlier(
	    clock_after_ms(1000 * (int64_t)seconds), w->s->o->common.net.deadline);
	while (!clock_passed(until) && !*interrupt_flag())
		clock_sleep_until(until);
	return !*interrupt_flag() || err_set(err, ERR_INTERRUPT, "interrupted");
}

/* Again and again, with longer and longer pauses; false when that is no use. */
static bool reconnect(struct watch *w, unsigned *seconds, struct err *err)
{
	struct err own;
	session_close(w->s);
	do {
		own = (struct err){0};
		if (!pause_before_next(w, *seconds, err))
			return false;
		*seconds = *seconds < PAUSE_MOST ? 2 * *seconds : PAUSE_MOST;
		if (session_open(w->s, &own))
			return true;
	} while (own.kind == ERR_AGAIN && !clock_passed(w->s->o->common.net.deadline));
	return err_pass(err, &own);
}

bool watch_run(struct session *s, struct show *show, struct err *err)
{
	struct watch w = {.s = s, .show = show};
	unsigned seconds = 1;
	letter_init(&w.letter);
	for (;;) {
		struct err own = {0};
		int64_t start = clock_now();
		serve(&w, &own);
		/* What -m ends stays ended. */
		bool over = clock_passed(s->o->common.net.deadline);
		if (own.kind != ERR_AGAIN || !w.next || over || err_is_set(show->err)) {
			err_pass(err, &own);
			break;
		}
		/* One that held for a while was a good one. */
		if (clock_ms_between(start, clock_now()) > 60 * 1000)
			seconds = 1;
		say_note("imapls", s->o->common.quiet, "%s; connecting again in %u s", own.text,
		    seconds);
		if (!reconnect(&w, &seconds, err))
			break;
	}
	letter_free(&w.letter);
	return false;
}
