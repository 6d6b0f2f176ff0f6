/*
 * Where fetched mail goes: Maildir, mbox, a command, a stream in mbox form. Nothing is lost
 * and nothing is doubled: a message counts as delivered when deliver_sync came back true, and
 * one that did so without the caller's noting it is recognised by its key. Knows no protocol.
 */
#ifndef PARLEY_MAIL_DELIVER_H
#define PARLEY_MAIL_DELIVER_H

#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/base/str.h"

enum deliver_kind {
	DELIVER_MAILDIR, /* target: the directory, made if it is not there */
	DELIVER_MBOX,    /* target: the file (mboxrd), made if it is not there */
	DELIVER_PIPE,    /* target: a command for sh, run once a message, which is its stdin */
	DELIVER_STREAM,  /* fd: mboxrd, no lock, no sync */
};

struct deliver_options {
	enum deliver_kind kind;
	const char *target;
	int fd;    /* DELIVER_STREAM */
	bool crlf; /* keep CRLF; otherwise it becomes LF (mbox: always LF) */
};

/* What is known of a message besides its bytes. */
struct deliver_envelope {
	struct str key;    /* names the message among all that ever come here: account, mailbox,
			      unique id. Empty: not to be recognised */
	struct str sender; /* for mbox's From_ line; may be empty */
	int64_t time;      /* received, seconds since 1970; 0 is now */
	const char *flags; /* Maildir letters (DFPRST), or NULL; with any it goes to cur/ */
};

struct deliver;

/* NULL with ERR_CREATE (cannot be made or written), ERR_AGAIN (locked by another). */
struct deliver *deliver_open(const struct deliver_options *o, struct err *err);
/* Gives up what is not synced, and frees. */
void deliver_close(struct deliver *d);

/* In the order of a run: open; has, for each message that the caller has no note of; note;
 * settle; then begin to end for each, sync, note and settle for each batch; close. */

/* Was a message of this key delivered already, by a run that did not come to note it? */
bool deliver_has(struct deliver *d, struct str key);

/* One message: begin, put its bytes in pieces, then end or cancel. After a false nothing of the
 * message remains, and cancel is not needed; what ended before is untouched. ERR_IO,
 * ERR_CREATE. The command runs at the end of its message, which it gets whole or not at all;
 * its non-zero status is ERR_AGAIN for 75 and otherwise ERR_IO. */
bool deliver_begin(struct deliver *d, const struct deliver_envelope *e, struct err *err);
bool deliver_put(struct deliver *d, struct str piece, struct err *err);
bool deliver_end(struct deliver *d, struct err *err);
void deliver_cancel(struct deliver *d);

/* Makes all that ended since the last sync durable and visible; only then are they delivered.
 * False: those of them that *done (may be NULL) counts, in order, are delivered, the others
 * are not there. */
bool deliver_sync(struct deliver *d, size_t *done, struct err *err);
/* The caller has noted (durably) what the last sync delivered: the means to recognise it may be
 * dropped. */
void deliver_settle(struct deliver *d);

/* Maildir: gives a message delivered here earlier other flags. False if it is not there, or
 * elsewhere than in a Maildir. */
bool deliver_set_flags(struct deliver *d, struct str key, const char *flags);

#endif
