/*
 * A command line into words, and several commands apart. Text in, text out:
 * knows no verb.
 */
#ifndef PARLEY_CLI_SHELL_WORDS_H
#define PARLEY_CLI_SHELL_WORDS_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct shell_words {
	int count;
	char **argv; /* count strings and a NULL */
	char *room;  /* where they stand */
};

/*
 * Words are separated by blanks. 'single quotes' keep everything, "double quotes" everything
 * but \" and \\; elsewhere a backslash takes the next byte as it is. ERR_USAGE for a quote
 * without its end, a backslash at the end, a NUL. Free w with shell_words_free if true.
 */
bool shell_words_split(struct shell_words *w, struct str line, struct err *err);
/* Wipes the words: one may be a password. */
void shell_words_free(struct shell_words *w);

/* Takes the next command off *rest, up to a ';' or line end outside quotes. False at the end.
 */
bool shell_words_cut(struct str *rest, struct str *command);

#endif
