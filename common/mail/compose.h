/*
 * A new message (RFC 2045 to 2049, 2047, 2231, 2183): text, HTML, attachments.
 * What comes out is a source: attachments are read when it is. Its line ends are
 * CRLF; those of a text that needs no encoding stay as they were. Knows no
 * server: what it can take is said by the caller.
 */
#ifndef PARLEY_MAIL_COMPOSE_H
#define PARLEY_MAIL_COMPOSE_H

#include <stdint.h>

#include "common/base/list.h"
#include "common/mail/message.h"

/* All texts UTF-8; NULL and empty mean "none". */
struct compose {
	struct message_origin origin; /* From, Date, Message-ID; from may be a whole mailbox,
					 "Ada <ada@example.org>" */
	const char *subject;
	const struct list *to, *cc;     /* address lists */
	const struct list *headers;     /* "Name: value"; one that is ours otherwise goes before
					   ours, but MIME's own are refused */
	const struct list *attachments; /* paths */
	struct source *text, *html; /* one part each, as spooled; both: multipart/alternative;
					  lent until the message is freed */
	const char *type;           /* of text, with parameters, if not text/plain */
	bool eight_bit;             /* 8bit may be sent; otherwise quoted-printable */
	bool utf8_addresses;        /* the server has SMTPUTF8 */
};

/* ERR_USAGE for CR, LF or NUL in a header and for a header that is none; ERR_DATA for an
 * address; ERR_ABSENT, ERR_IO for an attachment. out is empty then. */
bool compose_message(struct source *out, const struct compose *c, struct err *err);

/* "image/png" for "a.PNG": by the table of the house, then the system's mime.types;
 * application/octet-stream otherwise. The caller frees it. */
char *compose_type_of(const char *path);

/* The header value made fit for a line "Name: ": encoded words, folded. For address fields the
 * addresses are parsed and only names and comments encoded. ERR_DATA, ERR_USAGE. */
bool compose_put_field(struct buf *out, const char *name, struct str value, struct err *err);

#endif
