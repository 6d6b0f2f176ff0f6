/*
 * Patterns in URLs, as curl has them: {a,b,c} and [1-100], [001-100], [a-z],
 * [1-100:10]; a backslash takes the meaning from a brace, bracket or comma. Knows
 * nothing of URLs but that an IPv6 address in brackets is no range.
 */
#ifndef WEBGET_EXPAND_H
#define WEBGET_EXPAND_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/err.h"

struct expand;

/* NULL with ERR_USAGE, naming the column, for a malformed pattern or one that stands for more
 * than LIMIT_EXPAND URLs. */
struct expand *expand_open(const char *pattern, struct err *err);
/* The text as it is (-g): one URL, and no #1. */
struct expand *expand_open_plain(const char *url);
/* The next URL into *url, replacing what it held; the last group varies fastest. False after
 * the last one, or past the buffer's ceiling (url->over). */
bool expand_next(struct expand *e, struct buf *url);
/* How many URLs it stands for in all. */
unsigned long expand_count(const struct expand *e);
/* Adds tmpl with #1, #2 ... replaced by the current values, a / in them by _. A number without
 * a group stays as it is. False past the ceiling. After an expand_next that gave a URL. */
bool expand_output(const struct expand *e, const char *tmpl, struct buf *out);
void expand_close(struct expand *e); /* NULL is fine */

#endif
