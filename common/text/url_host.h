/*
 * The host of a URL: for url.c alone. Names, IPv4 in all its spellings, IPv6.
 */
#ifndef PARLEY_TEXT_URL_HOST_H
#define PARLEY_TEXT_URL_HOST_H

#include "common/text/url.h"

/* Sets u->host and u->ipv6 from what stands between userinfo and port, brackets included.
 * False with the reason in *why; err is set when the IDN module can't be loaded. */
bool url_host_set(struct url *u, struct str raw, const char **why, struct err *err);

#endif
