/*
 * Replies with three digits, as FTP and SMTP have them; for explain_ftp.c and explain_smtp.c.
 */
#ifndef PARLEY_TEXT_EXPLAIN_REPLY_H
#define PARLEY_TEXT_EXPLAIN_REPLY_H

#include "common/text/explain.h"

struct explain_reply {
	struct str code; /* "250"; empty in the middle of FTP's long replies */
	struct str rest; /* what follows the code and the blank or '-' */
	bool first, last;
};

/* False when there is no code where one must be. Remembers in x that a reply is not over. */
bool explain_reply_read(struct explain *x, struct str line, struct explain_reply *reply);
/* What the first digit says; NULL when `name` is no code. */
const char *explain_reply_lead(const char *name);
/* A line that only continues a reply, or ends it. */
void explain_reply_more(const struct explain *x, bool last, struct buf *out);
/* A code that is in no table: what its class says. */
void explain_reply_class(const struct explain *x, const char *code, struct buf *out);

#endif
