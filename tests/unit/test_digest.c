/*
 * The module "crypto": known answers (RFC 1321, FIPS 180, RFC 4231, 6070, 7914).
 */
#include "common/base/digest.h"

#include "common/base/module.h"
#include "common/text/hex.h"
#include "tests/unit/unit.h"

static const struct digest_module *crypto(struct unit *t)
{
	struct err err = {0};
	const struct digest_module *m = module_table("crypto", &err);
	CHECK_STR(err.text, "");
	return m;
}

static void is_hex(struct unit *t, const struct digest_value *v, const char *want)
{
	struct buf hex = BUF_INIT(200);
	hex_encode(&hex, digest_str(v));
	CHECK_STR(buf_cstr(&hex), want);
	buf_free(&hex);
}

static void hashes(struct unit *t)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
	    {"MD5", "", "d41d8cd98f00b204e9800998ecf8427e"},
	    {"md5", "abc", "900150983cd24fb0d6963f7d28e17f72"},
	    {"sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	    {"SHA-256", "abc",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"sha-512-256", "abc",
		"53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
	    {"sha512", "abc",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
	};
	const struct digest_module *m = crypto(t);
	for (size_t i = 0; m && i < COUNT(rows); i++) {
		enum digest_kind kind;
		struct digest_value v;
		if (!CHECK(m->find(str_of(rows[i].name), &kind)))
			continue;
		CHECK(m->hash(kind, str_of(rows[i].text), &v, NULL));
		is_hex(t, &v, rows[i].want);
	}
	enum digest_kind none;
	CHECK(m && !m->find(STR("md6"), &none) && !m->find(STR(""), &none));
}

static void in_pieces(struct unit *t)
{
	const struct digest_module *m = crypto(t);
	struct err err = {0};
	struct digest_value v;
	struct digest *d = m->open(DIGEST_SHA256, &err);
	m->add(d, STR("a"));
	m->add(d, STR(""));
	m->add(d, STR_NONE);
	m->add(d, STR("bc"));
	CHECK(m->finish(d, &v, &err));
	is_hex(t, &v, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	d = m->open(DIGEST_MD5, &err);
	m->add(d, STR("given up"));
	CHECK(m->finish(d, NULL, &err));
	CHECK(!err_is_set(&err));
}

static void keyed(struct unit *t)
{
	const struct digest_module *m = crypto(t);
	struct err err = {0};
	struct digest_value v;
	CHECK(
	    m->hmac(DIGEST_SHA256, STR("Jefe"), STR("what do ya want for nothing?"), &v, &err));
	is_hex(t, &v, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	CHECK(m->hmac(DIGEST_MD5, STR("Jefe"), STR("what do ya want for nothing?"), &v, &err));
	is_hex(t, &v, "750c783e6ab0b503eaa86e310a5db738");
	CHECK(m->hmac(DIGEST_SHA1, STR_NONE, STR_NONE, &v, &err));
	is_hex(t, &v, "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

static void derived(struct unit *t)
{
	const struct digest_module *m = crypto(t);
	struct err err = {0};
	struct digest_value v;
	struct digest_derivation from = {STR("password"), STR("salt"), 4096};
	CHECK(m->pbkdf2(DIGEST_SHA1, &from, &v, &err));
	is_hex(t, &v, "4b007901b765489abead49d926f721d065a429c1");
	from = (struct digest_derivation){STR("passwd"), STR("salt"), 1};
	CHECK(m->pbkdf2(DIGEST_SHA256, &from, &v, &err));
	is_hex(t, &v, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
	from.iterations = 0;
	CHECK(!m->pbkdf2(DIGEST_SHA1, &from, &v, &err));
	CHECK_INT(err.kind, ERR_INTERNAL);
}

static void the_rest(struct unit *t)
{
	const struct digest_module *m = crypto(t);
	char a[32] = {0}, b[32] = {0};
	CHECK(m->random(a, sizeof a, NULL) && m->random(b, sizeof b, NULL));
	CHECK(memcmp(a, b, sizeof a) != 0);
	CHECK(m->equal(STR("same"), STR("same")) && m->equal(STR_NONE, STR("")));
	CHECK(!m->equal(STR("same"), STR("sane")) && !m->equal(STR("same"), STR("sam")));
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"digests", hashes},
	    {"in pieces", in_pieces},
	    {"HMAC", keyed},
	    {"PBKDF2", derived},
	    {"random bytes and comparing", the_rest},
	};
	return unit_run(tests, COUNT(tests));
}
