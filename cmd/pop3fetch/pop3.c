/*
 * POP3's verbs. What is sent when, and what a refusal means for the run, is decided elsewhere.
 */
#include "cmd/pop3fetch/pop3.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/digest.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/hex.h"
#include "common/text/number.h"

/* RFC 5034 4: a command line has at most 255 bytes; "AUTH", the longest name, CRLF go off. */
#define INITIAL_MOST 220

static const struct {
	const char *keyword;
	unsigned capability;
} keywords[] = {
    {"TOP", POP3_TOP},
    {"UIDL", POP3_UIDL},
    {"USER", POP3_USER},
    {"STLS", POP3_STLS},
    {"SASL", POP3_SASL},
    {"PIPELINING", POP3_PIPELINING},
    {"RESP-CODES", POP3_RESP_CODES},
};

static void forget_capabilities(struct pop3 *p)
{
	p->capabilities = 0;
	p->has_capa = false;
	free(p->mechanisms);
	p->mechanisms = NULL;
}

void pop3_start(struct pop3 *p, struct stream *stream)
{
	pop3_drop(p);
	p->stream = stream;
	p->text = BUF_INIT(LIMIT_REPLY);
	stream_set_line_limit(stream, LIMIT_REPLY);
}

void pop3_drop(struct pop3 *p)
{
	stream_close(p->stream);
	buf_free(&p->text);
	free(p->timestamp);
	forget_capabilities(p);
	*p = (struct pop3){0};
}

/* ---- answers ---- */

enum err_kind pop3_kind(struct str text, enum err_kind otherwise)
{
	static const struct {
		const char *code;
		enum err_kind kind;
	} codes[] = {
	    {"[IN-USE", ERR_AGAIN},
	    {"[LOGIN-DELAY", ERR_AGAIN},
	    {"[SYS/TEMP", ERR_AGAIN},
	    {"[SYS/PERM", ERR_REFUSED},
	    {"[AUTH", ERR_AUTH},
	};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (str_starts_nocase(text, codes[i].code))
			return codes[i].kind;
	return otherwise;
}

bool pop3_fail(struct pop3 *p, enum err_kind otherwise, const char *what, struct err *err)
{
	struct str text = buf_str(&p->text);
	err_set(err, pop3_kind(text, otherwise), "%s", what);
	err_set_said(err, 0, text);
	return false;
}

/* +OK or -ERR is a word: what follows is the end or a space. */
static bool take_word(struct str *line, const char *word, size_t len)
{
	bool is_it =
	    str_starts_nocase(*line, word) && (line->len == len || line->ptr[len] == ' ');
	if (is_it)
		*line = str_trim(str_sub(*line, len, line->len));
	return is_it;
}

bool pop3_read(struct pop3 *p, struct err *err)
{
	struct str line;
	if (!stream_line(p->stream, &line))
		return err_pass(err, stream_err(p->stream));
	trace_line(stream_trace(p->stream), stream_conn(p->stream), 'S', line);
	p->good = take_word(&line, "+OK", 3);
	if (!p->good && !take_word(&line, "-ERR", 4)) {
		stream_fail(p->stream, ERR_PROTOCOL,
		    "the server broke POP3: an answer begins with neither +OK nor -ERR");
		err_set_said(err, 0, line);
		return err_pass(err, stream_err(p->stream));
	}
	buf_clear(&p->text);
	buf_add_str(&p->text, line);
	return true;
}

bool pop3_expect(struct pop3 *p, enum err_kind otherwise, const char *what, struct err *err)
{
	return pop3_read(p, err) && (p->good || pop3_fail(p, otherwise, what, err));
}

/* ---- several lines ---- */

void pop3_lines_start(struct pop3_lines *l, struct pop3 *p)
{
	*l = (struct pop3_lines){.pop3 = p};
	trace_body_start(&l->trace, stream_trace(p->stream), stream_conn(p->stream), 'S', true);
}

static void trace_end(struct pop3_lines *l)
{
	struct stream *s = l->pop3->stream;
	trace_body_end(&l->trace);
	if (l->done)
		trace_line(stream_trace(s), stream_conn(s), 'S', STR("."));
}

