/*
 * Messages by unique id in an order that is not the mailbox's, with how deep each stands in its
 * thread; and threads made of who answers whom (RFC 5256, REFERENCES, without gathering by
 * subject). Pure, but for the reading of THREAD's answer.
 */
#ifndef PARLEY_IMAPLS_ORDER_H
#define PARLEY_IMAPLS_ORDER_H

#include "cmd/imapls/set.h"
#include "cmd/imapls/wire.h"

struct ordered {
	uint32_t uid;
	unsigned depth; /* 0: begins a thread */
	size_t place;
};

/* Zero it to start. */
struct order {
	struct ordered *items;
	size_t count, cap;
	bool indexed;
};

void order_free(struct order *o);
/* The next in order. False past LIMIT_MESSAGES. */
bool order_add(struct order *o, uint32_t uid, unsigned depth);
/* NULL for none; nothing can be added any more. */
const struct ordered *order_find(struct order *o, uint32_t uid);
/* All of their unique ids, normalised. */
bool order_put_set(const struct order *o, struct set *out);

/* The rest of "* THREAD (2)(3 6 (4 23)(44 7 96))". False: the stream. */
bool order_read_threads(struct wire *w, struct order *o);

/* What is known of a message. */
struct answer {
	uint32_t uid;
	int64_t time;
	char *id;      /* <...>, NULL for none */
	char *parents; /* ids of what it answers, the nearest last: In-Reply-To, References */
	size_t parent, first, last, next; /* order_build's */
};

/* Threads by the time of their first message, answers by theirs. The items change places. */
bool order_build(struct answer *items, size_t count, struct order *o);

#endif
