/*
 * Replies of the shape that FTP and SMTP share: three digits, text, perhaps
 * several lines (RFC 959 4.2, RFC 5321 4.2), with the enhanced status of RFC
 * 2034 and 3463 where there is one. Knows no command: what a code means for a
 * verb is the caller's business.
 */
#ifndef PARLEY_PROTO_REPLY_H
#define PARLEY_PROTO_REPLY_H

#include "common/net/stream.h"

enum reply_flavour {
	REPLY_SMTP, /* each line carries the code of the first */
	REPLY_FTP,  /* inner lines are any text (RFC 959 4.2): only "code SP" ends it */
};

/* "5.1.1": class 2, 4 or 5, equal to the code's first digit; 0 if there was none. */
struct reply_status {
	int class, subject, detail;
};

/* Begins as {0}; may be read into again and again; free with reply_free. */
struct reply {
	int code; /* 100..599; 0 when the reading failed */
	struct reply_status status;
	size_t lines;
	/* The texts of the lines, without code and separator but with the enhanced status,
	 * raw bytes, '\n' after each. Walk them with reply_lines. */
	struct buf text;
};

/* Reads one reply and traces each line as S:. False with the stream's error: ERR_AGAIN at the
 * end of the connection, ERR_PROTOCOL for what is no reply, a continuation with another code
 * (REPLY_SMTP), more than LIMIT_REPLY bytes or LIMIT_REPLY_LINES lines. A line may end with a
 * bare LF, and a last line may be the code alone (RFC 5321 4.2.1). */
bool reply_read(struct stream *s, enum reply_flavour flavour, struct reply *r);
void reply_free(struct reply *r);

static inline int reply_class(const struct reply *r)
{
	return r->code / 100;
}
/* 2yz: done. 3yz (go on) is not that. */
static inline bool reply_is_good(const struct reply *r)
{
	return r->code / 100 == 2;
}

/* The text of the first line, borrowed. */
struct str reply_first(const struct reply *r);
/* All lines, borrowed; each comes off with str_cut(&rest, '\n', &line), empty ones too:
 * EHLO's keywords and FEAT's features are those after the first. */
struct str reply_lines(const struct reply *r);
/* "550 5.1.1 no such user", lines joined by a space; for words to a person. False if they
 * didn't fit into out. */
bool reply_add_words(const struct reply *r, struct buf *out);

/* What a reply that is not the hoped-for one means for the exit status: ERR_AGAIN for 421 and
 * 4yz, ERR_AUTH for 430, 530, 532, 534, 535 and 538 (RFC 4954 6, RFC 4217), ERR_REFUSED for
 * the other 5yz, ERR_PROTOCOL for 1yz to 3yz where they make no sense. The caller may know
 * better (a recipient, a file) and then sets its own. */
enum err_kind reply_kind(const struct reply *r);
/* Sets *err (not the stream's: the dialogue can go on, QUIT at least) with reply_kind, `what`
 * ("MAIL FROM was refused") as our words and the reply as the server's. Returns false. */
bool reply_fail(struct err *err, const struct reply *r, const char *what);
/* The same with the caller's kind. */
bool reply_fail_as(
    struct err *err, const struct reply *r, enum err_kind kind, const char *what);

#endif
