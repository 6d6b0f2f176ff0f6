/*
 * Who the user is: from the URL, -u, netrc, a password command or a prompt, in
 * this order. Passwords are wiped when freed.
 */
#ifndef PARLEY_CLI_CREDS_H
#define PARLEY_CLI_CREDS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

struct cred_options {
	char *user;             /* -u NAME[:PASSWORD], split at the first colon */
	char *password_command; /* run by sh -c; its first line is the password */
	char *netrc_file;       /* NULL: $NETRC, else ~/.netrc */
	bool no_netrc;
	char *auth;          /* --auth MECH */
	char *oauth2_bearer; /* --oauth2-bearer TOKEN */
	bool plaintext_login;
	int64_t deadline; /* of the run, for the command; 0: none */
};

struct creds {
	char *user;        /* NULL: none known */
	char *password;    /* NULL: none known */
	char *account;     /* netrc's account (FTP ACCT) */
	char *macdef_init; /* netrc's macro "init" for this machine, lines with \n (for ftpc) */
};

/* What of it may cost the user something. */
enum cred_ask { CRED_NEVER_ASK, CRED_MAY_ASK };

struct cred_source {
	const struct cred_options *options;
	const char *host;
	const char *url_user, *url_password; /* of the target, decoded; may be NULL */
	const char *prompt; /* NULL: "Password for alice at mail.example.org: " */
	enum cred_ask ask;
};
/*
 * Fills *c for the host. The URL's user wins over the option's, and a password counts only for
 * the user it was given with. The password command and the prompt are for a known user without
 * a password, and not with an OAuth token; the prompt also wants CRED_MAY_ASK and a terminal
 * at stdin and stderr. A user without any password is not an error: password stays NULL.
 * ERR_CONFIG: a netrc that can't be parsed, one that was named and isn't there, or one that
 * others can read while it holds the password used here (anonymous logins excepted);
 * ERR_AUTH: the password command failed; ERR_INTERRUPT. Free *c in either case.
 */
bool creds_find(const struct cred_source *source, struct creds *c, struct err *err);
void creds_free(struct creds *c);

/* True for a loopback address "127.x.x.x:port" or "[::1]:port" as stream_report gives it. */
bool creds_peer_is_loopback(const char *peer);
/* A password may be sent: TLS, loopback, or --plaintext-login. Otherwise false with ERR_AUTH,
 * whose text names --plaintext-login. */
bool creds_may_send(const struct cred_options *o, bool tls, const char *peer, struct err *err);

#endif
