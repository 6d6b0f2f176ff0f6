/*
 * What one body has to be: the digests that the user gave, of what is
 * delivered; Content-Digest, of what this answer carries; Repr-Digest, of the
 * whole representation that it is, or is a part of (RFC 9530). A file that is
 * not what was promised does not appear.
 */
#ifndef PARLEY_WEBGET_DIGESTS_H
#define PARLEY_WEBGET_DIGESTS_H

#include "cmd/webget/verify.h"
#include "common/base/list.h"
#include "common/text/httphead.h"

struct digests {
	struct verify *body;    /* decoded */
	struct verify *content; /* as it came */
	struct verify *whole;   /* as it came, and what came before it */
};

/* The part of a file that was there before this answer. */
struct digests_before {
	int fd;
	uint64_t have, overlap; /* overlap bytes of them were in this answer too */
};

/* wanted: {who, "sha256:HEX"} each; rest: NULL for an answer that is not the rest of a file. A
 * part of something (206) that the user asked for is checked by Content-Digest only. False with
 * ERR_INTERNAL or ERR_IO. Free with digests_free in either case. */
bool digests_open(struct digests *d, const struct list *wanted, const struct http_head *head,
    const struct digests_before *rest, struct err *err);
/* Does the answer name a digest of the whole that could be trusted (Repr-Digest)? */
bool digests_promised(const struct http_head *head);
/* Adds those of the older Digest (RFC 3230): {"Digest", "sha256:HEX"}. */
void digests_add_old(const struct http_head *head, struct list *wanted);
bool digests_any(const struct digests *d);
void digests_add_coded(struct digests *d, struct str bytes);
/* The same of bytes from..to of a file, which are not coded. False with errno. */
bool digests_add_fd(struct digests *d, int fd, uint64_t from, uint64_t to);
void digests_add_body(struct digests *d, struct str bytes);
/* ERR_DATA when one differs. */
bool digests_finish(struct digests *d, struct err *err);
void digests_free(struct digests *d);

#endif
