/*
 * A task's credentials. How a challenge is read and answered is in auth.c;
 * where a password comes from, in cli/creds.c.
 */
#include "cmd/webget/login.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"

static struct cred_source source_of(
    const struct webget_options *o, const struct url *url, enum cred_ask ask)
{
	return (struct cred_source){.options = &o->common.cred,
	    .host = url->host,
	    .url_user = url->user,
	    .url_password = url->password,
	    .ask = ask};
}

void login_forget(struct login_memory *memory)
{
	free(memory->key);
	creds_free(&memory->creds);
	*memory = (struct login_memory){0};
}

/* The key is "user@host". */
static bool remembers(const struct login_memory *memory, const struct url *url)
{
	const char *user = url->user ? url->user : "";
	size_t len = strlen(user);
	return memory->key && strncmp(memory->key, user, len) == 0 && memory->key[len] == '@' &&
	       strcmp(memory->key + len + 1, url->host) == 0;
}

bool login_start(struct login *l, struct login_memory *memory, const struct webget_options *o,
    const struct url *url, struct err *err)
{
	struct cred_source source = source_of(o, url, CRED_NEVER_ASK);
	*l = (struct login){0};
	/* A URL with a password of its own is its own case. */
	if (!remembers(memory, url) || url->password) {
		login_forget(memory);
		memory->key = mem_printf("%s@%s", url->user ? url->user : "", url->host);
		if (!creds_find(&source, &memory->creds, err))
			login_forget(memory);
	}
	l->creds.user = mem_dup(memory->creds.user);
	l->creds.password = mem_dup(memory->creds.password);
	return !err_is_set(err);
}

void login_free(struct login *l)
{
	creds_free(&l->creds);
	auth_free(&l->challenge);
}

static unsigned allowed(const struct webget_options *o)
{
	struct str mechanism = str_of(o->common.cred.auth);
	unsigned all = AUTH_BASIC | AUTH_DIGEST | AUTH_BEARER;
	if (str_is_nocase(mechanism, "basic") || (o->basic && !o->anyauth))
		return AUTH_BASIC;
	if (str_is_nocase(mechanism, "digest") || (o->digest && !o->anyauth))
		return AUTH_DIGEST;
	return str_is_nocase(mechanism, "bearer") ? AUTH_BEARER : all;
}

/* Unasked, Basic saves a round trip (curl does the same); it is not sent unasked when the user
 * wants to hear the server's offer, or when it would go out in the clear. */
static enum auth_scheme choose(const struct login *l, const struct request *r)
{
	const struct webget_options *o = r->o;
	if (o->common.cred.oauth2_bearer)
		return AUTH_BEARER;
	if (!l->creds.user)
		return AUTH_NONE;
	if (l->challenge.scheme != AUTH_NONE)
		return l->challenge.scheme;
	return (allowed(o) & AUTH_BASIC) && !o->anyauth && l->creds.password ? AUTH_BASIC
									     : AUTH_NONE;
}

static char *answer_digest(struct login *l, const struct request *r, struct err *err)
{
	struct buf uri = BUF_INIT(LIMIT_URL), value = BUF_INIT(LIMIT_URL);
	url_put_target(&uri, &r->url);
	struct digest_request q = {l->creds.user, l->creds.password ? l->creds.password : "",
	    r->method, buf_cstr(&uri)};
	bool ok = auth_digest(&l->challenge, &q, &value, err);
	buf_free(&uri);
	if (ok)
		return buf_steal(&value);
	buf_free_secret(&value);
	return NULL;
}

static char *make(
    struct login *l, const struct request *r, enum auth_scheme scheme, struct err *err)
{
	switch (scheme) {
	case AUTH_BASIC: return auth_basic(l->creds.user, l->creds.password, err);
	case AUTH_BEARER: return auth_bearer(r->o->common.cred.oauth2_bearer, err);
	case AUTH_DIGEST: return answer_digest(l, r, err);
	default: return NULL;
	}
}

/* Digest never sends the password itself; the others do. */
static bool may_send(
    const struct request *r, const struct session *s, enum auth_scheme scheme, struct err *err)
{
	const struct stream_report *report = stream_report(s->stream);
	return scheme == AUTH_NONE || scheme == AUTH_DIGEST ||
	       creds_may_send(
		   &r->o->common.cred, report->tls, s->by_proxy ? "" : report->peer, err);
}

bool login_prepare(struct login *l, struct request *r, const struct session *s, struct err *err)
{
	struct err refused = {0};
	mem_free_secret(r->authorization);
	r->authorization = NULL;
	enum auth_scheme scheme = r->trusted ? choose(l, r) : AUTH_NONE;
	l->sent = AUTH_NONE;
	if (scheme == AUTH_NONE)
		return true;
	if (!may_send(r, s, scheme, &refused)) {
		/* Unasked it may simply stay at home: the server may want none, or Digest. */
		bool unasked =
		    l->challenge.scheme == AUTH_NONE && scheme == AUTH_BASIC && !r->o->basic;
		return unasked || err_pass(err, &refused);
	}
	r->authorization = make(l, r, scheme, err);
	l->sent = r->authorization ? scheme : AUTH_NONE;
	return r->authorization;
}

static bool ask(struct login *l, const struct request *r, struct err *err)
{
	struct cred_source source = source_of(r->o, &r->url, CRED_MAY_ASK);
	struct creds found;
	source.url_user = l->creds.user;
	source.url_password = l->creds.password;
	bool ok = creds_find(&source, &found, err);
	creds_free(&l->creds);
	l->creds = found;
	return ok && l->creds.user && l->creds.password;
}

bool login_can_answer(
    struct login *l, const struct request *r, const struct http_head *head, struct err *err)
{
	struct challenge offered;
	if (!r->trusted || !l->creds.user || l->gave_up)
		return false;
	bool any =
	    auth_choose(&head->fields, false, allowed(r->o) & ~(unsigned)AUTH_BEARER, &offered);
	bool refused = any && offered.scheme == l->sent && !offered.stale;
	auth_free(&l->challenge);
	l->challenge = offered;
	l->gave_up = !any || refused;
	if (l->gave_up)
		return false;
	return l->creds.password || ask(l, r, err);
}
