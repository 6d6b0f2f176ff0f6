/*
 * What a request carries: bytes in memory and files, one after the other, with
 * the length if it is known. Built from -d, --json, -T or -F; sent by length or
 * in chunks (RFC 9112 7.1). Knows no head and no redirects.
 */
#ifndef WEBGET_PAYLOAD_H
#define WEBGET_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/list.h"
#include "common/net/stream.h"

struct payload_segment {
	char *bytes;    /* owned; NULL: from fd */
	int fd;         /* owned unless it is stdin */
	int64_t length; /* -1: until the end of fd */
	int64_t start;  /* where in fd it begins, -1 if fd can't seek */
};

/* All zero is an empty one. */
struct payload {
	struct payload_segment *segments;
	size_t count;
	char *content_type; /* for Content-Type, NULL: none of ours */
	bool json;          /* Accept: application/json goes with it */
	bool spent;         /* an fd that can't seek was read from */
};

/*
 * The body of -d and its kin: items in order, named "data", "data-ascii", "data-raw",
 * "data-binary", "data-urlencode" or "json" (other names are skipped), joined by & (not before
 * a json item). @file and @- (stdin) as in curl: "data" loses CR, LF and NUL, "data-binary"
 * and "json" are exact. A lone @file of these two is sent from the file (a pipe: if
 * it brings more than 1 MiB); all else stands in memory, at most LIMIT_DATA. False with ERR_IO
 * (the file), ERR_USAGE (too much).
 */
bool payload_from_data(const struct list *items, struct payload *p, struct err *err);
/* The same items for the URL's query (-G), and "url-query" items, which are read like
 * data-urlencode's (with + before it: verbatim). Adds to out, with & before each but the first
 * if out is empty. */
bool payload_data_as_query(const struct list *items, struct buf *out, struct err *err);
/* -T: the file, "-" for stdin. ERR_IO with the path. */
bool payload_from_file(const char *path, struct payload *p, struct err *err);
/* -F: items named "form" (name=content, name=@file[,file2], name=<file, then ;type= ;filename=
 * ;headers=) or "form-string" (name=content, nothing special). multipart/form-data (RFC 7578),
 * names escaped as browsers do. ERR_USAGE, ERR_IO. */
bool payload_from_form(const struct list *items, struct payload *p, struct err *err);

/* -1 when not known: it has to go in chunks. */
int64_t payload_length(const struct payload *p);
/* Before it is sent again (redirect, authentication, lost connection). False if a part of it
 * can't be read twice and was read. */
bool payload_rewind(struct payload *p);
/* Sends the body and counts its bytes, without framing, into *counter (may be NULL). chunked:
 * ends with the last chunk. False with the stream's error. */
bool payload_send(struct payload *p, struct stream *s, bool chunked, _Atomic uint64_t *counter);
void payload_free(struct payload *p);

/* For those who build one: takes over bytes (b is empty afterwards); an empty b adds nothing.
 */
void payload_add_bytes(struct payload *p, struct buf *b);
void payload_add_segment(struct payload *p, const struct payload_segment *s);
/* The file as the next segment; "-" is stdin. ERR_IO with the path. */
bool payload_add_file(struct payload *p, const char *path, struct err *err);
/* Reads all of a file ("-": stdin) to the end of out. ERR_IO, or ERR_USAGE past its ceiling. */
bool payload_read_file(const char *path, struct buf *out, struct err *err);

/* The same from fd, at most that many bytes. ERR_INTERRUPT when a signal broke the wait. */
bool payload_read_some(int fd, size_t most, struct buf *out, struct err *err);

#endif
