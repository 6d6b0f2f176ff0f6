/*
 * The dialogue of POP3 (RFC 1939, 2449, 2595, 5034): one function a verb, in the
 * order of the session. pop3_put_* only appends, so a pipeline is several puts before the
 * answers are read. Knows no option, no file and no state.
 */
#ifndef PARLEY_POP3FETCH_POP3_H
#define PARLEY_POP3FETCH_POP3_H

#include "common/net/stream.h"
#include "common/net/trace_body.h"
#include "common/proto/sasl.h"

enum pop3_capability {
	POP3_TOP = 1,
	POP3_UIDL = 2,
	POP3_USER = 4,
	POP3_STLS = 8,
	POP3_SASL = 16,
	POP3_PIPELINING = 32,
	POP3_RESP_CODES = 64,
	POP3_COURIER = 128, /* IMPLEMENTATION says so */
};

struct pop3 {
	struct stream *stream; /* owned; NULL: not connected */
	unsigned capabilities; /* what the last CAPA announced */
	bool has_capa;         /* the server knows CAPA */
	char *mechanisms;      /* SASL's words; NULL: none */
	char *timestamp;       /* of the greeting, for APOP; NULL: none */
	bool good;             /* the last answer was +OK */
	struct buf text;       /* its words, without +OK or -ERR */
};

/* Takes the stream over. */
void pop3_start(struct pop3 *p, struct stream *stream);
/* Closes without a word; p may be started again. */
void pop3_drop(struct pop3 *p);

/* What a refusal means: by its response code (RFC 2449 8, RFC 3206: [IN-USE], [SYS/TEMP] and
 * [LOGIN-DELAY] ERR_AGAIN, [SYS/PERM] ERR_REFUSED, [AUTH] ERR_AUTH), else what its verb makes
 * of it. */
enum err_kind pop3_kind(struct str text, enum err_kind otherwise);
/* Sets *err (not the stream's: the dialogue can go on) with the last answer as the server's
 * words. Returns false. */
bool pop3_fail(struct pop3 *p, enum err_kind otherwise, const char *what, struct err *err);

/* Reads one answer into p->good and p->text. False with the stream's error, also in *err:
 * ERR_AGAIN at the end of the connection, ERR_PROTOCOL for what is no answer. */
bool pop3_read(struct pop3 *p, struct err *err);
/* The same, and it must be +OK; else pop3_fail. */
bool pop3_expect(struct pop3 *p, enum err_kind otherwise, const char *what, struct err *err);

bool pop3_greeting(struct pop3 *p, struct err *err);
/* A server that does not know CAPA is no error: has_capa is false then. */
bool pop3_capa(struct pop3 *p, struct err *err);
/* The command and its +OK; the handshake is the caller's. */
bool pop3_stls(struct pop3 *p, struct err *err);

void pop3_put_user(struct pop3 *p, const char *user);
void pop3_put_pass(struct pop3 *p, const char *password);
bool pop3_user(struct pop3 *p, const char *user, struct err *err);
bool pop3_pass(struct pop3 *p, const char *password, struct err *err);
/* The digest of the greeting's timestamp and the password (RFC 1939 7); ERR_AUTH without one.
 */
bool pop3_apop(struct pop3 *p, const char *user, const char *password, struct err *err);
/* AUTH; self is the struct pop3. */
extern const struct sasl_carrier pop3_carrier;

/* Message numbers; 0 is all of them, where a verb allows it. */
void pop3_put_stat(struct pop3 *p);
void pop3_put_list(struct pop3 *p, uint32_t number);
void pop3_put_uidl(struct pop3 *p, uint32_t number);
void pop3_put_top(struct pop3 *p, uint32_t number, uint64_t lines);
void pop3_put_retr(struct pop3 *p, uint32_t number);
void pop3_put_dele(struct pop3 *p, uint32_t number);
void pop3_put_noop(struct pop3 *p);
void pop3_put_rset(struct pop3 *p);
void pop3_put_quit(struct pop3 *p);

/* The answer to STAT. */
bool pop3_read_stat(struct pop3 *p, uint64_t *count, uint64_t *size, struct err *err);

/* The lines behind a +OK of CAPA, LIST and UIDL, up to the lone dot. */
struct pop3_lines {
	struct pop3 *pop3;
	struct trace_body trace;
	uint64_t count;
	bool done;
};
void pop3_lines_start(struct pop3_lines *l, struct pop3 *p);
/* The next line, borrowed until the next read. False at the end (done), or with the stream's
 * error in *err (ERR_PROTOCOL past LIMIT_MESSAGES). */
bool pop3_lines_next(struct pop3_lines *l, struct str *line, struct err *err);

#endif
