/*
 * The dialogue: one function per verb, in the order of a session (RFC 5321).
 * A smtp_put_* only appends its command; smtp_read takes one reply. So several
 * puts before a read are a pipeline (RFC 2920), and the same verbs serve both
 * ways. Knows no message, no task and no option.
 */
#ifndef PARLEY_SMTPSEND_SMTP_H
#define PARLEY_SMTPSEND_SMTP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/proto/reply.h"

enum smtp_extension {
	SMTP_PIPELINING = 1,
	SMTP_CHUNKING = 2,   /* RFC 3030 */
	SMTP_BINARYMIME = 4, /* RFC 3030 */
	SMTP_8BITMIME = 8,   /* RFC 6152 */
	SMTP_SMTPUTF8 = 16,  /* RFC 6531 */
	SMTP_DSN = 32,       /* RFC 3461 */
	SMTP_SIZE = 64,      /* RFC 1870 */
	SMTP_STARTTLS = 128, /* RFC 3207 */
	SMTP_AUTH = 256,     /* RFC 4954 */
	SMTP_ENHANCED = 512, /* RFC 2034 */
};

struct smtp {
	struct stream *stream; /* owned; NULL: not connected */
	bool lmtp;
	unsigned extensions; /* what the last EHLO announced */
	uint64_t size_limit; /* SIZE's number; 0: none said */
	char *mechanisms;    /* AUTH's words; NULL: none */
	struct reply reply;  /* the last one read */
	bool closing;        /* 421 was said: nothing more is answered */
};

/* Takes the stream over. */
void smtp_start(struct smtp *s, struct stream *stream, bool lmtp);
/* Closes without a word; s may be started again. */
void smtp_drop(struct smtp *s);

/* Reads one reply into s->reply. False with the stream's error. */
bool smtp_read(struct smtp *s);
/* Waits for the greeting: 220, or false with err. */
bool smtp_greeting(struct smtp *s, struct err *err);
/* EHLO (LHLO), and what is announced. False with err; s->reply.code tells a refusal (which may
 * be followed by smtp_helo) from a broken connection (0). */
bool smtp_ehlo(struct smtp *s, const char *domain, struct err *err);
bool smtp_helo(struct smtp *s, const char *domain, struct err *err);
/* The command and its 220; the handshake is the caller's. */
bool smtp_starttls(struct smtp *s, struct err *err);

/* MAIL FROM and its parameters; parameters come with the extension they belong to. */
struct smtp_mail {
	const char *sender; /* "" for the null reverse-path */
	bool has_size;
	uint64_t size;
	const char *body; /* BODY=: "8BITMIME" ...; NULL for none */
	bool utf8;
	const char *ret, *envid; /* DSN; envid in xtext; NULL for none */
};
void smtp_put_mail(struct smtp *s, const struct smtp_mail *mail);
/* notify, orcpt: DSN; NULL for none. */
struct smtp_rcpt {
	const char *address;
	const char *notify, *orcpt;
};
void smtp_put_rcpt(struct smtp *s, const struct smtp_rcpt *rcpt);
void smtp_put_data(struct smtp *s);
void smtp_put_bdat(struct smtp *s, uint64_t size, bool last);
void smtp_put_rset(struct smtp *s);
void smtp_put_quit(struct smtp *s);
/* QUIT and its answer, whatever it is; then closes. NULL stream is fine. */
void smtp_quit(struct smtp *s);

/* RFC 3461 4: printable ASCII but + and = stands for itself, other bytes are +HH. */
void smtp_put_xtext(struct buf *out, struct str bytes);

#endif
