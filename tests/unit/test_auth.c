/*
 * HTTP authentication: which challenge is chosen, and the answers of RFC 7616
 * 3.9, RFC 2617 3.5 and RFC 7617 2.
 */
#include "cmd/webget/auth.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "tests/unit/unit.h"

#define ALL (AUTH_BASIC | AUTH_DIGEST | AUTH_BEARER)

/* The challenge chosen of one field's value. */
static struct challenge choose(const char *value, unsigned allowed)
{
	struct fields f = {0};
	struct challenge c;
	fields_add(&f, STR("WWW-Authenticate"), str_of(value));
	auth_choose(&f, false, allowed, &c);
	fields_free(&f);
	return c;
}

static void chosen(struct unit *t, const char *value, unsigned allowed, int scheme)
{
	struct challenge c = choose(value, allowed);
	unit_check_int(t, c.scheme, scheme, value);
	auth_free(&c);
}

static void choices(struct unit *t)
{
	chosen(HERE(t), "Basic realm=\"x\"", ALL, AUTH_BASIC);
	chosen(HERE(t), "bAsIc", ALL, AUTH_BASIC);
	chosen(HERE(t), "Basic realm = \"a, Digest nonce=1\"", ALL, AUTH_BASIC);
	chosen(HERE(t), "Negotiate, Basic realm=x", ALL, AUTH_BASIC);
	chosen(HERE(t), "NTLM TlRMTVNTUAAB==, Basic realm=x", ALL, AUTH_BASIC);
	chosen(HERE(t), "Basic realm=x, Digest realm=x, nonce=\"n\"", ALL, AUTH_DIGEST);
	chosen(HERE(t), "Digest realm=x, nonce=\"n\", Basic realm=x", ALL, AUTH_DIGEST);
	chosen(HERE(t), "Digest realm=x, nonce=\"n\", Basic realm=x", AUTH_BASIC, AUTH_BASIC);
	chosen(HERE(t), "Digest realm=x, Basic realm=x", ALL, AUTH_BASIC);
	chosen(HERE(t), "Digest realm = x, nonce = n", ALL, AUTH_DIGEST);
	chosen(HERE(t), "Digest nonce=n, qop=\"auth-int\", Basic realm=x", ALL, AUTH_BASIC);
	chosen(HERE(t), "Digest nonce=n, algorithm=X, Basic realm=x", ALL, AUTH_BASIC);
	chosen(HERE(t), "Digest nonce=n, algorithm=X", ALL, AUTH_DIGEST);
	chosen(HERE(t), "Bearer error=\"x\", Basic realm=y", ALL, AUTH_BEARER);
	chosen(HERE(t), "Bearer", AUTH_BASIC | AUTH_DIGEST, AUTH_NONE);
	chosen(HERE(t), "", ALL, AUTH_NONE);
	chosen(HERE(t), ",,=x, \"Basic\", realm=\"", ALL, AUTH_NONE);
}

static void several_fields(struct unit *t)
{
	struct fields f = {0};
	struct challenge c;
	fields_add(&f, STR("WWW-Authenticate"), STR("Digest realm=a, nonce=m, algorithm=md5"));
	fields_add(&f, STR("Www-Authenticate"),
	    STR("Digest realm=\"a\\\"b\", nonce=\"s,1\", algorithm=SHA-256-sess, "
		"qop=\"auth, auth-int\", opaque=\"\", stale=TRUE, userhash=true"));
	fields_add(&f, STR("Proxy-Authenticate"), STR("Basic realm=p"));
	CHECK(auth_choose(&f, false, ALL, &c));
	CHECK_INT(c.kind, DIGEST_SHA256);
	CHECK_STR(c.realm, "a\"b");
	CHECK_STR(c.nonce, "s,1");
	CHECK_STR(c.opaque, "");
	CHECK(c.session && c.stale && c.userhash && c.has_qop && !c.unsupported);
	auth_free(&c);
	CHECK(auth_choose(&f, true, ALL, &c) && c.scheme == AUTH_BASIC);
	auth_free(&c);
	CHECK(!auth_choose(&f, true, AUTH_DIGEST, &c) && c.scheme == AUTH_NONE);
	c = choose("Digest realm=first, nonce=n, Digest realm=second, nonce=n", ALL);
	CHECK_STR(c.realm, "first");
	auth_free(&c);
	fields_free(&f);
}

