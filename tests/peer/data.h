/*
 * FTP's second connection (RFC 959 3.2, RFC 2428): passive, when an S: line
 * names a port with @PORT@, active, when the client's PORT or EPRT does.
 */
#ifndef PARLEY_PEER_DATA_H
#define PARLEY_PEER_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "tests/peer/conn.h"
#include "tests/peer/script.h"

struct data {
	int listener;         /* -1: none */
	uint16_t client_port; /* of active mode, 0: none */
};

#define DATA_INIT ((struct data){.listener = -1})

/* Looks at a line of the client for PORT and EPRT. */
void data_note_client(struct data *d, struct str line);
/* Adds text to out with @PORT@ replaced by the number of a new listening port, @PORT1@ and
 * @PORT2@ by its high and low byte. */
bool data_put_line(
    struct data *d, struct str text, const char *address, struct buf *out, struct err *err);
/* Neither side has named a port: there can be no data connection. */
bool data_is_idle(const struct data *d);
/* Opens the connection, plays the step over it and closes it. */
bool data_play(
    struct data *d, const struct step *step, const struct conn *control, struct err *err);
void data_close(struct data *d);

#endif
