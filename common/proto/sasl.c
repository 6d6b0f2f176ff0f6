/*
 * The mechanisms as a table in the order of their strength, and the choice
 * among those that a server offers. What each says is in sasl_simple.c and
 * sasl_scram.c, the exchange over a stream in sasl_run.c.
 */
#include "common/proto/sasl.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/proto/sasl_inside.h"

#define LOGIN_DATA (SASL_USER | SASL_PASSWORD)
#define SCRAM_STEPS                                                                            \
	{                                                                                      \
		sasl_scram_first, sasl_scram_prove, sasl_scram_verify                          \
	}

static const struct sasl_mechanism mechanisms[] = {
    {"OAUTHBEARER", SASL_TOKEN | SASL_PRIVACY, true, 1, 0,
	{sasl_oauthbearer, sasl_oauthbearer_refused}},
    {"XOAUTH2", SASL_USER | SASL_TOKEN | SASL_PRIVACY | SASL_SELF, true, 1, 0,
	{sasl_xoauth2, sasl_xoauth2_refused}},
    {"SCRAM-SHA-256-PLUS", LOGIN_DATA | SASL_BINDING, true, 3, DIGEST_SHA256, SCRAM_STEPS},
    {"SCRAM-SHA-1-PLUS", LOGIN_DATA | SASL_BINDING, true, 3, DIGEST_SHA1, SCRAM_STEPS},
    {"SCRAM-SHA-256", LOGIN_DATA, true, 3, DIGEST_SHA256, SCRAM_STEPS},
    {"SCRAM-SHA-1", LOGIN_DATA, true, 3, DIGEST_SHA1, SCRAM_STEPS},
    {"CRAM-MD5", LOGIN_DATA | SASL_SELF, false, 1, 0, {sasl_cram_md5}},
    {"PLAIN", LOGIN_DATA | SASL_PRIVACY, true, 1, 0, {sasl_plain}},
    {"LOGIN", LOGIN_DATA | SASL_PRIVACY | SASL_SELF, false, 2, 0,
	{sasl_login_user, sasl_login_password}},
    {"EXTERNAL", SASL_CERT, true, 1, 0, {sasl_external}},
};

#define MECHANISM_COUNT (sizeof mechanisms / sizeof mechanisms[0])

/* ---- the choice ---- */

/* Why the mechanism can't be used with what we have; NULL if it can. */
static const char *obstacle(const struct sasl_mechanism *m, const struct sasl_facts *f)
{
	if ((m->needs & SASL_TOKEN) && !f->token)
		return "no OAuth token is known (--oauth2-bearer)";
	if ((m->needs & SASL_USER) && !f->user)
		return "no user name is known";
	if ((m->needs & SASL_PASSWORD) && !f->password)
		return "no password is known (--password-command or ~/.netrc gives one)";
	/* Whoever gives a token means it: no password of a netrc goes to a server instead. */
	if ((m->needs & SASL_PASSWORD) && f->token && !f->forced)
		return "a token was given instead of a password (--auth chooses otherwise)";
	if ((m->needs & SASL_CERT) && !f->client_cert && !f->forced)
		return "no client certificate is known (--cert)";
	if ((m->needs & SASL_BINDING) && !f->binding)
		return "channel binding needs TLS 1.3";
	if ((m->needs & SASL_SELF) && f->authorize)
		return "it can't act as another user";
	if ((m->needs & SASL_PRIVACY) && !f->may_send_secrets)
		return "it would send the secret unencrypted (--plaintext-login allows that)";
	return NULL;
}

static bool is_offered(struct str offered, const char *name)
{
	struct str one;
	while (str_cut(&offered, ' ', &one))
		if (str_is_nocase(one, name))
			return true;
	return false;
}

