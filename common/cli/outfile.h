/*
 * Files that appear whole or not at all: written under a temporary name beside
 * the target, renamed when complete, removed otherwise (an interrupt included).
 * And names that a server chose, made safe.
 */
#ifndef PARLEY_CLI_OUTFILE_H
#define PARLEY_CLI_OUTFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"

struct outfile; /* stdout, a pipe, a device (written directly) or a file (temporary + rename) */

enum outfile_flags {
	OUTFILE_CREATE_DIRS = 1, /* make the missing directories of the path */
	OUTFILE_NO_CLOBBER =
	    2,             /* never replace: a free name "x.1", "x.2" ... is taken (curl) */
	OUTFILE_FRESH = 4, /* the name came from a server: refuse (ERR_CREATE) if anything
			    * is there, a dangling link included */
	OUTFILE_SYNC = 8,  /* fsync before the rename */
	/* The temporary is NAME.part, opened as it is, locked against another run (ERR_CREATE),
	 * and stays when it is abandoned, unless it is empty: for a later run to go on with. */
	OUTFILE_PARTIAL = 16,
	OUTFILE_NEW = 32, /* the caller knows that nothing is there: nobody looks */
	/* With OUTFILE_NEW: a file of at most OUTFILE_HELD bytes stays in memory and is made by
	 * the commit, in whose thread the system calls are then. outfile_fd is -1. */
	OUTFILE_HOLD = 64,
};

#define OUTFILE_HELD ((size_t)64 * 1024)

/*
 * path "-" or NULL is stdout. An existing target that is not a regular file (/dev/null, a
 * fifo) is opened and written directly. A regular one is replaced at the commit: the new file
 * has its permissions, but hard links to the old one keep the old contents. A symbolic link
 * stays, and what it points to is replaced. ERR_CREATE with the path and the reason.
 */
struct outfile *outfile_open(const char *path, unsigned flags, struct err *err);
int outfile_fd(const struct outfile *o);
/* What is in memory only (nothing, if it became too much) is moved to *heir by the commit or
 * when the file is abandoned; to be freed there. */
void outfile_leave_held(struct outfile *o, struct buf *heir);
bool outfile_is_stdout(const struct outfile *o);
/* The final name (after no-clobber), borrowed; "-" for stdout. */
const char *outfile_name(const struct outfile *o);
/* Writes all of it. ERR_IO with the reason (disk full, pipe closed), ERR_INTERRUPT when a
 * signal broke the wait. */
bool outfile_write(struct outfile *o, struct str bytes, struct err *err);
/* Takes back what was written since outfile_open, for a retry. ERR_IO if that can't be done:
 * a pipe, a device (so don't ask when nothing was written). */
bool outfile_rewind(struct outfile *o, struct err *err);
/* From here on outfile_rewind goes back to here: what was written before stays. */
void outfile_mark(struct outfile *o);
/* Of a partial file: the temporary's path (borrowed) and how much is there; cutting it to
 * `size` bytes, with what is written next behind them. ERR_IO. */
const char *outfile_partial_path(const struct outfile *o);
uint64_t outfile_size(const struct outfile *o);
bool outfile_cut(struct outfile *o, uint64_t size, struct err *err);
/* Makes it appear under its name and frees o; the error may be ERR_IO (write-back, disk full)
 * or ERR_CREATE (rename), and nothing is left then. stdout stays open. */
bool outfile_commit(struct outfile *o, struct err *err);
/* Leaves nothing behind and frees o; NULL is fine. */
void outfile_abandon(struct outfile *o);

/*
 * A safe base name from what a server sent (Content-Disposition, URL path, FTP name): the part
 * after the last / or \, without control characters, spaces at its ends, leading dots or
 * dashes, at most 200 bytes (cut at a UTF-8 boundary, the extension kept). NULL when nothing is
 * left. The caller frees it.
 */
char *outfile_safe_name(struct str raw);

#endif
