/*
 * Which server: from the option or the configuration file to host, port and
 * manner. This is the one place that chooses, so that a domain's MX can come in
 * here when there is a DNS tool to ask.
 */
#ifndef PARLEY_SMTPSEND_TARGET_H
#define PARLEY_SMTPSEND_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

struct target {
	char *host;
	uint16_t port;
	bool tls;              /* from the first byte (smtps, submissions) */
	bool lmtp;             /* RFC 2033: LHLO, an answer for each recipient */
	char *user, *password; /* of the URL; may be NULL */
};

/* server: a URL or a host with an optional port; NULL or empty is ERR_CONFIG, and the text
 * says where one can be named. ERR_USAGE for what is no SMTP server. Free t in either case. */
bool target_choose(struct target *t, const char *server, struct err *err);
void target_free(struct target *t);

#endif
