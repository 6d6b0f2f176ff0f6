/*
 * What the files of the option parser tell each other; nobody else includes it.
 */
#ifndef PARLEY_CLI_OPT_INSIDE_H
#define PARLEY_CLI_OPT_INSIDE_H

#include "common/cli/opt.h"

/* Walks all rows of a table: `for (struct opt_walk w = {.group = table->groups};
 * opt_next(&w);)`
 */
struct opt_walk {
	const struct opt_group *group; /* of row */
	const struct opt_row *row;
	bool begun;
};
bool opt_next(struct opt_walk *w);

/* What a name on the command line means. */
struct opt_hit {
	const struct opt_row *row;
	size_t base;
	bool negated; /* "no-x" for a row "x", "x" for a row "no-x" */
};
/* Exact names only. */
bool opt_find_exact(const struct opt_table *table, struct str name, struct opt_hit *hit);
bool opt_find_letter(const struct opt_table *table, char letter, struct opt_hit *hit);
/* Exact, then foreign names (an error), then unambiguous prefixes. ERR_USAGE. */
bool opt_find_long(
    const struct opt_table *table, struct str name, struct opt_hit *hit, struct err *err);
/* The answer (ERR_USAGE) for a letter that another tool has: true if there is one. cluster: the
 * word it stands in, after the dash. */
bool opt_say_foreign_letter(
    const struct opt_table *table, const char *cluster, char letter, struct err *err);
bool opt_takes_value(const struct opt_row *row);
bool opt_holds_secret(const struct opt_row *row, const char *value);

/* Stores value (NULL for rows without an argument) in options. `label` stands before what is
 * wrong: "--retry", "-o", "FILE:3: retry". kind is ERR_USAGE or ERR_CONFIG. */
struct opt_value {
	const char *label;
	const char *value;
	enum err_kind kind;
};
bool opt_store(
    const struct opt_hit *hit, void *options, const struct opt_value *v, struct err *err);

#endif
