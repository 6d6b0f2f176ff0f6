/*
 * The local end of a download: stdout, a file that appears when it is complete,
 * or with -C a part file ".NAME.part" that outlives a failure and becomes the
 * file at the end. Knows no server.
 */
#ifndef PARLEY_FTPC_LOCAL_H
#define PARLEY_FTPC_LOCAL_H

#include "common/cli/outfile.h"

struct local {
	struct outfile *out; /* NULL for a part file */
	int fd;
	char *part, *target; /* of a part file */
	bool was_target;     /* the part was there under the target's name */
	uint64_t held;       /* bytes that are there already */
	int64_t held_time;   /* their modification time, seconds */
};

/* What -C would go on with: l->held is 0 if there is nothing. ERR_CREATE. */
bool local_find_part(struct local *l, const char *path, struct err *err);
/* Opens it; from: where writing begins (0: anew, else l->held). */
bool local_open_part(struct local *l, uint64_t from, struct err *err);
/* path NULL: stdout. flags: enum outfile_flags. */
bool local_open(struct local *l, const char *path, unsigned flags, struct err *err);
bool local_is_stdout(const struct local *l);
/* Takes back all that was written; ERR_IO where that can't be. */
bool local_rewind(struct local *l, struct err *err);
/* The modification time that the file shall have; a failure is no failure. */
void local_set_time(struct local *l, int64_t time);
bool local_commit(struct local *l, struct err *err);
/* Leaves nothing under the target's name; a part stays for the next -C. NULL inside is fine. */
void local_abandon(struct local *l);

#endif
