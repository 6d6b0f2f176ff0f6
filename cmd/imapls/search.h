/*
 * SEARCH (RFC 9051 6.4.4): the options as keys, and the numbers it finds.
 */
#ifndef PARLEY_IMAPLS_SEARCH_H
#define PARLEY_IMAPLS_SEARCH_H

#include "cmd/imapls/session.h"
#include "cmd/imapls/set.h"

/* The unique ids of what options and URL ask for, in the selected mailbox; sends UID SEARCH
 * after whatever was sent before, and the answer to `select` (0: none) is taken first.
 * ERR_USAGE for keys that can't stand in a line. Free found in either case. */
bool search_run(struct session *s, unsigned select, struct set *found, struct err *err);

/* The keys alone, added to out: strings with bytes from 0x80 as literals, "{5+}" or "{5}" and
 * then a line end (LF). *utf8: there are such. */
bool search_put_keys(struct session *s, struct buf *out, bool *utf8, struct err *err);

#endif
