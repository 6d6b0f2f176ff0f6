/*
 * The export: new messages in groups, each made durable before it is noted; then flags.
 */
#include "cmd/imapls/export.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cmd/imapls/mark.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"
#include "common/mail/deliver.h"
#include "common/text/json.h"
#include "common/text/url.h"

/* A group: what a sync is worth, and what a lost run has to fetch again. */
#define GROUP_MESSAGES 16384
#define GROUP_BYTES (64 * MIB)
#define GROUP_SECONDS 10

struct export
{
	struct session *s;
	struct deliver_options to;
	struct deliver *deliver;
	int lock;
	struct mark mark;
	struct letter letter;
	uint64_t old;          /* what was exported before: unique ids up to here */
	uint64_t top;          /* highest unique id that came in this run */
	bool disordered;       /* they did not come in their order: noted at the end only */
	size_t count, waiting; /* exported; of them not yet durable */
	size_t flagged;        /* old ones whose flags were set */
	bool resynced;         /* the server told them when the mailbox was opened */
	bool extended;         /* CONDSTORE or QRESYNC was asked for */
	bool plain;            /* and is not to be */
	uint64_t bytes;        /* of those waiting */
	int64_t start;         /* of the group */
};

/* ---- the target ---- */

static bool parse_target(struct deliver_options *to, const char *text, struct err *err)
{
	*to = (struct deliver_options){.fd = -1};
	if (str_starts(str_of(text), "maildir:")) {
		to->kind = DELIVER_MAILDIR;
		to->target = text + strlen("maildir:");
	} else if (str_starts(str_of(text), "mbox:")) {
		to->kind = DELIVER_MBOX;
		to->target = text + strlen("mbox:");
	}
	return (to->target && *to->target) ||
	       err_set(err, ERR_USAGE, "--export wants maildir:DIR or mbox:FILE");
}

bool export_check(const char *to, struct err *err)
{
	struct deliver_options ignored;
	return parse_target(&ignored, to, err);
}

/* Two runs at once would both fetch what neither has noted yet. The delivery's own locks hold
 * only while it writes. */
static bool lock(struct export *e, struct err *err)
{
	int kind = e->to.kind == DELIVER_MAILDIR ? O_DIRECTORY : O_NONBLOCK;
	e->lock = open(e->to.target, O_RDONLY | O_CLOEXEC | kind);
	if (e->lock < 0)
		return err_set_errno(err, ERR_CREATE, "%.300s", e->to.target);
	return flock(e->lock, LOCK_EX | LOCK_NB) == 0 ||
	       err_set(err, ERR_AGAIN, "%.300s: another run works on it", e->to.target);
}

static void put_name(const struct session *s, struct buf *out)
{
	url_encode(out, str_of(s->creds.user ? s->creds.user : ""), "");
	buf_add_byte(out, '@');
	url_encode(out, str_of(s->target.host), ":");
	buf_addf(out, ":%u/", s->target.port);
	url_encode(out, str_of(s->target.mailbox), "/");
}

static bool begin(struct export *e, struct err *err)
{
	struct buf name = BUF_INIT(4 * LIMIT_URL);
	bool maildir = e->to.kind == DELIVER_MAILDIR;
	char *path = mem_printf("%s%s", e->to.target, maildir ? "/.imapls" : ".imapls");
	put_name(e->s, &name);
	e->deliver = deliver_open(&e->to, err);
	bool ok = e->deliver && lock(e, err) && mark_read(&e->mark, path, buf_cstr(&name), err);
	buf_free(&name);
	free(path);
	return ok;
}

/* ---- groups ---- */

static void put_key(const struct export *e, struct buf *out, uint64_t uid)
{
	buf_addf(out, "%s %llu %llu", e->mark.name, (unsigned long long)e->mark.uid_validity,
	    (unsigned long long)uid);
}

static bool commit(struct export *e, bool last, struct err *err)
{
	if (e->waiting && !deliver_sync(e->deliver, NULL, err))
		return false;
	e->waiting = 0;
	e->bytes = 0;
	if (e->disordered && !last)
		return true;
	if (e->top > e->mark.uid)
		e->mark.uid = e->top;
	if (!mark_save(&e->mark, err))
		return false;
	deliver_settle(e->deliver);
	return true;
}

static bool is_due(const struct export *e)
{
	return e->waiting >= GROUP_MESSAGES || e->bytes >= GROUP_BYTES ||
	       (e->waiting && clock_ms_between(e->start, clock_now()) > GROUP_SECONDS * 1000);
}

/* ---- one message ---- */

