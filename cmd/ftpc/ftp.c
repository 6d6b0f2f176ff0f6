/*
 * The control connection: batches of commands, and what replies mean. Opens no
 * data connection.
 */
#include "cmd/ftpc/ftp.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/progress.h"
#include "common/cli/say.h"
#include "common/text/date.h"
#include "common/text/number.h"

/* Preliminary replies before a final one: one is usual, some servers count progress. */
enum { PRELIMINARY_MOST = 1000 };

void ftp_note(const struct ftp *f, const char *fmt, ...)
{
	struct progress *line = f->line ? *f->line : NULL;
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	progress_hold(line);
	say_note("ftpc", f->quiet, "%s", text);
	progress_release(line);
}

/* ---- sending ---- */

static void put(struct ftp *f, const char *verb, const char *arg)
{
	if (strcmp(verb, "PASS") == 0 || strcmp(verb, "ACCT") == 0) {
		char shown[16] = "PASS ****";
		memcpy(shown, verb, 4);
		stream_put_secret(f->stream, shown, "%s %s", verb, arg);
	} else if (str_starts_nocase(str_of(verb), "PASS ") ||
		   str_starts_nocase(str_of(verb), "ACCT ")) {
		/* Typed as a whole line: quote. */
		stream_put_secret(f->stream, "**** ****", "%s", verb);
	} else if (arg && *arg) {
		stream_put_line(f->stream, "%s %s", verb, arg);
	} else {
		stream_put_line(f->stream, "%s", verb);
	}
}

bool ftp_is_line(const char *arg, struct err *err)
{
	return !arg || str_is_one_line(str_of(arg)) ||
	       err_set(err, ERR_USAGE, "a line break in a name or command is refused");
}

void ftp_add(struct ftp_batch *b, struct ftp_command command)
{
	if (b->count < FTP_BATCH_MOST)
		b->commands[b->count++] = command;
}

static bool is_unneeded(const struct ftp_command *c)
{
	return c->unneeded && *c->unneeded;
}

void ftp_put(struct ftp *f, struct ftp_batch *b)
{
	for (; f->pipelines && b->sent < b->count; b->sent++)
		put(f, b->commands[b->sent].verb, b->commands[b->sent].arg);
}

/* ---- replies ---- */

bool ftp_read(struct ftp *f, struct err *err)
{
	if (!reply_read(f->stream, REPLY_FTP, &f->reply))
		return err_pass(err, stream_err(f->stream));
	/* "Service not available, closing control connection": at any time (RFC 959 4.2). */
	if (f->reply.code == 421) {
		f->closing = true;
		return reply_fail(err, &f->reply, "the server ends the session");
	}
	return true;
}

bool ftp_read_final(struct ftp *f, struct err *err)
{
	for (int i = 0; i < PRELIMINARY_MOST; i++) {
		if (!ftp_read(f, err))
			return false;
		if (reply_class(&f->reply) != 1)
			return true;
	}
	return err_set(err, ERR_PROTOCOL, "over %d preliminary replies", PRELIMINARY_MOST);
}

static bool stores(const char *verb)
{
	static const char *const verbs[] = {
	    "STOR", "APPE", "STOU", "MKD", "XMKD", "ALLO", NULL};
	for (size_t i = 0; verbs[i]; i++)
		if (strcmp(verb, verbs[i]) == 0)
			return true;
	return false;
}

static enum err_kind kind_for(const struct reply *r, const char *verb)
{
	/* No room there: that may change. */
	if (r->code == 552)
		return ERR_AGAIN;
	return r->code == 550 && !stores(verb) ? ERR_ABSENT : reply_kind(r);
}

bool ftp_refused(struct ftp *f, const char *verb, const char *arg, struct err *err)
{
	struct buf what = BUF_INIT(LIMIT_WORDS);
	bool secret = strcmp(verb, "PASS") == 0 || strcmp(verb, "ACCT") == 0;
	buf_addf(&what, "%s%s%.*s was not accepted", verb, arg && !secret ? " " : "", 200,
	    arg && !secret ? arg : "");
	reply_fail_as(err, &f->reply, kind_for(&f->reply, verb), buf_cstr(&what));
	buf_free(&what);
	return false;
}

bool ftp_run(struct ftp *f, struct ftp_batch *b, struct err *err)
{
	ftp_put(f, b);
	while (b->taken < b->count) {
		const struct ftp_command *c = &b->commands[b->taken];
		bool unneeded = is_unneeded(c);
		bool was_sent = b->sent > b->taken;
		if (!was_sent)
			b->sent++;
		b->taken++;
		if (unneeded && !was_sent)
			continue;
		if (!was_sent)
			put(f, c->verb, c->arg);
		if (!ftp_read_final(f, err))
			return false;
		if (!unneeded && c->take && !c->take(f, c->self, err))
			return false;
	}
	return true;
}

bool ftp_drain(struct ftp *f, struct ftp_batch *b)
{
	struct err ignored = {0};
	while (b->taken < b->sent) {
		b->taken++;
		if (!ftp_read_final(f, &ignored))
			return false;
	}
	b->taken = b->count;
	return true;
}

bool ftp_ask(struct ftp *f, const char *verb, const char *arg, struct err *err)
{
	if (!ftp_is_line(arg, err))
		return false;
	put(f, verb, arg);
	return ftp_read_final(f, err);
}

