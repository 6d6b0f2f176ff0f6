/*
 * The parts of a URL made into a struct url: for url.c alone, which finds the
 * parts and knows how a reference stands to its base.
 */
#ifndef PARLEY_TEXT_URL_PARTS_H
#define PARLEY_TEXT_URL_PARTS_H

#include "common/text/url.h"

/* What a URL reference is made of (RFC 3986 3); ptr is NULL where a part is absent. */
struct url_parts {
	struct str scheme, authority, path, query, fragment;
};

/* One URL being read: for the error's words. */
struct url_reading {
	struct str text;
	enum err_kind kind;
	struct err *err;
};

/* Fills u, whose scheme is set, from its parts; an authority that u has already (a base's)
 * stays. False with err set, and u to be freed. */
bool url_build(struct url *u, const struct url_parts *p, const struct url_reading *r);

/* Sets the error, quoting the URL without its credentials. Always false. */
bool url_refuse(const struct url_reading *r, const char *why);

/* Takes sep and what follows off *s and returns the latter; STR_NONE if there is no sep. */
struct str url_cut_tail(struct str *s, char sep);

bool url_is_web(struct str scheme); /* http or https, any case */

#endif
