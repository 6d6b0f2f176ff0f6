/*
 * Results for people and machines: errors, --jsonl, --timing. Decides nothing.
 */
#ifndef PARLEY_SMTPSEND_SHOW_H
#define PARLEY_SMTPSEND_SHOW_H

#include "cmd/smtpsend/run.h"

/* All that is to be said of a message whose fate is known. err: stdout could not be written. */
void show_submission(
    const struct smtpsend_options *o, const struct submission *sub, struct err *err);
void show_failure(const struct err *err);
/* The phases of the connection that is open, for `timing`. */
void show_connection(const struct session *s);
/* The phases of the run, with --timing. */
void show_run(const struct run *run);

#endif
