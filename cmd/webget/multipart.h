/*
 * One -F argument, taken apart: what payload_from_form writes as a part of
 * multipart/form-data (RFC 7578). payload_form.c puts parts together; no file is opened here.
 */
#ifndef WEBGET_MULTIPART_H
#define WEBGET_MULTIPART_H

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/list.h"

enum multipart_source {
	MULTIPART_TEXT, /* the content itself */
	MULTIPART_FILE, /* @path: sent as a file, with a filename */
	MULTIPART_READ, /* <path: the file's bytes as a field */
};

struct multipart_part {
	enum multipart_source source;
	char *name;       /* of the field */
	char *content;    /* text or path */
	char *type;       /* ;type=, NULL if not given */
	char *filename;   /* ;filename=, NULL if not given */
	struct list more; /* ;headers=, whole lines */
};

/*
 * Parses one -F argument (literal: one --form-string). A word ends at a ; only where ;type=,
 * ;filename=, ;headers= follows, or stands in quotes; of several files (name=@a,b) each
 * is a part. *text moves to the next file's, or becomes NULL; `out` still has the first one's
 * name then: call again with it as it is. ERR_USAGE.
 */
bool multipart_parse(
    struct multipart_part *out, const char **text, bool literal, struct err *err);
void multipart_free(struct multipart_part *part);

/* The delimiter line and the part's head, its empty line included. The body follows, then CRLF.
 */
void multipart_put_head(
    struct buf *out, const struct multipart_part *part, const char *boundary);
/* By the name's extension; application/octet-stream if unknown. */
const char *multipart_type_of(const char *path);

#endif
