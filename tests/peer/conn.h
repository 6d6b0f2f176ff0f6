/*
 * One connection with a client: lines and bytes over a socket, in the clear or
 * by TLS, with a deadline for each wait, a simulated round-trip time and the
 * event log. Writes only append; a read sends them first, so that what belongs
 * together leaves in one write. Knows nothing of dialogues.
 */
#ifndef PARLEY_PEER_CONN_H
#define PARLEY_PEER_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"
#include "tests/peer/log.h"
#include "tests/peer/tls.h"

/* The same for all connections of a run. */
struct conn_setup {
	int64_t timeout;        /* nanoseconds that any one wait may take */
	int64_t rtt;            /* nanoseconds of simulated round trip, 0 for none */
	struct tls_server *tls; /* NULL: no handshake can be started */
	struct log log;
};

struct conn {
	int fd;        /* -1: not open */
	unsigned id;   /* its number in the log */
	bool drip;     /* one byte a write */
	bool eof;      /* the client has closed, or reset, its side */
	int64_t heard; /* when the client's last bytes came: what the round trip counts from */
	struct tls *tls;
	size_t at;       /* what of `in` has been read */
	struct buf in;   /* decrypted */
	struct buf out;  /* not yet encrypted */
	struct buf wire; /* as it goes out */
	const struct conn_setup *setup;
};

/* Takes fd, which is non-blocking. id is LOG_DATA for a data connection: it is not delayed. */
void conn_open(struct conn *c, int fd, unsigned id, const struct conn_setup *setup);

/* Appends bytes to be sent. Bytes for a client that has gone vanish; what is read next tells.
 * False only when the client leaves the bytes unread until the deadline. */
bool conn_put(struct conn *c, struct str bytes, struct err *err);
bool conn_flush(struct conn *c, struct err *err);

/* The next line without its line end, borrowed until the next call. False with ERR_AGAIN at
 * the deadline, ERR_IO when the client closed, ERR_DATA for a line over 1 MiB. */
bool conn_line(struct conn *c, struct str *line, struct err *err);
/* At least 1 and at most `most` bytes; empty at the end. False at the deadline. */
bool conn_bytes(struct conn *c, size_t most, struct str *bytes, struct err *err);
/* What has come and was not read, without waiting. */
struct str conn_unread(const struct conn *c);
/* True if the client closes now without another byte. */
bool conn_ends(struct conn *c, struct err *err);

/* Flushes, then lets the time pass, taking in what comes meanwhile. */
bool conn_pause(struct conn *c, int64_t until, struct err *err);
/* Takes in the rest of what the client is just sending, for a report. */
void conn_gather(struct conn *c);
bool conn_start_tls(struct conn *c, struct err *err);
bool conn_half_close(struct conn *c, struct err *err);

enum conn_end {
	CONN_CLOSE, /* TLS's goodbye, then FIN */
	CONN_CUT,   /* FIN alone */
	CONN_RESET, /* RST */
};
/* Flushes, closes and frees; on a closed connection it does nothing. */
void conn_close(struct conn *c, enum conn_end how);
/* Closes and frees without another word. */
void conn_drop(struct conn *c);

#endif
