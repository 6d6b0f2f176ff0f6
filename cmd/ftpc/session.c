/*
 * Opening a session. Knows no file.
 */
#include "cmd/ftpc/session.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"

/* A server that throws away what was sent ahead is found out by its silence. PAM takes some 3 s
 * over a wrong password, a slow name service comes before the greeting. */
enum { LOGIN_PATIENCE_MS = 10000 };

/* ---- who ---- */

static bool is_anonymous_name(const char *user)
{
	return !user || strcmp(user, "anonymous") == 0 || strcmp(user, "ftp") == 0;
}

bool session_is_anonymous(const struct run *run)
{
	return is_anonymous_name(run->creds.user);
}

bool session_find_creds(struct run *run, struct err *err)
{
	const struct cred_options *options = &run->o->common.cred;
	struct cred_source source = {.options = options,
	    .host = run->url->host,
	    .url_user = run->url->user,
	    .url_password = run->url->password,
	    .ask = CRED_MAY_ASK};
	if (run->creds_known)
		return true;
	if (run->url->user && is_anonymous_name(run->url->user))
		source.ask = CRED_NEVER_ASK;
	if (!creds_find(&source, &run->creds, err))
		return false;
	run->creds_known = true;
	return true;
}

/* ---- connecting ---- */

static void prepare(struct run *run, struct ftp *f)
{
	const struct ftpc_options *o = run->o;
	pthread_mutex_lock(&run->lock);
	int number = ++run->sessions;
	bool step_by_step = run->step_by_step;
	pthread_mutex_unlock(&run->lock);
	*f = (struct ftp){
	    .dialer = run->dialer,
	    .data_dialer = run->data_dialer,
	    .settings = &o->common.net,
	    .to = {.host = run->url->host, .port = run->url->port, .scheme = "ftp"},
	    .data_tally = &run->data,
	    .quiet = o->common.quiet,
	    .line = &run->progress,
	    .pipelines = o->pipelining && !step_by_step,
	    .uses_epsv = o->epsv,
	    .active = o->active,
	    .stays = run->at_prompt,
	};
	snprintf(f->tls_key, sizeof f->tls_key, "ftp session %d", number);
}

bool session_connect(struct run *run, struct ftp *f, struct err *err)
{
	prepare(run, f);
	f->stream = dial(run->dialer, &f->to, err);
	if (!f->stream)
		return false;
	stream_set_tally(f->stream, &run->control);
	/* Implicit TLS begins here and not in dial, so that data connections find its session
	 * under this connection's key. */
	if (url_scheme_is(run->url, "ftps") &&
	    !dial_start_tls_for(f->dialer, f->stream, &f->to, f->tls_key))
		return err_pass(err, stream_err(f->stream));
	return ftp_greeting(f, err);
}

/* ---- logging in ---- */

struct login {
	struct run *run;
	const char *user, *password, *account;
	bool in;         /* nothing more is asked */
	bool no_account; /* ACCT is not wanted */
	struct ftp_batch batch;
};

static bool refuse(struct ftp *f, const char *verb, struct err *err)
{
	bool never = reply_class(&f->reply) == 5;
	char what[64];
	snprintf(what, sizeof what, "the login failed at %s", verb);
	return reply_fail_as(err, &f->reply, never ? ERR_AUTH : reply_kind(&f->reply), what);
}

static bool want_account(struct login *l, struct ftp *f, struct err *err)
{
	l->no_account = false;
	return l->account || reply_fail_as(err, &f->reply, ERR_AUTH,
				 "the server wants an account (--account, netrc's account)");
}

static bool take_user(struct ftp *f, void *self, struct err *err)
{
	struct login *l = self;
	if (f->pipelines)
		stream_set_deadline(f->stream, clock_after_ms(LOGIN_PATIENCE_MS));
	if (reply_is_good(&f->reply))
		l->in = true;
	else if (f->reply.code == 332)
		return want_account(l, f, err);
	else if (f->reply.code != 331)
		return refuse(f, "USER", err);
	else if (!l->password)
		return err_set(err, ERR_AUTH,
		    "there is no password for %.200s (--password-command or "
		    "~/.netrc gives one)",
		    l->user);
	return true;
}

static bool take_pass(struct ftp *f, void *self, struct err *err)
{
	struct login *l = self;
	if (f->reply.code == 332)
		return want_account(l, f, err);
	return reply_is_good(&f->reply) || refuse(f, "PASS", err);
}

static bool take_acct(struct ftp *f, void *self, struct err *err)
{
	(void)self;
	return reply_is_good(&f->reply) || refuse(f, "ACCT", err);
}

static bool take_prot(struct ftp *f, void *self, struct err *err)
{
	const struct run *run = ((struct login *)self)->run;
	f->private_data = reply_is_good(&f->reply);
	if (f->private_data)
		return true;
	if (run->o->common.net.tls == TLS_REQUIRE || url_scheme_is(run->url, "ftps"))
		return reply_fail(
		    err, &f->reply, "the server does not protect data connections");
	ftp_note(f, "the server does not protect data connections (PROT P)");
	return true;
}

