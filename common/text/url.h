/*
 * URLs: RFC 3986, with those repairs of the WHATWG URL standard that users and
 * servers count on. The five tools use this one parser; it knows schemes only
 * by their default port, and does no I/O.
 *
 * Repairs: a missing scheme, backslashes for slashes (http, https), bytes that
 * may not stand in a URL percent-encoded, IDN, numeric IPv4 in all its forms
 * written as a dotted quad, IPv6 in its short form, %2e as a dot segment.
 * Never repaired: control bytes (CR, LF, NUL, TAB ...), an empty host where
 * the scheme needs one, a port out of range. These fail.
 */
#ifndef PARLEY_TEXT_URL_H
#define PARLEY_TEXT_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"

/* Owns its strings. `path` and `scheme` are never NULL in a parsed URL. */
struct url {
	char *scheme;    /* lower case */
	char *user;      /* percent-decoded, without CR, LF, NUL; NULL if none */
	char *password;  /* the same */
	char *host;      /* lower case ASCII, IPv6 without brackets, its zone after a %; NULL
			    where there is no authority (mailto:) */
	char *path;      /* still percent-encoded; "/" if empty under http and https */
	char *query;     /* without the ?; NULL if none, "" for a bare one */
	char *fragment;  /* without the #; NULL if none */
	uint16_t port;   /* given or the scheme's; 0 if neither */
	bool port_given; /* written in the URL, even if it is the default */
	bool ipv6;       /* host is an IPv6 literal */
};

/*
 * What a user typed. Without a scheme ("host", "host:8080/x", "//host") it
 * gets `scheme`; if that is NULL a scheme is required. A space or control
 * byte is refused, also at the ends; only other bytes are repaired.
 * False with ERR_USAGE, and *out empty. The error's text shows no password.
 */
bool url_parse(struct url *out, struct str text, const char *scheme, struct err *err);

/*
 * What a server or page said (Location, a link), resolved against base by RFC
 * 3986 5.2; base NULL: only absolute references. Spaces are repaired (trimmed
 * at the ends, %20 inside), control bytes refused. A reference without a
 * fragment has none: RFC 9110 10.2.2 wants redirects to keep the old one,
 * which is the caller's to do. False with ERR_PROTOCOL, and *out empty.
 */
bool url_resolve(
    struct url *out, const struct url *base, struct str reference, struct err *err);

/* Frees the strings, wipes the password; *u is empty afterwards. */
void url_free(struct url *u);
void url_copy(struct url *out, const struct url *from);

/* Same scheme, host and port (RFC 6454 5). */
bool url_same_origin(const struct url *a, const struct url *b);
bool url_scheme_is(const struct url *u, const char *scheme);
/* The port of a scheme that the house knows; 0 for others. */
uint16_t url_default_port(const char *scheme);

/* Origin form, for the request line: path?query (RFC 9112 3.2.1). */
void url_put_target(struct buf *out, const struct url *u);
/* For Host: host, brackets round IPv6 (no zone, RFC 6874 4), :port if not the default. */
void url_put_host(struct buf *out, const struct url *u);
/* host:port, always with the port: CONNECT, connection keys, messages. */
void url_put_authority(struct buf *out, const struct url *u);
/* Without credentials and fragment: absolute form for a proxy, Referer. */
void url_put_page(struct buf *out, const struct url *u);
/* Without credentials, with the fragment. */
void url_put(struct buf *out, const struct url *u);

/* Every byte but ALPHA DIGIT - . _ ~ and those in keep becomes %XX. */
void url_encode(struct buf *out, struct str bytes, const char *keep);
/* %XX becomes a byte, any byte; a % that begins no escape stays. */
void url_decode(struct buf *out, struct str text);

#endif
