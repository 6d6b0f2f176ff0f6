/*
 * Digests, HMAC, PBKDF2, random bytes: the module "crypto", because of its
 * library. module_table("crypto") gives a struct digest_module. Knows no
 * protocol; hexadecimal and base64 are common/text's.
 */
#ifndef PARLEY_BASE_DIGEST_H
#define PARLEY_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"
#include "common/base/str.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512_256, DIGEST_SHA512 };

enum { DIGEST_MAX = 64 };

/* The result, raw bytes. */
struct digest_value {
	unsigned char bytes[DIGEST_MAX];
	size_t len;
};

struct digest; /* one being computed */

struct digest_derivation {
	struct str password, salt;
	unsigned iterations; /* at least 1 */
};

/* What can fail fails with ERR_INTERNAL, for instance where MD5 is forbidden (FIPS). */
struct digest_module {
	/* By the usual name (any case: "md5", "sha-1", "sha1", "sha256", "SHA-512-256" ...). */
	bool (*find)(struct str name, enum digest_kind *kind);
	struct digest *(*open)(enum digest_kind kind, struct err *err);
	void (*add)(struct digest *d, struct str bytes);
	/* Frees d too; out may be NULL for one that is given up. */
	bool (*finish)(struct digest *d, struct digest_value *out, struct err *err);
	/* At once. */
	bool (*hash)(
	    enum digest_kind kind, struct str bytes, struct digest_value *out, struct err *err);
	/* RFC 2104 */
	bool (*hmac)(enum digest_kind kind, struct str key, struct str bytes,
	    struct digest_value *out, struct err *err);
	/* RFC 8018 5.2 with HMAC, as many bytes as the digest has (SCRAM's Hi, RFC 5802). */
	bool (*pbkdf2)(enum digest_kind kind, const struct digest_derivation *from,
	    struct digest_value *out, struct err *err);
	bool (*random)(void *bytes, size_t len, struct err *err);
	/* In a time that depends on the lengths only. */
	bool (*equal)(struct str a, struct str b);
};

/* The bytes of a value as a slice, borrowed. */
static inline struct str digest_str(const struct digest_value *v)
{
	return (struct str){(const char *)v->bytes, v->len};
}

#endif
