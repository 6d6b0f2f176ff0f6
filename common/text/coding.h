/*
 * Decoders of content codings (RFC 9110 8.4.1), each in a module because of
 * its library: "zlib" (gzip, x-gzip, deflate), "brotli" (br), "zstd" (zstd).
 * module_table(NAME) gives an array of struct coding_module, ended by a NULL
 * name. Which coding lies in which module is in coding_module_of.
 */
#ifndef PARLEY_TEXT_CODING_H
#define PARLEY_TEXT_CODING_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/str.h"

enum coding_status {
	CODING_MORE, /* all input taken; more is welcome, the output may have room */
	CODING_FULL, /* the output is full: empty it and push again, *in may be empty */
	CODING_BAD,  /* corrupt, or bytes after the end: see why; nothing may follow */
};

struct coding_ops {
	/* NULL if the library can't. */
	void *(*open)(void);
	/* Takes from the front of *in, writes to out, *made bytes of at most cap (not 0);
	 * *made is set whatever comes of it. */
	enum coding_status (*push)(
	    void *self, struct str *in, char *out, size_t cap, size_t *made);
	/* May the input end here? So it may if there was none at all: an empty body is whole.
	 */
	bool (*end)(const void *self);
	/* What was wrong, after CODING_BAD; static text or owned by self. */
	const char *(*why)(const void *self);
	void (*close)(void *self);
};

struct coding_module {
	const char *name; /* of the coding, lower case */
	const struct coding_ops *ops;
};

/* Name of the module for a coding (any case), NULL if the house does not know it. */
const char *coding_module_of(struct str coding);
/* The coding's functions in a module's table; NULL if it has none. */
const struct coding_ops *coding_find(const struct coding_module *table, struct str coding);

#endif
