/*
 * Digests by OpenSSL's libcrypto, as the module "crypto". The one file of base
 * that includes OpenSSL's headers. Knows nothing of what the bytes mean.
 */
#include "common/base/digest.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/base/module.h"

struct digest {
	EVP_MD_CTX *context;
};

struct digest_name {
	const char *name;
	enum digest_kind kind;
};

static const struct digest_name names[] = {
    {"md5", DIGEST_MD5},
    {"sha1", DIGEST_SHA1},
    {"sha-1", DIGEST_SHA1},
    {"sha256", DIGEST_SHA256},
    {"sha-256", DIGEST_SHA256},
    {"sha512", DIGEST_SHA512},
    {"sha-512", DIGEST_SHA512},
    {"sha512-256", DIGEST_SHA512_256},
    {"sha-512-256", DIGEST_SHA512_256},
};

static bool failed(struct err *err, const char *what)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;
	err_set(err, ERR_INTERNAL, "%s: %s", what, reason ? reason : "libcrypto refuses");
	ERR_clear_error();
	return false;
}

static const EVP_MD *method_of(enum digest_kind kind)
{
	switch (kind) {
	case DIGEST_MD5: return EVP_md5();
	case DIGEST_SHA1: return EVP_sha1();
	case DIGEST_SHA256: return EVP_sha256();
	case DIGEST_SHA512_256: return EVP_sha512_256();
	case DIGEST_SHA512: return EVP_sha512();
	}
	return NULL;
}

static bool digest_find(struct str name, enum digest_kind *kind)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (str_is_nocase(name, names[i].name)) {
			*kind = names[i].kind;
			return true;
		}
	return false;
}

static void discard(struct digest *d)
{
	EVP_MD_CTX_free(d->context);
	free(d);
}

static struct digest *digest_open(enum digest_kind kind, struct err *err)
{
	struct digest *d = mem_alloc(sizeof *d);
	d->context = EVP_MD_CTX_new();
	if (d->context && EVP_DigestInit_ex(d->context, method_of(kind), NULL) == 1)
		return d;
	failed(err, "starting a digest");
	discard(d);
	return NULL;
}

/* Fails only for a context that was never started. */
static void digest_add(struct digest *d, struct str bytes)
{
	EVP_DigestUpdate(d->context, bytes.ptr, bytes.len);
}

static bool digest_finish(struct digest *d, struct digest_value *out, struct err *err)
{
	unsigned len = 0;
	bool ok = !out || EVP_DigestFinal_ex(d->context, out->bytes, &len) == 1;
	if (out)
		out->len = len;
	discard(d);
	return ok || failed(err, "finishing a digest");
}

static bool digest_hash(
    enum digest_kind kind, struct str bytes, struct digest_value *out, struct err *err)
{
	struct digest *d = digest_open(kind, err);
	if (!d)
		return false;
	digest_add(d, bytes);
	return digest_finish(d, out, err);
}

/* The key's length is an int over there. */
static bool digest_hmac(enum digest_kind kind, struct str key, struct str bytes,
    struct digest_value *out, struct err *err)
{
	static const char none[1] = "";
	unsigned len = 0;
	if (key.len > INT_MAX)
		return err_set(err, ERR_INTERNAL, "an HMAC key of %zu bytes", key.len);
	if (!HMAC(method_of(kind), key.len ? key.ptr : none, (int)key.len,
		(const unsigned char *)(bytes.len ? bytes.ptr : none), bytes.len, out->bytes,
		&len))
		return failed(err, "HMAC");
	out->len = len;
	return true;
}

static bool digest_pbkdf2(enum digest_kind kind, const struct digest_derivation *from,
    struct digest_value *out, struct err *err)
{
	const EVP_MD *method = method_of(kind);
	int size = EVP_MD_get_size(method);
	if (from->iterations < 1 || from->iterations > INT_MAX ||
	    from->password.len > INT_MAX || from->salt.len > INT_MAX)
		return err_set(err, ERR_INTERNAL, "PBKDF2: a length or count is out of range");
	if (PKCS5_PBKDF2_HMAC(from->password.ptr, (int)from->password.len,
		(const unsigned char *)from->salt.ptr, (int)from->salt.len,
		(int)from->iterations, method, size, out->bytes) != 1)
		return failed(err, "PBKDF2");
	out->len = (size_t)size;
	return true;
}

static bool digest_random(void *bytes, size_t len, struct err *err)
{
	if (len > INT_MAX || RAND_bytes(bytes, (int)len) != 1)
		return failed(err, "random bytes");
	return true;
}

static bool digest_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0);
}

static const struct digest_module module = {digest_find, digest_open, digest_add, digest_finish,
    digest_hash, digest_hmac, digest_pbkdf2, digest_random, digest_equal};

MODULE_TABLE(&module)