static bool has_control(const char *text)
{
	for (; text && *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

static bool check_facts(const struct sasl_facts *f, struct err *err)
{
	if (has_control(f->user) || has_control(f->authorize))
		return err_set(err, ERR_USAGE, "a user name with control characters");
	if (has_control(f->password) || has_control(f->token))
		return err_set(err, ERR_USAGE, "a password or token with control characters");
	return true;
}

/* The reason that the user can do something about comes first. */
static void say_why_not(struct str offered, const struct sasl_facts *f, struct err *err)
{
	const struct sasl_mechanism *told = NULL;
	struct str shown = str_sub(str_trim(offered), 0, 200);
	for (size_t i = 0; i < MECHANISM_COUNT; i++) {
		const struct sasl_mechanism *m = &mechanisms[i];
		bool would_do = (m->needs & SASL_PRIVACY) && !f->may_send_secrets &&
				((m->needs & SASL_TOKEN) ? f->token : f->password);
		if (is_offered(offered, m->name) && (!told || would_do))
			told = m;
	}
	if (told)
		err_set(err, ERR_AUTH,
		    "no way to log in: the server offers %.*s, but for %s %s", STR_ARG(shown),
		    told->name, obstacle(told, f));
	else if (shown.len)
		err_set(err, ERR_AUTH,
		    "no way to log in: the server offers %.*s, none of which is known here",
		    STR_ARG(shown));
	else
		err_set(err, ERR_AUTH, "no way to log in: the server offers no authentication");
}

static const struct sasl_mechanism *find_best(
    struct str offered, const struct sasl_facts *f, struct err *err)
{
	for (size_t i = 0; i < MECHANISM_COUNT; i++)
		if (is_offered(offered, mechanisms[i].name) && !obstacle(&mechanisms[i], f))
			return &mechanisms[i];
	say_why_not(offered, f, err);
	return NULL;
}

static const struct sasl_mechanism *find_by_name(const char *name)
{
	for (size_t i = 0; i < MECHANISM_COUNT; i++)
		if (str_is_nocase(str_of(name), mechanisms[i].name))
			return &mechanisms[i];
	return NULL;
}

static const struct sasl_mechanism *find_forced(
    struct str offered, const struct sasl_facts *f, struct err *err)
{
	const struct sasl_mechanism *m = find_by_name(f->forced);
	struct str shown = str_sub(str_trim(offered), 0, 200);
	if (!m)
		err_set(err, ERR_USAGE, "no authentication mechanism %s is known", f->forced);
	else if (!is_offered(offered, m->name))
		err_set(err, ERR_AUTH, "the server doesn't offer %s (it offers: %.*s)", m->name,
		    STR_ARG(shown));
	else if (obstacle(m, f))
		err_set(err, ERR_AUTH, "%s can't be used: %s", m->name, obstacle(m, f));
	else
		return m;
	return NULL;
}

/* RFC 5802 6: 'y' tells a server that does offer -PLUS that somebody took it off its list. */
static char binding_flag(
    struct str offered, const struct sasl_mechanism *m, const struct sasl_facts *f)
{
	if (m->needs & SASL_BINDING)
		return 'p';
	bool plus = is_offered(offered, "SCRAM-SHA-256-PLUS") ||
		    is_offered(offered, "SCRAM-SHA-1-PLUS") ||
		    is_offered(offered, "SCRAM-SHA-512-PLUS");
	return f->binding && !plus ? 'y' : 'n';
}

/* What a password command prints is a token where a mechanism that wants one was named. Never
 * by itself: a password is no token, and a server that offers only XOAUTH2 gets none. */
static struct sasl_facts with_token(const struct sasl_facts *given)
{
	struct sasl_facts f = *given;
	const struct sasl_mechanism *m = f.forced ? find_by_name(f.forced) : NULL;
	if (m && (m->needs & SASL_TOKEN) && !f.token)
		f.token = f.password;
	return f;
}

struct sasl *sasl_choose(struct str offered, const struct sasl_facts *given, struct err *err)
{
	const struct sasl_facts known = with_token(given), *facts = &known;
	if (!check_facts(facts, err))
		return NULL;
	const struct sasl_mechanism *m =
	    facts->forced ? find_forced(offered, facts, err) : find_best(offered, facts, err);
	if (!m)
		return NULL;
	struct sasl *x = mem_alloc(sizeof *x);
	x->mechanism = m;
	x->facts = *facts;
	x->binding_flag = binding_flag(offered, m, facts);
	x->complaint = BUF_INIT(LIMIT_WORDS);
	x->header = x->first = x->nonce = BUF_INIT(LIMIT_SASL);
	return x;
}

void sasl_close(struct sasl *x)
{
	if (!x)
		return;
	buf_free(&x->complaint);
	buf_free(&x->header);
	buf_free(&x->first);
	buf_free(&x->nonce);
	mem_wipe(x, sizeof *x);
	free(x);
}

/* ---- the steps ---- */

const char *sasl_name(const struct sasl *x)
{
	return x->mechanism->name;
}

bool sasl_is_client_first(const struct sasl *x)
{
	return x->mechanism->client_first;
}

bool sasl_fits(const struct buf *b, struct err *err)
{
	return !b->over || err_set(err, ERR_INTERNAL,
			       "an authentication message of over %zu KiB", LIMIT_SASL / KIB);
}

bool sasl_add_name(struct buf *out, const char *name)
{
	for (; name && *name; name++) {
		if (*name == '=' || *name == ',')
			buf_addf(out, "=%02X", (unsigned)*name);
		else
			buf_add_byte(out, *name);
	}
	return !out->over;
}

bool sasl_step(struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	sasl_step_function *step =
	    x->taken < SASL_STEPS_MOST ? x->mechanism->steps[x->taken] : NULL;
	buf_clear(response);
	if (challenge.len > LIMIT_SASL)
		return err_set(err, ERR_PROTOCOL, "a challenge of over %zu KiB in %s",
		    LIMIT_SASL / KIB, sasl_name(x));
	if (!step)
		return err_set(err, ERR_PROTOCOL,
		    "the server goes on asking after the end of %s", sasl_name(x));
	x->taken++;
	return step(x, challenge, response, err) && sasl_fits(response, err);
}

bool sasl_finish(const struct sasl *x, struct err *err)
{
	if (x->taken >= x->mechanism->required && !x->complaint.len)
		return true;
	return err_set(err, ERR_PROTOCOL,
	    "the server said yes before %s was at its end: it may be an impostor",
	    sasl_name(x));
}
