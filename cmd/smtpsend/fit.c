/*
 * Fitting a message to a server. The facts come from common/mail, the abilities
 * from EHLO.
 */
#include "cmd/smtpsend/fit.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/proto/dot.h"
#include "common/text/qp.h"
#include "common/text/utf8.h"

static bool has_nul(const struct letter *l)
{
	return l->head.nul || l->message.body.nul;
}

bool fit_check(struct submission *sub, const struct smtpsend_options *o)
{
	const struct letter *l = &sub->letter;
	if (has_nul(l) && (!o->ehlo || !o->chunking || l->head.nul))
		return err_set(&sub->err, ERR_DATA,
		    "the message has a NUL byte, which only BDAT could carry");
	if (l->head.longest > MESSAGE_LINE_MOST && !l->composed)
		return err_set(&sub->err, ERR_DATA,
		    "a header line of %llu bytes: over %d can't be sent",
		    (unsigned long long)l->head.longest, MESSAGE_LINE_MOST);
	return true;
}

/* ---- re-encoding ---- */

/* One text, not yet encoded: the only body that can be without being taken apart. */
static bool is_plain_text(const struct message_head *h)
{
	struct str type = message_head_value(h, "content-type");
	struct str coding = message_head_value(h, "content-transfer-encoding");
	bool text = type.len == 0 || str_starts_nocase(type, "text/");
	return text && (coding.len == 0 || str_is_nocase(coding, "7bit") ||
			   str_is_nocase(coding, "8bit") || str_is_nocase(coding, "binary"));
}

