/*
 * A mail message (RFC 5322): its head taken apart and edited without touching
 * a byte of what stays, and the facts a transport must know of the rest. Bytes
 * are local ones: lines end in LF or CRLF. Knows no protocol.
 */
#ifndef PARLEY_MAIL_MESSAGE_H
#define PARLEY_MAIL_MESSAGE_H

#include <stdint.h>

#include "common/mail/mailbox.h"
#include "common/mail/source.h"

/* --- What the bytes are like --- */

/* Zero it to start. */
/* RFC 5322 2.1.1: the longest line that may be sent, without CRLF. */
enum { MESSAGE_LINE_MOST = 998 };

struct message_scan {
	uint64_t size;    /* bytes */
	uint64_t lf, cr;  /* all of them */
	uint64_t crlf;    /* pairs, so bare LF: lf - crlf, bare CR: cr - crlf */
	uint64_t longest; /* of the lines over MESSAGE_LINE_MOST, without CR LF; 0: none is */
	bool eight_bit;   /* a byte from 0x80 */
	bool nul;
	/* inside: */
	uint64_t line;
	bool after_cr;
	bool in_line; /* the last byte was not an LF */
};

void message_scan_add(struct message_scan *s, struct str piece);
/* Size when each of CRLF, LF and bare CR is sent as CRLF, and a last line without an end gets
 * one: what SIZE (RFC 1870) declares. */
uint64_t message_scan_wire_size(const struct message_scan *s);

/* --- The head --- */

struct message_field {
	struct str raw;   /* with its folding and line ends */
	struct str name;  /* as written; obsolete white space before the colon not counted */
	struct str value; /* trimmed at its ends, still folded */
	char *owned;      /* the bytes of one that was added */
};

/* Zero it to start. The slices point into what was parsed. */
struct message_head {
	struct message_field *items;
	size_t count;
	size_t cap;
	const char *eol; /* "\n" or "\r\n": that of its first line */
	size_t size;     /* of all fields, in bytes */
};

/* Looking for the end of the head in growing bytes. Zero it to start. */
struct message_finder {
	size_t at;         /* start of the line to be looked at next */
	size_t fields_at;  /* past a line "From " of an mbox, if there is one */
	size_t fields_end; /* valid once found */
	size_t body_at;    /* after the empty line; fields_end where there is none */
};

/* bytes: all of the message so far. True if the end is found: an empty line, a line that is no
 * field (then that is the body's first), or the end of all (at_end). */
bool message_find_end(struct message_finder *f, struct str bytes, bool at_end);

/* Takes the fields apart, fields_at to fields_end of the above. What is no field is dropped.
 * False past LIMIT_HEAD_FIELDS: the rest is not there. */
bool message_head_parse(struct message_head *h, struct str bytes);
void message_head_free(struct message_head *h);
/* The first of that name at or after *at (may be NULL), which is moved past it; NULL if none.
 */
const struct message_field *message_head_find(
    const struct message_head *h, const char *name, size_t *at);
/* Value of the first; empty if none. */
struct str message_head_value(const struct message_head *h, const char *name);
/* Unfolded and decoded (RFC 2047) to UTF-8. False if there is none. */
bool message_head_text(const struct message_head *h, const char *name, struct buf *out);
/* All of that name; how many there were. */
size_t message_head_remove(struct message_head *h, const char *name);
/* At the end. value is one or more lines as they are to stand (folded by CRLF SP or LF SP). At
 * most LIMIT_MAIL_HEAD in all: false past it. */
bool message_head_add(struct message_head *h, const char *name, struct str value);
/* The fields in their order and an empty line. */
bool message_head_put(const struct message_head *h, struct buf *out);

/* --- A message from a source --- */

/* Zero it to start. */
struct message {
	struct buf bytes; /* of the head, as they came */
	struct message_head head;
	uint64_t body_at;         /* in the source */
	struct message_scan body; /* facts of the body */
};

/* Reads head and facts (one reading of the whole; s is rewound before and after). ERR_DATA for
 * a head over LIMIT_MAIL_HEAD, ERR_IO. */
bool message_read(struct message *m, struct source *s, struct err *err);
void message_free(struct message *m);
/* Makes s give the head as it is now; *head (may be NULL) gets the facts of it. */
void message_apply(const struct message *m, struct source *s, struct message_scan *head);

/* --- What sendmail -t and submission (RFC 6409 8) do to a head --- */

/* Adds the recipients: of the newest block of Resent- fields if there is one (RFC 5322 3.6.6),
 * else To, Cc, Bcc. Each address once. ERR_DATA names the field. */
bool message_recipients(const struct message_head *h, struct mailboxes *to, struct err *err);
/* Takes out Bcc and Resent-Bcc. */
void message_remove_bcc(struct message_head *h);

struct message_origin {
	const char *from;   /* address for a missing From; empty: From is not added */
	const char *name;   /* its display name, UTF-8; may be NULL */
	const char *domain; /* right side of a Message-ID; NULL: that of from */
	int64_t now;        /* seconds since 1970 */
	int zone;           /* minutes east */
};
/* Adds what is missing of Date, Message-ID and From. */
bool message_add_missing(
    struct message_head *h, const struct message_origin *o, struct err *err);
/* "<unique@domain>" */
bool message_make_id(struct buf *out, const char *domain, int64_t now, struct err *err);
/* Zone of the local time at that moment, in minutes east. */
int message_local_zone(int64_t time);

#endif
