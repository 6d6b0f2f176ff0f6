/*
 * Which server, mailbox and message: an IMAP URL (RFC 5092) taken apart. Connects to nothing.
 */
#ifndef PARLEY_IMAPLS_TARGET_H
#define PARLEY_IMAPLS_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

struct target {
	char *host;
	uint16_t port;
	bool tls;              /* from the first byte (imaps) */
	char *user, *password; /* of the URL; may be NULL */
	char *auth;            /* ;AUTH=MECH of the URL; NULL for none or * */
	char *mailbox;         /* UTF-8; NULL: none is named */
	uint32_t uid_validity; /* 0: not given */
	uint32_t uid;          /* 0: not given */
	char *section;         /* "1.2", "HEADER"; NULL: not given */
	char *search;          /* SEARCH's keys; NULL: none */
};

/* imap[s]://[user[;AUTH=m]@]host[:port], then nothing or
 * /MAILBOX[;UIDVALIDITY=v][;UID=n[/;SECTION=s]][?KEYS]; or a host. ERR_USAGE. Free t in either
 * case. */
bool target_parse(struct target *t, const char *text, struct err *err);
void target_free(struct target *t);

#endif
