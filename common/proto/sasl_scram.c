/*
 * SCRAM (RFC 5802, with SHA-256: RFC 7677): the password is never sent, and the
 * server has to prove that it knows it too. Channel binding is tls-exporter
 * (RFC 9266). The names of the steps' parts are those of RFC 5802 3.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/proto/sasl_inside.h"
#include "common/text/base64.h"
#include "common/text/number.h"

/* Above it, the server only burns our time (a second or more); below the least, what an
 * eavesdropper or impostor catches can be guessed at cheaply (RFC 5802 5.1). */
enum { ITERATIONS_MOST = 10000000, ITERATIONS_LEAST = 4096, NONCE_BYTES = 18 };

/* ---- the first message ---- */

static bool make_nonce(struct sasl *x, struct err *err)
{
	char bytes[NONCE_BYTES];
	if (x->facts.nonce)
		return buf_add_text(&x->nonce, x->facts.nonce);
	const struct digest_module *crypto = module_table("crypto", err);
	return crypto && crypto->random(bytes, sizeof bytes, err) &&
	       base64_encode(&x->nonce, (struct str){bytes, sizeof bytes});
}

bool sasl_scram_first(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	(void)challenge;
	if (!make_nonce(x, err))
		return false;
	if (x->binding_flag == 'p')
		buf_add_text(&x->header, "p=tls-exporter,");
	else
		buf_addf(&x->header, "%c,", x->binding_flag);
	if (x->facts.authorize)
		buf_add_text(&x->header, "a=");
	sasl_add_name(&x->header, x->facts.authorize);
	buf_add_byte(&x->header, ',');
	buf_add_text(&x->first, "n=");
	sasl_add_name(&x->first, x->facts.user);
	buf_addf(&x->first, ",r=%s", buf_cstr(&x->nonce));
	buf_add_str(response, buf_str(&x->header));
	buf_add_str(response, buf_str(&x->first));
	return sasl_fits(&x->header, err) && sasl_fits(&x->first, err);
}

/* ---- the server's first message, and the proof ---- */

struct server_first {
	struct str nonce;
	struct buf salt;
	uint64_t iterations;
};

static bool malformed(const struct sasl *x, const char *what, struct err *err)
{
	return err_set(err, ERR_PROTOCOL, "the server's %s message has %s", sasl_name(x), what);
}

/* RFC 5802 5: attributes stand in a fixed order. */
static bool take_attribute(struct str *rest, char name, struct str *value)
{
	struct str one = STR_NONE;
	if (!str_cut(rest, ',', &one) || one.len < 2 || one.ptr[0] != name || one.ptr[1] != '=')
		return false;
	*value = str_sub(one, 2, one.len);
	return true;
}

static bool refused(const struct sasl *x, struct str message, struct err *err)
{
	struct str shown = str_sub(message, 2, 80);
	return err_set(
	    err, ERR_AUTH, "the server refused in %s: %.*s", sasl_name(x), STR_ARG(shown));
}

static bool check_iterations(const struct sasl *x, uint64_t n, struct err *err)
{
	if (n == 0 || n > ITERATIONS_MOST)
		return err_set(err, ERR_PROTOCOL,
		    "the server's %s wants %llu iterations, which can't be (1 to %d)",
		    sasl_name(x), (unsigned long long)n, ITERATIONS_MOST);
	if (n < ITERATIONS_LEAST && !x->facts.may_send_secrets)
		return err_set(err, ERR_PROTOCOL,
		    "the server's %s wants only %llu iterations: too few without TLS (%d)",
		    sasl_name(x), (unsigned long long)n, ITERATIONS_LEAST);
	return true;
}

static bool read_first(
    const struct sasl *x, struct str message, struct server_first *in, struct err *err)
{
	struct str rest = message, salt, iterations;
	if (str_starts(message, "e="))
		return refused(x, message, err);
	if (str_starts(message, "m="))
		return malformed(x, "an extension that is not known here", err);
	if (!take_attribute(&rest, 'r', &in->nonce) || !take_attribute(&rest, 's', &salt) ||
	    !take_attribute(&rest, 'i', &iterations))
		return malformed(x, "not the form r=,s=,i=", err);
	bool is_ours = in->nonce.len > x->nonce.len &&
		       str_eq(str_sub(in->nonce, 0, x->nonce.len), buf_str(&x->nonce));
	if (!is_ours)
		return malformed(x, "a nonce that is not made from ours", err);
	if (!base64_decode(&in->salt, salt) || in->salt.len == 0)
		return malformed(x, "a salt that is not base64", err);
	if (!number_parse(iterations, &in->iterations))
		return malformed(x, "a number of iterations that is none", err);
	return check_iterations(x, in->iterations, err);
}

