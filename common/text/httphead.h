/*
 * The head of an HTTP/1 response: status line and fields (RFC 9112 4 and 5).
 * Works on bytes in memory; how they came, and what body follows, is not
 * known here.
 */
#ifndef PARLEY_TEXT_HTTPHEAD_H
#define PARLEY_TEXT_HTTPHEAD_H

#include "common/base/err.h"
#include "common/text/field.h"

struct http_head {
	int major, minor;  /* 1 and 0..9 */
	int status;        /* 100..999 */
	struct str reason; /* may be empty */
	struct fields fields;
};

/*
 * Length of the head at the front of bytes, its empty line included; 0 if that
 * has not come yet. The first `seen` bytes were searched by an earlier call
 * (start with 0), so that a head in small pieces costs no more than a whole one.
 */
size_t http_head_end(struct str bytes, size_t seen);

/*
 * Could these first bytes (some or all of them) begin a response? For asking
 * after the first read: a banner of SSH or SMTP never has an empty line to wait for.
 * False with ERR_PROTOCOL quoting the bytes.
 */
bool http_head_begins(struct str bytes, struct err *err);

/*
 * Parses a whole head, with or without its empty line; what follows that is
 * not looked at. Bare LF ends a line too; the reason may be missing; obs-fold
 * is joined by one SP, in place: `bytes` is changed. The slices point into it.
 * False with ERR_PROTOCOL, and *out empty: NUL or bare CR, white space before a
 * colon, no colon, a version other than 1.x, more than LIMIT_HEAD_FIELDS.
 */
bool http_head_parse(struct http_head *out, char *bytes, size_t len, struct err *err);

/* Fields alone, by the same rules: the trailer section of a chunked body. */
bool http_fields_parse(struct fields *out, char *bytes, size_t len, struct err *err);

/* Leaves the bytes alone. */
void http_head_free(struct http_head *head);

#endif
