/*
 * A connection that is ready for STAT: dialled, greeted, encrypted, logged in.
 */
#ifndef PARLEY_POP3FETCH_SESSION_H
#define PARLEY_POP3FETCH_SESSION_H

#include "cmd/pop3fetch/options.h"
#include "cmd/pop3fetch/pop3.h"
#include "cmd/pop3fetch/target.h"
#include "common/cli/creds.h"
#include "common/net/dial.h"

struct session {
	const struct pop3fetch_options *o;
	struct target target;
	struct creds creds;
	struct dialer *dialer; /* not owned */
	struct pop3 pop3;
	/* Set before session_open by who begins with the survey (identity.h): UIDL and LIST may
	 * then leave behind the login, a round trip earlier. */
	bool surveys;
	unsigned asked; /* UIDL and LIST on their way: 0, 1 (LIST alone) or 2 */
	/* For --timing: */
	struct tally tally;
};

/* Target and credentials, nothing connected: ERR_USAGE, ERR_CONFIG, ERR_AUTH. Free with
 * session_free in either case. */
bool session_init(
    struct session *s, const struct pop3fetch_options *o, const char *target, struct err *err);
void session_set_dialer(struct session *s, struct dialer *dialer);
/* Connects and reads the greeting: all for who types the rest. */
bool session_connect(struct session *s, struct err *err);
/* CAPA, STLS as --tls says, login. False with err and no connection. */
bool session_open(struct session *s, struct err *err);
/* STLS and CAPA again. */
bool session_start_tls(struct session *s, struct err *err);
/* The best way of those that the server announced and the options allow. */
bool session_login(struct session *s, struct err *err);
/* May a password go over this connection as it is? ERR_AUTH names --plaintext-login. */
bool session_may_send(const struct session *s, struct err *err);
bool session_can_pipeline(const struct session *s);
/* Is UIDL worth asking? */
bool session_has_uids(const struct session *s);
/* Puts both and notes it in asked; the answers are the caller's to read. */
void session_put_survey(struct session *s);
/* QUIT, whose +OK makes deletions real: false with err without it. True when nothing is open.
 */
bool session_quit(struct session *s, struct err *err);
/* Leaves without a word: the server deletes nothing. */
void session_drop(struct session *s);
void session_free(struct session *s);

#endif
