/*
 * Opening a session. The verbs are pop3.c's, the mechanisms common/proto's.
 */
#include "cmd/pop3fetch/session.h"

#include "common/base/clock.h"
#include "common/base/mem.h"

bool session_init(
    struct session *s, const struct pop3fetch_options *o, const char *target, struct err *err)
{
	*s = (struct session){.o = o, .tally = TALLY_NONE};
	if (!target_parse(&s->target, target, err))
		return false;
	struct cred_source source = {.options = &o->common.cred,
	    .host = s->target.host,
	    .url_user = s->target.user,
	    .url_password = s->target.password,
	    .ask = CRED_MAY_ASK};
	if (!creds_find(&source, &s->creds, err))
		return false;
	target_show(&s->target, s->creds.user);
	return true;
}

void session_set_dialer(struct session *s, struct dialer *dialer)
{
	s->dialer = dialer;
}

bool session_quit(struct session *s, struct err *err)
{
	struct err own = {0};
	if (!s->pop3.stream)
		return true;
	pop3_put_quit(&s->pop3);
	bool ok = pop3_expect(&s->pop3, ERR_REFUSED, "the server did not confirm QUIT", &own);
	session_drop(s);
	return ok || err_pass(err, &own);
}

void session_drop(struct session *s)
{
	pop3_drop(&s->pop3);
}

void session_free(struct session *s)
{
	session_drop(s);
	creds_free(&s->creds);
	target_free(&s->target);
}

static struct endpoint endpoint_of(const struct session *s)
{
	return (struct endpoint){s->target.host, s->target.port, s->target.tls, NULL,
	    s->target.tls ? "pop3s" : "pop3"};
}

bool session_connect(struct session *s, struct err *err)
{
	struct endpoint to = endpoint_of(s);
	struct stream *stream = dial(s->dialer, &to, err);
	if (!stream)
		return false;
	stream_set_tally(stream, &s->tally);
	pop3_start(&s->pop3, stream);
	if (pop3_greeting(&s->pop3, err))
		return true;
	session_drop(s);
	return false;
}

/* ---- the survey behind the login ---- */

/* So long after a login a server that has UIDL to answer says something. */
#define SWALLOWED_MS 3000

bool session_can_pipeline(const struct session *s)
{
	return s->o->pipelining && (s->pop3.capabilities & POP3_PIPELINING);
}

bool session_has_uids(const struct session *s)
{
	return !s->pop3.has_capa || (s->pop3.capabilities & POP3_UIDL);
}

void session_put_survey(struct session *s)
{
	s->asked = 1;
	if (session_has_uids(s)) {
		pop3_put_uidl(&s->pop3, 0);
		s->asked = 2;
	}
	pop3_put_list(&s->pop3, 0);
}

/* Behind the last line of a login, in the same write. Courier promises PIPELINING, too, but its
 * login program reads ahead and starts another one, which never sees what was read. */
static void put_behind_login(struct session *s)
{
	bool wanted = s->surveys && session_can_pipeline(s);
	if (wanted && !(s->pop3.capabilities & POP3_COURIER))
		session_put_survey(s);
}

/* After a refused login those are refused, too. */
static void skip_survey(struct session *s)
{
	struct err ignored = {0};
	while (s->asked && pop3_read(&s->pop3, &ignored))
		s->asked--;
	s->asked = 0;
}

/* ---- TLS ---- */

bool session_start_tls(struct session *s, struct err *err)
{
	struct endpoint to = endpoint_of(s);
	if (!pop3_stls(&s->pop3, err))
		return false;
	if (!dial_start_tls(s->dialer, s->pop3.stream, &to))
		return err_pass(err, stream_err(s->pop3.stream));
	/* RFC 2595 4: what was announced before is forgotten. */
	return pop3_capa(&s->pop3, err);
}

static bool encrypt(struct session *s, struct err *err)
{
	int mode = s->o->common.net.tls;
	if (s->target.tls || mode == TLS_OFF)
		return true;
	if (s->pop3.capabilities & POP3_STLS)
		return session_start_tls(s, err);
	if (mode == TLS_AUTO)
		return true;
	return err_set(err, ERR_AUTH,
	    "the server offers no STLS, and --tls require asks for it: nothing was sent");
}

/* ---- login ---- */

bool session_may_send(const struct session *s, struct err *err)
{
	const struct stream_report *report = stream_report(s->pop3.stream);
	return creds_may_send(&s->o->common.cred, report->tls, report->peer, err);
}

/* Where the server takes commands ahead, one round trip for both. */
static bool login_user(struct session *s, struct err *err)
{
	const struct creds *c = &s->creds;
	if (!session_may_send(s, err))
		return false;
	if (!session_can_pipeline(s))
		return pop3_user(&s->pop3, c->user, err) &&
		       pop3_pass(&s->pop3, c->password, err);
	struct err first = {0}, second = {0};
	pop3_put_user(&s->pop3, c->user);
	pop3_put_pass(&s->pop3, c->password);
	put_behind_login(s);
	pop3_expect(&s->pop3, ERR_AUTH, "the login was refused", &first);
	/* The second answer comes in any case, unless there was none to the first. */
	if (!err_is_set(stream_err(s->pop3.stream)))
		pop3_expect(&s->pop3, ERR_AUTH, "the login was refused", &second);
	err_pass(err, &first);
	err_pass(err, &second);
	return !err_is_set(&first) && !err_is_set(&second);
}

