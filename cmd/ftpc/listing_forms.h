/*
 * The forms of LIST: for listing.c alone.
 */
#ifndef PARLEY_FTPC_LISTING_FORMS_H
#define PARLEY_FTPC_LISTING_FORMS_H

#include "cmd/ftpc/listing.h"

/* Fills an entry that is zero but for mode = -1. False for a line that is none; what is in the
 * entry then is the caller's to free. */
bool listing_parse_list(struct str line, int64_t now, struct entry *e);

#endif