static bool run_quotes(struct run *run, struct ftp *f, struct err *err)
{
	for (size_t i = 0; i < run->o->quotes.count; i++) {
		const char *text = run->o->quotes.items[i].text;
		if (!ftp_ask(f, text, NULL, err))
			return false;
		if (reply_class(&f->reply) > 3)
			return ftp_refused(f, text, NULL, err);
	}
	return true;
}

static void make_batch(struct ftp *f, struct login *l, const struct session_wish *wish)
{
	struct ftp_batch *b = &l->batch;
	ftp_add(b, (struct ftp_command){"USER", l->user, take_user, l, NULL});
	if (l->password)
		ftp_add(b, (struct ftp_command){"PASS", l->password, take_pass, l, &l->in});
	if (l->account)
		ftp_add(
		    b, (struct ftp_command){"ACCT", l->account, take_acct, l, &l->no_account});
	if (stream_report(f->stream)->tls) {
		ftp_add(b, (struct ftp_command){"PBSZ", "0", NULL, NULL, NULL});
		ftp_add(b, (struct ftp_command){"PROT", "P", take_prot, l, NULL});
	}
	if (wish && wish->features)
		ftp_add(b, (struct ftp_command){"FEAT", NULL, ftp_take_feat, NULL, NULL});
}

/* With --tls auto a session without secrets is not worth the round trip that asking costs. */
static bool protect(struct run *run, struct ftp *f, struct err *err)
{
	int mode = run->o->common.net.tls;
	bool wanted = mode == TLS_REQUIRE || (mode == TLS_AUTO && !session_is_anonymous(run));
	if (stream_report(f->stream)->tls || !wanted)
		return true;
	if (ftp_auth_tls(f, err))
		return true;
	if (err_is_set(err))
		return false;
	return mode == TLS_AUTO || reply_fail_as(err, &f->reply, ERR_REFUSED,
				       "the server has no TLS, and --tls require wants it");
}

static bool may_send(struct run *run, struct ftp *f, struct err *err)
{
	struct route route;
	const struct stream_report *r = stream_report(f->stream);
	if (session_is_anonymous(run))
		return true;
	if (!dial_route(run->dialer, &f->to, &route, err))
		return false;
	/* Behind a proxy on this machine there is still a network. */
	bool direct = route.kind == ROUTE_DIRECT;
	mem_wipe(&route, sizeof route);
	return creds_may_send(
	    &run->o->common.cred, r->tls, direct ? r->peer : "the proxy", err);
}

/* What a server may do that can't take several commands at once: hang up, lose some, answer
 * that this is no time for PASS. */
static bool has_objected(const struct ftp *f, const struct err *err)
{
	if (!f->stream || !f->pipelines || f->closing || err->kind == ERR_INTERRUPT)
		return false;
	bool broken =
	    stream_err(f->stream)->kind == ERR_AGAIN && !clock_passed(f->settings->deadline);
	int code = f->reply.code;
	return broken || code == 500 || code == 501 || code == 503;
}

bool session_login(
    struct run *run, struct ftp *f, const struct session_wish *wish, struct err *err)
{
	const struct creds *c = &run->creds;
	bool anonymous = session_is_anonymous(run);
	struct login l = {.run = run,
	    .no_account = true,
	    .user = c->user ? c->user : "anonymous",
	    .password = c->password ? c->password
			: anonymous ? "anonymous@"
				    : NULL,
	    .account = run->o->account ? run->o->account : c->account};
	if (!protect(run, f, err) || !may_send(run, f, err) || !ftp_is_line(l.user, err) ||
	    !ftp_is_line(l.password, err) || !ftp_is_line(l.account, err))
		return false;
	bool pipelines = f->pipelines;
	/* ACCT is sent only when it is asked for: no command can be sent past that question. */
	f->pipelines = pipelines && !l.account && l.password;
	make_batch(f, &l, wish);
	ftp_put(f, &l.batch);
	if (wish && wish->first && !run->o->quotes.count)
		transfer_announce(f, wish->first);
	bool ok = ftp_run(f, &l.batch, err);
	f->pipelines = pipelines;
	f->objects = !ok && has_objected(f, err);
	/* What was sent ahead of a refusal is answered too. */
	if (!ok && wish && wish->stays)
		ftp_drain(f, &l.batch);
	stream_set_deadline(f->stream, 0);
	return ok && run_quotes(run, f, err);
}

bool session_open(
    struct run *run, struct ftp *f, const struct session_wish *wish, struct err *err)
{
	struct err first = {0};
	if (!session_find_creds(run, err))
		return false;
	if (session_connect(run, f, &first)) {
		if (session_login(run, f, wish, &first))
			return true;
		if (!f->objects)
			return err_pass(err, &first);
		if (wish && wish->first)
			transfer_reset(f, wish->first);
		ftp_quit(f);
		pthread_mutex_lock(&run->lock);
		run->step_by_step = true;
		pthread_mutex_unlock(&run->lock);
		return session_connect(run, f, err) && session_login(run, f, wish, err);
	}
	return err_pass(err, &first);
}

void session_count(struct run *run, uint64_t bytes)
{
	pthread_mutex_lock(&run->lock);
	run->files++;
	run->bytes += bytes;
	pthread_mutex_unlock(&run->lock);
}
