/*
 * Address lists (RFC 5322 3.4): To, Cc, From and what people type. Groups,
 * comments, quoted local parts, domain literals, obsolete routes, UTF-8
 * (RFC 6532). Knows no server and asks no DNS.
 */
#ifndef PARLEY_MAIL_MAILBOX_H
#define PARLEY_MAIL_MAILBOX_H

#include "common/base/err.h"
#include "common/base/str.h"

/* Strings are owned by the list. */
struct mailbox {
	char *address; /* local@domain without comments and white space, the local part quoted
			  only if it must be; "local" alone where no domain was given */
	char *name; /* display name, raw: unquoted, not yet decoded (word2047); may be NULL */
};

/* Zero it to start. */
struct mailboxes {
	struct mailbox *items;
	size_t count;
	size_t cap;
};

void mailboxes_free(struct mailboxes *list);
/* Adds the mailboxes of a comma list; members of groups too, empty elements are skipped. False
 * with ERR_DATA, what came before kept, for what is no address, is longer than
 * LIMIT_ADDRESS, or past LIMIT_RECIPIENTS: the text quotes it. */
bool mailboxes_parse(struct mailboxes *list, struct str text, struct err *err);
/* Adds one: ERR_DATA if text is not exactly one address. */
bool mailboxes_parse_one(struct mailboxes *list, struct str text, struct err *err);
/* Drops all but the first of equal addresses (the domain's case does not count). */
void mailboxes_unique(struct mailboxes *list);

/* Fit for MAIL and RCPT (RFC 5321 4.1.2): dot-string or quoted-string, @, domain or literal, or
 * a local part alone; no control bytes; lengths of 4.5.3.1 (64, 255). ASCII unless utf8. */
bool mailbox_is_address(struct str address, bool utf8);
/* RFC 5322 3.2.3, with UTF-8 (RFC 6532): words of letters, digits and most signs between dots.
 */
bool mailbox_is_dot_atom(struct str s);
/* What stands after the first @ outside quotes; empty (and its ptr NULL) if there
 * is none. */
struct str mailbox_domain(struct str address);

#endif
