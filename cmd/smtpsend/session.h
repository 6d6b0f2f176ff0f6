/*
 * A connection that is ready for MAIL: dialled, greeted, encrypted, logged in.
 */
#ifndef PARLEY_SMTPSEND_SESSION_H
#define PARLEY_SMTPSEND_SESSION_H

#include "cmd/smtpsend/options.h"
#include "cmd/smtpsend/smtp.h"
#include "cmd/smtpsend/target.h"
#include "common/cli/creds.h"
#include "common/net/dial.h"

struct session {
	const struct smtpsend_options *o;
	struct target target;
	struct creds creds;
	struct trace *trace;
	struct dialer *dialer;
	struct smtp smtp;
	/* For --timing, of all connections together: */
	struct tally tally;
};

/* Target and credentials, nothing connected: ERR_USAGE, ERR_CONFIG, ERR_AUTH. trace must
 * outlive the session. Free with session_free in either case. */
bool session_init(
    struct session *s, const struct smtpsend_options *o, struct trace *trace, struct err *err);
/* Closes what is open and turns to another server, with its credentials. */
bool session_aim(struct session *s, const char *server, struct err *err);
/* Connects and goes as far as the options ask: greeting, EHLO or HELO, STARTTLS, AUTH. False
 * with err and no connection. */
bool session_open(struct session *s, struct err *err);
/* The first part only, for who types the rest: connects and reads the greeting. */
bool session_connect(struct session *s, struct err *err);
bool session_hello(struct session *s, struct err *err);
/* STARTTLS and EHLO again. */
bool session_start_tls(struct session *s, struct err *err);
/* Somebody asked for it by name; a netrc that happens to know the host did not. */
bool session_must_login(const struct session *s);
/* AUTH by the best way the server and the options allow. */
bool session_login(struct session *s, struct err *err);
/* QUIT unless that was said, and the figures. */
void session_close(struct session *s);
void session_free(struct session *s);

#endif
