/*
 * What the tests of streams share: a stream over one end of a socket pair, with
 * a peer at the other end that is a function in a thread; files in memory.
 */
#ifndef PARLEY_TESTS_TALK_H
#define PARLEY_TESTS_TALK_H

#include <pthread.h>

#include "common/net/stream.h"
#include "tests/unit/unit.h"

struct talk {
	struct net_settings settings;
	struct stream *stream;
	int peer; /* the other end */
	pthread_t thread;
	bool running;
};

/* Idle timeout of 5 s unless the settings are changed before the first wait. */
void talk_open(struct talk *k, struct trace *trace);
/* run(fd, arg) in a thread of its own; it may close the peer's end with talk_hang_up. */
void talk_start(struct talk *k, void *(*run)(void *talk));
/* Waits for the peer, closes everything. */
void talk_close(struct talk *k);
void talk_hang_up(struct talk *k);

/* All of len bytes, blocking. */
void talk_say(int fd, const void *bytes, size_t len);
/* Reads exactly len bytes (or to the end, and says how many came). */
size_t talk_hear(int fd, void *bytes, size_t len);

/* What a descriptor of memfd_create or a file holds. */
struct buf talk_file(int fd);
int talk_memory(void);
/* Does this error stand in the stream, with these words? Checks that and no more. */
bool talk_failed(const struct stream *s, enum err_kind kind, const char *words);

#endif
