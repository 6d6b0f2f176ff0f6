/*
 * Digests in header fields: Content-Digest and Repr-Digest (RFC 9530), whose
 * value is a dictionary of byte sequences (RFC 8941 3.2 and 3.3.5), and the
 * older Digest (RFC 3230) that mirrors are found with. Computes nothing.
 */
#ifndef PARLEY_WEBGET_DIGESTFIELD_H
#define PARLEY_WEBGET_DIGESTFIELD_H

#include "common/base/buf.h"
#include "common/base/str.h"

struct digestfield {
	struct str algorithm; /* "sha-256" or "sha-512", borrowed from the value */
	unsigned char bytes[64];
	size_t len;
};

enum { DIGESTFIELD_MOST = 2 };

/* The digests of algorithms that are still trusted (RFC 9530 5), at most one of each; how many.
 * A value that is no dictionary has none: such a field is ignored as a whole (RFC 8941 4.2). */
size_t digestfield_parse(struct str value, struct digestfield out[DIGESTFIELD_MOST]);
/* The same of Digest: "SHA-256=base64,...". */
size_t digestfield_parse_old(struct str value, struct digestfield out[DIGESTFIELD_MOST]);

#endif
