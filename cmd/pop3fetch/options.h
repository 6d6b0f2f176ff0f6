/*
 * What the user of pop3fetch asked for: one struct, filled from the option table,
 * const afterwards. Nothing after this stage knows argv.
 */
#ifndef PARLEY_POP3FETCH_OPTIONS_H
#define PARLEY_POP3FETCH_OPTIONS_H

#include "cmd/pop3fetch/numbers.h"
#include "common/cli/netopts.h"
#include "common/cli/opt.h"

struct pop3fetch_options {
	struct net_options common;
	struct list targets; /* operands */

	char *maildir, *mbox, *mda, *output;
	bool crlf;

	bool list, stat, headers;
	int64_t top; /* lines; -1: not given */

	struct numbers only, dele; /* empty: not given */
	bool all;
	bool keep;            /* the default; --delete clears it */
	int64_t delete_after; /* days; -1: not given */
	int64_t max_size;     /* bytes; 0: any */
	char *state;
	bool dry_run;
	bool pipelining;
};

extern const struct opt_table pop3fetch_table;

/* Defaults, config file, argv, cross-checks. False with ERR_USAGE or ERR_CONFIG. */
bool options_read(struct pop3fetch_options *o, char **argv, struct err *err);
void options_free(struct pop3fetch_options *o);

/* Commands are typed or read from a script. */
bool options_by_hand(const struct pop3fetch_options *o);
/* --list, --stat, --headers or --top: looked at, not fetched. */
bool options_look_only(const struct pop3fetch_options *o);

#endif
