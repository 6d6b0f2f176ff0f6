/*
 * Every ceiling of the house, each with its reason. A limit that is not here
 * does not exist.
 */
#ifndef PARLEY_BASE_LIMITS_H
#define PARLEY_BASE_LIMITS_H

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

/* A line of a protocol: mail lines of 1 MiB have been seen, sane ones are under 1 KiB. */
#define LIMIT_LINE (1 * MIB)
/* A whole reply of an FTP-shaped server: banners of some pages exist, novels don't. */
#define LIMIT_REPLY (64 * KIB)
#define LIMIT_REPLY_LINES 1000
/* An HTTP head: curl's ceiling is 300 KiB too; servers refuse far smaller ones. */
#define LIMIT_HEAD (300 * KIB)
#define LIMIT_HEAD_FIELDS 5000
/* The Cookie field of a request: Apache refuses a longer line, and curl sends none either. */
#define LIMIT_COOKIES 8190
/* Interim (1xx) answers before a final one. */
#define LIMIT_INTERIM 100
/* Trailer fields of one chunked body, in bytes. */
#define LIMIT_TRAILER (64 * KIB)
/* Layers of Content-Encoding: more is an attack (RFC 9110 8.4 names no number). */
#define LIMIT_CODINGS 5
/* A URL: browsers and servers stop between 8 KiB and 2 MiB. */
#define LIMIT_URL (64 * KIB)
/* What one URL pattern may expand to. */
#define LIMIT_EXPAND 1000000
/* Unsent output of a stream: a pipeline of requests, not a file. */
#define LIMIT_OUTPUT (4 * MIB)
/* A file that is read whole: configuration, netrc, a script. */
#define LIMIT_FILE (1 * MIB)
/* A file that we write of what servers said, and read again: 3,000 of the largest cookies are
 * 17 MiB, 20,000 HSTS hosts with the longest names 6. What is written must be readable. */
#define LIMIT_STORE (20 * MIB)
/* A request body that has to be built in memory (-d): bigger ones are sent from a file. */
#define LIMIT_DATA (64 * MIB)
/* A body that goes to a page by hand (interactive mode) or into an error's words. */
#define LIMIT_WORDS (4 * KIB)
/* What a password command may print. */
#define LIMIT_SECRET (64 * KIB)
/* One SASL message: RFC 4954 4 asks for 12288 octets of base64, and tokens grow. */
#define LIMIT_SASL (64 * KIB)
/* Lines of a text body shown by -v before the rest is only counted. */
#define LIMIT_TRACE_LINES 40
/* The head of a mail message: servers refuse far smaller ones (Postfix: 100 KiB). */
#define LIMIT_MAIL_HEAD (1 * MIB)
/* An address: 64 and 255 bytes and the @ (RFC 5321 4.5.3.1), with room for quoting. */
#define LIMIT_ADDRESS 1000
/* Addresses of one list; servers take 100 to some 10,000 in a transaction. */
#define LIMIT_RECIPIENTS 100000
/* Parts of a MIME message and their nesting: real ones have a few dozen, six deep. */
#define LIMIT_MIME_PARTS 1000
#define LIMIT_MIME_DEPTH 20
/* Messages of one maildrop: some 100 bytes of memory each. */
#define LIMIT_MESSAGES 1000000
/* A page whose links are looked for: a million of them are some 40 MiB. */
#define LIMIT_PAGE (64 * MIB)
/* The URLs that a crawl has seen, in bytes: about a million. */
#define LIMIT_CRAWL (128 * MIB)

#endif