bool pop3_lines_next(struct pop3_lines *l, struct str *line, struct err *err)
{
	struct stream *s = l->pop3->stream;
	bool ok = !l->done && stream_line(s, line);
	if (ok && l->count++ > LIMIT_MESSAGES)
		ok = stream_fail(
		    s, ERR_PROTOCOL, "the server lists over %d messages", LIMIT_MESSAGES);
	l->done = l->done || (ok && str_is(*line, "."));
	if (!ok || l->done) {
		trace_end(l);
		err_pass(err, stream_err(s));
		return false;
	}
	if (trace_is_on(stream_trace(s))) {
		trace_body_add(&l->trace, *line);
		trace_body_add(&l->trace, STR("\n"));
	}
	if (str_starts(*line, "."))
		*line = str_sub(*line, 1, line->len);
	return true;
}

/* ---- greeting, CAPA, STLS ---- */

/* RFC 1939 7: <what looks like a Message-ID>. Anything else could be made up so that the digest
 * of the password comes out (CVE-2007-1558). */
static bool is_timestamp(struct str s)
{
	size_t at = str_find(s, '@');
	bool good = s.len > 4 && at > 1 && at + 2 < s.len;
	for (size_t i = 1; good && i + 1 < s.len; i++)
		good = s.ptr[i] > ' ' && s.ptr[i] < 0x7f && s.ptr[i] != '<';
	return good;
}

static void note_timestamp(struct pop3 *p)
{
	struct str text = buf_str(&p->text);
	size_t from = str_find(text, '<');
	struct str rest = str_sub(text, from, text.len);
	size_t to = str_find(rest, '>');
	if (to < rest.len && is_timestamp(str_sub(rest, 0, to + 1)))
		p->timestamp = str_dup(str_sub(rest, 0, to + 1));
}

bool pop3_greeting(struct pop3 *p, struct err *err)
{
	if (!pop3_expect(p, ERR_REFUSED, "the server does not serve us", err))
		return false;
	note_timestamp(p);
	return true;
}

static void note_keyword(struct pop3 *p, struct str line)
{
	struct str word = STR_NONE;
	str_cut(&line, ' ', &word);
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (str_is_nocase(word, keywords[i].keyword))
			p->capabilities |= keywords[i].capability;
	if (str_is_nocase(word, "IMPLEMENTATION") && str_starts_nocase(line, "Courier"))
		p->capabilities |= POP3_COURIER;
	if (str_is_nocase(word, "SASL") && !p->mechanisms)
		p->mechanisms = str_dup(str_trim(line));
}

bool pop3_capa(struct pop3 *p, struct err *err)
{
	struct pop3_lines lines;
	struct str line;
	forget_capabilities(p);
	stream_put_line(p->stream, "CAPA");
	if (!pop3_read(p, err))
		return false;
	p->has_capa = p->good;
	if (!p->good)
		return true;
	pop3_lines_start(&lines, p);
	while (pop3_lines_next(&lines, &line, err))
		note_keyword(p, line);
	return lines.done;
}

bool pop3_stls(struct pop3 *p, struct err *err)
{
	stream_put_line(p->stream, "STLS");
	return pop3_expect(p, ERR_REFUSED, "the server does not start TLS (STLS)", err);
}

/* ---- login ---- */

void pop3_put_user(struct pop3 *p, const char *user)
{
	stream_put_line(p->stream, "USER %s", user);
}

void pop3_put_pass(struct pop3 *p, const char *password)
{
	stream_put_secret(p->stream, "PASS ****", "PASS %s", password);
}

static const char login_refused[] = "the login was refused";

bool pop3_user(struct pop3 *p, const char *user, struct err *err)
{
	pop3_put_user(p, user);
	return pop3_expect(p, ERR_AUTH, login_refused, err);
}

bool pop3_pass(struct pop3 *p, const char *password, struct err *err)
{
	pop3_put_pass(p, password);
	return pop3_expect(p, ERR_AUTH, login_refused, err);
}

static bool apop_digest(
    const struct pop3 *p, const char *password, struct buf *out, struct err *err)
{
	const struct digest_module *crypto = module_table("crypto", err);
	struct digest_value value;
	struct buf secret = BUF_INIT(LIMIT_SECRET + LIMIT_REPLY);
	bool ok = crypto && buf_reserve(&secret, 8 * KIB) != NULL;
	ok = ok && (buf_addf(&secret, "%s%s", p->timestamp, password) ||
		       err_set(err, ERR_AUTH, "the password is too long"));
	ok = ok && crypto->hash(DIGEST_MD5, buf_str(&secret), &value, err);
	if (ok)
		hex_encode(out, digest_str(&value));
	buf_free_secret(&secret);
	return ok;
}

