/*
 * How many cells of a terminal a text takes (Unicode's East Asian Width, UAX #11, and marks
 * that take none), whatever the locale. Knows no terminal.
 */
#ifndef PARLEY_TEXT_CELLS_H
#define PARLEY_TEXT_CELLS_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* Of UTF-8 without control bytes; a byte that is none counts one. */
size_t cells_count(struct str text);
/* Adds the text, cut to `width` cells (the last of them "…" then), and with `pad` filled up
 * with spaces to it. */
void cells_put(struct buf *out, struct str text, size_t width, bool pad);

#endif
