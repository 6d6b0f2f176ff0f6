/*
 * Text that is not ASCII in mail headers: encoded words (RFC 2047) and
 * parameter values (RFC 2231). Knows no field by name.
 */
#ifndef PARLEY_TEXT_WORD2047_H
#define PARLEY_TEXT_WORD2047_H

#include "common/base/buf.h"
#include "common/base/str.h"

/* Where the text stands decides what must be encoded or quoted (RFC 2047 5). */
enum word2047_place {
	WORD2047_TEXT,    /* unstructured: Subject */
	WORD2047_PHRASE,  /* a display name: quoted-string if ASCII, but no atoms */
	WORD2047_COMMENT, /* between ( and ), which the caller writes */
};

/* Adds text (UTF-8; bytes that are none are encoded as charset unknown-8bit) as a header value.
 * ASCII stays as it is where it can. *column is where the line stands, and afterwards where it
 * stands then: lines are folded (CRLF SP) before 78 where there is white space, an encoded word
 * has at most 75 characters and whole ones of the text. CR, LF and NUL are encoded, never
 * sent. False past out's ceiling. */
bool word2047_encode(
    struct buf *out, struct str text, enum word2047_place place, size_t *column);
/* Adds the value with encoded words decoded (adjacent ones joined) and folding undone, as valid
 * UTF-8. What can't be decoded stays as it stands; bytes from 0x80 that are not UTF-8 become
 * U+FFFD. Control bytes come through: show them with visible_put_text. */
bool word2047_decode(struct buf *out, struct str value);

/* Adds ; name=value as token, quoted-string or RFC 2231 (UTF-8, name*0*= when long), folded as
 * above. */
bool word2047_put_param(struct buf *out, const char *name, struct str value, size_t *column);
/* The value of a parameter in a list (as of field_main) as UTF-8: plain, quoted, RFC 2231 with
 * its continuations, and encoded words in quotes as many send them. False if there is none. */
bool word2047_get_param(struct str params, const char *name, struct buf *out);

#endif
