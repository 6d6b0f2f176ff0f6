/*
 * What source.c and source_add.c share. For no one else.
 */
#ifndef PARLEY_MAIL_SOURCE_INSIDE_H
#define PARLEY_MAIL_SOURCE_INSIDE_H

#include "common/mail/source.h"

struct source_part {
	enum source_coding coding;
	struct str bytes; /* if fd is -1 */
	char *owned;      /* those bytes, when they are ours */
	int fd;
	bool owns_fd;
	uint64_t from, len; /* len: of the bytes too */
	char *name;
};

/* A new part at the end, empty. */
struct source_part *source_append(struct source *s);

#endif
