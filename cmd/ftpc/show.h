/*
 * What is said of results: listings to stdout as text or JSON Lines, timing to
 * stderr. Decides nothing.
 */
#ifndef PARLEY_FTPC_SHOW_H
#define PARLEY_FTPC_SHOW_H

#include "cmd/ftpc/listing.h"
#include "cmd/ftpc/session.h"

enum show_style { SHOW_LONG, SHOW_NAMES, SHOW_JSON };

void show_entry(struct buf *out, const struct entry *e, enum show_style style);
bool show_listing(const struct listing *l, enum show_style style, struct err *err);
/* A file's transfer, as a line of JSON. */
bool show_transfer(const char *what, const char *name, uint64_t bytes, struct err *err);
/* --timing: of the sessions that have ended, and of the one that is open (NULL: none). */
void show_timing(const struct run *run, const struct stream *open);
void show_run(const struct run *run);

#endif
