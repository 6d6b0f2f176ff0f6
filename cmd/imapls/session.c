/*
 * Opening a session. The verbs are imap.c's, the mechanisms common/proto's.
 */
#include "cmd/imapls/session.h"

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/proto/sasl.h"
#include "common/text/base64.h"

bool session_init(struct session *s, const struct imapls_options *o, const char *target,
    struct dialer *dialer, struct err *err)
{
	*s = (struct session){.o = o, .dialer = dialer, .tally = TALLY_NONE};
	if (!target_parse(&s->target, target, err))
		return false;
	struct cred_source source = {.options = &o->common.cred,
	    .host = s->target.host,
	    .url_user = s->target.user,
	    .url_password = s->target.password,
	    .ask = CRED_MAY_ASK};
	return creds_find(&source, &s->creds, err);
}

void session_close(struct session *s)
{
	if (!s->imap.stream)
		return;
	s->login_tag = 0;
	imap_logout(&s->imap);
}

void session_free(struct session *s)
{
	session_close(s);
	imap_drop(&s->imap);
	creds_free(&s->creds);
	target_free(&s->target);
}

static struct endpoint endpoint_of(const struct session *s)
{
	return (struct endpoint){s->target.host, s->target.port, s->target.tls, NULL,
	    s->target.tls ? "imaps" : "imap"};
}

/* ---- greeting and TLS ---- */

static bool start_tls(struct session *s, struct err *err)
{
	struct endpoint to = endpoint_of(s);
	if (!imap_starttls(&s->imap, err))
		return false;
	if (!dial_start_tls(s->dialer, s->imap.stream, &to))
		return err_pass(err, stream_err(s->imap.stream));
	return imap_capability(&s->imap, err);
}

static bool encrypt(struct session *s, struct err *err)
{
	int mode = s->o->common.net.tls;
	if (s->target.tls || mode == TLS_OFF)
		return true;
	/* RFC 9051 7.1.4, 11.1: STARTTLS is not possible any more, and somebody may want that.
	 */
	if (s->imap.preauth && mode == TLS_REQUIRE)
		return err_set(err, ERR_PROTOCOL,
		    "the server says PREAUTH before TLS, which --tls require asks for");
	if (s->imap.preauth)
		return true;
	if (s->imap.capabilities & IMAP_STARTTLS)
		return start_tls(s, err);
	return mode == TLS_AUTO ||
	       err_set(err, ERR_AUTH,
		   "the server offers no STARTTLS, and --tls require asks for it: nothing "
		   "was sent");
}

bool session_connect(struct session *s, struct err *err)
{
	struct endpoint to = endpoint_of(s);
	struct stream *stream = dial(s->dialer, &to, err);
	if (!stream)
		return false;
	s->enabled = false;
	stream_set_tally(stream, &s->tally);
	imap_start(&s->imap, stream);
	if (!imap_greeting(&s->imap, err)) {
		session_close(s);
		return false;
	}
	if ((s->imap.has_capabilities || imap_capability(&s->imap, err)) && encrypt(s, err))
		return true;
	session_close(s);
	return false;
}

/* ---- login ---- */

static const char refused[] = "the login was refused";

static void put_start(void *self, struct stream *stream, const char *mech, const char *initial)
{
	struct session *s = self;
	char *shown = mem_printf("AUTHENTICATE %s ****", mech);
	(void)stream;
	if (initial)
		s->login_tag =
		    imap_put_secret(&s->imap, shown, "AUTHENTICATE %s %s", mech, initial);
	else
		s->login_tag = imap_put(&s->imap, "AUTHENTICATE %s", mech);
	mem_free_secret(shown);
}

static enum sasl_answer read_answer(
    void *self, struct stream *stream, struct str *challenge, struct err *err)
{
	struct session *s = self;
	(void)stream;
	if (!imap_continue(&s->imap, s->login_tag, err))
		return SASL_FAILED;
	if (s->imap.status == IMAP_MORE) {
		*challenge = buf_str(&s->imap.text);
		return SASL_MORE;
	}
	s->login_tag = 0;
	return imap_good(&s->imap, ERR_AUTH, refused, err) ? SASL_DONE : SASL_FAILED;
}

static struct sasl_facts facts_of(struct session *s, bool may_send)
{
	const struct cred_options *c = &s->o->common.cred;
	struct stream_report *report = stream_report(s->imap.stream);
	return (struct sasl_facts){
	    .user = s->creds.user,
	    .password = s->creds.password,
	    .token = c->oauth2_bearer,
	    .forced = c->auth ? c->auth : s->target.auth,
	    .client_cert = report->tls && s->o->common.net.cert,
	    .may_send_secrets = may_send,
	    .host = s->target.host,
	    .port = s->target.port,
	};
}

