/*
 * Files that belong to the user: where the XDG directories put them, and reading
 * one whole, with what its permissions say. Knows no format.
 */
#ifndef PARLEY_CLI_USERFILE_H
#define PARLEY_CLI_USERFILE_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/err.h"

struct userfile {
	bool found;
	bool open_to_others; /* a regular file that group or others may read or write */
	struct buf bytes;    /* at most LIMIT_FILE, or what was said */
};

/* $XDG_CONFIG_HOME/parley/TOOL.conf and $XDG_STATE_HOME/parley/TOOL.history, with the defaults
 * under $HOME. To be freed; NULL when the environment names no place. */
char *userfile_config_path(const char *tool);
char *userfile_history_path(const char *tool);
/* $HOME/NAME, to be freed; NULL without HOME. */
char *userfile_home_path(const char *name);

/* Makes the missing directories above path. False with errno. */
bool userfile_make_dirs(const char *path, unsigned mode);

/* Reads all of it. A file that isn't there is no error (found stays false); ERR_CONFIG
 * for any other. Free f with userfile_free in either case. */
bool userfile_read(struct userfile *f, const char *path, struct err *err);
/* The same for a file that may hold so many bytes. */
bool userfile_read_upto(struct userfile *f, const char *path, size_t most, struct err *err);
/* Wipes what was read: it may be a password. */
void userfile_free(struct userfile *f);

#endif
