/*
 * A message as a reader wants it: chosen headers, the text, a list of attachments; or one part;
 * or its attachments saved. Bytes in memory; knows no server.
 */
#ifndef PARLEY_IMAPLS_PRESENT_H
#define PARLEY_IMAPLS_PRESENT_H

#include "cmd/imapls/show.h"

struct present {
	const struct imapls_options *o;
	const char *mailbox;
	const char *section; /* of the URL; NULL: none */
	uint32_t uid;
	struct show *show;
};

/* ERR_ABSENT for a part that is not there, ERR_DATA for one that can't be decoded (what could
 * be had is shown), ERR_CREATE and ERR_IO of saving. */
bool present_message(const struct present *p, struct str message, struct err *err);

#endif
