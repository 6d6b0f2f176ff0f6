/*
 * One command with a data connection (RETR, STOR, LIST ...), from what can be
 * asked ahead to the reply that proves it. In passive mode EPSV goes ahead, in
 * active mode the command itself too. Knows no local file.
 *
 *	transfer_announce(f, t)            optional, while the one before is ending
 *	transfer_begin(f, t, err)          t->channel.stream can be read or written
 *	transfer_end(f, t, next, err)      closes it, announces next, wants 226 or 250
 */
#ifndef PARLEY_FTPC_TRANSFER_H
#define PARLEY_FTPC_TRANSFER_H

#include "cmd/ftpc/channel.h"

struct transfer {
	const char *verb;
	const char *arg;  /* borrowed; NULL: none */
	char type;        /* 'A' or 'I' */
	bool wants_facts; /* ask SIZE (binary) and MDTM of arg */
	bool only_facts;  /* don't begin: the facts decide first (-C) */
	uint64_t rest;    /* REST, 0 for none */

	/* What was learnt. */
	bool size_known, time_known;
	uint64_t size;
	int64_t time;
	uint64_t moved; /* bytes over the data connection, set by transfer_end */

	/* Inside. */
	struct ftp_batch ahead;
	struct buf port_arg;
	char rest_arg[24], type_arg[2];
	struct channel channel;
	uint16_t port;
	bool announced, begun, commanded, marked, no_port, no_rest;
};

#define TRANSFER(v, a, t)                                                                      \
	((struct transfer){.verb = (v), .arg = (a), .type = (t), .channel = {.listener = -1}})

/* Puts what may go ahead; nothing without pipelining. Errors show in transfer_begin. */
void transfer_announce(struct ftp *f, struct transfer *t);
/* The facts and nothing else. False with err only when the connection broke. */
bool transfer_ask_facts(struct ftp *f, struct transfer *t, struct err *err);
/* Opens the data connection; the server has said 1yz, or already 2yz. False with err: refused
 * (ERR_ABSENT for 550), no data connection (ERR_AGAIN). The session goes on unless its stream
 * has an error. */
bool transfer_begin(struct ftp *f, struct transfer *t, struct err *err);
/* The data are through: closes, puts what next needs, takes the final reply. */
bool transfer_end(struct ftp *f, struct transfer *t, struct transfer *next, struct err *err);
/* Gives up in the middle, for a reason of ours: the session is in step afterwards, or its
 * stream has an error. */
void transfer_abort(struct ftp *f, struct transfer *t);
/* As if it had never been announced: for another session, or another try. */
void transfer_reset(struct ftp *f, struct transfer *t);
void transfer_free(struct ftp *f, struct transfer *t);

/* The ports in "Entering Extended Passive Mode (|||6446|)" and in a 227's six numbers, whose
 * address goes to *host. */
bool transfer_parse_epsv(struct str text, uint16_t *port);
bool transfer_parse_pasv(struct str text, char host[16], uint16_t *port);

#endif
