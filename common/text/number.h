/*
 * Numbers as users and servers write them, checked: what does not fit or is
 * not wholly a number is refused, never clipped. No locale has a say here.
 */
#ifndef PARLEY_TEXT_NUMBER_H
#define PARLEY_TEXT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/str.h"

/* All parsers want the whole of s and leave *out alone when they return false. */

/* 1*DIGIT: no sign, no space, at most 2^64-1. */
bool number_parse(struct str s, uint64_t *out);
/* The same with an upper bound. */
bool number_parse_max(struct str s, uint64_t max, uint64_t *out);
/* An optional + or - before the digits. */
bool number_parse_signed(struct str s, int64_t *out);
/* 1 to max_digits (at most 16) hexadecimal digits: chunk sizes (RFC 9112 7.1). */
bool number_parse_hex(struct str s, size_t max_digits, uint64_t *out);
/* Bytes with an optional k, m, g or t (1024 each, any case), as curl's --limit-rate. Decimals
 * are understood: 1.5m. */
bool number_parse_size(struct str s, uint64_t *out);
/* Seconds with optional decimals, in milliseconds; more than 0 and less than 1 ms is 1 ms. */
bool number_parse_seconds(struct str s, int64_t *ms);
/* 1 to 65535. */
bool number_parse_port(struct str s, uint16_t *out);

/* Why one of the above said no, for "--retry: 99999999999 %s". */
const char *number_why(struct str s);

/* Room for anything the two below write. */
enum { NUMBER_SHOWN = 24 };
/* "999 B", "1.0 KiB", "12.3 MiB": at most four digits. Returns out. */
const char *number_show_bytes(uint64_t bytes, char out[NUMBER_SHOWN]);
/* The same a second: "12.3 MiB/s". */
const char *number_show_rate(double bytes_per_second, char out[NUMBER_SHOWN]);

#endif