bool ftp_do(struct ftp *f, const char *verb, const char *arg, struct err *err)
{
	return ftp_ask(f, verb, arg, err) &&
	       (reply_is_good(&f->reply) || ftp_refused(f, verb, arg, err));
}

/* ---- the verbs, in the order of a session ---- */

bool ftp_greeting(struct ftp *f, struct err *err)
{
	/* 120: "ready in nnn minutes", and the 220 follows. */
	return ftp_read_final(f, err) &&
	       (reply_is_good(&f->reply) ||
		   reply_fail(err, &f->reply, "the server does not want us"));
}

bool ftp_auth_tls(struct ftp *f, struct err *err)
{
	if (!ftp_ask(f, "AUTH", "TLS", err))
		return false;
	if (f->reply.code != 234)
		return false;
	return dial_start_tls_for(f->dialer, f->stream, &f->to, f->tls_key) ||
	       err_pass(err, stream_err(f->stream));
}

bool ftp_type(struct ftp *f, char type, struct err *err)
{
	char arg[2] = {type, '\0'};
	if (f->type == type)
		return true;
	f->type = 0;
	if (!ftp_do(f, "TYPE", arg, err))
		return false;
	f->type = type;
	return true;
}

static unsigned feature_of(struct str line)
{
	static const struct {
		const char *word;
		enum ftp_feature feature;
	} known[] = {{"MLST", FTP_MLST}, {"MFMT", FTP_MFMT}, {"HASH", FTP_HASH},
	    {"XSHA256", FTP_XSHA256}, {"UTF8", FTP_UTF8}, {"MDTM", FTP_MDTM},
	    {"SIZE", FTP_SIZE}, {"REST", FTP_REST}};
	struct str word = str_trim(line);
	word = str_sub(word, 0, str_find(word, ' '));
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is_nocase(word, known[i].word))
			return known[i].feature;
	return 0;
}

bool ftp_take_feat(struct ftp *f, void *self, struct err *err)
{
	struct str rest = reply_lines(&f->reply), line;
	(void)self, (void)err;
	f->features_known = true;
	if (!reply_is_good(&f->reply))
		return true;
	while (str_cut(&rest, '\n', &line))
		f->features |= feature_of(line);
	return true;
}

bool ftp_feat(struct ftp *f, struct err *err)
{
	return f->features_known ||
	       (ftp_ask(f, "FEAT", NULL, err) && ftp_take_feat(f, NULL, err));
}

char *ftp_pwd(struct ftp *f, struct err *err)
{
	struct buf path = BUF_INIT(LIMIT_WORDS);
	if (!ftp_do(f, "PWD", NULL, err))
		return NULL;
	struct str text = reply_first(&f->reply);
	size_t at = str_find(text, '"') + 1;
	while (at < text.len) {
		bool quote = text.ptr[at] == '"';
		if (quote && (at + 1 == text.len || text.ptr[at + 1] != '"'))
			return buf_steal(&path);
		buf_add_byte(&path, text.ptr[at]);
		at += quote ? 2 : 1;
	}
	buf_free(&path);
	reply_fail_as(err, &f->reply, ERR_PROTOCOL, "PWD's reply names no directory");
	return NULL;
}

bool ftp_mfmt(struct ftp *f, const char *path, int64_t time, struct err *err)
{
	struct buf arg = BUF_INIT(LIMIT_URL);
	struct date_civil c = date_to_civil(time);
	buf_addf(&arg, "%04d%02d%02d%02d%02d%02d %s", (int)c.year, c.month, c.day, c.hour,
	    c.minute, c.second, path);
	bool ok = ftp_ask(f, "MFMT", buf_cstr(&arg), err) && reply_is_good(&f->reply);
	buf_free(&arg);
	return ok;
}

void ftp_quit(struct ftp *f)
{
	if (f->stream && !f->closing && !err_is_set(stream_err(f->stream))) {
		put(f, "QUIT", NULL);
		stream_flush(f->stream);
	}
	stream_close(f->stream);
	f->stream = NULL;
	reply_free(&f->reply);
}

/* ---- values in replies ---- */

bool ftp_read_size(const struct ftp *f, uint64_t *size)
{
	return f->reply.code == 213 && number_parse(str_trim(reply_first(&f->reply)), size);
}

bool ftp_read_time(const struct ftp *f, int64_t *time)
{
	return f->reply.code == 213 && ftp_parse_time(str_trim(reply_first(&f->reply)), time);
}

bool ftp_parse_time(struct str text, int64_t *time)
{
	static const size_t at[] = {0, 4, 6, 8, 10, 12, 14};
	uint64_t part[6];
	struct str digits = str_sub(text, 0, str_find(text, '.'));
	if (digits.len != 14)
		return false;
	for (size_t i = 0; i < 6; i++)
		if (!number_parse(str_sub(digits, at[i], at[i + 1] - at[i]), &part[i]))
			return false;
	struct date_civil c = {.year = (int64_t)part[0],
	    .month = (int)part[1],
	    .day = (int)part[2],
	    .hour = (int)part[3],
	    .minute = (int)part[4],
	    .second = (int)part[5]};
	if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31 || c.hour > 23 ||
	    c.minute > 59 || c.second > 60 || c.year < 1970)
		return false;
	*time = date_from_civil(&c);
	return true;
}
