/*
 * One file from the server: asked for, moved, proved, put in its place.
 */
#ifndef PARLEY_FTPC_FETCH_H
#define PARLEY_FTPC_FETCH_H

#include "cmd/ftpc/local.h"
#include "cmd/ftpc/session.h"

struct fetch {
	const char *remote; /* path for RETR, borrowed */
	const char *local;  /* where to, NULL: stdout; borrowed */
	unsigned flags;     /* enum outfile_flags */
	bool resume;        /* go on with a part */
	bool ascii, preserve, checksum;
	bool bar;                       /* has a progress bar of its own */
	struct progress_file *progress; /* its part in a line; NULL: none is shown */
	struct fetch *next; /* the file after this one, so that it can be asked for ahead */

	struct transfer t;
	struct local out;
	bool is_open;
	uint64_t done; /* bytes that are at their place, those of a part included */
};

/* Fills x and x->t; the caller sets next, resume and checksum if wanted. */
void fetch_init(struct fetch *x, const char *remote, const char *local, bool ascii);
/* What the login may already ask. */
struct transfer *fetch_first(struct fetch *x);
/* Fetches it on a session, with the run's --retry: the session may be opened anew. False with
 * err: ERR_ABSENT (no such file), ERR_AGAIN (short, refused for now, lost), ERR_IO ... */
bool fetch_run(struct run *run, struct ftp *f, struct fetch *x, struct err *err);
void fetch_free(struct ftp *f, struct fetch *x);

/* Waits before try number n and opens the session again if it broke. */
bool fetch_try_again(struct run *run, struct ftp *f, int n, struct err *err);

#endif
