/*
 * What the files of SASL share, and nobody else includes.
 */
#ifndef PARLEY_PROTO_SASL_INSIDE_H
#define PARLEY_PROTO_SASL_INSIDE_H

#include "common/base/digest.h"
#include "common/base/limits.h"
#include "common/proto/sasl.h"

enum sasl_needs {
	SASL_USER = 1,
	SASL_PASSWORD = 2,
	SASL_TOKEN = 4,
	SASL_CERT = 8,
	SASL_BINDING = 16,
	SASL_PRIVACY = 32, /* the password or token itself goes over the wire */
	SASL_SELF = 64,    /* can't act as somebody else (authorize) */
};

enum { SASL_STEPS_MOST = 3 };

/* Reads a challenge and adds the answer to the response, which is empty. */
typedef bool sasl_step_function(
    struct sasl *x, struct str challenge, struct buf *response, struct err *err);

struct sasl_mechanism {
	const char *name;
	unsigned needs;
	bool client_first;
	int required;                               /* steps before the server may say yes */
	enum digest_kind kind;                      /* SCRAM's */
	sasl_step_function *steps[SASL_STEPS_MOST]; /* NULL after the last */
};

struct sasl {
	const struct sasl_mechanism *mechanism;
	struct sasl_facts facts;
	int taken; /* steps */
	/* OAuth: what the server had to say before its refusal. */
	struct buf complaint;
	/* SCRAM: 'p', 'y' or 'n' (RFC 5802 7), and what is signed at the end. */
	char binding_flag;
	struct buf header, first; /* gs2-header, client-first-message-bare */
	struct buf nonce;
	struct digest_value server_signature;
};

sasl_step_function sasl_plain, sasl_login_user, sasl_login_password, sasl_cram_md5,
    sasl_xoauth2, sasl_xoauth2_refused, sasl_oauthbearer, sasl_oauthbearer_refused,
    sasl_external, sasl_scram_first, sasl_scram_prove, sasl_scram_verify;

/* RFC 5801 4 and 5802 5.1: '=' and ',' as =3D and =2C. */
bool sasl_add_name(struct buf *out, const char *name);
/* False with ERR_INTERNAL: the message came over LIMIT_SASL. */
bool sasl_fits(const struct buf *b, struct err *err);

#endif
