/*
 * Patterns of a command line made into the server's names.
 */
#ifndef PARLEY_FTPC_NAMES_H
#define PARLEY_FTPC_NAMES_H

#include "cmd/ftpc/hand.h"

struct name {
	char *path; /* for the server */
	char *name; /* for here: safe */
};

struct names {
	struct name *items;
	size_t count;
};

/* The files that argv[1...] stand for, those that the user does not want left out; argv[0] is
 * the verb, for the question. A name that is not safe is said and skipped. ERR_ABSENT: nothing
 * fits a pattern. Free in either case. */
bool names_find(
    struct names *n, struct hand *h, struct shell *sh, char **argv, struct err *err);
/* Before the first name of a command: nothing has been answered. */
void names_begin(struct hand *h);
/* Asks on a terminal; true in a script and with `prompt off`, and as an answer for all says. */
bool names_confirm(struct hand *h, struct shell *sh, const char *verb, const char *name);
void names_free(struct names *n);

#endif
