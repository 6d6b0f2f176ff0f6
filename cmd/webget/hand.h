/*
 * Exchanges by hand: one request and its answer on an open connection, shown in
 * the S:/C: notation, nothing followed and nothing saved.
 */
#ifndef PARLEY_WEBGET_HAND_H
#define PARLEY_WEBGET_HAND_H

#include "cmd/webget/task.h"

struct hand {
	struct run *run;
	struct webget_options o; /* the run's, with headers of its own */
	struct url url;          /* what `open` named; host NULL: nothing is open */
	struct session_pool pool;
	struct session *session; /* NULL: connected when it is needed */
	struct timeline time; /* of the last exchange, with its URL and the size of its body */
	char *last_url;
	uint64_t size;
};

void hand_init(struct hand *h, struct run *run);
void hand_free(struct hand *h);
/* Takes the URL as the base of paths; connects later. ERR_USAGE. */
bool hand_open(struct hand *h, const char *url, struct err *err);
/* Closes the connection. */
void hand_close(struct hand *h);
/* A request for path (resolved against the base) with an optional body (`@FILE` reads it). A
 * status of 400 and above is an error of its kind. */
bool hand_request(
    struct hand *h, const char *method, const char *path, const char *body, struct err *err);
/* For `raw`: connected? then lines are put on hand_stream, and hand_answer takes the answer. */
bool hand_connect(struct hand *h, struct err *err);
bool hand_answer(struct hand *h, bool is_head, struct err *err);

#endif
