/*
 * One -F argument, taken apart: what payload_from_form writes as a part of
 * multipart/form-data (RFC 7578). Works on text; opens no file.
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

/* Parses one -F (literal: one --form-string) at *text, which then points to where the next
 * file of name=@a,b begins, or is NULL at the end. ERR_USAGE. */
bool multipart_parse(
    struct multipart_part *out, const char **text, bool literal, struct err *err);
/* The next file of the same field: *text as multipart_parse left it. */
bool multipart_parse_file(struct multipart_part *out, const char **text, struct err *err);
void multipart_free(struct multipart_part *part);

/* The part's head with the delimiter line before it. */
void multipart_put_head(
    struct buf *out, const struct multipart_part *part, const char *boundary);
/* The closing delimiter; before it an CRLF ends the last part. */
void multipart_put_end(struct buf *out, const char *boundary);
/* By the name's extension; application/octet-stream if unknown. */
const char *multipart_type_of(const char *path);
/* 16 random bytes as hexadecimal after dashes; the caller frees it. */
char *multipart_boundary(struct err *err);

#endif
