/*
 * Plays a dialogue as the server: says the S: lines, requires the C: lines,
 * and does what the events ask.
 */
#ifndef PARLEY_PEER_PLAY_H
#define PARLEY_PEER_PLAY_H

#include <stdbool.h>

#include "common/base/err.h"
#include "tests/peer/conn.h"
#include "tests/peer/script.h"

struct play_setup {
	int listener;        /* where the client's connections come in */
	const char *address; /* where data connections are listened for */
	struct conn_setup conn;
};

/*
 * Plays it once, from the first connection to the client's last close. False
 * with ERR_DATA, and a diff on stderr, when the client strayed or time ran out;
 * with ERR_USAGE when the dialogue can't be played here (a file is missing, no certificate).
 */
bool play_script(const struct script *s, const struct play_setup *setup, struct err *err);

#endif
