/*
 * A session: connected, protected where that is wanted, logged in. And the run
 * that several of them share.
 */
#ifndef PARLEY_FTPC_SESSION_H
#define PARLEY_FTPC_SESSION_H

#include <pthread.h>

#include "cmd/ftpc/options.h"
#include "cmd/ftpc/target.h"
#include "cmd/ftpc/transfer.h"

struct run {
	const struct ftpc_options *o;
	struct trace *trace;
	struct dialer *dialer, *data_dialer;
	const struct url *url; /* the server, and who to be there */
	struct creds creds;    /* found once: a prompt is not repeated */
	bool creds_known;
	bool step_by_step;         /* the server objected to commands sent ahead */
	bool bars;                 /* progress is shown */
	struct progress *progress; /* one line for several files; NULL: there is none */
	bool at_prompt;            /* sessions outlive Ctrl-C */
	pthread_mutex_t lock;
	int sessions; /* opened so far */
	int64_t start;

	/* What --timing tells, of the sessions that have ended. */
	struct tally control, data;
	int files;
	uint64_t bytes;
};

/* What the session is for, so that it can be asked for together with the login. Both may be
 * missing. */
struct session_wish {
	bool features;
	bool stays; /* a refused login leaves the session usable: no reply is left over */
	struct transfer *first;
};

/* Who to be: from URL, options, netrc, prompt; anonymous without any. Once a run. */
bool session_find_creds(struct run *run, struct err *err);
bool session_is_anonymous(const struct run *run);
/* Connects and takes the greeting. ftp_quit ends it, also after false. */
bool session_connect(struct run *run, struct ftp *f, struct err *err);
/* AUTH TLS as --tls says, USER, PASS, ACCT, PROT P, the commands of --quote. */
bool session_login(
    struct run *run, struct ftp *f, const struct session_wish *wish, struct err *err);
/* Both; where the server objects to commands sent ahead, once more without. */
bool session_open(
    struct run *run, struct ftp *f, const struct session_wish *wish, struct err *err);
/* A file was moved: for --timing. */
void session_count(struct run *run, uint64_t bytes);

#endif
