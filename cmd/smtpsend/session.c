/*
 * Opening a session. The verbs are smtp.c's, the mechanisms common/proto's.
 */
#include "cmd/smtpsend/session.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/smtpsend/letter.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/proto/sasl.h"
#include "common/text/number.h"

bool session_aim(struct session *s, const char *server, struct err *err)
{
	session_close(s);
	creds_free(&s->creds);
	target_free(&s->target);
	if (!target_choose(&s->target, server, err))
		return false;
	struct cred_source source = {.options = &s->o->common.cred,
	    .host = s->target.host,
	    .url_user = s->target.user,
	    .url_password = s->target.password,
	    .ask = CRED_MAY_ASK};
	return creds_find(&source, &s->creds, err);
}

bool session_init(
    struct session *s, const struct smtpsend_options *o, struct trace *trace, struct err *err)
{
	*s = (struct session){.o = o, .trace = trace, .tally = TALLY_NONE};
	s->dialer = dialer_open(&o->common.net, trace);
	/* By hand the server may be named later, by `open`. */
	return (!o->server && options_by_hand(o)) || session_aim(s, o->server, err);
}

void session_free(struct session *s)
{
	smtp_drop(&s->smtp);
	dialer_close(s->dialer);
	creds_free(&s->creds);
	target_free(&s->target);
}

static struct endpoint endpoint_of(const struct session *s)
{
	return (struct endpoint){s->target.host, s->target.port, s->target.tls, NULL,
	    s->target.tls ? "smtps" : "smtp"};
}

void session_close(struct session *s)
{
	smtp_quit(&s->smtp);
}

/* ---- greeting ---- */

bool session_connect(struct session *s, struct err *err)
{
	struct endpoint to = endpoint_of(s);
	struct stream *stream = dial(s->dialer, &to, err);
	if (!stream)
		return false;
	stream_set_tally(stream, &s->tally);
	smtp_start(&s->smtp, stream, s->target.lmtp);
	if (smtp_greeting(&s->smtp, err))
		return true;
	session_close(s);
	return false;
}

/* This host as EHLO wants it (RFC 5321 4.1.1.1): a name with a domain, or the address the
 * connection comes from. */
static void put_domain(const struct session *s, struct buf *out)
{
	struct sockaddr_storage own = {0};
	socklen_t len = sizeof own;
	char text[INET6_ADDRSTRLEN] = "127.0.0.1";
	char *host = letter_local_host();
	if (s->o->domain)
		buf_add_text(out, s->o->domain);
	else if (strchr(host, '.'))
		buf_add_text(out, host);
	else if (getsockname(stream_fd(s->smtp.stream), (struct sockaddr *)&own, &len) == 0 &&
		 getnameinfo((struct sockaddr *)&own, len, text, sizeof text, NULL, 0,
		     NI_NUMERICHOST) == 0)
		buf_addf(out, "[%s%s]", own.ss_family == AF_INET6 ? "IPv6:" : "", text);
	else
		buf_add_text(out, "[127.0.0.1]");
	free(host);
}

bool session_hello(struct session *s, struct err *err)
{
	struct buf domain = BUF_INIT(LIMIT_URL);
	struct err refused = {0};
	put_domain(s, &domain);
	bool ok = s->o->ehlo || s->target.lmtp
		      ? smtp_ehlo(&s->smtp, buf_cstr(&domain), &refused)
		      : smtp_helo(&s->smtp, buf_cstr(&domain), &refused);
	/* RFC 5321 3.2: a server that does not know EHLO is asked in the old way. */
	int code = s->smtp.reply.code;
	bool fall_back = !ok && s->o->ehlo && !s->target.lmtp && code >= 500 && code <= 504;
	if (fall_back)
		ok = smtp_helo(&s->smtp, buf_cstr(&domain), err);
	else if (!ok)
		err_pass(err, &refused);
	buf_free(&domain);
	return ok;
}

/* ---- TLS ---- */

bool session_start_tls(struct session *s, struct err *err)
{
	struct endpoint to = endpoint_of(s);
	if (!smtp_starttls(&s->smtp, err))
		return false;
	if (!dial_start_tls(s->dialer, s->smtp.stream, &to))
		return err_pass(err, stream_err(s->smtp.stream));
	/* RFC 3207 4.2: what was announced before is forgotten. */
	return session_hello(s, err);
}

