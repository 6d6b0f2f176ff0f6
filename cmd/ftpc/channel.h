/*
 * A data connection (RFC 959 3.2, 2428, 4217 7): opened to the server's port or
 * accepted from it, protected like the control connection, shown in the trace as
 * events. Knows no file and no verb but PORT and EPRT.
 */
#ifndef PARLEY_FTPC_CHANNEL_H
#define PARLEY_FTPC_CHANNEL_H

#include "cmd/ftpc/ftp.h"

struct channel {
	struct stream *stream;   /* NULL until it is open */
	int listener;            /* active mode: waiting for the server; -1 otherwise */
	char address[80];        /* the other end, or where we listen */
	uint64_t received, sent; /* what a proxy's handshake took of the stream's counts */
};

#define CHANNEL_NONE ((struct channel){.listener = -1})

/* Passive: connects to the control connection's peer, at this port. ERR_AGAIN. */
bool channel_connect(struct ftp *f, struct channel *c, uint16_t port, struct err *err);
/* Active: listens, and writes the argument of EPRT or (without f->uses_epsv) PORT. ERR_AGAIN,
 * ERR_USAGE for an address that is not ours. */
bool channel_listen(struct ftp *f, struct channel *c, struct buf *arg, struct err *err);
/* Waits for the server's connection; others are turned away. Preliminary replies that come
 * meanwhile are taken and *marked set; a final one ends the waiting: false without err, look at
 * f->reply. */
bool channel_accept(struct ftp *f, struct channel *c, bool *marked, struct err *err);
/* TLS, resuming the control connection's session. */
bool channel_secure(struct ftp *f, struct channel *c, struct err *err);
/* Says in the trace what went over it and closes; nothing if it was not open. After sending
 * over TLS waits until the server has taken all. */
void channel_close(struct ftp *f, struct channel *c);

#endif
