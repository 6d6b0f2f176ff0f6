/*
 * Mirrors from the server, for mirror.c.
 */
#ifndef PARLEY_FTPC_MIRROR_DOWN_H
#define PARLEY_FTPC_MIRROR_DOWN_H

#include "cmd/ftpc/mirroring.h"

/* Lists a directory, makes its like here and plans what is in it. */
void mirror_down_dir(struct mirroring *m, struct ftp *f, struct plan_item *item);
/* Fetches the file, and more that it takes off the plan as long as there are any, each asked
 * for behind the one before. Returns an item that it took and did not do, or NULL. */
struct plan_item *mirror_down_files(struct mirroring *m, struct ftp *f, struct plan_item *item);

#endif
