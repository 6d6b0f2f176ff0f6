/*
 * HTTP authentication (RFC 9110 11): reads challenges, writes credentials. Basic
 * (RFC 7617, UTF-8), Digest (RFC 7616 and the old RFC 2069) and Bearer (RFC
 * 6750). Knows neither requests nor where a password comes from; when a
 * password may travel at all is decided by others.
 */
#ifndef WEBGET_AUTH_H
#define WEBGET_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/digest.h"
#include "common/base/err.h"
#include "common/text/field.h"

enum auth_scheme { AUTH_NONE = 0, AUTH_BASIC = 1, AUTH_DIGEST = 2, AUTH_BEARER = 4 };

/* A chosen challenge. Owns its strings; they are the server's bytes, unquoted. */
struct challenge {
	enum auth_scheme scheme;
	char *realm;
	/* Digest only. */
	char *nonce, *opaque; /* opaque NULL: none was given */
	char *algorithm;      /* as the server wrote it; NULL: none, which is MD5 */
	enum digest_kind kind;
	bool session;            /* -sess */
	bool has_qop;            /* false: RFC 2069 */
	bool userhash;           /* the name is to be sent hashed */
	bool stale;              /* the nonce was old, the password not refused: answer again */
	const char *unsupported; /* why it can't be answered, NULL if it can */
	uint32_t count;          /* answers given with this nonce */
	char cnonce[48];         /* of the running session; a test may set it before */
};

/*
 * The strongest challenge among those in the allowed mask that can be answered: Digest with
 * SHA-512-256, SHA-256, MD5, then Bearer, then Basic. proxy: Proxy-Authenticate. False, with
 * out->scheme AUTH_NONE, if there is none; a Digest that can't be answered is given only where
 * nothing else is left, and says so in `unsupported`. Free with auth_free.
 */
bool auth_choose(const struct fields *f, bool proxy, unsigned allowed, struct challenge *out);
void auth_free(struct challenge *c);

/* Values for Authorization or Proxy-Authorization: secrets, free with mem_free_secret. NULL
 * password is an empty one. NULL where the text may not stand there: a colon in the user's
 * name, control bytes (ERR_USAGE). */
char *auth_basic(const char *user, const char *password, struct err *err);
char *auth_bearer(const char *token, struct err *err);

struct digest_request {
	const char *user, *password; /* UTF-8 */
	const char *method;
	const char *uri; /* exactly as in the request line */
};

/* Adds "Digest ..." to out and counts it. False with ERR_AUTH when the challenge can't be
 * answered, ERR_INTERNAL when the module or a digest is missing. */
bool auth_digest(
    struct challenge *c, const struct digest_request *r, struct buf *out, struct err *err);

/* Of auth_digest.c: reads a Digest challenge's parameters (a comma list). False if it is none
 * that means anything (no nonce, say). */
bool auth_digest_parse(struct str params, struct challenge *out);

#endif
