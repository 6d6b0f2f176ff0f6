/*
 * One file to the server: sent, confirmed, its size compared.
 */
#ifndef PARLEY_FTPC_STORE_H
#define PARLEY_FTPC_STORE_H

#include "cmd/ftpc/session.h"

struct store {
	const char *local;  /* NULL: stdin; borrowed */
	const char *remote; /* borrowed */
	const char *verb;   /* STOR, APPE */
	bool resume, ascii, preserve, checksum, create_dirs;
	bool bar;                       /* has a progress bar of its own */
	struct progress_file *progress; /* its part in a line; NULL: none is shown */

	struct transfer t;
	int fd;
	bool is_file;
	uint64_t size; /* of a file */
	int64_t time;
	uint64_t sent; /* bytes of ours that went out, before conversion */
};

void store_init(struct store *x, const char *local, const char *remote, bool ascii);
/* As fetch_run. A partial file may stay on the server after a failure: FTP has no other way. */
bool store_run(struct run *run, struct ftp *f, struct store *x, struct err *err);
void store_free(struct ftp *f, struct store *x);
/* Makes the missing directories above path. Errors show when the file is stored. */
bool store_make_dirs(struct ftp *f, const char *path, struct err *err);

#endif
