/*
 * One conversation's two directions: lines and bytes over a socket, TLS or
 * memory, with limits, deadlines and a sticky error.
 *
 * Writes only append and return nothing; a read flushes first. So a pipeline
 * is several puts before a read, and one write leaves per round trip. A broken
 * stream swallows writes, and the next read or flush reports; the first error
 * wins and stays (stream_err). Whatever waits has a deadline: the idle timeout,
 * the run's --max-time, and the user's interrupt.
 */
#ifndef PARLEY_NET_STREAM_H
#define PARLEY_NET_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"
#include "common/net/settings.h"
#include "common/net/tally.h"
#include "common/net/trace.h"

struct stream;

/*
 * What carries the bytes. recv and send return a count, 0 at the end (recv),
 * or one of the negative codes; they never block when the fd is non-blocking.
 */
enum carrier_code { CARRIER_FAILED = -1, CARRIER_WANT_READ = -2, CARRIER_WANT_WRITE = -3 };

struct carrier_ops {
	ssize_t (*recv)(void *self, void *bytes, size_t len, struct err *err);
	ssize_t (*send)(void *self, const void *bytes, size_t len, struct err *err);
	/* Says goodbye (TLS close_notify) if it can without waiting, and frees self. */
	void (*close)(void *self);
	/* True when the bytes on the fd are the bytes of the stream: splice(2) may be used. */
	bool plain;
};

/* What dial learnt on the way, for --timing and the trace. */
struct stream_report {
	char peer[80]; /* "192.0.2.1:80" */
	double dns_ms, tcp_ms, proxy_ms, tls_ms;
	int turns;     /* round trips before the first byte of the dialogue: TCP, proxy, TLS */
	int tls_turns; /* of them, TLS's */
	bool tls;
	bool resumed;
	char tls_version[16], tls_cipher[48], tls_subject[128], alpn[16];
};

/* A stream over a connected socket, which it owns and makes non-blocking.
 * settings and trace must outlive it; trace may be NULL. */
struct stream *stream_open(int fd, const struct net_settings *settings, struct trace *trace);
/* A stream that reads `input` and appends what is sent to *output: for tests and for
 * parsing what stands in memory. Both must outlive it; output may be NULL. */
struct stream *stream_over_memory(struct str input, struct buf *output);
/* A stream that reads a file from where it stands; it owns the descriptor and is never traced.
 */
struct stream *stream_over_file(int fd, const struct net_settings *settings);
/* Closes without flushing; NULL is fine. */
void stream_close(struct stream *s);

const struct err *stream_err(const struct stream *s);
/* Records an error unless there is one. Returns false. */
bool stream_fail(struct stream *s, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
struct stream_report *stream_report(struct stream *s);
struct trace *stream_trace(struct stream *s);
int stream_conn(const struct stream *s); /* its number in the trace */
int stream_fd(const struct stream *s); /* for the kernel's RTT and for polling; -1 in memory */
/* Where the figures go when it closes; must outlive it. NULL, as at first: nowhere. */
void stream_set_tally(struct stream *s, struct tally *tally);
/* Round trips of the dialogue: how often something was sent and then an answer came. A server
 * that speaks first answers the handshake: one too. */
int stream_turns(const struct stream *s);
/* Answers to what was sent before are still on their way (a pipeline's window is being
 * refilled): then the next flush costs no round trip of its own. */
void stream_set_pending(struct stream *s, bool pending);
/* Bytes received and sent so far, as the dialogue sees them (inside TLS). */
uint64_t stream_received(const struct stream *s);
uint64_t stream_sent(const struct stream *s);

/* Replaces what carries the bytes (TLS over the same fd). Refuses, with ERR_PROTOCOL, when
 * input is already waiting: it came before the handshake and must not be believed
 * (STARTTLS injection, RFC 3207 4.2 and 6; CVE-2011-0411). */
bool stream_set_carrier(struct stream *s, const struct carrier_ops *ops, void *self);
/* An absolute limit for all that follows, beside the idle timeout; 0 takes it away. */
void stream_set_deadline(struct stream *s, int64_t deadline);
/* The longest line stream_line accepts, LIMIT_LINE at first. */
void stream_set_line_limit(struct stream *s, size_t bytes);

/* ---- writing ---- */
void stream_put(struct stream *s, const void *bytes, size_t len);
/* Room for len more bytes of output (at most 256 KiB), to be filled and then counted by
 * stream_put_room: for who makes bytes and would only copy them here. NULL on a broken stream.
 */
char *stream_room(struct stream *s, size_t len);
void stream_put_room(struct stream *s, size_t len);
void stream_put_text(struct stream *s, const char *text);
/* A line of the dialogue: formatted, refused (ERR_USAGE) when a CR, LF or NUL is in it,
 * traced as C:, CRLF added. */
void stream_put_line(struct stream *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The same for one that is all there. */
void stream_put_whole(struct stream *s, struct str line);
/* The same where `shown` stands in the trace ("PASS ****"); wiped after the flush. */
void stream_put_secret(struct stream *s, const char *shown, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
bool stream_flush(struct stream *s);
size_t stream_unsent(const struct stream *s);
/* Sends from a file descriptor, exactly len bytes (ERR_IO when it ends early), counting
 * into *counter (may be NULL). Flushes first. */
bool stream_send_fd(struct stream *s, int fd, uint64_t len, _Atomic uint64_t *counter);

/* ---- reading: each flushes first ---- */
/* A line without its CRLF or LF, borrowed until the next read. False at an error; the end of
 * input is ERR_AGAIN "the server closed the connection". Not traced: the reader of replies
 * knows what is secret and traces it. */
bool stream_line(struct stream *s, struct str *line);
/* At least one more byte in stream_held(); false at the end or an error (stream_at_end
 * tells). */
bool stream_fill(struct stream *s);
/* What was received and not yet taken; borrowed until the next read. */
struct str stream_held(const struct stream *s);
void stream_take(struct stream *s, size_t len);
bool stream_at_end(const struct stream *s);
/* The peer closed or reset the connection (no deadline, no interrupt). */
bool stream_is_gone(const struct stream *s);
/* True when something can be read without waiting, the end included. */
bool stream_is_ready(struct stream *s);
/* Flushes and waits at most ms milliseconds for something to read: is there anything? */
bool stream_await(struct stream *s, int ms);
/* Moves `len` bytes (or, with len < 0, all until the end) to fd, the cheapest way the kernel
 * has, counting into *counter as they are written. False with the stream's error (early end:
 * ERR_AGAIN; the fd can't be written: ERR_IO, or for a closed pipe too). */
bool stream_copy(struct stream *s, int fd, int64_t len, _Atomic uint64_t *counter);

#endif
