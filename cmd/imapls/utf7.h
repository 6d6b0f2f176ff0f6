/*
 * Mailbox names in modified UTF-7 (RFC 3501 5.1.3).
 */
#ifndef PARLEY_IMAPLS_UTF7_H
#define PARLEY_IMAPLS_UTF7_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* UTF-8 into it. False for what is no UTF-8, and past out's ceiling. */
bool utf7_encode(struct buf *out, struct str name);
/* The reverse. Names that are not well-formed stay as they are; raw UTF-8 comes through. */
void utf7_decode(struct buf *out, struct str name);

#endif
