/*
 * netrc(5), as ftp, curl and wget read it: text in, one login out. Opens no file
 * and judges no permissions.
 *
 * Words are separated by any white space; "quoted words" know \" \\ \n \r \t; where a word
 * could begin, # starts a comment up to the end of the line. Unknown words are skipped.
 */
#ifndef PARLEY_CLI_NETRC_H
#define PARLEY_CLI_NETRC_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/str.h"

/* Owned strings, each NULL when the file does not say. */
struct netrc_entry {
	char *login;
	char *password;
	char *account;
	char *macdef_init; /* the lines of the macro "init", each with its \n */
};

/*
 * The first entry, in the order of the file, for host (any case) or "default". With a user, its
 * login must be that user or missing; without one it must have a login. True also when
 * there is none: all stays NULL. ERR_CONFIG (the text begins with the line's number) for a
 * word without its value or a quote without its end, in what had to be read.
 * Free with netrc_free in either case.
 */
bool netrc_find(struct str text, const char *host, const char *user, struct netrc_entry *entry,
    struct err *err);
void netrc_free(struct netrc_entry *entry);

#endif
