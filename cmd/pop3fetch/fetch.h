/*
 * Fetching: messages through the window into delivery, in groups: a batch is
 * written, made durable by one sync, noted in the state; only then its DELEs leave, and only
 * QUIT's +OK lets the state forget. Decides not which messages.
 */
#ifndef PARLEY_POP3FETCH_FETCH_H
#define PARLEY_POP3FETCH_FETCH_H

#include "cmd/pop3fetch/pipe.h"
#include "cmd/pop3fetch/state.h"
#include "common/cli/outfile.h"
#include "common/mail/deliver.h"

struct fetch {
	struct session *session;
	struct maildrop *drop;   /* each letter says by fetch and dele what is to be done */
	struct state *state;     /* open, or NULL: nothing is noted */
	struct deliver *deliver; /* NULL: nothing is fetched */
	struct outfile *file;    /* behind it, or NULL: committed before the first DELE */
	const char *account;     /* "alice@host:110", the first part of a delivery's key */
	_Atomic uint64_t *counter;
	int64_t now;
	/* inside: */
	struct pipe pipe;
	size_t next;           /* the letter to be asked for */
	struct letter **batch; /* ended, not yet durable */
	size_t batch_count;
	uint64_t batch_bytes;
	int64_t batch_start;
	struct letter **dele; /* may be deleted */
	size_t dele_count, dele_sent;
	size_t undecided;   /* asked for, and perhaps to be deleted then */
	bool stop;          /* no more can be delivered */
	bool quit_sent;     /* in the pipeline */
	bool ended;         /* QUIT was answered by +OK, or nothing is open */
	struct err trouble; /* what went wrong here; single messages' errors too */
};

/* All of it, QUIT included. False with err: the connection's error, or the first trouble. What
 * was delivered until then is in the state. */
bool fetch_run(struct fetch *f, struct err *err);

#endif
