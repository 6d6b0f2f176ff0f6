/*
 * Which account: from an operand to host, port, user and perhaps one message.
 */
#ifndef PARLEY_POP3FETCH_TARGET_H
#define PARLEY_POP3FETCH_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

struct target {
	char *shown; /* user@host[:port], for messages */
	char *host;
	uint16_t port;
	bool tls;              /* from the first byte (pop3s) */
	char *user, *password; /* of the URL; may be NULL */
	uint32_t number;       /* the message the path names; 0: none */
};

/* ERR_USAGE for what is no POP3 server. Free t in either case. */
bool target_parse(struct target *t, const char *text, struct err *err);
/* Sets shown anew, for a user who was found elsewhere; NULL for none. */
void target_show(struct target *t, const char *user);
void target_free(struct target *t);

#endif