static bool encrypt(struct session *s, struct err *err)
{
	int mode = s->o->common.net.tls;
	if (s->target.tls || mode == TLS_OFF)
		return true;
	if (s->smtp.extensions & SMTP_STARTTLS)
		return session_start_tls(s, err);
	if (mode == TLS_AUTO)
		return true;
	return err_set(err, ERR_AUTH,
	    "the server offers no STARTTLS, and --tls require asks for it: nothing was sent");
}

/* ---- AUTH ---- */

static void put_start(void *self, struct stream *stream, const char *mech, const char *initial)
{
	char shown[80];
	(void)self;
	snprintf(shown, sizeof shown, "AUTH %s ****", mech);
	if (initial)
		stream_put_secret(stream, shown, "AUTH %s %s", mech, initial);
	else
		stream_put_line(stream, "AUTH %s", mech);
}

static enum sasl_answer read_answer(
    void *self, struct stream *stream, struct str *challenge, struct err *err)
{
	struct smtp *smtp = self;
	if (!smtp_read(smtp)) {
		err_pass(err, stream_err(stream));
		return SASL_FAILED;
	}
	if (smtp->reply.code == 334) {
		*challenge = reply_first(&smtp->reply);
		return SASL_MORE;
	}
	if (reply_is_good(&smtp->reply))
		return SASL_DONE;
	/* 504 and its kin say that this login is not possible here: no use trying again. */
	bool again = reply_class(&smtp->reply) == 4;
	reply_fail_as(
	    err, &smtp->reply, again ? ERR_AGAIN : ERR_AUTH, "authentication was refused");
	return SASL_FAILED;
}

/* A command line of AUTH may be that long (RFC 4954 4: 12288 in all). */
static const struct sasl_carrier carrier = {12000, put_start, read_answer};

static struct sasl_facts facts_of(struct session *s, struct err *refused)
{
	const struct cred_options *c = &s->o->common.cred;
	struct stream_report *report = stream_report(s->smtp.stream);
	return (struct sasl_facts){
	    .user = s->creds.user,
	    .password = s->creds.password,
	    .token = c->oauth2_bearer,
	    .forced = c->auth,
	    .client_cert = report->tls && s->o->common.net.cert,
	    .may_send_secrets = creds_may_send(c, report->tls, report->peer, refused),
	    .host = s->target.host,
	    .port = s->target.port,
	};
}

bool session_must_login(const struct session *s)
{
	const struct cred_options *c = &s->o->common.cred;
	return s->target.user || c->user || c->oauth2_bearer || c->auth;
}

bool session_login(struct session *s, struct err *err)
{
	struct err refused = {0};
	unsigned char binding[SASL_BINDING_SIZE];
	struct sasl_facts facts = facts_of(s, &refused);
	if (!(s->smtp.extensions & SMTP_AUTH) || !s->smtp.mechanisms)
		return err_set(err, ERR_AUTH, "the server offers no AUTH%s: nothing was sent",
		    stream_report(s->smtp.stream)->tls ? "" : " on this connection");
	if (dial_channel_binding(s->dialer, s->smtp.stream, binding))
		facts.binding = binding;
	struct sasl *x = sasl_choose(str_of(s->smtp.mechanisms), &facts, err);
	bool ok = x && sasl_run(s->smtp.stream, &carrier, &s->smtp, x, err);
	sasl_close(x);
	mem_wipe(binding, sizeof binding);
	return ok;
}

static bool login_if_wanted(struct session *s, struct err *err)
{
	bool can = s->creds.user && s->creds.password;
	bool offered = s->smtp.extensions & SMTP_AUTH;
	if (!session_must_login(s) && !(can && offered))
		return true;
	return session_login(s, err);
}

bool session_open(struct session *s, struct err *err)
{
	if (!session_connect(s, err))
		return false;
	bool ok = session_hello(s, err) && encrypt(s, err) && login_if_wanted(s, err);
	if (!ok)
		session_close(s);
	return ok;
}
