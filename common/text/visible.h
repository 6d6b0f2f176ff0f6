/*
 * Bytes of a stranger made fit to be shown: control bytes (DEL, and C1 also as
 * the code points U+0080 to U+009F), bytes that are not UTF-8 and the marks
 * that turn the direction of writing (U+202A to U+202E, U+2066 to U+2069) become
 * \xHH, byte by byte.
 */
#ifndef PARLEY_TEXT_VISIBLE_H
#define PARLEY_TEXT_VISIBLE_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* The notation of dialogues: reversible. TAB stays, a backslash is doubled. */
void visible_put(struct buf *out, struct str bytes);
/* The reverse: \xHH (any case) and \\ ; false, with out as it was, for another backslash. */
bool visible_parse(struct buf *out, struct str text);
/* For terminals and error texts: a backslash stays single, and the control bytes named in
 * keep ("\t\n", or "" for none) stay as they are. */
void visible_put_text(struct buf *out, struct str bytes, const char *keep);

#endif
