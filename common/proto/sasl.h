/*
 * SASL (RFC 4422) for the client: which mechanism, what it says, and the
 * exchange over any protocol that carries it in base64 lines (SMTP AUTH, POP3
 * AUTH, IMAP AUTHENTICATE). EXTERNAL, SCRAM-SHA-256 and -SHA-1 (RFC 5802, 7677)
 * with -PLUS (tls-exporter, RFC 9266), CRAM-MD5 (RFC 2195), OAUTHBEARER (RFC
 * 7628), XOAUTH2, PLAIN (RFC 4616), LOGIN. Knows no protocol's own words and not
 * where a password comes from.
 *
 *	struct sasl_facts facts = {.user = ..., .password = ..., .may_send_secrets = tls, ...};
 *	struct sasl *x = sasl_choose(offered, &facts, err);
 *	bool ok = x && sasl_run(s, &smtp_sasl, self, x, err);
 *	sasl_close(x);
 */
#ifndef PARLEY_PROTO_SASL_H
#define PARLEY_PROTO_SASL_H

#include "common/net/stream.h"

enum { SASL_BINDING_SIZE = 32 };

/* What we have. All borrowed until sasl_close; any pointer may be NULL. UTF-8, sent as it is:
 * of SASLprep (RFC 4013) only the refusal of control characters is done, so a password with
 * characters that have two forms must be typed in the form in which it was stored. */
struct sasl_facts {
	const char *user, *password;
	const char *token;     /* OAuth 2.0 bearer token; wins over the password.
				  NULL: where `forced` wants one, the password is it */
	const char *authorize; /* the identity to act as, if it is another than user */
	const char *forced;    /* --auth MECH, any case */
	bool client_cert;      /* TLS with our certificate: EXTERNAL has something to go by */
	/* The channel may carry a password or token as it is (TLS, loopback, or the user's
	 * word for it: creds_may_send). Otherwise only SCRAM and CRAM-MD5 are chosen. */
	bool may_send_secrets;
	/* SASL_BINDING_SIZE bytes from dial_channel_binding; NULL: none. */
	const unsigned char *binding;
	const char *host; /* for OAUTHBEARER */
	int port;
	const char *nonce; /* SCRAM's client nonce, for known answers in tests; NULL: random */
};

struct sasl;

/*
 * The best of the mechanisms offered (names with spaces between, any case) that the facts
 * serve: by token OAUTHBEARER, XOAUTH2; by password SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS,
 * SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN; EXTERNAL with neither, or when forced.
 * NULL with ERR_AUTH, whose text says why none will do (and names --plaintext-login when that
 * is the reason); ERR_USAGE for a forced name that is not known here, and for control
 * characters in user, password or token.
 */
struct sasl *sasl_choose(struct str offered, const struct sasl_facts *facts, struct err *err);
/* Wipes what it held; NULL is fine. */
void sasl_close(struct sasl *x);
const char *sasl_name(const struct sasl *x); /* "SCRAM-SHA-256" */
/* The client speaks first: sasl_step with an empty challenge gives the initial response. */
bool sasl_is_client_first(const struct sasl *x);
/* Answers a challenge (both without base64); response is emptied first, then secret. False
 * with ERR_PROTOCOL for a challenge that can't be (SCRAM's nonce, salt, iterations out of 1
 * to 10 million, or under 4096 on a channel that may not carry secrets, or a wrong server
 * signature), ERR_AUTH where the server explains its refusal here, ERR_INTERNAL. */
bool sasl_step(struct sasl *x, struct str challenge, struct buf *response, struct err *err);
/* After the server has said yes: was it entitled to? ERR_PROTOCOL when it had steps left, the
 * proof of SCRAM that it knows the password above all. */
bool sasl_finish(const struct sasl *x, struct err *err);

/* ---- over a protocol ---- */

enum sasl_answer {
	SASL_FAILED, /* err is set, by the server's words or the stream's error */
	SASL_MORE,   /* a challenge came */
	SASL_DONE,   /* the server says that we are in */
};

/* The words of one protocol. self is the tool's session, given to sasl_run. */
struct sasl_carrier {
	/* The longest initial response, in base64 characters, that may stand in the first
	 * command; 0: none may (IMAP without SASL-IR; POP3's line is at most 255 bytes). */
	size_t initial_most;
	/* The first command: "AUTH mech", and " initial" unless that is NULL. It is in base64
	 * already, "=" for an empty one, and secret: stream_put_secret(s, "AUTH PLAIN ****",
	 * ...). */
	void (*put_start)(
	    void *self, struct stream *s, const char *mechanism, const char *initial);
	/* Reads one answer; challenge: its base64 text, borrowed until the next read. */
	enum sasl_answer (*read_answer)(
	    void *self, struct stream *s, struct str *challenge, struct err *err);
};

/* The whole exchange. What the client won't answer is called off with "*", so that the
 * dialogue is in step afterwards. False with err: what the server refused is the carrier's
 * kind (ERR_AUTH, ERR_AGAIN), the rest as in sasl_step and sasl_finish. After a false
 * sasl_finish the server is not to be trusted: close. */
bool sasl_run(struct stream *s, const struct sasl_carrier *carrier, void *self, struct sasl *x,
    struct err *err);

#endif
