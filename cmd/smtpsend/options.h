/*
 * What the user of smtpsend asked for: one struct, filled from the option table,
 * const afterwards. Nothing after this stage knows argv.
 */
#ifndef PARLEY_SMTPSEND_OPTIONS_H
#define PARLEY_SMTPSEND_OPTIONS_H

#include "common/cli/netopts.h"
#include "common/cli/opt.h"

/* In the order of --body's and --return's choices, after "not given". */
enum body_kind { BODY_UNSAID, BODY_7BIT, BODY_8BITMIME, BODY_BINARYMIME };
enum return_kind { RETURN_UNSAID, RETURN_FULL, RETURN_HDRS };

struct smtpsend_options {
	struct net_options common;
	struct list recipients; /* operands */
	bool as_sendmail; /* called by that name: a lone dot ends the message without -i */

	char *server; /* URL or host */
	char *domain; /* what EHLO says; NULL: this host */
	bool ehlo, pipelining, chunking;
	bool require_all, dry_run;

	char *sender;    /* -f: the envelope's */
	char *from;      /* -r: the header's, and the envelope's without -f */
	char *full_name; /* -F */
	bool read_recipients, ignore_dots, relay;
	bool add_headers;
	char *notify, *envid; /* RFC 3461, checked and encoded when sent */
	int body;             /* enum body_kind */
	int ret;              /* enum return_kind */

	char *subject, *body_type, *html;
	struct list to, cc, bcc, headers, attachments;

	char *mbox;
	struct list messages;
};

extern const struct opt_table smtpsend_table;

/* Defaults, config file, argv, cross-checks. False with ERR_USAGE or ERR_CONFIG. */
bool options_read(struct smtpsend_options *o, char **argv, struct err *err);
void options_free(struct smtpsend_options *o);

/* The message is to be built: stdin is its text. */
bool options_compose(const struct smtpsend_options *o);
/* Commands are typed or read: -bs aside. */
bool options_by_hand(const struct smtpsend_options *o);
/* Several messages on one connection. */
bool options_many(const struct smtpsend_options *o);

#endif