/* All of the literal leaves the wire; *local is set when delivery broke. */
static bool pass_body(
    struct export *e, const struct token *body, bool wanted, struct err *local)
{
	struct wire *w = &e->s->imap.wire;
	struct str piece;
	if (body->kind != TOKEN_LITERAL) {
		struct buf text = BUF_INIT(LIMIT_LINE);
		bool ok = wire_take_string(w, body, &text);
		if (wanted)
			deliver_put(e->deliver, buf_str(&text), local);
		buf_free(&text);
		return ok;
	}
	for (;;) {
		if (!wire_piece(w, &piece))
			return false;
		if (piece.len == 0)
			return true;
		if (wanted && !err_is_set(local))
			deliver_put(e->deliver, piece, local);
	}
}

static void count_in(struct export *e)
{
	if (e->waiting++ == 0)
		e->start = clock_now();
	e->count++;
	e->bytes += e->letter.size;
}

static bool take_body(struct export *e, const struct token *body, struct err *err)
{
	struct letter *l = &e->letter;
	struct err local = {0};
	char flags[8];
	if (!l->uid || !l->has_flags) {
		wire_fail(&e->s->imap.wire, "a body comes before its unique id and flags");
		return err_pass(err, stream_err(e->s->imap.stream));
	}
	struct buf key = BUF_INIT(5 * LIMIT_URL);
	put_key(e, &key, l->uid);
	/* An earlier run may have delivered it and not come to note that. */
	bool wanted = l->uid > e->old && !token_is(body, "NIL") &&
		      !deliver_has(e->deliver, buf_str(&key));
	struct deliver_envelope envelope = {.key = buf_str(&key),
	    .time = l->has_time ? l->time : 0,
	    .flags = letter_maildir_flags(l, flags)};
	bool begun = wanted && deliver_begin(e->deliver, &envelope, &local);
	buf_free(&key);
	if (!pass_body(e, body, begun, &local)) {
		if (begun && !err_is_set(&local))
			deliver_cancel(e->deliver);
		return err_pass(err, stream_err(e->s->imap.stream));
	}
	if (begun && !err_is_set(&local) && deliver_end(e->deliver, &local))
		count_in(e);
	e->disordered = e->disordered || l->uid <= e->top;
	if (!err_is_set(&local) && l->uid > e->top)
		e->top = l->uid;
	return !err_is_set(&local) || err_pass(err, &local);
}

/* Flags of one that is here already. */
static void take_flags(struct export *e)
{
	struct letter *l = &e->letter;
	struct buf key = BUF_INIT(5 * LIMIT_URL);
	char flags[8];
	if (!l->uid || !l->has_flags || l->uid > e->old)
		return;
	put_key(e, &key, l->uid);
	e->flagged +=
	    deliver_set_flags(e->deliver, buf_str(&key), letter_maildir_flags(l, flags));
	buf_free(&key);
}

static bool take_letter(struct export *e, struct err *err)
{
	struct imap *i = &e->s->imap;
	struct token body;
	enum letter_step step;
	bool had_body = false;
	if (!letter_start(&e->letter, i))
		return err_pass(err, stream_err(i->stream));
	while ((step = letter_next(&e->letter, i, &body)) == LETTER_BODY) {
		if (!take_body(e, &body, err))
			return false;
		had_body = true;
	}
	if (step == LETTER_FAILED)
		return err_pass(err, stream_err(i->stream));
	if (!had_body)
		take_flags(e);
	return !is_due(e) || commit(e, false, err);
}

/* ---- the whole ---- */

static bool take_answers(struct export *e, unsigned tag, struct err *err)
{
	struct imap *i = &e->s->imap;
	while (i->answered < tag) {
		unsigned next = i->answered + 1;
		while (imap_next(i, next, err))
			if (imap_is(i, "FETCH") && !take_letter(e, err))
				return false;
		if (i->answered < next || !imap_good(i, ERR_REFUSED, "FETCH was refused", err))
			return false;
	}
	return true;
}

/* Another UIDVALIDITY: what was exported keeps its place, and all comes again beside it. */
static void check_validity(struct export *e)
{
	struct imap *i = &e->s->imap;
	if (e->mark.uid_validity && e->mark.uid_validity != i->uid_validity) {
		say_note("imapls", e->s->o->common.quiet,
		    "%s: UIDVALIDITY changed from %llu to %llu: all messages are exported "
		    "afresh, beside the old ones",
		    e->s->target.mailbox, (unsigned long long)e->mark.uid_validity,
		    (unsigned long long)i->uid_validity);
		e->mark.uid = e->mark.modseq = 0;
	}
	e->mark.uid_validity = i->uid_validity;
	e->old = e->top = e->mark.uid;
}

