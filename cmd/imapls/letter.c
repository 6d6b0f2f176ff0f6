/*
 * The items of a FETCH answer.
 */
#include "cmd/imapls/letter.h"

#include <string.h>

#include "common/base/limits.h"
#include "common/text/date.h"
#include "common/text/number.h"
#include "common/text/word2047.h"

/* What is kept of one string of an envelope; a subject of a line is far shorter. */
#define TEXT_MOST (64 * KIB)

const char letter_items[] = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)";

void letter_init(struct letter *l)
{
	*l = (struct letter){
	    .flags = BUF_INIT(TEXT_MOST),
	    .subject = BUF_INIT(3 * TEXT_MOST),
	    .from_name = BUF_INIT(3 * TEXT_MOST),
	    .from = BUF_INIT(TEXT_MOST),
	    .to = BUF_INIT(TEXT_MOST),
	    .message_id = BUF_INIT(TEXT_MOST),
	};
}

static void empty(struct letter *l)
{
	struct buf *texts[] = {
	    &l->flags, &l->subject, &l->from_name, &l->from, &l->to, &l->message_id};
	for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
		buf_clear(texts[k]);
	l->number = l->uid = l->size = l->modseq = 0;
	l->has_flags = l->has_time = l->has_envelope = false;
	l->to_count = 0;
	l->depth = 0;
}

void letter_free(struct letter *l)
{
	buf_free(&l->flags);
	buf_free(&l->subject);
	buf_free(&l->from_name);
	buf_free(&l->from);
	buf_free(&l->to);
	buf_free(&l->message_id);
}

/* ---- FLAGS, INTERNALDATE ---- */

static bool read_flags(struct letter *l, struct wire *w)
{
	bool some;
	if (!wire_open(w, &some))
		return false;
	l->has_flags = true;
	while (some) {
		struct token t = wire_token(w);
		if (t.kind == TOKEN_CLOSE)
			break;
		if (t.kind != TOKEN_ATOM)
			return wire_fail(w, "a flag is no atom");
		if (l->flags.len)
			buf_add_byte(&l->flags, ' ');
		buf_add_str(&l->flags, t.text);
	}
	return true;
}

bool letter_parse_date(struct str text, int64_t *time, int *zone)
{
	char copy[32];
	text = str_trim(text);
	size_t first = str_find(text, '-');
	if (text.len >= sizeof copy || first > 2 || first + 4 >= text.len)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[first] = ' ';
	copy[first + 4] = ' ';
	return date_parse_mail((struct str){copy, text.len}, time, zone);
}

static bool read_date(struct letter *l, struct wire *w)
{
	struct buf text = BUF_INIT(64);
	bool ok = wire_string(w, &text);
	l->has_time = ok && letter_parse_date(buf_str(&text), &l->time, &l->zone);
	buf_free(&text);
	return ok;
}

/* ---- ENVELOPE ---- */

static bool read_decoded(struct wire *w, struct buf *out)
{
	struct buf raw = BUF_INIT(TEXT_MOST);
	bool ok = wire_string(w, &raw);
	if (ok)
		word2047_decode(out, buf_str(&raw));
	buf_free(&raw);
	return ok;
}

/* (name route mailbox host); a group's ends have no host and are no address. */
static bool read_address(struct wire *w, struct buf *name, struct buf *address)
{
	struct buf mailbox = BUF_INIT(TEXT_MOST), host = BUF_INIT(TEXT_MOST);
	bool ok = read_decoded(w, name) && wire_skip(w) && wire_string(w, &mailbox) &&
		  wire_string(w, &host) && wire_close(w);
	if (ok && host.len) {
		buf_add_str(address, buf_str(&mailbox));
		buf_add_byte(address, '@');
		buf_add_str(address, buf_str(&host));
	}
	buf_free(&mailbox);
	buf_free(&host);
	return ok;
}

/* The first goes to name and address. */
static bool read_senders(struct letter *l, struct wire *w)
{
	bool some;
	if (!wire_open(w, &some))
		return false;
	while (some) {
		struct token t = wire_token(w);
		if (t.kind == TOKEN_CLOSE)
			break;
		bool first = t.kind == TOKEN_OPEN && l->from.len == 0;
		if (!(first ? read_address(w, &l->from_name, &l->from)
			    : wire_skip_value(w, &t)))
			return false;
	}
	return true;
}

