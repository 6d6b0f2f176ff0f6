/*
 * A list of checksums as sha256sum(1) and its kin write it: "HEX  name",
 * "HEX *name", "SHA256 (name) = HEX", names with a backslash escaped. What is
 * done with them is not known here.
 */
#ifndef PARLEY_WEBGET_SUMS_H
#define PARLEY_WEBGET_SUMS_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct sums;

/* From text. Lines that are no checksum (comments, a signature) are passed over; ERR_DATA
 * when there is no other. */
struct sums *sums_parse(struct str text, struct err *err);
/* A file, "-" for stdin. ERR_IO, ERR_CONFIG or ERR_DATA. */
struct sums *sums_load(const char *path, struct err *err);
void sums_free(struct sums *s); /* NULL is fine */
/* "sha256:HEX" of the file of this name (directories in the list don't count), borrowed; NULL
 * when it is not listed. The last of several wins unless they differ: then ERR_DATA. */
const char *sums_find(const struct sums *s, struct str name, struct err *err);

#endif
