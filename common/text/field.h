/*
 * Header fields, "Name: value" (RFC 9110 5, and the heads of mail): an ordered
 * list of borrowed slices, and what values are made of. Knows no field by
 * name, and neither lines nor framing.
 */
#ifndef PARLEY_TEXT_FIELD_H
#define PARLEY_TEXT_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/buf.h"
#include "common/base/str.h"

struct field {
	struct str name;
	struct str value; /* without white space at its ends */
};

/* In the order received. Owns the array, not the bytes the slices point to. */
struct fields {
	struct field *items;
	size_t count;
	size_t cap;
};

void fields_free(struct fields *list);
/* False past LIMIT_HEAD_FIELDS. */
bool fields_add(struct fields *list, struct str name, struct str value);

/* The first of that name (any case), or NULL. */
const struct field *fields_find(const struct fields *list, const char *name);
/* The next of the same name after one that fields_find or this gave, or NULL. */
const struct field *fields_next(const struct fields *list, const struct field *after);
size_t fields_count(const struct fields *list, const char *name);
/* The first value of that name; empty if there is none. */
struct str fields_value(const struct fields *list, const char *name);
/* All values of that name, joined by ", " (RFC 9110 5.3). False if there is none. */
bool fields_combine(const struct fields *list, const char *name, struct buf *out);
/* Is token (any case) an element of a comma list of that name, parameters aside? */
bool fields_has_token(const struct fields *list, const char *name, const char *token);

/* "Name: value" without its line end. False if the name is no token, is followed by white
 * space (RFC 9112 5.1), or the value has CR, LF or NUL (for stricter: field_is_value). */
bool field_parse(struct str line, struct field *out);

/* RFC 9110 5.6.2; an empty one is none. */
bool field_is_token(struct str s);
/* RFC 9110 5.5: no control bytes but HTAB; bytes from 0x80 are let through. */
bool field_is_value(struct str s);

/* Takes the next non-empty element off a comma list (RFC 9110 5.6.1), commas in quoted
 * strings respected. The element is trimmed. False at the end. */
bool field_list_next(struct str *rest, struct str *element);
/* Splits "text/html; charset=utf-8" into what stands before the first ; and what follows. */
struct str field_main(struct str value, struct str *params);

/* name=value, of a parameter list or an authentication challenge. */
struct field_param {
	struct str name;
	struct str value; /* raw: in its quotes if it had any, see field_unquote */
};

/* "name = value" into its halves; without a = the value is empty (and its ptr NULL). False if
 * the name is no token. */
bool field_param_parse(struct str text, struct field_param *out);
/* The next parameter of a list separated by ;. Malformed ones are skipped. */
bool field_param_next(struct str *rest, struct field_param *out);
/* The value of a parameter, unquoted. name* in RFC 8187's form (UTF-8 or ISO-8859-1, given
 * as UTF-8) goes before plain name. False if there is neither. The bytes are the server's:
 * any may be among them, NUL too. */
bool field_param_get(struct str params, const char *name, struct buf *out);
/* A token as it is; a quoted-string (RFC 9110 5.6.4) without quotes and backslashes. */
void field_unquote(struct str value, struct buf *out);
/* The reverse: text as a quoted-string. */
void field_put_quoted(struct buf *out, struct str text);

#endif