static bool read_recipients(struct letter *l, struct wire *w)
{
	bool some, ok = true;
	if (!wire_open(w, &some))
		return false;
	while (some && ok) {
		struct buf name = BUF_INIT(3 * TEXT_MOST), address = BUF_INIT(TEXT_MOST);
		struct token t = wire_token(w);
		if (t.kind == TOKEN_CLOSE)
			break;
		ok = t.kind == TOKEN_OPEN ? read_address(w, &name, &address)
					  : wire_skip_value(w, &t);
		if (ok && address.len) {
			if (l->to_count++)
				buf_add_text(&l->to, ", ");
			buf_add_str(&l->to, buf_str(&address));
		}
		buf_free(&name);
		buf_free(&address);
	}
	return ok;
}

/* (date subject from sender reply-to to cc bcc in-reply-to message-id) */
static bool read_envelope(struct letter *l, struct wire *w)
{
	bool some;
	if (!wire_open(w, &some) || !some)
		return !err_is_set(stream_err(w->stream));
	l->has_envelope = true;
	return wire_skip(w) && read_decoded(w, &l->subject) && read_senders(l, w) &&
	       wire_skip(w) && wire_skip(w) && read_recipients(l, w) && wire_skip(w) &&
	       wire_skip(w) && wire_skip(w) && wire_string(w, &l->message_id) && wire_close(w);
}

/* ---- the answer ---- */

bool letter_start(struct letter *l, struct imap *i)
{
	struct token t = wire_token(&i->wire);
	empty(l);
	l->number = i->number;
	if (t.kind == TOKEN_FAILED)
		return false;
	return t.kind == TOKEN_OPEN || wire_fail(&i->wire, "FETCH has no list");
}

static bool read_modseq(struct letter *l, struct wire *w)
{
	bool some;
	return wire_open(w, &some) && (!some || (wire_number(w, &l->modseq) && wire_close(w)));
}

static bool read_item(struct letter *l, struct imap *i, const struct token *name)
{
	struct wire *w = &i->wire;
	if (token_is(name, "UID"))
		return wire_number(w, &l->uid);
	if (token_is(name, "RFC822.SIZE"))
		return wire_number(w, &l->size);
	if (token_is(name, "FLAGS"))
		return read_flags(l, w);
	if (token_is(name, "INTERNALDATE"))
		return read_date(l, w);
	if (token_is(name, "ENVELOPE"))
		return read_envelope(l, w);
	if (token_is(name, "MODSEQ"))
		return read_modseq(l, w);
	return wire_skip(w);
}

enum letter_step letter_next(struct letter *l, struct imap *i, struct token *body)
{
	for (;;) {
		struct token name = wire_token(&i->wire);
		if (name.kind == TOKEN_CLOSE)
			return LETTER_END;
		if (name.kind != TOKEN_ATOM) {
			wire_fail(&i->wire, "FETCH names no item");
			return LETTER_FAILED;
		}
		if (str_starts_nocase(name.text, "BODY[") ||
		    str_starts_nocase(name.text, "BINARY[")) {
			*body = wire_token(&i->wire);
			return body->kind == TOKEN_FAILED ? LETTER_FAILED : LETTER_BODY;
		}
		if (!read_item(l, i, &name))
			return LETTER_FAILED;
	}
}

bool letter_read(struct letter *l, struct imap *i)
{
	struct token body;
	if (!letter_start(l, i))
		return false;
	for (;;) {
		enum letter_step step = letter_next(l, i, &body);
		if (step != LETTER_BODY)
			return step == LETTER_END;
		if (!wire_skip_value(&i->wire, &body))
			return false;
	}
}

bool letter_has_flag(const struct letter *l, const char *flag)
{
	struct str rest = buf_str(&l->flags), word;
	while (str_cut(&rest, ' ', &word))
		if (str_is_nocase(word, flag))
			return true;
	return false;
}

const char *letter_maildir_flags(const struct letter *l, char out[8])
{
	static const struct {
		const char *flag;
		char letter;
	} letters[] = {{"\\Draft", 'D'}, {"\\Flagged", 'F'}, {"\\Answered", 'R'},
	    {"\\Seen", 'S'}, {"\\Deleted", 'T'}};
	size_t n = 0;
	for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
		if (letter_has_flag(l, letters[k].flag))
			out[n++] = letters[k].letter;
	out[n] = '\0';
	return out;
}