static void basic(struct unit *t)
{
	struct err err = {0};
	char *value = auth_basic("Aladdin", "open sesame", &err);
	CHECK_STR(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	mem_free_secret(value);
	value = auth_basic("test", "123\xc2\xa3", &err);
	CHECK_STR(value, "Basic dGVzdDoxMjPCow==");
	mem_free_secret(value);
	value = auth_basic("", NULL, &err);
	CHECK_STR(value, "Basic Og==");
	mem_free_secret(value);
	CHECK(!err_is_set(&err));
	CHECK(!auth_basic("a:b", "c", &err) && err.kind == ERR_USAGE);
	CHECK(!auth_basic("a", "c\r\nX: y", &err) && !auth_basic("a\x7f", "", &err));
}

static void bearer(struct unit *t)
{
	struct err err = {0};
	char *value = auth_bearer("mF_9.B5f-4.1JqM", &err);
	CHECK_STR(value, "Bearer mF_9.B5f-4.1JqM");
	mem_free_secret(value);
	CHECK(!auth_bearer("a b", &err) && err.kind == ERR_USAGE);
	CHECK(!auth_bearer("", &err) && !auth_bearer("a\r\nb", &err));
}

/* One parameter of an answer, unquoted. */
static void has(struct unit *t, const struct buf *answer, const char *name, const char *want)
{
	struct str rest = str_sub(buf_str(answer), strlen("Digest "), answer->len), element;
	struct field_param p;
	struct buf value = BUF_INIT(1000);
	bool found = false;
	while (!found && field_list_next(&rest, &element))
		found = field_param_parse(element, &p) && str_is(p.name, name);
	if (found)
		field_unquote(p.value, &value);
	unit_check_str(t, found ? str_of(buf_cstr(&value)) : STR_NONE, str_of(want), name);
	buf_free(&value);
}

/* With the cnonce given, the response to the challenge. */
static struct buf answer_of(
    struct unit *t, struct challenge *c, const char *cnonce, const struct digest_request *r)
{
	struct buf out = BUF_INIT(2000);
	struct err err = {0};
	snprintf(c->cnonce, sizeof c->cnonce, "%s", cnonce);
	if (!auth_digest(c, r, &out, &err))
		unit_check_str(t, str_of(err.text), str_of(""), "digest");
	return out;
}

static void rfc7616(struct unit *t)
{
	static const char head[] =
	    "Digest realm=\"http-auth@example.org\", qop=\"auth, "
	    "auth-int\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", "
	    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", algorithm=";
	static const char *const rows[][2] = {
	    {"MD5", "8ca523f5e9506fed4657c9700eebdbec"},
	    {"SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
	};
	struct digest_request r = {"Mufasa", "Circle of Life", "GET", "/dir/index.html"};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *value = mem_printf("%s%s", head, rows[i][0]);
		struct challenge c = choose(value, ALL);
		struct buf a =
		    answer_of(t, &c, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", &r);
		has(HERE(t), &a, "response", rows[i][1]);
		has(HERE(t), &a, "username", "Mufasa");
		has(HERE(t), &a, "realm", "http-auth@example.org");
		has(HERE(t), &a, "uri", "/dir/index.html");
		has(HERE(t), &a, "algorithm", rows[i][0]);
		has(HERE(t), &a, "nc", "00000001");
		has(HERE(t), &a, "qop", "auth");
		has(HERE(t), &a, "opaque", "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");
		has(HERE(t), &a, "userhash", NULL);
		buf_free(&a);
		auth_free(&c);
		free(value);
	}
}

/* RFC 7616 3.9.2 as its erratum 4897 puts it right: the draft's SHA-512-256 was another. */
static void rfc7616_userhash(struct unit *t)
{
	struct challenge c =
	    choose("Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, "
		   "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
		   "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, "
		   "userhash=true",
		ALL);
	struct digest_request r = {
	    "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?", "GET", "/doe.json"};
	struct buf a = answer_of(t, &c, "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", &r);
	has(HERE(t), &a, "username",
	    "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
	has(HERE(t), &a, "response",
	    "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
	has(HERE(t), &a, "userhash", "true");
	buf_free(&a);
	auth_free(&c);
}

static void rfc2617(struct unit *t)
{
	struct challenge c =
	    choose("Digest realm=\"testrealm@host.com\", "
		   "qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
		   "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
		ALL);
	struct digest_request r = {"Mufasa", "Circle Of Life", "GET", "/dir/index.html"};
	struct buf a = answer_of(t, &c, "0a4f113b", &r);
	has(HERE(t), &a, "response", "6629fae49393a05397450978507c4ef1");
	has(HERE(t), &a, "algorithm", NULL);
	buf_free(&a);
	auth_free(&c);
	/* RFC 2069, as in its errata. */
	c = choose("Digest realm=\"testrealm@host.com\", "
		   "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
	    ALL);
	r.password = "CircleOfLife";
	a = answer_of(t, &c, "", &r);
	has(HERE(t), &a, "response", "1949323746fe6a43ef61f9606e7febea");
	has(HERE(t), &a, "nc", NULL);
	has(HERE(t), &a, "cnonce", NULL);
	buf_free(&a);
	auth_free(&c);
}

/* The session key of MD5-sess; the value was computed by Python's hashlib. */
static void session(struct unit *t)
{
	struct challenge c =
	    choose("Digest realm=\"r\", nonce=\"n\", qop=auth, algorithm=MD5-sess", ALL);
	struct digest_request r = {"u", "p", "PUT", "/x"};
	struct buf a = answer_of(t, &c, "c", &r);
	has(HERE(t), &a, "response", "5b3ac3a368d673e60e728dcf1e71c9b6");
	has(HERE(t), &a, "algorithm", "MD5-sess");
	buf_free(&a);
	auth_free(&c);
}

static void counting(struct unit *t)
{
	struct challenge c = choose("Digest realm=\"r\\\\s\", nonce=\"n\", qop=auth", ALL);
	struct digest_request r = {"u\"v", NULL, "GET", "/x"};
	struct buf a = answer_of(t, &c, "", &r);
	char first[48];
	memcpy(first, c.cnonce, sizeof first);
	CHECK_INT(strlen(first), 32);
	has(HERE(t), &a, "nc", "00000001");
	has(HERE(t), &a, "realm", "r\\s");
	has(HERE(t), &a, "username", "u\"v");
	buf_clear(&a);
	struct err err = {0};
	CHECK(auth_digest(&c, &r, &a, &err));
	has(HERE(t), &a, "nc", "00000002");
	CHECK_STR(c.cnonce, first);
	buf_free(&a);
	auth_free(&c);
}

static void refused(struct unit *t)
{
	static const char *const bad[] = {
	    "Digest nonce=n, qop=\"auth-int\"", "Digest nonce=n, algorithm=SHA3-256"};
	struct digest_request r = {"u", "p", "GET", "/x"};
	struct buf out = BUF_INIT(1000);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct challenge c = choose(bad[i], ALL);
		struct err err = {0};
		CHECK(c.unsupported && !auth_digest(&c, &r, &out, &err));
		CHECK_INT(err.kind, ERR_AUTH);
		auth_free(&c);
	}
	struct challenge c = choose("Digest nonce=n, qop=auth", ALL);
	struct err err = {0};
	r.user = "u\r\nX: y";
	CHECK(!auth_digest(&c, &r, &out, &err) && err.kind == ERR_AUTH && out.len == 0);
	auth_free(&c);
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"choosing", choices},
	    {"several fields", several_fields},
	    {"Basic", basic},
	    {"Bearer", bearer},
	    {"Digest: RFC 7616 3.9.1", rfc7616},
	    {"Digest: RFC 7616 3.9.2", rfc7616_userhash},
	    {"Digest: RFC 2617 and 2069", rfc2617},
	    {"Digest: -sess", session},
	    {"Digest: counting", counting},
	    {"Digest: what is refused", refused},
	};
	return unit_run(tests, COUNT(tests));
}
