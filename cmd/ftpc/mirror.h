/*
 * Mirrors: a directory there made like one here, or the other way round, as far
 * as files are newer or differ in size; by several sessions at once.
 */
#ifndef PARLEY_FTPC_MIRROR_H
#define PARLEY_FTPC_MIRROR_H

#include "cmd/ftpc/session.h"

struct mirror {
	struct run *run;
	const char *remote, *local; /* "" for where the login stands */
	bool up, delete, dry_run;
	int parallel;
};

/* f: a session that may be used, NULL: all are opened here. A name that is not safe is said
 * and skipped. The first failure is in err; the others are said, the rest is done. */
bool mirror_run(const struct mirror *m, struct ftp *f, struct err *err);
/* --include and --exclude: the last glob that fits the name or the path counts; if the first
 * of all is an --include, what none fits is left out, but for directories, which may hold
 * something that fits. */
bool mirror_wants(const struct list *globs, const char *path, bool is_dir);

#endif
