/*
 * Which messages are fetched and which deleted: options, what is on the server,
 * what was fetched before. No I/O.
 */
#ifndef PARLEY_POP3FETCH_PLAN_H
#define PARLEY_POP3FETCH_PLAN_H

#include "cmd/pop3fetch/maildrop.h"
#include "cmd/pop3fetch/options.h"
#include "cmd/pop3fetch/state.h"

/* Looks each letter's key up: known, since, place. */
void plan_recall(struct maildrop *d, const struct state *state);
/* Sets fetch and dele. only: in the place of the options'. */
void plan_make(struct maildrop *d, const struct pop3fetch_options *o,
    const struct numbers *only, int64_t now);
/* Is this one among those that were named, and not too large? */
bool plan_chooses(
    const struct pop3fetch_options *o, const struct numbers *only, const struct letter *letter);
/* A number that is named and not there (of a range: none of it) is ERR_ABSENT. */
bool plan_check(const struct maildrop *d, const struct numbers *named, struct err *err);

#endif
