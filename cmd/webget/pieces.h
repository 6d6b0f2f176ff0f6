/*
 * Digests of a file's pieces, all of one length but the last (RFC 5854
 * 4.1.3): when some are bad, the others need not be fetched again. Knows
 * neither the document nor the server.
 */
#ifndef PARLEY_WEBGET_PIECES_H
#define PARLEY_WEBGET_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"

struct pieces {
	uint64_t length;
	char algorithm[8]; /* "sha256" */
	size_t size;       /* bytes of a digest */
	size_t count;
	struct buf digests; /* one behind the other */
};

/* NULL for an algorithm that is not sha-512, sha-256 or sha-1, and for a length of 0. */
struct pieces *pieces_open(struct str algorithm, uint64_t length);
void pieces_free(struct pieces *p); /* NULL is fine */
/* The next one's, in hexadecimal. False when it is none, or there are too many. */
bool pieces_add(struct pieces *p, struct str hex);
/* Are they those of a file of so many bytes? */
bool pieces_fit(const struct pieces *p, uint64_t total);
/* Would they show that somebody has changed the file? Not those of sha-1. */
bool pieces_are_strong(const struct pieces *p);
/* Is piece i of the file the right one? ERR_DATA: it is not. ERR_IO, ERR_INTERNAL. */
bool pieces_check(const struct pieces *p, size_t i, int fd, uint64_t total, struct err *err);
/* All of them. ERR_DATA names the first bad one. NULL has none that could be. */
bool pieces_check_all(const struct pieces *p, int fd, uint64_t total, struct err *err);

#endif
