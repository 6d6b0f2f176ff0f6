/*
 * What lies on the server: numbers, sizes and unique ids as LIST and UIDL give
 * them, in any order and however wrong. Knows no stream and no file.
 */
#ifndef PARLEY_POP3FETCH_MAILDROP_H
#define PARLEY_POP3FETCH_MAILDROP_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"

enum letter_fate {
	LETTER_LEFT,      /* nothing was done */
	LETTER_ENDED,     /* received whole, not yet durable */
	LETTER_DELIVERED, /* durable, and noted */
	LETTER_FAILED,    /* of this one alone: see error */
};

struct letter {
	uint32_t number;
	uint64_t size; /* what LIST said: a guess */
	char *uid;     /* as the server said it; NULL: none */
	char *key;     /* what we know it by (identity.h), owned; NULL: not to be known again */
	bool known;    /* fetched by an earlier run, */
	int64_t since; /* at this time */
	size_t place;  /* of its note in the state, from 1; 0: none */
	bool fetch, dele; /* what is to be done */
	bool deleted;     /* DELE was answered by +OK */
	enum letter_fate fate;
	char *error; /* owned */
};

/* Zero it to start. */
struct maildrop {
	struct letter *items; /* after maildrop_settle: by number, each once */
	size_t count, cap;
	struct maildrop_uid *uids; /* inside */
	size_t uid_count, uid_cap;
};

/* One line of LIST ("1 1205") or UIDL ("1 whqtswO00WBw418f9t5JxYwZ"). Lines that are neither
 * are ignored: false. */
bool maildrop_add_size(struct maildrop *d, struct str line);
bool maildrop_add_uid(struct maildrop *d, struct str line);
/* Joins the two. */
void maildrop_settle(struct maildrop *d);
/* NULL if there is none. */
struct letter *maildrop_find(const struct maildrop *d, uint32_t number);
void maildrop_free(struct maildrop *d);

#endif
