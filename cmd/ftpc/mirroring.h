/*
 * What the two directions of a mirror share; nobody else includes it.
 */
#ifndef PARLEY_FTPC_MIRRORING_H
#define PARLEY_FTPC_MIRRORING_H

#include "cmd/ftpc/mirror.h"
#include "cmd/ftpc/plan.h"

struct mirroring {
	const struct mirror *m;
	struct plan plan;
	struct err first;    /* under the plan's lock */
	struct ftp *session; /* the caller's, or NULL */
	int with_session;    /* the worker that uses it */
};

/* root/path, to be freed. */
char *mirror_join(const char *root, const char *path);
/* Says it, and keeps the first. */
void mirror_failed(struct mirroring *m, const char *path, const struct err *err);
/* Says what is about to be done; false with --dry-run: don't. */
bool mirror_says(struct mirroring *m, const char *what, const char *path);

#endif