struct scram_work {
	const struct digest_module *crypto;
	enum digest_kind kind;
	struct err *err;
	struct digest_value salted, client_key, stored_key, signature, server_key;
};

static bool mac(struct scram_work *w, const struct digest_value *key, struct str text,
    struct digest_value *out)
{
	return w->crypto->hmac(w->kind, digest_str(key), text, out, w->err);
}

/* RFC 5802 3: client_key becomes the ClientProof, *server_signature what must come back. */
static bool compute(struct scram_work *w, const struct digest_derivation *from,
    struct str auth_message, struct digest_value *server_signature)
{
	bool ok =
	    w->crypto->pbkdf2(w->kind, from, &w->salted, w->err) &&
	    mac(w, &w->salted, STR("Client Key"), &w->client_key) &&
	    w->crypto->hash(w->kind, digest_str(&w->client_key), &w->stored_key, w->err) &&
	    mac(w, &w->stored_key, auth_message, &w->signature) &&
	    mac(w, &w->salted, STR("Server Key"), &w->server_key) &&
	    mac(w, &w->server_key, auth_message, server_signature);
	for (size_t i = 0; ok && i < w->client_key.len; i++)
		w->client_key.bytes[i] ^= w->signature.bytes[i];
	return ok;
}

/* client-final-message-without-proof. */
static void put_final(struct sasl *x, struct str nonce, struct buf *out)
{
	struct buf bound = BUF_INIT(LIMIT_SASL);
	buf_add_str(&bound, buf_str(&x->header));
	if (x->binding_flag == 'p')
		buf_add(&bound, x->facts.binding, SASL_BINDING_SIZE);
	buf_add_text(out, "c=");
	base64_encode(out, buf_str(&bound));
	buf_add_text(out, ",r=");
	buf_add_str(out, nonce);
	buf_free(&bound);
}

static bool prove(struct sasl *x, struct str message, const struct server_first *in,
    struct buf *response, struct err *err)
{
	struct scram_work w = {module_table("crypto", err), x->mechanism->kind, err, {{0}, 0},
	    {{0}, 0}, {{0}, 0}, {{0}, 0}, {{0}, 0}};
	struct digest_derivation from = {
	    str_of(x->facts.password), buf_str(&in->salt), (unsigned)in->iterations};
	struct buf signed_text = BUF_INIT(4 * LIMIT_SASL);
	put_final(x, in->nonce, response);
	buf_add_str(&signed_text, buf_str(&x->first));
	buf_add_byte(&signed_text, ',');
	buf_add_str(&signed_text, message);
	buf_add_byte(&signed_text, ',');
	buf_add_str(&signed_text, buf_str(response));
	bool ok = w.crypto && sasl_fits(response, err) && sasl_fits(&signed_text, err) &&
		  compute(&w, &from, buf_str(&signed_text), &x->server_signature);
	if (ok) {
		buf_add_text(response, ",p=");
		base64_encode(response, digest_str(&w.client_key));
	}
	mem_wipe(&w, sizeof w);
	buf_free(&signed_text);
	return ok;
}

bool sasl_scram_prove(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	struct server_first in = {.salt = BUF_INIT(LIMIT_SASL)};
	bool ok = read_first(x, challenge, &in, err) && prove(x, challenge, &in, response, err);
	buf_free(&in.salt);
	return ok;
}

/* ---- the server's proof ---- */

bool sasl_scram_verify(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err)
{
	struct str rest = challenge, value;
	struct buf signature = BUF_INIT(DIGEST_MAX);
	(void)response;
	if (str_starts(challenge, "e="))
		return refused(x, challenge, err);
	if (!take_attribute(&rest, 'v', &value))
		return malformed(x, "no v=", err);
	const struct digest_module *crypto = module_table("crypto", err);
	bool ok = crypto && base64_decode(&signature, value) &&
		  crypto->equal(buf_str(&signature), digest_str(&x->server_signature));
	buf_free(&signature);
	return ok || err_set(err, ERR_PROTOCOL,
			 "the server could not prove in %s that it knows the password: "
			 "it may be an impostor",
			 sasl_name(x));
}
