/*
 * A message as bytes to be pulled: pieces of memory and of files, some encoded
 * on the way. It can be read again and again, and does not hold what it gives.
 * Knows no field and no server.
 */
#ifndef PARLEY_MAIL_SOURCE_H
#define PARLEY_MAIL_SOURCE_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"
#include "common/text/qp.h"

/* What happens to the bytes of a part on the way out. */
enum source_coding {
	SOURCE_PLAIN,
	SOURCE_BASE64, /* lines of 76, CRLF */
	SOURCE_QP,     /* CRLF; as qp_encode says */
	SOURCE_MBOXRD, /* one > taken off lines like >From and >>From */
};

struct source_part; /* inside */

/* Zero it to start; free it with source_free. Not to be copied. */
struct source {
	struct source_part *parts;
	size_t count;
	size_t cap;
	/* What replaces the first `skip` bytes, see source_set_front. */
	struct buf front;
	uint64_t skip;
	/* The reading: */
	size_t at;        /* part */
	uint64_t taken;   /* bytes of it read so far, before its coding */
	uint64_t dropped; /* of the `skip` bytes */
	bool front_done;  /* front was given */
	struct qp_encoder qp;
	bool line_start; /* SOURCE_MBOXRD */
	struct buf in;   /* read from a file */
	struct buf out;  /* coded */
};

void source_free(struct source *s);
/* A copy of bytes. */
void source_add(struct source *s, struct str bytes);
/* The bytes themselves: they must outlive s. */
void source_lend(struct source *s, struct str bytes, enum source_coding coding);
/* The one part of another source, which must outlive s: what source_spool or source_add_path
 * put there. */
void source_lend_part(struct source *s, const struct source *from, enum source_coding coding);

struct source_file {
	int fd;           /* a regular file; read by pread(2), so its offset stays */
	bool owned;       /* closed by source_free */
	uint64_t from;    /* first byte */
	uint64_t len;     /* how many; fewer when it is read is ERR_IO */
	const char *name; /* for errors; copied */
	enum source_coding coding;
};
void source_add_file(struct source *s, const struct source_file *f);
/* All that fd still gives: a regular file is referred to and not read (fd must stay open), of
 * anything else the bytes are kept, in memory up to 256 KiB and then in a temporary file that
 * has no name. ERR_IO: then nothing was added. */
bool source_spool(struct source *s, int fd, const char *name, struct err *err);
/* The same up to a line that is a dot alone, if there is one; what comes after it is not waited
 * for (the sendmail of old, at a terminal). */
bool source_spool_to_dot(struct source *s, int fd, const char *name, struct err *err);
/* A file by its path; ERR_ABSENT if there is none, ERR_IO if it can't be read. */
bool source_add_path(
    struct source *s, const char *path, enum source_coding coding, struct err *err);

/* The first `skip` bytes are not given any more, but bytes instead (copied): an edited head.
 * skip always counts from the original start. Rewinds. */
void source_set_front(struct source *s, uint64_t skip, struct str bytes);

/* The next piece (a few hundred KiB at most), borrowed until the next call; empty at the end.
 * False with ERR_IO. */
bool source_next(struct source *s, struct str *piece, struct err *err);
void source_rewind(struct source *s);
/* How many bytes a whole reading gives. Reckoned without reading where that can be (PLAIN,
 * BASE64), otherwise by a reading; rewinds. */
bool source_length(struct source *s, uint64_t *len, struct err *err);

#endif
