/*
 * IMAP's dialogue (RFC 9051, 3501): tags, answers, the state that untagged answers change, and
 * one function a verb. A `put` function only sends; answers are pulled in the order of the
 * commands:
 *
 *	unsigned tag = imap_put(i, "UID FETCH %s (FLAGS)", set);
 *	while (imap_next(i, tag, err))
 *		if (imap_is(i, "FETCH"))
 *			... take the answer's tokens off i->wire; what is not taken is dropped
 *	if (!imap_good(i, ERR_REFUSED, "FETCH was refused", err)) ...
 */
#ifndef PARLEY_IMAPLS_IMAP_H
#define PARLEY_IMAPLS_IMAP_H

#include "cmd/imapls/wire.h"

enum imap_capability {
	IMAP_STARTTLS = 1 << 0,
	IMAP_LOGINDISABLED = 1 << 1,
	IMAP_SASL_IR = 1 << 2,
	IMAP_LITERAL_PLUS = 1 << 3,
	IMAP_LIST_STATUS = 1 << 4,
	IMAP_SPECIAL_USE = 1 << 5,
	IMAP_LIST_EXTENDED = 1 << 6,
	IMAP_ESEARCH = 1 << 7,
	IMAP_SORT = 1 << 8,
	IMAP_THREAD = 1 << 9,
	IMAP_MOVE = 1 << 10,
	IMAP_UIDPLUS = 1 << 11,
	IMAP_IDLE = 1 << 12,
	IMAP_ENABLE = 1 << 13,
	IMAP_CONDSTORE = 1 << 14,
	IMAP_UTF8 = 1 << 15,
	IMAP_REV2 = 1 << 16,
	IMAP_COMPRESS = 1 << 17,
	IMAP_NAMESPACE = 1 << 18,
	IMAP_ID = 1 << 19,
	IMAP_LITERAL_MINUS = 1 << 20, /* as LITERAL+, for up to 4096 bytes */
	IMAP_QRESYNC = 1 << 21,
	IMAP_REV1 = 1 << 22,
};

enum imap_status { IMAP_NONE, IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE, IMAP_PREAUTH, IMAP_MORE };

struct imap {
	struct stream *stream;
	struct wire wire;
	unsigned last_tag; /* of the last command sent; "A001" is 1 */
	unsigned answered; /* of the last one whose answer came */
	/* The answer read last: */
	struct buf name; /* "FETCH", upper case */
	uint64_t number; /* "* 12 FETCH" */
	enum imap_status status;
	struct buf text; /* of a status answer, its [code] included */
	struct buf code; /* "NONEXISTENT", "APPENDUID 1 2"; empty for none */
	/* What the server said of itself: */
	unsigned capabilities;
	bool has_capabilities;
	struct buf mechanisms; /* "PLAIN LOGIN" */
	bool preauth, bye, logging_out;
	bool utf8;    /* strings are UTF-8 both ways, names of mailboxes too (RFC 6855) */
	bool qresync; /* enabled (RFC 7162) */
	/* The selected mailbox: */
	uint64_t exists, uid_validity, uid_next, modseq;
	bool changed; /* EXISTS, EXPUNGE or FETCH came since this was cleared */
};

/* Takes the stream over. */
void imap_start(struct imap *i, struct stream *s);
void imap_drop(struct imap *i);

/* OK, PREAUTH (preauth is set) or an error by the BYE's code. */
bool imap_greeting(struct imap *i, struct err *err);
/* Sends a command; its tag. */
unsigned imap_put(struct imap *i, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same with what is secret in it: shown without it. */
unsigned imap_put_secret(struct imap *i, const char *shown, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* A command with literals in it: at each LF of the text a line ends in "{5}", which waits for
 * the server to ask for more, or "{5+}". False with err when it did not. */
bool imap_put_lines(struct imap *i, struct str text, unsigned *tag, struct err *err);
/* The next untagged answer that belongs to the caller: name and number are set, the rest is on
 * the wire. False at the tagged answer of `tag`, or with the stream's error in err. */
bool imap_next(struct imap *i, unsigned tag, struct err *err);
/* One answer, whatever it is, into the state; for who waits without a command (IDLE). False
 * with the stream's error, or BYE's. */
bool imap_read(struct imap *i, struct err *err);
bool imap_is(const struct imap *i, const char *name);
/* All answers up to that of tag, dropped. False with the stream's error only. */
bool imap_finish(struct imap *i, unsigned tag, struct err *err);
/* Was the last tagged answer OK? Otherwise the error, its kind by the answer's code. */
bool imap_good(struct imap *i, enum err_kind otherwise, const char *what, struct err *err);
/* Finish and good in one. */
bool imap_expect(struct imap *i, unsigned tag, const char *what, struct err *err);
/* Waits for "+ ..." (IMAP_MORE; its words in text) or the tagged answer. False: the stream. */
bool imap_continue(struct imap *i, unsigned tag, struct err *err);

/* What the server can is not known any more. */
void imap_forget(struct imap *i);
bool imap_capability(struct imap *i, struct err *err);
bool imap_starttls(struct imap *i, struct err *err);
/* COMPRESS (RFC 4978). A server that says no is no error: nothing is compressed then. */
bool imap_compress(struct imap *i, struct err *err);
void imap_put_logout(struct imap *i);
/* LOGOUT and the answers to it, unless that was said; drops the connection. */
void imap_logout(struct imap *i);

/* ---- arguments ---- */

/* A string as quoted or, with bytes from 0x80, not at all: false (a literal is needed). */
bool imap_add_quoted(struct buf *out, struct str s);
/* The same with whatever bytes; for servers that are known to take them. */
bool imap_add_quoted_any(struct buf *out, struct str s);
/* A mailbox name (UTF-8) as the server wants it: quoted, in modified UTF-7 or as it is.
 * ERR_USAGE for CR, LF, NUL, or what is no UTF-8. */
bool imap_add_mailbox(const struct imap *i, struct buf *out, struct str name, struct err *err);

#endif