/* Both commands and LOGOUT in one write; the tag of the last, 0 if there is nothing to ask. */
static unsigned ask(struct export *e)
{
	struct imap *i = &e->s->imap;
	unsigned tag = 0;
	unsigned long long old = e->old;
	bool maildir = e->to.kind == DELIVER_MAILDIR;
	/* QRESYNC's SELECT has told the flags already. */
	bool known = i->modseq && !e->plain;
	bool same = known && (i->modseq == e->mark.modseq || e->resynced);
	if (old && maildir && known && e->mark.modseq && !same)
		tag = imap_put(i, "UID FETCH 1:%llu (UID FLAGS) (CHANGEDSINCE %llu)", old,
		    (unsigned long long)e->mark.modseq);
	else if (old && maildir && !same)
		tag = imap_put(i, "UID FETCH 1:%llu (UID FLAGS)", old);
	if (i->exists && (!i->uid_next || i->uid_next > old + 1))
		tag = imap_put(i,
		    "UID FETCH %llu:4294967295 (UID FLAGS INTERNALDATE RFC822.SIZE "
		    "BODY.PEEK[])",
		    old + 1);
	imap_put_logout(i);
	return tag;
}

/* With QRESYNC what changed since the last run comes with the mailbox's own figures, where its
 * UIDVALIDITY is the same (RFC 7162 3.2.5); what is VANISHED stays here and is passed over. */
static bool select_mailbox(struct export *e, struct err *err)
{
	struct session *s = e->s;
	struct imap *i = &s->imap;
	unsigned both = IMAP_QRESYNC | IMAP_ENABLE;
	e->extended = s->condstore = i->capabilities & IMAP_CONDSTORE && !e->plain;
	if (e->extended && e->to.kind == DELIVER_MAILDIR && (i->capabilities & both) == both &&
	    e->mark.uid) {
		s->resync.uid_validity = e->mark.uid_validity;
		s->resync.modseq = e->mark.modseq;
		s->resync.uid = e->old = e->mark.uid;
	}
	unsigned select = session_put_select(s, s->target.mailbox, false, err);
	while (select && imap_next(i, select, err))
		if (imap_is(i, "FETCH") && !take_letter(e, err))
			return false;
	if (!select || !session_take_select(s, select, err))
		return false;
	e->resynced = i->qresync && i->modseq && e->mark.uid_validity == i->uid_validity;
	return true;
}

static bool fetch_once(struct export *e, struct err *err)
{
	struct session *s = e->s;
	if (!session_know(s, err))
		return false;
	if (!select_mailbox(e, err))
		return false;
	if (!s->imap.uid_validity)
		return err_set(err, ERR_REFUSED, "the mailbox has no lasting unique ids");
	uint64_t modseq = s->imap.modseq;
	check_validity(e);
	unsigned tag = ask(e);
	struct err broken = {0};
	bool ok = !tag || take_answers(e, tag, err);
	/* A broken connection takes nothing away from what came whole. */
	if (ok)
		e->mark.modseq = e->plain ? 0 : modseq;
	if ((e->waiting || ok) && !commit(e, ok, &broken))
		ok = err_pass(err, &broken);
	return ok;
}

/* What a server announces it may refuse all the same: then it is asked for nothing but IMAP's
 * base, on a connection of its own, as LOGOUT is on its way. What came stays. */
static bool fetch(struct export *e, struct err *err)
{
	struct session *s = e->s;
	const struct imap *i = &s->imap;
	struct err own = {0};
	if (fetch_once(e, &own))
		return true;
	bool refused = i->status == IMAP_BAD || (i->status == IMAP_NO && i->code.len == 0);
	if (!e->extended || !refused)
		return err_pass(err, &own);
	imap_drop(&s->imap);
	s->condstore = false;
	memset(&s->resync, 0, sizeof s->resync);
	e->plain = true;
	return session_open(s, err) && fetch_once(e, err);
}

static void tell(const struct export *e, struct show *w)
{
	const struct session *s = e->s;
	struct buf line = BUF_INIT(LIMIT_LINE);
	if (s->o->common.jsonl) {
		json_open(&line);
		json_key_text(&line, "mailbox", s->target.mailbox);
		json_key_int(&line, "uidvalidity", (int64_t)e->mark.uid_validity);
		json_key_int(&line, "exported", (int64_t)e->count);
		json_key_int(&line, "flags", (int64_t)e->flagged);
		json_close(&line);
		buf_add_byte(&line, '\n');
		show_line(w, buf_str(&line));
	} else {
		say_note("imapls", s->o->common.quiet, "%s: %zu message%s exported",
		    s->target.mailbox, e->count, e->count == 1 ? "" : "s");
	}
	buf_free(&line);
}

bool export_run(struct session *s, struct show *w, struct err *err)
{
	struct export e = {.s = s, .lock = -1};
	letter_init(&e.letter);
	bool ok = parse_target(&e.to, s->o->export, err) && begin(&e, err) && fetch(&e, err);
	if (e.mark.uid_validity)
		tell(&e, w);
	deliver_close(e.deliver);
	if (e.lock >= 0)
		close(e.lock);
	mark_free(&e.mark);
	letter_free(&e.letter);
	return ok;
}
