/*
 * Results for people and machines: lines aligned on a terminal, separated by tabs on a
 * pipe, or JSON. Decides nothing.
 */
#ifndef PARLEY_IMAPLS_SHOW_H
#define PARLEY_IMAPLS_SHOW_H

#include "cmd/imapls/folders.h"
#include "cmd/imapls/letter.h"

struct show {
	const struct imapls_options *o;
	bool terminal;
	bool many; /* mailboxes: on a pipe their name stands before each message */
	size_t columns;
	struct buf out;  /* not yet written */
	struct err *err; /* stdout could not be written: nothing more is */
};

void show_start(struct show *w, const struct imapls_options *o, struct err *err);
/* Writes what is held. False when stdout can't be written. */
bool show_flush(struct show *w);
void show_end(struct show *w);

void show_folder(struct show *w, const struct folder *f);
/* One line of it, added to out. */
void show_put_letter(
    const struct show *w, struct buf *out, const struct letter *l, const char *mailbox);
/* "NAME:" on a terminal, when there are many. */
void show_heading(struct show *w, const char *mailbox, bool first);
void show_letter(struct show *w, const struct letter *l, const char *mailbox);
/* A line that is made already. */
void show_line(struct show *w, struct str line);
/* --timing, to stderr. */
void show_timing(const struct session *s);

#endif
