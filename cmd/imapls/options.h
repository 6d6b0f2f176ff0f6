/*
 * What the user of imapls asked for: one struct, filled from the option table,
 * const afterwards. Nothing after this stage knows argv.
 */
#ifndef PARLEY_IMAPLS_OPTIONS_H
#define PARLEY_IMAPLS_OPTIONS_H

#include "common/cli/netopts.h"
#include "common/cli/opt.h"

struct imapls_options {
	struct net_options common;
	struct list targets; /* operands */

	bool long_form, one_column, by_time, by_size, reverse;
	bool recursive, thread, compress;
	int64_t most; /* -n, 0: all */

	char *search;
	bool unseen;
	char *from, *subject, *since;

	struct list marks; /* +FLAG, -FLAG */
	char *move_to, *copy_to;
	bool expunge;
	bool watch;
	int64_t renew_ms; /* IDLE is renewed so often */
	char *export;     /* maildir:DIR or mbox:FILE */
	struct list append;
	bool create, remove, subscribe, unsubscribe;
	char *rename;

	bool raw, headers;
	char *part, *save;
};

extern const struct opt_table imapls_table;

/* Defaults, config file, argv, cross-checks. False with ERR_USAGE or ERR_CONFIG. */
bool options_read(struct imapls_options *o, char **argv, struct err *err);
void options_free(struct imapls_options *o);
bool options_by_hand(const struct imapls_options *o);
/* Messages are to be searched for. */
bool options_search(const struct imapls_options *o);
/* Messages are to be changed; a mailbox is. */
bool options_change(const struct imapls_options *o);
bool options_manage(const struct imapls_options *o);
/* One message is to be shown, not listed. */
bool options_read_one(const struct imapls_options *o);

#endif