/* The plain way in one message, its answer left on its way. */
static void put_plain(struct session *s)
{
	struct buf plain = BUF_INIT(LIMIT_SASL), coded = BUF_INIT(2 * LIMIT_SASL);
	/* Room at once: no copy of the password is left behind by growing. */
	buf_reserve(&plain, 8 * KIB);
	buf_reserve(&coded, 16 * KIB);
	buf_add_byte(&plain, '\0');
	buf_add_text(&plain, s->creds.user);
	buf_add_byte(&plain, '\0');
	buf_add_text(&plain, s->creds.password);
	base64_encode(&coded, buf_str(&plain));
	put_start(s, s->imap.stream, "PLAIN", buf_cstr(&coded));
	buf_free_secret(&plain);
	buf_free_secret(&coded);
}

/* LOGIN's arguments are quoted strings, which are ASCII; false if these are not. */
static bool put_login(struct session *s)
{
	struct buf user = BUF_INIT(LIMIT_SECRET), password = BUF_INIT(LIMIT_SECRET);
	buf_reserve(&password, 8 * KIB);
	bool ok = imap_add_quoted(&user, str_of(s->creds.user)) &&
		  imap_add_quoted(&password, str_of(s->creds.password));
	if (ok) {
		char *shown = mem_printf("LOGIN %s ****", buf_cstr(&user));
		s->login_tag = imap_put_secret(
		    &s->imap, shown, "LOGIN %s %s", buf_cstr(&user), buf_cstr(&password));
		mem_free_secret(shown);
	}
	buf_free(&user);
	buf_free_secret(&password);
	return ok;
}

static bool login_sasl(struct session *s, struct sasl *x, struct err *err)
{
	bool initial = s->imap.capabilities & IMAP_SASL_IR;
	struct sasl_carrier carrier = {initial ? 12000 : 0, put_start, read_answer};
	return x && sasl_run(s->imap.stream, &carrier, s, x, err);
}

static bool is_plain(const struct sasl *x)
{
	return str_is(str_of(sasl_name(x)), "PLAIN") || str_is(str_of(sasl_name(x)), "LOGIN");
}

/* No mechanism that we have is offered, or none at all: LOGIN, where that is allowed. */
static bool login_command(struct session *s, struct err *err)
{
	const struct stream_report *report = stream_report(s->imap.stream);
	if (s->imap.capabilities & IMAP_LOGINDISABLED)
		return err_set(err, ERR_AUTH, "the server allows no login%s: nothing was sent",
		    report->tls ? "" : " without TLS");
	if (!creds_may_send(&s->o->common.cred, report->tls, report->peer, err))
		return false;
	return put_login(s) || err_set(err, ERR_AUTH,
				   "user and password are not ASCII, and the server offers no "
				   "AUTHENTICATE that we could use");
}

static bool login_password(struct session *s, struct sasl *x, struct err *err)
{
	bool plain_ir =
	    s->imap.capabilities & IMAP_SASL_IR && str_is(str_of(sasl_name(x)), "PLAIN");
	/* sasl_choose has seen to it that a password may be sent here. */
	if (plain_ir)
		put_plain(s);
	else if (s->imap.capabilities & IMAP_LOGINDISABLED || !put_login(s))
		return login_sasl(s, x, err);
	return true;
}

static bool choose_login(struct session *s, struct err *err)
{
	const struct cred_options *c = &s->o->common.cred;
	struct stream_report *report = stream_report(s->imap.stream);
	unsigned char binding[SASL_BINDING_SIZE];
	struct err no = {0}, why = {0};
	bool may_send = creds_may_send(c, report->tls, report->peer, &no);
	struct sasl_facts facts = facts_of(s, may_send);
	if (dial_channel_binding(s->dialer, s->imap.stream, binding))
		facts.binding = binding;
	bool forced_login = facts.forced && str_is_nocase(str_of(facts.forced), "login");
	bool offered = s->imap.mechanisms.len != 0 && !forced_login;
	struct sasl *x =
	    offered ? sasl_choose(buf_str(&s->imap.mechanisms), &facts, &why) : NULL;
	bool ok, plain_ir = x && s->imap.capabilities & IMAP_SASL_IR &&
			    str_is(str_of(sasl_name(x)), "PLAIN");
	if (x && s->creds.password && is_plain(x) && (!facts.forced || plain_ir))
		ok = login_password(s, x, err);
	else if (x)
		ok = login_sasl(s, x, err);
	else if (s->creds.password && !facts.token && (!facts.forced || forced_login))
		ok = login_command(s, err);
	else
		ok = offered ? err_pass(err, &why)
			     : err_set(err, ERR_AUTH, "the server offers no AUTHENTICATE");
	sasl_close(x);
	mem_wipe(binding, sizeof binding);
	return ok;
}

