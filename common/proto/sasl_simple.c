/*
 * What the mechanisms of one or two messages say: PLAIN (RFC 4616), LOGIN,
 * CRAM-MD5 (RFC 2195), XOAUTH2, OAUTHBEARER (RFC 7628), EXTERNAL (RFC 4422 A).
 */
#include "common/base/module.h"
#include "common/proto/sasl_inside.h"
#include "common/text/hex.h"

static struct str or_none(const char *text)
{
	return str_of(text ? text : "");
}

bool sasl_plain(struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)challenge;
	(void)err;
	buf_add_str(response, or_none(x->facts.authorize));
	buf_add_byte(response, '\0');
	buf_add_str(response, or_none(x->facts.user));
	buf_add_byte(response, '\0');
	buf_add_str(response, or_none(x->facts.password));
	return true;
}

/* The prompts of LOGIN are words for a person, in any language: only their order counts. */
bool sasl_login_user(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)challenge;
	(void)err;
	buf_add_str(response, or_none(x->facts.user));
	return true;
}

bool sasl_login_password(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)challenge;
	(void)err;
	buf_add_str(response, or_none(x->facts.password));
	return true;
}

bool sasl_cram_md5(struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	if (challenge.len == 0)
		return err_set(err, ERR_PROTOCOL, "the server's CRAM-MD5 challenge is empty");
	const struct digest_module *crypto = module_table("crypto", err);
	struct digest_value v;
	if (!crypto ||
	    !crypto->hmac(DIGEST_MD5, or_none(x->facts.password), challenge, &v, err))
		return false;
	buf_add_str(response, or_none(x->facts.user));
	buf_add_byte(response, ' ');
	hex_encode(response, digest_str(&v));
	return true;
}

bool sasl_external(struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)challenge;
	(void)err;
	buf_add_str(response, or_none(x->facts.authorize));
	return true;
}

/* ---- OAuth 2.0 ---- */

bool sasl_xoauth2(struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)challenge;
	(void)err;
	buf_addf(response, "user=%s\001auth=Bearer %s\001\001", x->facts.user, x->facts.token);
	return true;
}

bool sasl_oauthbearer(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	const struct sasl_facts *f = &x->facts;
	(void)challenge;
	(void)err;
	buf_add_text(response, "n,");
	if (f->authorize || f->user) {
		buf_add_text(response, "a=");
		sasl_add_name(response, f->authorize ? f->authorize : f->user);
	}
	buf_add_text(response, ",\001");
	if (f->host)
		buf_addf(response, "host=%s\001", f->host);
	if (f->port)
		buf_addf(response, "port=%d\001", f->port);
	buf_addf(response, "auth=Bearer %s\001\001", f->token);
	return true;
}

/* RFC 7628 3.2.3: a challenge after the token is the reason of the refusal that follows once
 * this was answered. */
static void keep_complaint(struct sasl *x, struct str challenge)
{
	buf_clear(&x->complaint);
	buf_add_str(&x->complaint,
	    challenge.len ? str_sub(challenge, 0, LIMIT_WORDS) : STR("no reason given"));
}

bool sasl_xoauth2_refused(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)response;
	(void)err;
	keep_complaint(x, challenge);
	return true;
}

bool sasl_oauthbearer_refused(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)err;
	keep_complaint(x, challenge);
	buf_add_byte(response, '\001');
	return true;
}
