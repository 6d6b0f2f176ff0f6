/*
 * SMTP's verbs. What is sent when, and what a refusal means, is decided elsewhere.
 */
#include "cmd/smtpsend/smtp.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"

static const struct {
	const char *keyword;
	unsigned extension;
} keywords[] = {
    {"PIPELINING", SMTP_PIPELINING},
    {"CHUNKING", SMTP_CHUNKING},
    {"BINARYMIME", SMTP_BINARYMIME},
    {"8BITMIME", SMTP_8BITMIME},
    {"SMTPUTF8", SMTP_SMTPUTF8},
    {"DSN", SMTP_DSN},
    {"SIZE", SMTP_SIZE},
    {"STARTTLS", SMTP_STARTTLS},
    {"AUTH", SMTP_AUTH},
    {"ENHANCEDSTATUSCODES", SMTP_ENHANCED},
};

void smtp_start(struct smtp *s, struct stream *stream, bool lmtp)
{
	smtp_drop(s);
	s->stream = stream;
	s->lmtp = lmtp;
}

static void forget_extensions(struct smtp *s)
{
	s->extensions = 0;
	s->size_limit = 0;
	free(s->mechanisms);
	s->mechanisms = NULL;
}

void smtp_drop(struct smtp *s)
{
	stream_close(s->stream);
	reply_free(&s->reply);
	forget_extensions(s);
	*s = (struct smtp){0};
}

bool smtp_read(struct smtp *s)
{
	if (!reply_read(s->stream, REPLY_SMTP, &s->reply))
		return false;
	s->closing = s->closing || s->reply.code == 421;
	return true;
}

/* The reply that has to be 2yz, or err. */
static bool expect_good(struct smtp *s, const char *refused, struct err *err)
{
	if (!smtp_read(s))
		return err_pass(err, stream_err(s->stream));
	return reply_is_good(&s->reply) || reply_fail(err, &s->reply, refused);
}

bool smtp_greeting(struct smtp *s, struct err *err)
{
	return expect_good(s, "the server does not serve us", err);
}

/* ---- hello ---- */

static void note_keyword(struct smtp *s, struct str line)
{
	struct str word = STR_NONE;
	str_cut(&line, ' ', &word);
	struct str params = str_trim(line);
	/* "AUTH=LOGIN": what servers said before RFC 2554, and some still say. */
	if (str_starts_nocase(word, "AUTH="))
		return;
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (str_is_nocase(word, keywords[i].keyword))
			s->extensions |= keywords[i].extension;
	if (str_is_nocase(word, "SIZE") && !number_parse(params, &s->size_limit))
		s->size_limit = 0;
	if (str_is_nocase(word, "AUTH")) {
		free(s->mechanisms);
		s->mechanisms = str_dup(params);
	}
}

bool smtp_ehlo(struct smtp *s, const char *domain, struct err *err)
{
	struct str line;
	forget_extensions(s);
	stream_put_line(s->stream, "%s %s", s->lmtp ? "LHLO" : "EHLO", domain);
	if (!expect_good(s, s->lmtp ? "LHLO was refused" : "EHLO was refused", err))
		return false;
	struct str rest = reply_lines(&s->reply);
	str_cut(&rest, '\n', &line);
	while (str_cut(&rest, '\n', &line))
		note_keyword(s, line);
	return true;
}

bool smtp_helo(struct smtp *s, const char *domain, struct err *err)
{
	forget_extensions(s);
	stream_put_line(s->stream, "HELO %s", domain);
	return expect_good(s, "HELO was refused", err);
}

bool smtp_starttls(struct smtp *s, struct err *err)
{
	stream_put_line(s->stream, "STARTTLS");
	return expect_good(s, "STARTTLS was refused", err);
}

/* ---- the transaction ---- */

void smtp_put_mail(struct smtp *s, const struct smtp_mail *mail)
{
	struct buf line = BUF_INIT(LIMIT_LINE);
	buf_addf(&line, "MAIL FROM:<%s>", mail->sender);
	if (mail->has_size)
		buf_addf(&line, " SIZE=%llu", (unsigned long long)mail->size);
	if (mail->body)
		buf_addf(&line, " BODY=%s", mail->body);
	if (mail->utf8)
		buf_add_text(&line, " SMTPUTF8");
	if (mail->ret)
		buf_addf(&line, " RET=%s", mail->ret);
	if (mail->envid)
		buf_addf(&line, " ENVID=%s", mail->envid);
	stream_put_line(s->stream, "%s", buf_cstr(&line));
	buf_free(&line);
}

void smtp_put_rcpt(struct smtp *s, const struct smtp_rcpt *rcpt)
{
	struct buf line = BUF_INIT(LIMIT_LINE);
	buf_addf(&line, "RCPT TO:<%s>", rcpt->address);
	if (rcpt->notify)
		buf_addf(&line, " NOTIFY=%s", rcpt->notify);
	if (rcpt->orcpt)
		buf_addf(&line, " ORCPT=%s", rcpt->orcpt);
	stream_put_line(s->stream, "%s", buf_cstr(&line));
	buf_free(&line);
}

void smtp_put_data(struct smtp *s)
{
	stream_put_line(s->stream, "DATA");
}

void smtp_put_bdat(struct smtp *s, uint64_t size, bool last)
{
	stream_put_line(
	    s->stream, "BDAT %llu%s", (unsigned long long)size, last ? " LAST" : "");
}

void smtp_put_rset(struct smtp *s)
{
	stream_put_line(s->stream, "RSET");
}

void smtp_put_quit(struct smtp *s)
{
	stream_put_line(s->stream, "QUIT");
}

void smtp_quit(struct smtp *s)
{
	if (!s->stream)
		return;
	if (!s->closing && !err_is_set(stream_err(s->stream))) {
		smtp_put_quit(s);
		smtp_read(s);
	}
	smtp_drop(s);
}

void smtp_put_xtext(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		if (c > ' ' && c < 0x7f && c != '+' && c != '=')
			buf_add_byte(out, (char)c);
		else
			buf_addf(out, "+%02X", c);
	}
}
