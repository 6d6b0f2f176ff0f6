/*
 * What the two directions of a mirror share; nobody else includes it.
 */
#ifndef PARLEY_FTPC_MIRRORING_H
#define PARLEY_FTPC_MIRRORING_H

#include "cmd/ftpc/mirror.h"
#include "cmd/ftpc/plan.h"
#include "common/cli/progress.h"

struct mirroring {
	const struct mirror *m;
	struct plan plan;
	struct err first;    /* under the plan's lock */
	struct ftp *session; /* the caller's, or NULL */
	int with_session;    /* the worker that uses it */
};

/* Tells the progress line what is planned. */
void mirror_tell(struct mirroring *m);
/* root/path, to be freed. */
char *mirror_join(const char *root, const char *path);
/* Says it, and keeps the first. */
void mirror_failed(struct mirroring *m, const char *path, const struct err *err);
/* "PATH: text" on stderr, whatever --quiet says. */
void mirror_note(struct mirroring *m, const char *path, const char *text);
/* Says what is about to be done; false with --dry-run: don't. */
bool mirror_says(struct mirroring *m, const char *what, const char *path);

#endif
