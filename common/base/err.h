/*
 * One error record for the whole house: what kind, in whose words, and from
 * which the exit status follows (the same in all tools, sysexits numbers).
 * The first error wins: setting one that is already set changes nothing, so
 * the cause is never hidden by what followed from it.
 */
#ifndef PARLEY_BASE_ERR_H
#define PARLEY_BASE_ERR_H

#include <stdbool.h>

#include "common/base/compat.h"
#include "common/base/str.h"

/* The value of a kind is its exit status. */
enum err_kind {
	ERR_NONE = 0,
	ERR_USAGE = 64,     /* wrong arguments */
	ERR_DATA = 65,      /* checksum, malformed message, compare failed */
	ERR_ABSENT = 66,    /* what was asked for does not exist */
	ERR_RECIPIENT = 67, /* recipient unknown */
	ERR_HOST = 68,      /* host unknown */
	ERR_REFUSED = 69,   /* refused for good: 5yz, NO, -ERR */
	ERR_INTERNAL = 70,
	ERR_CREATE = 73,   /* cannot create output */
	ERR_IO = 74,       /* local or stream I/O */
	ERR_AGAIN = 75,    /* trying again may help; no other kind says so */
	ERR_PROTOCOL = 76, /* the server broke the protocol, TLS verification included */
	ERR_AUTH = 77,     /* authentication refused or not allowed */
	ERR_CONFIG = 78,
	ERR_INTERRUPT = 130,
};

struct err {
	enum err_kind kind;
	int code;       /* the server's reply code or an errno, 0 if none */
	char text[512]; /* our words: what happened, to what, what to do */
	char said[256]; /* the server's words, raw bytes: show them escaped */
};

/* Sets *e unless it is set already; NULL: nobody wants to know. Always returns false, for
 * `return err_set(...)`. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The same with ": " and the text of errno at the end; errno goes to code. */
bool err_set_errno(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The server's words and reply code, beside a text that is (or will be) set. */
void err_set_said(struct err *e, int code, struct str said);
void err_clear(struct err *e);
bool err_is_set(const struct err *e); /* false for NULL */
/* Copies src to dst unless dst is set. Returns false. */
bool err_pass(struct err *dst, const struct err *src);
/* The one place that maps an error to the exit status. */
int err_exit_status(const struct err *e);

#endif
