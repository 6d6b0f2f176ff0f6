/*
 * CREATE and its kin, APPEND.
 */
#include "cmd/imapls/manage.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd/imapls/change.h"
#include "cmd/imapls/utf7.h"
#include "common/base/limits.h"
#include "common/mail/message.h"
#include "common/text/json.h"

bool manage_run(
    struct session *s, const char *verb, const char *mailbox, const char *to, struct err *err)
{
	struct buf line = BUF_INIT(5 * LIMIT_URL), what = BUF_INIT(64);
	buf_addf(&line, "%s ", verb);
	bool ok = imap_add_mailbox(&s->imap, &line, str_of(mailbox), err);
	if (ok && to) {
		buf_add_byte(&line, ' ');
		ok = imap_add_mailbox(&s->imap, &line, str_of(to), err);
	}
	buf_addf(&what, "%s was refused", verb);
	ok = ok && imap_expect(&s->imap, imap_put(&s->imap, "%s", buf_cstr(&line)),
		       buf_cstr(&what), err);
	buf_free(&line);
	buf_free(&what);
	return ok;
}

/* (("INBOX." ".")) NIL NIL: the first of one's own. */
static bool read_prefix(struct imap *i, struct buf *out)
{
	struct wire *w = &i->wire;
	struct buf raw = BUF_INIT(LIMIT_URL);
	bool some, more = false;
	bool ok = wire_open(w, &some) && (!some || wire_open(w, &more)) &&
		  (!more || wire_string(w, &raw));
	if (ok && i->utf8)
		buf_add_str(out, buf_str(&raw));
	else if (ok)
		utf7_decode(out, buf_str(&raw));
	buf_free(&raw);
	return ok;
}

bool manage_make_own(struct session *s, const char *name, struct err *err)
{
	struct imap *i = &s->imap;
	struct buf full = BUF_INIT(LIMIT_URL);
	unsigned tag = i->capabilities & IMAP_NAMESPACE ? imap_put(i, "NAMESPACE") : 0;
	bool ok = true;
	while (tag && ok && imap_next(i, tag, err))
		if (imap_is(i, "NAMESPACE") && full.len == 0)
			ok = read_prefix(i, &full);
	err_pass(err, stream_err(i->stream));
	ok = ok && !err_is_set(err);
	if (str_starts(str_of(name), buf_cstr(&full)))
		buf_clear(&full);
	buf_add_text(&full, name);
	ok = ok && manage_run(s, "CREATE", buf_cstr(&full), NULL, err);
	buf_free(&full);
	return ok;
}

/* ---- APPEND ---- */

/* Lines end in CRLF on the wire, whatever they end in here. */
static void put_crlf(struct stream *stream, struct str piece, bool *after_cr)
{
	size_t from = 0;
	for (size_t k = 0; k < piece.len; k++) {
		bool lone = piece.ptr[k] == '\n' && !*after_cr;
		*after_cr = piece.ptr[k] == '\r';
		if (!lone)
			continue;
		stream_put(stream, piece.ptr + from, k - from);
		stream_put(stream, "\r", 1);
		from = k;
	}
	stream_put(stream, piece.ptr + from, piece.len - from);
}

static bool send_message(
    struct session *s, struct source *message, const char *end, struct err *err)
{
	struct stream *stream = s->imap.stream;
	struct str piece;
	bool after_cr = false;
	while (source_next(message, &piece, err) && piece.len) {
		put_crlf(stream, piece, &after_cr);
		if (!stream_flush(stream))
			return err_pass(err, stream_err(stream));
	}
	stream_put_line(stream, "%s", end);
	if (!err_is_set(err))
		return true;
	/* Half a literal can't be taken back. */
	return stream_fail(stream, ERR_IO, "the message could not be read to its end");
}

/* What APPEND must know before it starts. Zero it. */
struct facts {
	uint64_t size; /* on the wire: bare LF become CRLF, and nothing else changes */
	bool utf8;     /* the header has bytes from 0x80 */
	bool in_body, in_line;
};

static void scan_head(struct facts *f, struct str piece)
{
	for (size_t k = 0; k < piece.len && !f->in_body; k++) {
		f->utf8 = f->utf8 || (unsigned char)piece.ptr[k] >= 0x80;
		f->in_body = piece.ptr[k] == '\n' && !f->in_line;
		if (piece.ptr[k] != '\r')
			f->in_line = piece.ptr[k] != '\n';
	}
}

static bool find_out(struct source *message, struct facts *f, struct err *err)
{
	struct message_scan scan = {0};
	struct str piece;
	while (source_next(message, &piece, err) && piece.len) {
		message_scan_add(&scan, piece);
		scan_head(f, piece);
	}
	source_rewind(message);
	f->size = scan.size + (scan.lf - scan.crlf);
	if (scan.nul)
		return err_set(err, ERR_DATA, "the message has a NUL in it");
	return !err_is_set(err);
}

