/*
 * The session by hand or by script: what the commands share.
 */
#ifndef PARLEY_FTPC_HAND_H
#define PARLEY_FTPC_HAND_H

#include "cmd/ftpc/list.h"
#include "cmd/ftpc/session.h"
#include "common/cli/shell.h"

struct hand {
	struct run *run;
	struct ftp f;
	struct target target;
	bool has_target, logged_in;
	bool ascii, globs, preserve, asks, hash;
	bool takes_rest, leaves_rest; /* what was answered for all names of this command */
	char *user;                   /* typed, waiting for its password */
	uint64_t restart;             /* of the next get or put */
	/* What remote completion and globs see; kept until something changes there. */
	struct listing names;
	char *names_dir; /* whose they are, "" for where the session stands; NULL: none known */
	char prompt[64];
};

void hand_init(struct hand *h, struct run *run);
void hand_free(struct hand *h);
/* Connects; logs in if the run knows who. */
bool hand_open(struct hand *h, const char *target, struct err *err);
void hand_close(struct hand *h);
/* There is a connection. */
bool hand_connected(struct hand *h, struct err *err);
/* And somebody is logged in: anonymous if nobody was named. */
bool hand_ready(struct hand *h, struct err *err);
/* ftp_do on it; changes: the directory's names may be others afterwards. */
bool hand_do(struct hand *h, const char *verb, const char *arg, struct err *err);
void hand_forget_names(struct hand *h);
/* h->names of a directory there, "" or ending in '/'. */
bool hand_find_names(struct hand *h, const char *dir, struct err *err);
/* What a terminal or pipe gets: text of the server's. */
bool hand_print(struct str text, struct err *err);
/* The last reply's text. */
bool hand_print_reply(struct hand *h, struct err *err);

/* The number of arguments is right. */
bool hand_wants(int argc, int least, int most, struct err *err);

/* The rows of the three files of commands. */
extern const struct shell_row commands_session_rows[], commands_file_rows[],
    commands_list_rows[];

#endif
