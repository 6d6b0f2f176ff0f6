/*
 * A temporary file that has no name: gone with its descriptor, whatever
 * happens.
 */
#ifndef PARLEY_MAIL_NAMELESS_H
#define PARLEY_MAIL_NAMELESS_H

#include "common/base/err.h"

/* In $TMPDIR or /tmp; -1 with ERR_IO. */
int nameless_open(struct err *err);
/* All of it, or false with errno. */
bool nameless_write(int fd, struct str bytes);

#endif