static bool encode_body(struct letter *l, struct err *err, const char *why)
{
	struct message_head *h = &l->message.head;
	size_t at = 0;
	if (!is_plain_text(h))
		return err_set(err, ERR_DATA,
		    "%s, and only a single text can be re-encoded: this message is %s", why,
		    message_head_value(h, "content-transfer-encoding").len ? "encoded already"
									   : "made of parts");
	message_head_remove(h, "content-transfer-encoding");
	if (!message_head_find(h, "mime-version", &at))
		message_head_add(h, "MIME-Version", STR("1.0"));
	at = 0;
	if (!message_head_find(h, "content-type", &at))
		message_head_add(h, "Content-Type", STR("text/plain; charset=utf-8"));
	message_head_add(h, "Content-Transfer-Encoding", STR("quoted-printable"));
	l->encode = true;
	letter_apply(l);
	return true;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

/* Its value in encoded words, on lines as they are to stand. */
static bool encode_value(const struct message_field *f, const char *name, struct buf *out)
{
	struct buf flat = BUF_INIT(LIMIT_FILE);
	struct err ignored = {0};
	for (size_t i = 0; i < f->value.len; i++)
		if (f->value.ptr[i] != '\r' && f->value.ptr[i] != '\n')
			buf_add_byte(&flat, f->value.ptr[i]);
	bool ok = compose_put_field(out, name, buf_str(&flat), &ignored);
	buf_free(&flat);
	return ok;
}

static bool encode_field(struct message_head *out, const struct message_field *f)
{
	struct buf line = BUF_INIT(LIMIT_FILE);
	char *name = str_dup(f->name);
	bool ok;
	if (is_ascii(f->value)) {
		ok = message_head_add(out, name, f->value);
	} else {
		ok = encode_value(f, name, &line);
		struct str value = str_sub(buf_str(&line), f->name.len + 1, line.len);
		ok = ok && message_head_add(out, name, str_trim(value));
	}
	free(name);
	buf_free(&line);
	return ok;
}

/* UTF-8 headers for a server without SMTPUTF8: encoded words (RFC 2047). */
static bool encode_head(struct letter *l, struct err *err)
{
	struct message_head ascii = {.eol = l->message.head.eol};
	bool ok = true;
	for (size_t i = 0; ok && i < l->message.head.count; i++)
		ok = encode_field(&ascii, &l->message.head.items[i]);
	if (!ok) {
		message_head_free(&ascii);
		return err_set(err, ERR_DATA, "the header has bytes that can't be encoded");
	}
	message_head_free(&l->message.head);
	l->message.head = ascii;
	letter_apply(l);
	return true;
}

/* ---- measures ---- */

/* By sending it to nobody. */
static bool measure_encoded(struct submission *sub)
{
	struct stream *nobody = stream_over_memory(STR_NONE, NULL);
	bool ok = fit_send(sub, nobody, false) && stream_flush(nobody);
	sub->fit.size = stream_sent(nobody);
	stream_close(nobody);
	return ok;
}

static bool measure(struct submission *sub)
{
	const struct letter *l = &sub->letter;
	if (l->encode)
		return measure_encoded(sub);
	sub->fit.size =
	    message_scan_wire_size(&l->head) +
	    (l->exact ? l->message.body.size : message_scan_wire_size(&l->message.body));
	return true;
}

static bool fit_binary(struct submission *sub, const struct smtp *s)
{
	unsigned need = SMTP_BINARYMIME | SMTP_CHUNKING;
	if ((s->extensions & need) != need)
		return err_set(&sub->err, ERR_DATA,
		    "the message has a NUL byte, and the server has no BINARYMIME");
	sub->fit.body = "BINARYMIME";
	/* Bytes that are in wire form already go as they are; a text with LF is a text. */
	sub->letter.exact =
	    sub->letter.message.head.eol && strcmp(sub->letter.message.head.eol, "\r\n") == 0;
	return true;
}

static bool fit_addresses(struct submission *sub, const struct smtp *s)
{
	if (!sub->envelope.utf8)
		return true;
	sub->fit.utf8 = s->extensions & SMTP_SMTPUTF8;
	return sub->fit.utf8 || envelope_to_ascii(&sub->envelope, &sub->err);
}

static bool fit_head(struct submission *sub, const struct smtp *s)
{
	if (!sub->letter.head.eight_bit)
		return true;
	sub->fit.utf8 = s->extensions & SMTP_SMTPUTF8;
	return sub->fit.utf8 || encode_head(&sub->letter, &sub->err);
}

static bool fit_body(
    struct submission *sub, const struct smtp *s, const struct smtpsend_options *o)
{
	static const char *const words[] = {NULL, "7BIT", "8BITMIME", "BINARYMIME"};
	const struct message_scan *body = &sub->letter.message.body;
	if (body->nul)
		return fit_binary(sub, s);
	bool eight = body->eight_bit;
	bool takes_eight = s->extensions & SMTP_8BITMIME;
	if (sub->letter.encode)
		return true;
	if (body->longest > MESSAGE_LINE_MOST)
		return encode_body(
		    &sub->letter, &sub->err, "the message has a line over 998 bytes");
	if (eight && !takes_eight)
		return encode_body(&sub->letter, &sub->err,
		    "the message has 8-bit text, the server no 8BITMIME");
	if (eight || sub->fit.utf8)
		sub->fit.body = takes_eight ? "8BITMIME" : NULL;
	else if (takes_eight && o->body != BODY_UNSAID && o->body != BODY_BINARYMIME)
		sub->fit.body = words[o->body];
	return true;
}

/* A composed message is made anew rather than mended. */
static bool fit_composed(
    struct submission *sub, const struct smtp *s, const struct smtpsend_options *o)
{
	struct letter_reach reach = {
	    s->extensions & SMTP_8BITMIME, s->extensions & SMTP_SMTPUTF8};
	if (!sub->letter.composed || (reach.eight_bit && reach.utf8))
		return true;
	return letter_recompose(&sub->letter, o, &reach, &sub->err);
}

bool fit_submission(
    struct submission *sub, const struct smtp *s, const struct smtpsend_options *o)
{
	sub->fit = (struct fit){0};
	if (!fit_addresses(sub, s) || !fit_composed(sub, s, o) || !fit_head(sub, s) ||
	    !fit_body(sub, s, o) || !measure(sub))
		return false;
	if (s->size_limit && sub->fit.size > s->size_limit)
		return err_set(&sub->err, ERR_REFUSED,
		    "the message has %llu bytes, and the server takes at most %llu: "
		    "nothing was sent",
		    (unsigned long long)sub->fit.size, (unsigned long long)s->size_limit);
	return true;
}

/* ---- sending ---- */

static bool put_piece(struct submission *sub, struct dot_writer *w, struct qp_encoder *qp,
    struct str piece, bool in_head)
{
	struct buf out = BUF_INIT(LIMIT_OUTPUT);
	if (sub->letter.exact && !in_head) {
		stream_put(w->stream, piece.ptr, piece.len);
		return stream_unsent(w->stream) < 64 * KIB || stream_flush(w->stream);
	}
	if (!sub->letter.encode || in_head)
		return dot_put(w, piece);
	qp_encode(qp, &out, piece);
	bool ok = dot_put(w, buf_str(&out));
	buf_free(&out);
	return ok;
}

static void end_encoding(struct submission *sub, struct dot_writer *w, struct qp_encoder *qp)
{
	struct buf out = BUF_INIT(KIB);
	if (sub->letter.encode && qp_encode_end(qp, &out))
		dot_put(w, buf_str(&out));
	buf_free(&out);
}

/* Without an edited head the source's first bytes are it. */
static uint64_t head_length(const struct letter *l)
{
	return l->source.skip ? l->source.front.len : l->message.body_at;
}

static bool put_all(
    struct submission *sub, struct dot_writer *w, struct qp_encoder *qp, struct err *broken)
{
	uint64_t head = head_length(&sub->letter), given = 0;
	struct str piece;
	for (;;) {
		if (!source_next(&sub->letter.source, &piece, broken))
			return false;
		if (piece.len == 0)
			return true;
		struct str first = str_sub(piece, 0, given < head ? (size_t)(head - given) : 0);
		given += piece.len;
		if (sub->given)
			*sub->given = given;
		piece = str_sub(piece, first.len, piece.len);
		/* A stream that broke is found out by who reads the answer. */
		if ((first.len && !put_piece(sub, w, qp, first, true)) ||
		    (piece.len && !put_piece(sub, w, qp, piece, false)))
			return true;
	}
}

bool fit_send(struct submission *sub, struct stream *stream, bool stuffs)
{
	struct qp_encoder qp = {0};
	struct err broken = {0};
	struct dot_writer w;
	source_rewind(&sub->letter.source);
	dot_write_start(&w, stream, stuffs);
	if (!put_all(sub, &w, &qp, &broken)) {
		dot_write_free(&w);
		sub->err = broken;
		return false;
	}
	end_encoding(sub, &w, &qp);
	/* What left as it was has its own end. */
	if (sub->letter.exact)
		dot_write_free(&w);
	else
		dot_put_end(&w);
	return true;
}

void submission_free(struct submission *sub)
{
	letter_free(&sub->letter);
	envelope_free(&sub->envelope);
	free(sub->answer.text);
	*sub = (struct submission){0};
}
