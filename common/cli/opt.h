/*
 * Options as const tables of rows. Everything about an option stands in its
 * row: name, letter, argument, help, type, where its value goes. Parsing the
 * command line and the config file, --help, shell completion and the check of
 * the manual pages all derive from the tables.
 */
#ifndef PARLEY_CLI_OPT_H
#define PARLEY_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/list.h"

enum opt_type {
	OPT_SWITCH,  /* bool; --no-NAME clears it. A row named "no-x" (for a switch that is on
		      * by default) stores false; --x then sets it */
	OPT_FLAG,    /* bool, set to true and never cleared: --help, --no-config */
	OPT_STRING,  /* char *, owned; the last one wins */
	OPT_SECRET,  /* as OPT_STRING, wiped when freed, and blanked in argv (ps must not
		      * show it) when it holds a secret: see holds_secret */
	OPT_NUMBER,  /* int64_t between min and max */
	OPT_SECONDS, /* int64_t milliseconds; "1.5" is 1500 */
	OPT_SIZE,    /* int64_t bytes; "10k", "2M" (1024) */
	OPT_CHOICE,  /* int, index into choices */
	OPT_LIST,    /* struct list, in order; item.name is the row's name, so that several rows
		      * may share one list and keep their common order (-d, --data-urlencode) */
	OPT_DO,      /* act() is called; value is NULL when the row has no arg */
};

struct opt_row {
	const char *name; /* without dashes */
	char letter;      /* 0 for none */
	enum opt_type type;
	size_t place;     /* offsetof in the group's struct */
	const char *arg;  /* "FILE"; NULL for none. There are no optional arguments */
	const char *help; /* one line, lower case, no full stop; NULL hides the row */
	int64_t min, max; /* OPT_NUMBER, OPT_SECONDS (ms), OPT_SIZE; both 0: 0..INT64_MAX */
	const char *const *choices; /* NULL-terminated */
	/* On failure *err says what is wrong with the value ("is no date"); the option's name
	 * is put before it. */
	bool (*act)(void *place, const char *value, struct err *err);
	const char *completes; /* "file", "dir", "host" or NULL */
	/* OPT_SECRET: does this value hold a secret ("bob:pw" does, "bob" does not)? NULL: any
	 * value does. */
	bool (*holds_secret)(const char *value);
};

/* Rows that fill one struct, under one heading in --help. */
struct opt_group {
	const char *title;
	const struct opt_row *rows; /* ended by a row without a name */
	size_t base;                /* offset of that struct in the tool's options struct */
};

/* An option that other tools have and ours is called otherwise:
 * {"page-requisite", "wget", "--page-requisites"}. A name of one byte is a letter's, "-" a
 * dash among letters (wget's -qO-); these need `ours`. */
struct opt_foreign {
	const char *name;
	const char *of;
	const char *ours; /* NULL: we have nothing like it */
};

struct opt_table {
	const char *tool;                  /* "webget" */
	const char *synopsis;              /* "[options] URL..." */
	const char *summary;               /* one sentence for --help */
	const struct opt_group *groups;    /* ended by one without rows */
	const struct opt_foreign *foreign; /* ended by one without a name; may be NULL */
};

/*
 * Parses argv[1..] over what stands in options (defaults, the config file);
 * everything that is not an option is added to *operands (name NULL), wherever it stands; `--`
 * ends options; "-" is an operand. Long options: --name VALUE, --name=VALUE, unambiguous
 * prefixes, --no-NAME for switches. Letters: -abc, -oFILE, -o FILE. ERR_USAGE says what is
 * wrong in one line, for an unknown option with the nearest name or the equivalent of the
 * foreign tool's.
 */
bool opt_parse(const struct opt_table *table, char **argv, void *options, struct list *operands,
    struct err *err);

/*
 * Reads long options from $XDG_CONFIG_HOME/parley/TOOL.conf (default ~/.config), a line each
 * ("server = x", "server x", a switch alone; # comments). A missing file is fine. ERR_CONFIG
 * names file and line; a file that holds a secret and that group or others can read is
 * refused. Names are not abbreviated. Call before opt_parse, unless opt_wants_no_config.
 */
bool opt_read_config(const struct opt_table *table, void *options, struct err *err);
/* True when --no-config, written out, stands in argv before "--". */
bool opt_wants_no_config(char **argv);

/* Frees what the rows own, lists included, secrets wiped. */
void opt_free(const struct opt_table *table, void *options);

/* The row of this long name, exact; NULL if none. For the check of manual pages. */
const struct opt_row *opt_find(const struct opt_table *table, const char *name);
/* --help: to stdout, 80 columns. False when stdout can't be written (ERR_IO's status). */
bool opt_print_help(const struct opt_table *table);
/* --completion bash: a completion script to stdout, from the rows. False as above. */
bool opt_print_completion(const struct opt_table *table);

#endif
