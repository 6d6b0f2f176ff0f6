/*
 * Listings from the server: MLSD where it has that, else LIST; or the server's
 * own text.
 */
#ifndef PARLEY_FTPC_LIST_H
#define PARLEY_FTPC_LIST_H

#include "cmd/ftpc/ftp.h"
#include "cmd/ftpc/listing.h"

/* Most of one listing's text. */
#define LIST_MOST (64 * MIB)

/* The entries of a directory (path NULL or "": where the session stands), sorted. Free in
 * either case. ERR_ABSENT: there is no such directory. */
bool list_read(struct ftp *f, const char *path, struct listing *l, struct err *err);
/* The text of LIST, NLST or MLSD, line ends as LF. */
bool list_text(
    struct ftp *f, const char *verb, const char *path, struct buf *text, struct err *err);

#endif