/* PLAIN is done with its first line (RFC 4616); the others wait for the server's. */
static void put_start(void *self, struct stream *stream, const char *mech, const char *initial)
{
	struct session *s = self;
	pop3_carrier.put_start(&s->pop3, stream, mech, initial);
	if (initial && str_is(str_of(mech), "PLAIN"))
		put_behind_login(s);
}

static enum sasl_answer read_answer(
    void *self, struct stream *stream, struct str *challenge, struct err *err)
{
	struct session *s = self;
	enum sasl_answer answer = pop3_carrier.read_answer(&s->pop3, stream, challenge, err);
	if (answer != SASL_MORE || !s->asked)
		return answer;
	stream_fail(stream, ERR_PROTOCOL,
	    "the server asks again for what AUTH PLAIN told it (RFC 5034): --auth user or "
	    "--no-pipelining may help");
	return SASL_FAILED;
}

static bool login_sasl(struct session *s, struct err *err)
{
	const struct cred_options *c = &s->o->common.cred;
	struct stream *stream = s->pop3.stream;
	unsigned char binding[SASL_BINDING_SIZE];
	struct err refused = {0};
	struct sasl_facts facts = {
	    .user = s->creds.user,
	    .password = s->creds.password,
	    .token = c->oauth2_bearer,
	    .forced = c->auth,
	    .client_cert = stream_report(stream)->tls && s->o->common.net.cert,
	    .may_send_secrets = session_may_send(s, &refused),
	    .host = s->target.host,
	    .port = s->target.port,
	};
	if (dial_channel_binding(s->dialer, stream, binding))
		facts.binding = binding;
	struct sasl *x =
	    sasl_choose(str_of(s->pop3.mechanisms ? s->pop3.mechanisms : ""), &facts, err);
	struct sasl_carrier carrier = {pop3_carrier.initial_most, put_start, read_answer};
	bool ok = x && sasl_run(stream, &carrier, s, x, err);
	sasl_close(x);
	mem_wipe(binding, sizeof binding);
	return ok;
}

static bool is_offered(const struct session *s, const char *mechanism)
{
	struct str rest = str_of(s->pop3.mechanisms), word;
	while (str_cut(&rest, ' ', &word))
		if (str_is_nocase(word, mechanism))
			return true;
	return false;
}

/* Of what is better than a password in the open: nothing is left but APOP and USER. */
static bool wants_sasl(const struct session *s, bool open_way)
{
	static const char *const hidden[] = {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
	    "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", NULL};
	const struct cred_options *c = &s->o->common.cred;
	if (!s->pop3.mechanisms)
		return c->auth || c->oauth2_bearer;
	if (c->auth || c->oauth2_bearer || open_way)
		return true;
	for (int i = 0; hidden[i]; i++)
		if (is_offered(s, hidden[i]))
			return true;
	return false;
}

bool session_login(struct session *s, struct err *err)
{
	const struct cred_options *c = &s->o->common.cred;
	struct err refused = {0};
	bool open_way = session_may_send(s, &refused);
	bool user = c->auth && str_is_nocase(str_of(c->auth), "user");
	bool apop = c->auth && str_is_nocase(str_of(c->auth), "apop");
	if (!s->creds.user && !c->oauth2_bearer && !c->auth)
		return err_set(err, ERR_AUTH, "no user: name one by -u or in the URL");
	if (!user && !apop && wants_sasl(s, open_way))
		return login_sasl(s, err);
	if (!s->creds.user || !s->creds.password)
		return err_set(err, ERR_AUTH,
		    "no password for %.200s is known (--password-command or "
		    "~/.netrc gives one)",
		    s->creds.user ? s->creds.user : "this login");
	if (apop || (!user && !open_way && s->pop3.timestamp))
		return pop3_apop(&s->pop3, s->creds.user, s->creds.password, err);
	return login_user(s, err);
}

static bool enter(struct session *s, struct err *err)
{
	return session_connect(s, err) && pop3_capa(&s->pop3, err) && encrypt(s, err) &&
	       session_login(s, err);
}

/* Logged in, and then nothing: a server that lost what came behind the login. */
static bool is_swallowed(struct session *s)
{
	struct stream *stream = s->pop3.stream;
	return s->asked && !stream_await(stream, SWALLOWED_MS) &&
	       !err_is_set(stream_err(stream));
}

/* Which of the answers are lost can't be told: from the beginning, with nothing sent ahead. */
static bool enter_again(struct session *s, struct err *err)
{
	struct err ignored = {0};
	s->surveys = false;
	s->asked = 0;
	session_quit(s, &ignored);
	return enter(s, err);
}

bool session_open(struct session *s, struct err *err)
{
	bool ok = enter(s, err);
	if (ok && is_swallowed(s))
		ok = enter_again(s, err);
	if (ok)
		return true;
	if (!s->pop3.stream)
		return false;
	skip_survey(s);
	struct err ignored = {0};
	/* A dialogue that is still in step ends politely. */
	if (!err_is_set(stream_err(s->pop3.stream)) && err->kind != ERR_PROTOCOL)
		session_quit(s, &ignored);
	session_drop(s);
	return false;
}
