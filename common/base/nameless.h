/*
 * Files that have no name, or none yet: gone with their descriptor, whatever
 * happens.
 */
#ifndef PARLEY_BASE_NAMELESS_H
#define PARLEY_BASE_NAMELESS_H

#include "common/base/err.h"

/* In $TMPDIR or /tmp; -1 with ERR_IO. */
int nameless_open(struct err *err);
/* All of it, or false with errno. */
bool nameless_write(int fd, struct str bytes);
/* A file at path, where nothing may be, that is never there without all its bytes: it gets its
 * name when it has them. False with errno and nothing left; on some systems always. */
bool nameless_make(const char *path, mode_t mode, struct str bytes);

#endif
