/*
 * A message on its way out: its bytes as a source, its head as it is to be
 * sent, and the facts that decide how. Knows no server.
 */
#ifndef PARLEY_SMTPSEND_LETTER_H
#define PARLEY_SMTPSEND_LETTER_H

#include "cmd/smtpsend/options.h"
#include "common/mail/compose.h"
#include "common/mail/message.h"

struct letter {
	char *name; /* for results: a file's name, "FILE:3" in an mbox; NULL: stdin */
	struct source source;
	struct message message;
	struct message_scan
	    head; /* facts of the head as it is sent; message.body has the rest */
	struct source text, html; /* of a composed one, whose source borrows them */
	bool composed;
	/* Decided when the server is known (fit.h): */
	bool encode; /* the body leaves as quoted-printable */
	bool exact;  /* BINARYMIME: the body leaves as it is, byte for byte */
};

/* From stdin: the message itself, or with the options of composing its text. */
bool letter_from_stdin(struct letter *l, const struct smtpsend_options *o, struct err *err);
bool letter_from_file(struct letter *l, const char *path, struct err *err);
/* From what stands in l->source already (mbox, -bs): reads head and facts. name is taken. */
bool letter_from_source(struct letter *l, char *name, struct err *err);
void letter_free(struct letter *l);

/* What a server can take beyond ASCII. */
struct letter_reach {
	bool eight_bit, utf8;
};
/* Composes again, for a server that takes less than was hoped for. */
bool letter_recompose(struct letter *l, const struct smtpsend_options *o,
    const struct letter_reach *reach, struct err *err);
/* Adds what is missing (unless --no-add-headers) and takes Bcc out. sender: the envelope's,
 * for a missing From. */
bool letter_complete(
    struct letter *l, const struct smtpsend_options *o, const char *sender, struct err *err);
/* After a change of message.head. */
void letter_apply(struct letter *l);

/* "user@this.host" of who runs us, to be freed; this host's name as mail knows it. */
char *letter_local_user(void);
char *letter_local_host(void);

#endif