/* UTF-8 in a header wants to be announced (RFC 6855 4). A server that does not know that
 * answers before the message is sent, and gets it in the common way. */
static bool append_utf8(struct session *s, const char *command, struct source *message,
    const struct facts *f, struct err *err)
{
	struct imap *i = &s->imap;
	unsigned tag = imap_put(i, "%s UTF8 (~{%llu}", command, (unsigned long long)f->size);
	return imap_continue(i, tag, err) &&
	       (i->status != IMAP_MORE ||
		   (send_message(s, message, ")", err) && imap_finish(i, tag, err)));
}

static bool append_plain(struct session *s, const char *command, struct source *message,
    const struct facts *f, struct err *err)
{
	struct imap *i = &s->imap;
	bool plus = i->capabilities & IMAP_LITERAL_PLUS ||
		    (i->capabilities & IMAP_LITERAL_MINUS && f->size <= 4096);
	unsigned tag =
	    imap_put(i, "%s {%llu%s}", command, (unsigned long long)f->size, plus ? "+" : "");
	if (!plus && !imap_continue(i, tag, err))
		return false;
	return (!plus && i->status != IMAP_MORE) ||
	       (send_message(s, message, "", err) && imap_finish(i, tag, err));
}

static bool append_source(
    struct session *s, const char *command, struct source *message, struct err *err)
{
	struct imap *i = &s->imap;
	struct facts f = {0};
	if (!find_out(message, &f, err))
		return false;
	bool utf8 = i->utf8 && f.utf8;
	if (utf8 && !append_utf8(s, command, message, &f, err))
		return false;
	if (!utf8 || i->status == IMAP_BAD) {
		source_rewind(message);
		if (!append_plain(s, command, message, &f, err))
			return false;
	}
	return imap_good(i, ERR_REFUSED, "APPEND was refused", err);
}

bool manage_append(struct session *s, const char *mailbox, const char *path, const char *flags,
    struct err *err)
{
	struct source message = {0};
	struct buf command = BUF_INIT(3 * LIMIT_URL);
	buf_add_text(&command, "APPEND ");
	bool ok = imap_add_mailbox(&s->imap, &command, str_of(mailbox), err);
	if (ok && flags)
		ok = change_put_flags(&command, str_of(flags), '+', err);
	if (ok)
		ok = strcmp(path, "-") == 0
			 ? source_spool(&message, STDIN_FILENO, "standard input", err)
			 : source_add_path(&message, path, SOURCE_PLAIN, err);
	ok = ok && append_source(s, buf_cstr(&command), &message, err);
	source_free(&message);
	buf_free(&command);
	return ok;
}

/* "APPENDUID 38505 3955" (RFC 4315): the unique id of what was added. */
static void show_added(const struct session *s, struct show *w, const char *path)
{
	struct str rest = buf_str(&s->imap.code), word = STR_NONE;
	struct buf line = BUF_INIT(LIMIT_LINE);
	str_cut(&rest, ' ', &word);
	bool known = str_is_nocase(word, "APPENDUID") && str_cut(&rest, ' ', &word);
	if (s->o->common.jsonl) {
		json_open(&line);
		json_key_text(&line, "mailbox", s->target.mailbox);
		json_key_text(&line, "file", path);
		json_key_str(&line, "uidvalidity", known ? word : STR(""));
		json_key_str(&line, "uid", known ? rest : STR(""));
		json_close(&line);
		buf_add_byte(&line, '\n');
	} else if (known) {
		buf_addf(&line, "%.*s\n", STR_ARG(rest));
	}
	show_line(w, buf_str(&line));
	buf_free(&line);
}

/* ---- the whole ---- */

bool manage_mailbox(struct session *s, struct show *w, struct err *err)
{
	const struct imapls_options *o = s->o;
	const char *name = s->target.mailbox;
	const char *flags = o->marks.count ? o->marks.items[0].text : NULL;
	if (!session_know(s, err) || !session_enable(s, "&", err) ||
	    (o->create && !manage_run(s, "CREATE", name, NULL, err)))
		return false;
	if (o->rename && !manage_run(s, "RENAME", name, o->rename, err))
		return false;
	if (o->rename)
		name = o->rename;
	if (o->subscribe && !manage_run(s, "SUBSCRIBE", name, NULL, err))
		return false;
	if (o->unsubscribe && !manage_run(s, "UNSUBSCRIBE", name, NULL, err))
		return false;
	if (o->remove && !manage_run(s, "DELETE", name, NULL, err))
		return false;
	for (size_t k = 0; k < o->append.count; k++) {
		if (!manage_append(s, name, o->append.items[k].text, flags, err))
			return false;
		show_added(s, w, o->append.items[k].text);
	}
	return true;
}
