/*
 * Bytes as hexadecimal digits: digests and checksums.
 */
#ifndef PARLEY_TEXT_HEX_H
#define PARLEY_TEXT_HEX_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* Two lower case digits a byte. False past the ceiling. */
bool hex_encode(struct buf *out, struct str bytes);
/* Any case. False, with out as it was, for an odd count or another character. */
bool hex_decode(struct buf *out, struct str text);

#endif
