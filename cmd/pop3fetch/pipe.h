/*
 * The window: which commands are on their way, in what order their answers
 * come, and how many more may be sent. Without pipelining it holds one. Knows nothing
 * of what the answers are good for.
 */
#ifndef PARLEY_POP3FETCH_PIPE_H
#define PARLEY_POP3FETCH_PIPE_H

#include "cmd/pop3fetch/maildrop.h"
#include "cmd/pop3fetch/session.h"

enum pipe_verb { PIPE_RETR, PIPE_TOP, PIPE_DELE, PIPE_QUIT };

struct pipe_entry {
	enum pipe_verb verb;
	struct letter *letter; /* NULL: QUIT */
	uint64_t size;         /* of the answer, as far as known */
};

/* Commands in the window: their bytes fit into any socket's buffer, so that sending never waits
 * for a server that waits for us to read. */
enum { PIPE_MOST = 256 };

struct pipe {
	struct session *session;
	struct pipe_entry ring[PIPE_MOST];
	size_t head, count;
	uint64_t bytes; /* expected */
	bool filling;   /* below the low mark: commands leave by the dozen, not one by one */
};

void pipe_start(struct pipe *p, struct session *session);
bool pipe_is_empty(const struct pipe *p);
/* May another command be sent, beside those that are on their way? */
bool pipe_has_room(struct pipe *p);
/* lines: TOP's. */
void pipe_put(struct pipe *p, enum pipe_verb verb, struct letter *letter, uint64_t lines);
/* Reads the first line of the oldest answer; session->pop3.good and .text tell. False with the
 * stream's error. */
bool pipe_take(struct pipe *p, struct pipe_entry *entry, struct err *err);

#endif
