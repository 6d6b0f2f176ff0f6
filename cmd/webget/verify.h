/*
 * Digests of bytes that pass by, and what they must be: several may be wanted
 * of the same bytes, each by somebody (an option, a field) that an error names.
 */
#ifndef PARLEY_WEBGET_VERIFY_H
#define PARLEY_WEBGET_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"

/* NULL wants nothing, and every function takes it. */
struct verify;

/* Is spec "sha256:HEX", or with sha512, sha1, md5? ERR_USAGE; needs no library. */
bool verify_check(const char *spec, struct err *err);
/* The name of the algorithm whose digest has so many hexadecimal digits; NULL if none has. */
const char *verify_name_of(size_t digits);
/* One more digest that the bytes must have; *v is made by the first. who: for the error,
 * borrowed. False with ERR_INTERNAL when the module crypto can't. */
bool verify_want(
    struct verify **v, const char *who, struct str algorithm, struct str raw, struct err *err);
/* The same by a spec that was checked. */
bool verify_want_spec(struct verify **v, const char *who, const char *spec, struct err *err);
void verify_add(struct verify *v, struct str bytes);
/* Bytes from..to of a file, whose position stays. False with errno. */
bool verify_add_fd(struct verify *v, int fd, uint64_t from, uint64_t to);
/* ERR_DATA when a digest differs; frees *v and clears it. */
bool verify_finish(struct verify **v, struct err *err);
void verify_abandon(struct verify *v);

#endif