bool pop3_apop(struct pop3 *p, const char *user, const char *password, struct err *err)
{
	struct buf digest = BUF_INIT(1 * KIB), shown = BUF_INIT(LIMIT_LINE);
	if (!p->timestamp)
		return err_set(err, ERR_AUTH, "the server offers no APOP");
	bool ok = apop_digest(p, password, &digest, err);
	if (ok) {
		buf_addf(&shown, "APOP %s ****", user);
		stream_put_secret(
		    p->stream, buf_cstr(&shown), "APOP %s %s", user, buf_cstr(&digest));
		ok = pop3_expect(p, ERR_AUTH, login_refused, err);
	}
	buf_free_secret(&digest);
	buf_free(&shown);
	return ok;
}

static void put_start(void *self, struct stream *s, const char *mech, const char *initial)
{
	char shown[80];
	(void)self;
	snprintf(shown, sizeof shown, "AUTH %s ****", mech);
	if (initial)
		stream_put_secret(s, shown, "AUTH %s %s", mech, initial);
	else
		stream_put_line(s, "AUTH %s", mech);
}

/* A challenge is "+ base64": it comes off the stream before it is known for what it is. */
static enum sasl_answer read_answer(
    void *self, struct stream *s, struct str *challenge, struct err *err)
{
	struct pop3 *p = self;
	/* A lone "+" is an empty challenge of a server that saves the space. */
	while (stream_held(s).len < 2 && stream_fill(s))
		;
	struct str held = stream_held(s);
	bool is_challenge =
	    held.len > 1 && held.ptr[0] == '+' && held.ptr[1] != 'O' && held.ptr[1] != 'o';
	if (is_challenge && stream_line(s, challenge)) {
		trace_line(stream_trace(s), stream_conn(s), 'S', *challenge);
		*challenge = str_trim(str_sub(*challenge, 1, challenge->len));
		return SASL_MORE;
	}
	if (is_challenge || !pop3_read(p, err)) {
		err_pass(err, stream_err(s));
		return SASL_FAILED;
	}
	if (p->good)
		return SASL_DONE;
	pop3_fail(p, ERR_AUTH, login_refused, err);
	return SASL_FAILED;
}

const struct sasl_carrier pop3_carrier = {INITIAL_MOST, put_start, read_answer};

/* ---- transaction ---- */

static void put_numbered(struct pop3 *p, const char *verb, uint32_t number)
{
	if (number)
		stream_put_line(p->stream, "%s %u", verb, number);
	else
		stream_put_line(p->stream, "%s", verb);
}

void pop3_put_stat(struct pop3 *p)
{
	stream_put_line(p->stream, "STAT");
}

void pop3_put_list(struct pop3 *p, uint32_t number)
{
	put_numbered(p, "LIST", number);
}

void pop3_put_uidl(struct pop3 *p, uint32_t number)
{
	put_numbered(p, "UIDL", number);
}

void pop3_put_top(struct pop3 *p, uint32_t number, uint64_t lines)
{
	stream_put_line(p->stream, "TOP %u %llu", number, (unsigned long long)lines);
}

void pop3_put_retr(struct pop3 *p, uint32_t number)
{
	put_numbered(p, "RETR", number);
}

void pop3_put_dele(struct pop3 *p, uint32_t number)
{
	put_numbered(p, "DELE", number);
}

void pop3_put_noop(struct pop3 *p)
{
	stream_put_line(p->stream, "NOOP");
}

void pop3_put_rset(struct pop3 *p)
{
	stream_put_line(p->stream, "RSET");
}

void pop3_put_quit(struct pop3 *p)
{
	stream_put_line(p->stream, "QUIT");
}

bool pop3_read_stat(struct pop3 *p, uint64_t *count, uint64_t *size, struct err *err)
{
	if (!pop3_expect(p, ERR_REFUSED, "STAT was refused", err))
		return false;
	struct str rest = buf_str(&p->text), first = STR_NONE, second = STR_NONE;
	str_cut(&rest, ' ', &first);
	str_cut(&rest, ' ', &second);
	return (number_parse(first, count) && number_parse(second, size)) ||
	       pop3_fail(p, ERR_PROTOCOL, "the answer to STAT is not two numbers", err);
}
