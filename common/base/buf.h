/*
 * Growable bytes with a ceiling. A buffer can't be made without saying how
 * large it may become; what would pass the ceiling is not added, and `over`
 * stays set so that a builder may look once, at the end.
 * The bytes are followed by a NUL that does not count.
 */
#ifndef PARLEY_BASE_BUF_H
#define PARLEY_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/compat.h"
#include "common/base/str.h"

struct buf {
	char *ptr;
	size_t len; /* bytes held */
	size_t cap; /* bytes allocated, the NUL's place not counted */
	size_t max; /* the ceiling */
	bool over;  /* something did not fit */
};

#define BUF_INIT(ceiling) ((struct buf){.max = (ceiling)})

void buf_free(struct buf *b);
/* As buf_free, after overwriting what stood in it. */
void buf_free_secret(struct buf *b);
/* Empties it and forgets `over`; the memory stays. */
void buf_clear(struct buf *b);

/* These add at the end; false, with nothing added and `over` set, past the ceiling. */
bool buf_add(struct buf *b, const void *bytes, size_t len);
bool buf_add_str(struct buf *b, struct str s);
bool buf_add_text(struct buf *b, const char *text);
bool buf_add_byte(struct buf *b, char byte);
bool buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Room for len more bytes at the end, to be filled and then counted by buf_commit.
 * NULL, with `over` set, past the ceiling. */
char *buf_reserve(struct buf *b, size_t len);
void buf_commit(struct buf *b, size_t len);
/* Drops len bytes at the front, moving the rest. */
void buf_drop(struct buf *b, size_t len);
/* Cuts it down to len bytes. */
void buf_truncate(struct buf *b, size_t len);

struct str buf_str(const struct buf *b); /* borrowed until the buffer changes */
const char *buf_cstr(const struct buf *b);
/* Takes the string out: the caller frees it, the buffer is empty afterwards. */
char *buf_steal(struct buf *b);

#endif
