/*
 * Files that appear whole or not at all: written under a temporary name beside
 * the target, renamed when complete, removed otherwise (an interrupt included).
 * And names that a server chose, made safe.
 */
#ifndef PARLEY_CLI_OUTFILE_H
#define PARLEY_CLI_OUTFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct outfile; /* stdout, a pipe, a device (written directly) or a file (temporary + rename) */

enum outfile_flags {
	OUTFILE_CREATE_DIRS = 1, /* make missing directories of the path (never outside it) */
	OUTFILE_NO_CLOBBER =
	    2,             /* never replace: a free name "x.1", "x.2" ... is taken (as curl) */
	OUTFILE_FRESH = 4, /* the name came from a server: refuse (ERR_CREATE) if anything is
			    * there, O_EXCL and O_NOFOLLOW */
	OUTFILE_SYNC = 8,  /* fsync before the rename */
};

/* path "-" or NULL is stdout. An existing target that is not a regular file (/dev/null, a fifo)
 * is opened and written directly. ERR_CREATE with the path and reason. */
struct outfile *outfile_open(const char *path, unsigned flags, struct err *err);
int outfile_fd(const struct outfile *o);
bool outfile_is_stdout(const struct outfile *o);
/* The final name (after no-clobber), borrowed; "-" for stdout. */
const char *outfile_name(const struct outfile *o);
/* Writes all of it. ERR_IO with the reason (disk full, pipe closed). */
bool outfile_write(struct outfile *o, struct str bytes, struct err *err);
/* Starts again from nothing (a retry). ERR_IO if the bytes can't be taken back (a pipe). */
bool outfile_rewind(struct outfile *o, struct err *err);
/* Makes it appear under its name and frees o; the error may be ERR_IO (write-back, disk full)
 * or ERR_CREATE (rename). */
bool outfile_commit(struct outfile *o, struct err *err);
/* Leaves nothing behind and frees o; NULL is fine. */
void outfile_abandon(struct outfile *o);

/*
 * A safe base name from what a server sent (Content-Disposition, URL path, FTP name): the part
 * after the last / or \, without control bytes, no leading dots or dashes, at most 200 bytes
 * (cut at a UTF-8 boundary, the extension kept), not empty, not "." or "..". NULL when nothing
 * is left. The caller frees it.
 */
char *outfile_safe_name(struct str raw);

#endif
