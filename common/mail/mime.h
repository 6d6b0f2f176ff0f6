/*
 * The parts of a received message (RFC 2045, 2046, 2183), numbered as IMAP
 * does (RFC 9051 6.4.5). Bytes in memory, slices out. Knows no terminal and
 * no file: names are raw, whoever saves a part makes them safe.
 */
#ifndef PARLEY_MAIL_MIME_H
#define PARLEY_MAIL_MIME_H

#include "common/base/buf.h"
#include "common/base/str.h"
#include "common/mail/message.h"

enum mime_encoding { MIME_IDENTITY, MIME_BASE64, MIME_QP, MIME_UUENCODE, MIME_UNKNOWN };

/* All slices point into the message; head owns its array. */
struct mime_part {
	struct message_head head;
	struct str body;
	struct str main, sub; /* "text", "plain": as written, defaults filled in */
	struct str params;    /* of Content-Type */
	struct str disposition, disposition_params;
	enum mime_encoding encoding;
	size_t parent;    /* index; itself for the root */
	unsigned depth;   /* 0 is the message */
	char section[64]; /* "1.2"; "" for the root of a multipart */
	bool is_message;  /* message/rfc822: its child is the message inside */
	bool is_multipart;
	bool is_unfinished; /* multipart without its last boundary */
};

/* Zero it to start. In the order of the message, a parent before its parts. */
struct mime {
	struct mime_part *parts;
	size_t count;
	size_t cap;
	bool cut; /* deeper or more parts than LIMIT_MIME_DEPTH, LIMIT_MIME_PARTS: not opened */
};

/* Never fails: anything is a message. message must outlive m. */
void mime_parse(struct mime *m, struct str message);
void mime_free(struct mime *m);

/* By IMAP section number; NULL if there is none. */
const struct mime_part *mime_find(const struct mime *m, struct str section);
/* The part to show a reader: text/plain before text/html, not an attachment; NULL if none. */
const struct mime_part *mime_text_part(const struct mime *m);
bool mime_is_attachment(const struct mime_part *p);
/* file name as sent, UTF-8; false if it has none. */
bool mime_file_name(const struct mime_part *p, struct buf *out);
bool mime_type_is(const struct mime_part *p, const char *main, const char *sub);
enum mime_encoding mime_encoding_of(struct str value);

/* The transfer encoding taken off: bytes as they were. False (with what could be had) for
 * broken base64, an unknown encoding, or past the ceiling. */
bool mime_decode(const struct mime_part *p, struct buf *out);
/* The same as UTF-8 with LF line ends. False as mime_decode, or for an unknown charset. */
bool mime_decode_text(const struct mime_part *p, struct buf *out);

/* Of bytes that come piece by piece, as from IMAP's FETCH BODY[1.2]. Zero it, set encoding. */
struct mime_decoder {
	enum mime_encoding encoding;
	struct qp_decoder qp;
	char quad[4];
	size_t quad_len;
	bool ended; /* base64: padding was seen */
	bool bad;
};
bool mime_decoder_add(struct mime_decoder *d, struct buf *out, struct str piece);
bool mime_decoder_end(struct mime_decoder *d, struct buf *out);

#endif