bool session_login(struct session *s, struct err *err)
{
	const struct cred_options *c = &s->o->common.cred;
	if (s->imap.preauth)
		return true;
	if (!s->creds.user && !c->oauth2_bearer && !c->auth)
		return err_set(err, ERR_AUTH, "no user: name one by -u or in the URL");
	if (!s->creds.password && !c->oauth2_bearer && !c->auth)
		return err_set(err, ERR_AUTH,
		    "no password for %.200s is known (--password-command or "
		    "~/.netrc gives one)",
		    s->creds.user);
	/* What is announced now may be more: the answer says it, or it is asked for. */
	s->imap.has_capabilities = false;
	return choose_login(s, err);
}

bool session_take_login(struct session *s, struct err *err)
{
	unsigned tag = s->login_tag;
	s->login_tag = 0;
	bool ok = tag == 0 || (imap_finish(&s->imap, tag, err) &&
				  imap_good(&s->imap, ERR_AUTH, refused, err));
	return ok;
}

bool session_know(struct session *s, struct err *err)
{
	return session_take_login(s, err) &&
	       (s->imap.has_capabilities || imap_capability(&s->imap, err));
}

/* Only asked for: it costs a round trip, and the answer must be waited for. */
static bool compress(struct session *s, struct err *err)
{
	return session_know(s, err) &&
	       (!(s->imap.capabilities & IMAP_COMPRESS) || imap_compress(&s->imap, err));
}

bool session_open(struct session *s, struct err *err)
{
	if (!session_connect(s, err))
		return false;
	if (session_login(s, err) && (!s->o->compress || compress(s, err)))
		return true;
	session_close(s);
	return false;
}

/* ---- a mailbox ---- */

static bool is_the_same_in_utf7(const char *name)
{
	for (; *name; name++)
		if (*name < ' ' || *name > '~' || *name == '&')
			return false;
	return true;
}

bool session_enable(struct session *s, const char *name, struct err *err)
{
	unsigned can = s->imap.capabilities;
	bool utf8 = can & IMAP_UTF8, qresync = s->resync.modseq && can & IMAP_QRESYNC;
	if (s->enabled || s->login_tag || !(can & IMAP_ENABLE) || !(utf8 || qresync))
		return true;
	s->enabled = true;
	unsigned tag = imap_put(
	    &s->imap, "ENABLE%s%s", utf8 ? " UTF8=ACCEPT" : "", qresync ? " QRESYNC" : "");
	return !name || is_the_same_in_utf7(name) || imap_finish(&s->imap, tag, err);
}

static void put_parameters(const struct session *s, struct buf *out)
{
	if (s->resync.modseq)
		buf_addf(out, " (QRESYNC (%llu %llu 1:%llu))",
		    (unsigned long long)s->resync.uid_validity,
		    (unsigned long long)s->resync.modseq, (unsigned long long)s->resync.uid);
	else if (s->condstore)
		buf_add_text(out, " (CONDSTORE)");
}

unsigned session_put_select(
    struct session *s, const char *mailbox, bool change, struct err *err)
{
	struct buf rest = BUF_INIT(2 * LIMIT_URL);
	unsigned tag = 0;
	s->imap.exists = s->imap.uid_validity = s->imap.uid_next = s->imap.modseq = 0;
	bool ok = session_enable(s, mailbox, err) &&
		  imap_add_mailbox(&s->imap, &rest, str_of(mailbox), err);
	put_parameters(s, &rest);
	if (ok)
		tag =
		    imap_put(&s->imap, "%s %s", change ? "SELECT" : "EXAMINE", buf_cstr(&rest));
	buf_free(&rest);
	return tag;
}

bool session_take_select(struct session *s, unsigned tag, struct err *err)
{
	if (!session_take_login(s, err) || !imap_finish(&s->imap, tag, err) ||
	    !imap_good(&s->imap, ERR_ABSENT, "the mailbox can't be opened", err))
		return false;
	return !s->target.uid_validity || s->target.uid_validity == s->imap.uid_validity ||
	       err_set(err, ERR_ABSENT,
		   "the mailbox has UIDVALIDITY %llu now: the URL's unique ids are void",
		   (unsigned long long)s->imap.uid_validity);
}
