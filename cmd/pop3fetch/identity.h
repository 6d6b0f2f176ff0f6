/*
 * By what a message is known again: its unique id; where the server has none, or
 * gives one id to several messages, the digest of its head (TOP n 0). Decides nothing.
 */
#ifndef PARLEY_POP3FETCH_IDENTITY_H
#define PARLEY_POP3FETCH_IDENTITY_H

#include "cmd/pop3fetch/pipe.h"

/* UIDL and LIST, in one write where the server allows it, and keys from the ids. The letters
 * that have none yet are counted in *nameless. */
bool identity_survey(struct session *s, struct maildrop *d, size_t *nameless, struct err *err);
/* Gives those a key by their heads: "sha256:...", equal heads are told apart by their order.
 * ERR_REFUSED when the server has no TOP: the text names --all. */
bool identity_by_heads(struct session *s, struct maildrop *d, struct err *err);

#endif
