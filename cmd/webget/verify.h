/*
 * --checksum: the digest of a body while it passes by. A file whose digest is
 * another one does not appear.
 */
#ifndef PARLEY_WEBGET_VERIFY_H
#define PARLEY_WEBGET_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct verify;

/* Is spec "sha256:HEX", or with sha512, sha1, md5? ERR_USAGE; needs no library. */
bool verify_check(const char *spec, struct err *err);
/* spec was checked. NULL with ERR_INTERNAL when the module crypto can't. */
struct verify *verify_open(const char *spec, struct err *err);
void verify_add(struct verify *v, struct str bytes);
/* The first `len` bytes of a file, whose position stays. False with errno. */
bool verify_add_fd(struct verify *v, int fd, uint64_t len);
/* ERR_DATA when the digest differs; frees v. */
bool verify_finish(struct verify *v, struct err *err);
void verify_abandon(struct verify *v); /* NULL is fine */

#endif
