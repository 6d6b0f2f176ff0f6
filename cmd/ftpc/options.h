/*
 * What the user of ftpc asked for: one struct, filled from the option table,
 * const afterwards. Nothing after this stage knows argv.
 */
#ifndef PARLEY_FTPC_OPTIONS_H
#define PARLEY_FTPC_OPTIONS_H

#include "common/cli/netopts.h"
#include "common/cli/opt.h"

struct ftpc_options {
	struct net_options common;
	struct list targets;

	char *output;
	bool remote_name;
	char *output_dir;
	bool create_dirs;
	bool list_only;

	char *upload_file;
	bool append;
	bool resume;
	bool ascii;
	bool preserve; /* the modification time goes along */
	bool checksum; /* compare digests where the server has HASH or XSHA256 */
	int64_t retry, retry_delay_ms;

	char *mirror, *mirror_up;
	bool delete, dry_run;
	struct list globs; /* --include and --exclude, in their order */
	int64_t parallel;

	char *active; /* -P ADDR, "-": the control connection's own address */
	bool epsv;
	bool pipelining;
	struct list quotes;
	char *account;
};

extern const struct opt_table ftpc_table;

/* Defaults, config file, argv, cross-checks. False with ERR_USAGE or ERR_CONFIG. */
bool options_read(struct ftpc_options *o, char **argv, struct err *err);
void options_free(struct ftpc_options *o);
/* A session with commands is wanted, not one file or listing. */
bool options_by_hand(const struct ftpc_options *o);

#endif
