/*
 * One operand: which of the tasks it asks for, and its session.
 */
#ifndef PARLEY_IMAPLS_TASK_H
#define PARLEY_IMAPLS_TASK_H

#include "cmd/imapls/session.h"

/* The whole of one target; results to stdout. False with err. */
bool task_run(
    const struct imapls_options *o, const char *target, struct dialer *dialer, struct err *err);

#endif
