/*
 * FETCH of bodies. Bytes that are wanted as they are pass through; a message that is to be
 * decoded is held, up to LIMIT_DATA.
 */
#include "cmd/imapls/read.h"

#include "cmd/imapls/present.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"

struct sink {
	struct buf *hold; /* NULL: to stdout */
	bool terminal;
	struct buf line; /* on a terminal whole lines are shown */
	struct err *err;
};

static void sink_put(struct sink *k, struct str piece)
{
	if (k->hold) {
		buf_add_str(k->hold, piece);
		return;
	}
	if (!k->terminal) {
		say_bytes(STDOUT_FILENO, "standard output", piece, k->err);
		return;
	}
	buf_add_str(&k->line, piece);
	size_t len = k->line.len;
	while (len && k->line.ptr[len - 1] != '\n')
		len--;
	if (len == 0 && k->line.len > 64 * KIB)
		len = k->line.len;
	if (len)
		say_text(STDOUT_FILENO, k->line.ptr, len, k->err);
	buf_drop(&k->line, len);
}

static void sink_end(struct sink *k)
{
	if (k->line.len && !err_is_set(k->err))
		say_text(STDOUT_FILENO, k->line.ptr, k->line.len, k->err);
	buf_free(&k->line);
}

/* The whole literal leaves the wire, whatever became of its bytes. */
static bool pass_body(struct imap *i, const struct token *t, struct sink *k)
{
	struct str piece;
	if (t->kind != TOKEN_LITERAL) {
		struct buf text = BUF_INIT(LIMIT_LINE);
		bool ok = wire_take_string(&i->wire, t, &text);
		sink_put(k, buf_str(&text));
		buf_free(&text);
		return ok;
	}
	/* Not even read: it may never end. */
	if (k->hold && t->size > LIMIT_DATA)
		return stream_fail(i->stream, ERR_PROTOCOL,
		    "%llu bytes are announced, and over %zu MiB are not decoded: see --raw",
		    (unsigned long long)t->size, LIMIT_DATA / MIB);
	for (;;) {
		if (!wire_piece(&i->wire, &piece))
			return false;
		if (piece.len == 0)
			return true;
		if (!err_is_set(k->err))
			sink_put(k, piece);
	}
}

struct reading {
	struct session *s;
	uint32_t uid;
	struct letter letter;
	bool found; /* the message is there, and its body came */
};

static bool take_letter(struct reading *r, struct sink *k)
{
	struct imap *i = &r->s->imap;
	struct token body;
	enum letter_step step;
	if (!letter_start(&r->letter, i))
		return false;
	while ((step = letter_next(&r->letter, i, &body)) == LETTER_BODY) {
		bool wanted = !r->found && !token_is(&body, "NIL");
		if (!(wanted ? pass_body(i, &body, k) : wire_skip_value(&i->wire, &body)))
			return false;
		r->found = r->found || wanted;
	}
	return step == LETTER_END;
}

static bool take_answers(struct reading *r, unsigned tag, struct sink *k, struct err *err)
{
	struct imap *i = &r->s->imap;
	while (imap_next(i, tag, err))
		if (imap_is(i, "FETCH") && !take_letter(r, k))
			return err_pass(err, stream_err(i->stream));
	if (i->answered < tag || err_is_set(k->err))
		return err_pass(err, k->err);
	if (!imap_good(i, ERR_ABSENT, "FETCH was refused", err))
		return false;
	return r->found || err_set(err, ERR_ABSENT,
			       "there is no message with the unique id %u, or no such "
			       "part of it",
			       r->uid);
}

/* What of the message is fetched: all of it when it is to be decoded. */
static const char *section_of(const struct session *s)
{
	if (s->o->headers)
		return "HEADER";
	if (!s->o->raw)
		return "";
	return s->o->part ? s->o->part : s->target.section ? s->target.section : "";
}

bool read_message(struct session *s, uint32_t uid, struct show *w, bool last, struct err *err)
{
	struct reading r = {.s = s, .uid = uid};
	struct buf hold = BUF_INIT(LIMIT_DATA);
	struct err broken = {0};
	struct sink k = {.terminal = w->terminal, .line = BUF_INIT(2 * MIB), .err = &broken};
	bool exact = s->o->raw || s->o->headers;
	k.hold = exact ? NULL : &hold;
	letter_init(&r.letter);
	unsigned tag = 0, select = session_put_select(s, s->target.mailbox, false, err);
	if (select)
		tag = imap_put(
		    &s->imap, "UID FETCH %u (UID FLAGS BODY.PEEK[%s])", uid, section_of(s));
	if (select && last)
		imap_put_logout(&s->imap);
	bool ok =
	    select && session_take_select(s, select, err) && take_answers(&r, tag, &k, err);
	sink_end(&k);
	struct present p = {s->o, s->target.mailbox, s->target.section, uid, w};
	if (ok && !exact)
		ok = present_message(&p, buf_str(&hold), err);
	buf_free(&hold);
	letter_free(&r.letter);
	return ok && !err_is_set(&broken);
}
