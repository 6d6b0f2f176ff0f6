/*
 * Digests of both ends compared: HASH (draft-bryan-ftp-hash) or XSHA256, where
 * the server has one of them.
 */
#ifndef PARLEY_FTPC_CHECKSUM_H
#define PARLEY_FTPC_CHECKSUM_H

#include "cmd/ftpc/ftp.h"
#include "cmd/ftpc/local.h"
#include "common/base/digest.h"

struct checksum {
	const struct digest_module *crypto;
	struct digest *digest;
};

/* Begins one, SHA-256, with the first `held` bytes of out, which are there already. */
bool checksum_start(
    struct checksum *c, struct ftp *f, struct local *out, uint64_t held, struct err *err);
void checksum_add(struct checksum *c, struct str piece);
/* Asks the server and compares. ERR_DATA: they differ. True, and said, when it can't tell. */
bool checksum_compare(struct ftp *f, const char *path, struct checksum *c, struct err *err);
void checksum_free(struct checksum *c);

#endif
