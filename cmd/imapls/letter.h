/*
 * What FETCH says of a message (RFC 9051 7.5.2). Knows no command and shows nothing.
 */
#ifndef PARLEY_IMAPLS_LETTER_H
#define PARLEY_IMAPLS_LETTER_H

#include "cmd/imapls/imap.h"

/* Used again and again: letter_start empties it. */
struct letter {
	uint64_t number, uid, size, modseq; /* 0: not said */
	bool has_flags, has_time, has_envelope;
	struct buf flags; /* "\Seen \Flagged", as the server has them */
	int64_t time;     /* INTERNALDATE, seconds since 1970 */
	int zone;         /* minutes east of UTC, in which that was said */
	/* UTF-8, encoded words decoded; control bytes come through: */
	struct buf subject, from_name, from, to, message_id;
	size_t to_count;
	unsigned depth; /* in its thread: set by who knows it */
};

/* What a list of messages asks for. */
extern const char letter_items[];

void letter_init(struct letter *l);
void letter_free(struct letter *l);

enum letter_step { LETTER_FAILED, LETTER_END, LETTER_BODY };

/* After imap_next gave a FETCH: opens it. False: the stream. */
bool letter_start(struct letter *l, struct imap *i);
/* Reads items up to a body, whose token (a literal, a quoted string or NIL) must be taken
 * before the next step, or to the end. */
enum letter_step letter_next(struct letter *l, struct imap *i, struct token *body);
/* Both, bodies dropped. False: the stream. */
bool letter_read(struct letter *l, struct imap *i);

bool letter_has_flag(const struct letter *l, const char *flag);
/* As Maildir has them (DFRST) in this order; out has room for 8. */
const char *letter_maildir_flags(const struct letter *l, char out[8]);
/* "17-Jul-1996 02:44:25 -0700" */
bool letter_parse_date(struct str text, int64_t *time, int *zone);

#endif
