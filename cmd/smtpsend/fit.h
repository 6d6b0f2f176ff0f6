/*
 * A message and a server: can the one take the other, and in which form?
 * Decided after EHLO and before MAIL, so that what can't be sent is refused
 * with nothing sent. Speaks no word itself.
 */
#ifndef PARLEY_SMTPSEND_FIT_H
#define PARLEY_SMTPSEND_FIT_H

#include "cmd/smtpsend/envelope.h"
#include "cmd/smtpsend/letter.h"
#include "cmd/smtpsend/smtp.h"

/* How it goes. */
struct fit {
	uint64_t size;    /* on the wire, dots not doubled: SIZE and BDAT */
	const char *body; /* for BODY=, NULL for none */
	bool utf8;        /* MAIL says SMTPUTF8 */
};

struct submission {
	struct letter letter;
	struct envelope envelope;
	struct fit fit;
	struct err err;       /* why the message was not sent, to some or to all */
	struct answer answer; /* to the message itself: DATA's end, or the last BDAT */
	/* Not sent, and not refused either: to be sent again on a new connection or after RSET.
	 */
	bool again;
	int tries;
	size_t number;           /* its place among the messages of a run, from 0 */
	_Atomic uint64_t *given; /* the progress bar's counter while it is sent; NULL: none */
	/* Kept by submit.c: */
	bool blind;        /* begun before the fate of the one before it was known */
	bool mail_refused; /* so the recipients were not asked */
	bool go;           /* 354 */
	bool ended;        /* the end of the message was put */
};

/*
 * Fills in sub->fit and turns letter and envelope into what s can take: quoted-printable for
 * 8 bits without 8BITMIME and for long lines, encoded words and A-labels without SMTPUTF8.
 * False with sub->err: ERR_REFUSED (larger than SIZE, an address that needs SMTPUTF8), ERR_DATA
 * (what can't be re-encoded; a NUL without BINARYMIME), ERR_IO.
 */
bool fit_submission(
    struct submission *sub, const struct smtp *s, const struct smtpsend_options *o);
/* The part of it that needs no server: NULs where BDAT is forbidden, long lines of the head. */
bool fit_check(struct submission *sub, const struct smtpsend_options *o);
/* Sends the message's bytes; with `stuffs` dots are doubled and the closing dot follows. False
 * with sub->err when the source broke: then the message must not be ended. */
bool fit_send(struct submission *sub, struct stream *stream, bool stuffs);

void submission_free(struct submission *sub);

#endif
