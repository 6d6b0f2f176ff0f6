/*
 * The tokens of an IMAP answer (RFC 9051 9), pulled from a stream one by one: atoms, quoted
 * strings, literals, NIL, parentheses. A literal is where the grammar has a value and nowhere
 * else, and its bytes are counted, never looked at: no body can pass for an answer. Nothing is
 * allocated because a server announced it.
 */
#ifndef PARLEY_IMAPLS_WIRE_H
#define PARLEY_IMAPLS_WIRE_H

#include "common/base/buf.h"
#include "common/net/stream.h"
#include "common/net/trace_body.h"

enum token_kind {
	TOKEN_FAILED,  /* the stream has the error */
	TOKEN_END,     /* the line ends */
	TOKEN_ATOM,    /* a number, flag or NIL too; BODY[HEADER.FIELDS (FROM)] is one */
	TOKEN_QUOTED,  /* text: with its backslashes, see wire_unquote */
	TOKEN_LITERAL, /* size: to be taken with wire_piece, or wire_skip_literal */
	TOKEN_OPEN,
	TOKEN_CLOSE,
};

struct token {
	enum token_kind kind;
	struct str text; /* borrowed until the next literal or line */
	uint64_t size;   /* TOKEN_LITERAL: bytes to come */
};

struct wire {
	struct stream *stream;
	struct str rest;    /* of the line */
	uint64_t literal;   /* bytes still to come */
	bool after_literal; /* the line that goes on behind it is not read yet */
	size_t line_bytes;  /* of this answer, literals aside */
	struct trace_body shown;
};

void wire_start(struct wire *w, struct stream *s);
/* The first line of an answer; what is left of the one before is dropped, literals too. */
bool wire_next(struct wire *w);
struct token wire_token(struct wire *w);
/* What is left of this line as text: nothing in it is a token. */
struct str wire_text(struct wire *w);

/* Bytes of the literal, borrowed until the next call; empty at its end. False: the stream. */
bool wire_piece(struct wire *w, struct str *piece);
bool wire_skip_literal(struct wire *w);

/* The token as the string it stands for, added to out; what passes the ceiling is read and
 * dropped, and out->over says so; one of over 64 MiB is an error. NIL adds nothing. False: no
 * string, or the stream. */
bool wire_take_string(struct wire *w, const struct token *t, struct buf *out);
bool wire_string(struct wire *w, struct buf *out);
/* Past one value, however nested; t is its first token. */
bool wire_skip_value(struct wire *w, const struct token *t);
bool wire_skip(struct wire *w);
bool wire_number(struct wire *w, uint64_t *out);
/* An opening parenthesis, or NIL (then *some is false). */
bool wire_open(struct wire *w, bool *some);
/* Takes the rest of a list whose parenthesis was opened. */
bool wire_close(struct wire *w);

/* Sets ERR_PROTOCOL on the stream. Returns false. */
bool wire_fail(struct wire *w, const char *what);
bool token_is(const struct token *t, const char *atom); /* any case */
void wire_unquote(struct buf *out, struct str quoted);

#endif
