/*
 * What changes mail, and only when asked: flags, copies, moves, expunging.
 */
#ifndef PARLEY_IMAPLS_CHANGE_H
#define PARLEY_IMAPLS_CHANGE_H

#include "cmd/imapls/session.h"
#include "cmd/imapls/set.h"

/* The messages that URL and options choose, in the session's mailbox; the session is logging in
 * (session_open), the mailbox gets selected. ERR_ABSENT for a ;UID= that is not there. */
bool change_letters(struct session *s, struct err *err);

/* The flags of "+\Seen,$Work,-flagged" that have this sign, for STORE and APPEND: " (\Seen
 * $Work)", or nothing. One without a sign has that of the one before it, the first +. System
 * flags may lack their backslash. ERR_USAGE. */
bool change_put_flags(struct buf *out, struct str mark, char sign, struct err *err);

/* On a set in the selected mailbox, each one or more commands. to: UTF-8. */
bool change_mark(struct session *s, const struct set *set, const char *mark, struct err *err);
bool change_copy(struct session *s, const struct set *set, const char *to, struct err *err);
/* ERR_REFUSED, before anything is done, if the server can't do it without touching others. */
bool change_move(struct session *s, const struct set *set, const char *to, struct err *err);
/* set NULL: all that are marked \Deleted. */
bool change_expunge(struct session *s, const struct set *set, struct err *err);

#endif
