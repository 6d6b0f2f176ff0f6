/*
 * What is to be reached: an FTP URL (RFC 1738 3.2, RFC 3986), or host and port.
 */
#ifndef PARLEY_FTPC_TARGET_H
#define PARLEY_FTPC_TARGET_H

#include "common/base/list.h"
#include "common/text/url.h"

struct target {
	struct url url;
	/* Decoded, relative to the directory of the login unless it begins with / (which a URL
	 * writes as //path or /%2Fpath); "" for that directory. */
	char *path;
	bool has_path; /* something stood there, "/" at least */
	bool is_dir;   /* it ended with /, or ;type=d */
	bool ascii;    /* ;type=a */
};

/* From one operand, or from two: host and port. False with ERR_USAGE, and *out empty. */
bool target_read(struct target *out, const struct list *operands, struct err *err);
bool target_parse(struct target *out, const char *text, struct err *err);
void target_free(struct target *t);
/* The last part of the path, borrowed; "" for a directory. */
const char *target_base(const struct target *t);

#endif
