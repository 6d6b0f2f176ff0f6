/*
 * A connection that is ready for commands on mail: dialled, greeted, encrypted, logged in.
 */
#ifndef PARLEY_IMAPLS_SESSION_H
#define PARLEY_IMAPLS_SESSION_H

#include "cmd/imapls/imap.h"
#include "cmd/imapls/options.h"
#include "cmd/imapls/target.h"
#include "common/cli/creds.h"
#include "common/net/dial.h"

struct session {
	const struct imapls_options *o;
	struct target target;
	struct creds creds;
	struct dialer *dialer; /* borrowed */
	struct imap imap;
	bool condstore; /* select so that HIGHESTMODSEQ is said (RFC 7162) */
	struct {
		uint64_t uid_validity, modseq, uid; /* 0: not */
	} resync;           /* select so that changes since then are said (RFC 7162 3.2.5) */
	bool enabled;       /* ENABLE was sent */
	unsigned login_tag; /* sent, and its answer not taken yet; 0: none */
	/* For --timing: */
	struct tally tally;
};

/* Target and credentials, nothing connected: ERR_USAGE, ERR_CONFIG, ERR_AUTH. Free with
 * session_free in either case. */
bool session_init(struct session *s, const struct imapls_options *o, const char *target,
    struct dialer *dialer, struct err *err);
/* Connects, reads the greeting, learns the capabilities, starts TLS as the options ask. */
bool session_connect(struct session *s, struct err *err);
/* All of it and the login, whose answer may still be on its way: commands that the order
 * allows can be sent after it at once. The answer is session_take_login's. */
bool session_open(struct session *s, struct err *err);
bool session_login(struct session *s, struct err *err);
/* The answer to the login, if it wasn't taken. ERR_AUTH, ERR_AGAIN. */
bool session_take_login(struct session *s, struct err *err);
/* After the login's answer: asks for capabilities unless the server said them. */
bool session_know(struct session *s, struct err *err);

/* Sends ENABLE (RFC 5161) for what is offered and of use, once: UTF-8 (RFC 6855), and QRESYNC
 * for resync. Its answer comes with that of the next command; but it is taken at once when
 * `name`, a mailbox (NULL: none), is written otherwise in UTF-8. */
bool session_enable(struct session *s, const char *name, struct err *err);
/* EXAMINE or, to change something, SELECT; its tag, 0 with err for a name that can't be. */
unsigned session_put_select(
    struct session *s, const char *mailbox, bool change, struct err *err);
/* Its answer, the login's before. ERR_ABSENT; another UIDVALIDITY than the URL's too. */
bool session_take_select(struct session *s, unsigned tag, struct err *err);

/* LOGOUT unless that was said, and the figures. */
void session_close(struct session *s);
void session_free(struct session *s);

#endif
