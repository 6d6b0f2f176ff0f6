/*
 * Mirrors to the server, for mirror.c.
 */
#ifndef PARLEY_FTPC_MIRROR_UP_H
#define PARLEY_FTPC_MIRROR_UP_H

#include "cmd/ftpc/mirroring.h"

/* A directory: made there if it is missing, compared, planned. A file: stored. */
void mirror_up_item(struct mirroring *m, struct ftp *f, struct plan_item *item);

#endif
