/*
 * Metalink (RFC 5854): a document that says of files what they are called,
 * where they are, and what they hash to. Fetches nothing.
 */
#ifndef PARLEY_WEBGET_METALINK_H
#define PARLEY_WEBGET_METALINK_H

#include "cmd/webget/pieces.h"
#include "common/base/err.h"
#include "common/base/list.h"
#include "common/base/str.h"

struct metalink_file {
	char *name;       /* a base name, made safe */
	struct list urls; /* of http and https, the preferred ones first */
	char *digest;     /* "sha256:HEX", the strongest that is known; NULL: none */
	bool sized;       /* size is known */
	uint64_t size;
	struct pieces *pieces; /* NULL: none that fit the size */
};

struct metalink {
	struct metalink_file *files;
	size_t count;
};

/* From a document. ERR_DATA: it is no XML, or names no file that could be fetched. */
struct metalink *metalink_parse(struct str document, struct err *err);
/* A file, "-" for stdin; an error names it as `shown`. ERR_IO, ERR_CONFIG, ERR_DATA. */
struct metalink *metalink_load(const char *path, const char *shown, struct err *err);
void metalink_free(struct metalink *m); /* NULL is fine */

#endif
