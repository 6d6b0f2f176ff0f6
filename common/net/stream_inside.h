/*
 * What the files of the stream share, and nobody else includes.
 */
#ifndef PARLEY_NET_STREAM_INSIDE_H
#define PARLEY_NET_STREAM_INSIDE_H

#include "common/net/stream.h"

/* One read(2)'s worth: four TLS records, and far above a TCP segment. */
#define STREAM_CHUNK (64 * KIB)

struct stream {
	const struct net_settings *settings;
	struct trace *trace;
	int conn;
	int fd; /* -1 over memory */
	const struct carrier_ops *ops;
	void *carrier;

	struct buf in; /* received; what lies before `taken` is used up */
	size_t taken;
	size_t line_limit;
	bool more; /* the carrier may hold decoded bytes that poll(2) knows nothing of */
	bool at_end;
	bool gone; /* the peer ended it, one way or the other */

	struct buf out; /* not yet sent */
	bool out_secret;

	struct err err;       /* sticky */
	struct err write_err; /* a failed send: reported when there is nothing left to read */

	int64_t deadline;
	bool pending;  /* answers are due anyway */
	bool awaiting; /* something was sent that no byte has answered yet */
	int turns;
	int64_t opened, mark;  /* mark: when bytes went or came last */
	int64_t waited, moved; /* nanoseconds: for answers, of the bytes themselves */
	struct tally *tally;
	bool unhurried; /* the kernel wakes us for large pieces only (stream_copy) */
	uint64_t received, sent;
	int64_t paced_from; /* --limit-rate: when counting began, and what was moved since */
	uint64_t paced;
	int pipe[2]; /* for splice(2), -1 until the first big body */
	struct stream_report report;
};

extern const struct carrier_ops carrier_socket_ops, carrier_memory_ops, carrier_file_ops;
void *carrier_socket_open(int fd);
void *carrier_memory_open(struct str input, struct buf *output);

/* Waits for POLLIN/POLLOUT on the stream's socket and on other_fd (-1: none) for other_events.
 * False, with the error set, at a deadline or an interrupt. *ready gets the socket's revents.
 */
struct stream_wait {
	short events;
	int other_fd;
	short other_events;
};
bool stream_wait_for(struct stream *s, const struct stream_wait *wait, short *ready);
/* No interrupt came and no deadline passed; otherwise false with the error. For loops that may
 * never have to wait. */
bool stream_may_go_on(struct stream *s);
/* In the middle of a big body: a wake-up for each segment costs both sides more than the
 * copying does. A server that is slow ends it by itself. */
void stream_hurry(struct stream *s, bool hurry);
/* One receive into s->in. False at the end or an error. */
bool stream_receive(struct stream *s);
/* The same of what is there, which may be nothing: bytes on the socket need not be bytes of the
 * stream (a session ticket of TLS 1.3). */
bool stream_receive_ready(struct stream *s);
/* Bookkeeping after n bytes came in (turns, counters, rate). */
void stream_count_in(struct stream *s, size_t n);
/* Sleeps as long as --limit-rate asks after n more bytes. */
void stream_pace(struct stream *s, size_t n);

#endif
