/*
 * Digest authentication (RFC 7616; without qop as in RFC 2069). The digests come
 * from the module "crypto", loaded when an answer is made.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/webget/auth.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/hex.h"

/* Everything an answer is made of: user, realm, URI and the server's strings. */
#define ANSWER_MOST (4 * LIMIT_URL)

struct algorithm {
	const char *name;
	enum digest_kind kind;
};

static const struct algorithm algorithms[] = {
    {"MD5", DIGEST_MD5},
    {"SHA-256", DIGEST_SHA256},
    {"SHA-512-256", DIGEST_SHA512_256},
};

/* ---- the challenge ---- */

static void read_algorithm(struct challenge *c)
{
	struct str name = str_of(c->algorithm ? c->algorithm : "MD5");
	c->session = str_ends_nocase(name, "-sess");
	if (c->session)
		name.len -= strlen("-sess");
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (str_is_nocase(name, algorithms[i].name)) {
			c->kind = algorithms[i].kind;
			return;
		}
	c->unsupported = "a Digest algorithm other than MD5, SHA-256 and SHA-512-256";
}

static void read_qop(struct challenge *c, struct str list)
{
	struct str one;
	bool auth = false;
	while (field_list_next(&list, &one)) {
		c->has_qop = true;
		auth |= str_is_nocase(one, "auth");
	}
	if (c->has_qop && !auth)
		c->unsupported = "Digest with the request's body in it (qop auth-int)";
}

/* The first of a name counts, as for header fields. */
static void keep(char **place, struct buf *value)
{
	if (!*place)
		*place = buf_steal(value);
}

static void read_param(struct challenge *c, const struct field_param *p)
{
	struct buf value = BUF_INIT(LIMIT_HEAD);
	field_unquote(p->value, &value);
	if (str_is_nocase(p->name, "realm"))
		keep(&c->realm, &value);
	else if (str_is_nocase(p->name, "nonce"))
		keep(&c->nonce, &value);
	else if (str_is_nocase(p->name, "opaque"))
		keep(&c->opaque, &value);
	else if (str_is_nocase(p->name, "algorithm"))
		keep(&c->algorithm, &value);
	else if (str_is_nocase(p->name, "qop"))
		read_qop(c, buf_str(&value));
	else if (str_is_nocase(p->name, "stale"))
		c->stale = str_is_nocase(buf_str(&value), "true");
	else if (str_is_nocase(p->name, "userhash"))
		c->userhash = str_is_nocase(buf_str(&value), "true");
	buf_free(&value);
}

bool auth_digest_parse(struct str params, struct challenge *out)
{
	struct str element;
	struct field_param param;
	while (field_list_next(&params, &element))
		if (field_param_parse(element, &param))
			read_param(out, &param);
	read_algorithm(out);
	return out->nonce != NULL;
}

/* ---- the answer ---- */

struct hash {
	const struct digest_module *crypto;
	enum digest_kind kind;
	struct err *err;
};

/* The digest of the parts with colons between, as hexadecimal digits in out. */
static bool hash(const struct hash *h, struct buf *out, const char *const *parts)
{
	struct digest_value value;
	struct digest *d = h->crypto->open(h->kind, h->err);
	if (!d)
		return false;
	for (size_t i = 0; parts[i]; i++) {
		if (i)
			h->crypto->add(d, STR(":"));
		h->crypto->add(d, str_of(parts[i]));
	}
	if (!h->crypto->finish(d, &value, h->err))
		return false;
	buf_clear(out);
	hex_encode(out, digest_str(&value));
	mem_wipe(&value, sizeof value);
	return true;
}

#define PARTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool make_cnonce(struct challenge *c, const struct hash *h)
{
	char random[16];
	struct buf hex = BUF_INIT(sizeof c->cnonce - 1);
	if (c->cnonce[0])
		return true;
	if (!h->crypto->random(random, sizeof random, h->err))
		return false;
	hex_encode(&hex, (struct str){random, sizeof random});
	memcpy(c->cnonce, buf_cstr(&hex), hex.len + 1);
	buf_free(&hex);
	return true;
}

/* RFC 7616 3.4.1; in *out. */
static bool respond(const struct hash *h, const struct challenge *c,
    const struct digest_request *r, struct buf *out)
{
	char count[16];
	const char *realm = c->realm ? c->realm : "", *password = r->password;
	struct buf a1 = BUF_INIT(2 * DIGEST_MAX), a2 = BUF_INIT(2 * DIGEST_MAX);
	snprintf(count, sizeof count, "%08x", (unsigned)c->count);
	bool ok = hash(h, &a1, PARTS(r->user, realm, password ? password : "")) &&
		  (!c->session || hash(h, &a1, PARTS(buf_cstr(&a1), c->nonce, c->cnonce))) &&
		  hash(h, &a2, PARTS(r->method, r->uri));
	if (ok && c->has_qop)
		ok = hash(h, out,
		    PARTS(buf_cstr(&a1), c->nonce, count, c->cnonce, "auth", buf_cstr(&a2)));
	else if (ok)
		ok = hash(h, out, PARTS(buf_cstr(&a1), c->nonce, buf_cstr(&a2)));
	buf_free_secret(&a1);
	buf_free_secret(&a2);
	return ok;
}

static void put_param(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, ", %s=", name);
	field_put_quoted(out, str_of(value));
}

static void put_answer(struct buf *out, const struct challenge *c,
    const struct digest_request *r, const char *user, const char *response)
{
	buf_add_text(out, "Digest username=");
	field_put_quoted(out, str_of(user));
	put_param(out, "realm", c->realm ? c->realm : "");
	put_param(out, "nonce", c->nonce);
	put_param(out, "uri", r->uri);
	if (c->algorithm)
		buf_addf(out, ", algorithm=%s", c->algorithm);
	if (c->has_qop || c->session)
		put_param(out, "cnonce", c->cnonce);
	if (c->has_qop)
		buf_addf(out, ", nc=%08x, qop=auth", (unsigned)c->count);
	put_param(out, "response", response);
	if (c->opaque)
		put_param(out, "opaque", c->opaque);
	if (c->userhash)
		buf_add_text(out, ", userhash=true");
}

bool auth_digest(
    struct challenge *c, const struct digest_request *r, struct buf *out, struct err *err)
{
	if (c->unsupported)
		return err_set(err, ERR_AUTH, "the server asks for %s, which is not supported",
		    c->unsupported);
	struct hash h = {module_table("crypto", err), c->kind, err};
	if (!h.crypto || !make_cnonce(c, &h))
		return false;
	c->count++;
	struct buf response = BUF_INIT(2 * DIGEST_MAX), user = BUF_INIT(2 * DIGEST_MAX);
	struct buf answer = BUF_INIT(ANSWER_MOST);
	bool ok = respond(&h, c, r, &response) &&
		  (!c->userhash || hash(&h, &user, PARTS(r->user, c->realm ? c->realm : "")));
	if (ok)
		put_answer(&answer, c, r, c->userhash ? buf_cstr(&user) : r->user,
		    buf_cstr(&response));
	if (ok && (answer.over || !field_is_value(buf_str(&answer))))
		ok = err_set(err, ERR_AUTH,
		    "Digest: a control character in the user's name or the challenge");
	if (ok)
		ok = buf_add_str(out, buf_str(&answer)) ||
		     err_set(err, ERR_INTERNAL, "Digest: the answer is too long");
	buf_free(&answer);
	buf_free(&user);
	buf_free(&response);
	return ok;
}
