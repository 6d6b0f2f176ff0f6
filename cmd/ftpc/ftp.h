/*
 * The control connection (RFC 959 4, 1123, 2389, 3659, 4217): commands go out
 * in batches, replies are taken in their order, each by a function that knows
 * what the code means there. Knows no file of ours and no user.
 */
#ifndef PARLEY_FTPC_FTP_H
#define PARLEY_FTPC_FTP_H

#include "common/net/dial.h"
#include "common/proto/reply.h"

struct progress;

/* What FEAT told (RFC 2389), or experience. */
enum ftp_feature {
	FTP_MLST = 1,
	FTP_MFMT = 2,
	FTP_HASH = 4,
	FTP_XSHA256 = 8,
	FTP_UTF8 = 16,
	FTP_MDTM = 32,
	FTP_SIZE = 64,
	FTP_REST = 128,
};

struct ftp {
	struct stream *stream;
	struct dialer *dialer, *data_dialer; /* the latter without a trace */
	const struct net_settings *settings;
	struct tally *data_tally; /* where data connections leave their figures */
	struct endpoint to;       /* its host is owned by whoever opened */
	char tls_key[80];         /* of this connection's TLS sessions */
	struct reply reply;       /* the last one */
	bool quiet;               /* no notes on stderr */
	struct progress **line;   /* where the run has its progress line; NULL: nowhere */
	bool pipelines;           /* commands may be sent ahead */
	bool private_data;        /* PROT P: data connections speak TLS */
	bool uses_epsv;           /* until the server refuses it */
	const char *active;       /* the address for active mode, "-": ours; NULL: passive */
	char type;                /* the server's TYPE now: 'A', 'I', 0 unknown */
	bool features_known;
	unsigned features;
	bool moved;   /* CWD was said: a new session would stand elsewhere */
	bool closing; /* 421 was said */
	bool objects; /* to several commands at once, as the login showed */
	bool stays;   /* Ctrl-C ends a transfer and not the session */
};

/* A sentence on stderr, unless quiet, above the progress line. */
void ftp_note(const struct ftp *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A command of a batch. Texts are borrowed until its reply is taken. */
struct ftp_command {
	const char *verb;
	const char *arg; /* NULL: none */
	/* Looks at f->reply. False with err: the batch is given up. NULL: any reply will do. */
	bool (*take)(struct ftp *f, void *self, struct err *err);
	void *self;
	const bool
	    *unneeded; /* when it has become true: not sent, and if sent already, ignored */
};

enum { FTP_BATCH_MOST = 12 };
struct ftp_batch {
	struct ftp_command commands[FTP_BATCH_MOST];
	int count, sent, taken;
};

void ftp_add(struct ftp_batch *b, struct ftp_command command);
/* Puts what may be put before a reply is there: all with pipelining, else nothing. */
void ftp_put(struct ftp *f, struct ftp_batch *b);
/* Puts what is left and takes all replies. False with err, and then the rest of the batch is
 * still to be taken if its replies are on their way: ftp_drain. */
bool ftp_run(struct ftp *f, struct ftp_batch *b, struct err *err);
/* Takes the replies that are left, whatever they say. False: the connection broke. */
bool ftp_drain(struct ftp *f, struct ftp_batch *b);

/* One command and its final reply (1yz are passed over). False with err only when there is no
 * reply: look at f->reply. arg may be NULL. */
bool ftp_ask(struct ftp *f, const char *verb, const char *arg, struct err *err);
/* The same where only 2yz is success; else false, with what the reply means. */
bool ftp_do(struct ftp *f, const char *verb, const char *arg, struct err *err);
/* One reply, as it comes. */
bool ftp_read(struct ftp *f, struct err *err);
/* The reply that ends a command: 1yz before it are passed over. */
bool ftp_read_final(struct ftp *f, struct err *err);
/* Sets err by the last reply: "RETR x: ...". verb decides what 550 and 552 mean. False. */
bool ftp_refused(struct ftp *f, const char *verb, const char *arg, struct err *err);
/* False with ERR_USAGE for an argument that can't stand in a command. */
bool ftp_is_line(const char *arg, struct err *err);

/* The greeting: 220, 120 waited for. */
bool ftp_greeting(struct ftp *f, struct err *err);
/* AUTH TLS (RFC 4217 4) and the handshake. False without err: refused, go on in the clear. */
bool ftp_auth_tls(struct ftp *f, struct err *err);
bool ftp_type(struct ftp *f, char type, struct err *err);
/* FEAT, once. Never an error but the connection's. */
bool ftp_feat(struct ftp *f, struct err *err);
bool ftp_take_feat(struct ftp *f, void *self, struct err *err);
/* PWD's path (RFC 959 appendix II: between quotes, doubled inside), to be freed. */
char *ftp_pwd(struct ftp *f, struct err *err);
/* SIZE and MDTM (RFC 3659 3, 4) of a 213; false for anything else. */
bool ftp_read_size(const struct ftp *f, uint64_t *size);
bool ftp_read_time(const struct ftp *f, int64_t *time);
/* "20260102030405" as seconds since 1970; fractions are dropped. Two-digit centuries as sent
 * by old servers (19100...) are refused. */
bool ftp_parse_time(struct str text, int64_t *time);
/* MFMT (draft-somers-ftp-mfxx); false when the server can't. */
bool ftp_mfmt(struct ftp *f, const char *path, int64_t time, struct err *err);
/* QUIT, not waiting for the answer, and the end of the stream. */
void ftp_quit(struct ftp *f);

#endif
