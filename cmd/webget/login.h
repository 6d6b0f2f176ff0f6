/*
 * The credentials of one task: which Authorization goes with the next request,
 * and what a 401 changes about it.
 */
#ifndef PARLEY_WEBGET_LOGIN_H
#define PARLEY_WEBGET_LOGIN_H

#include "cmd/webget/auth.h"
#include "cmd/webget/request.h"
#include "common/cli/creds.h"
#include "common/text/httphead.h"

struct login {
	struct creds creds;
	struct challenge challenge; /* the server's, scheme AUTH_NONE before the first */
	enum auth_scheme sent;      /* what went with the last request */
	bool gave_up;               /* what we have was refused */
};

/* What was found for the last URL: netrc is read, and a password command run, once for a run
 * of URLs on one host. */
struct login_memory {
	char *key; /* "user@host" */
	struct creds creds;
};

/* Looks the user up for the URL the user named; no prompt. */
bool login_start(struct login *l, struct login_memory *memory, const struct webget_options *o,
    const struct url *url, struct err *err);
void login_forget(struct login_memory *memory);
/* Fills request.authorization for a session; nothing for an origin that is not trusted. False
 * with ERR_AUTH when a password would go out in the clear. */
bool login_prepare(
    struct login *l, struct request *r, const struct session *s, struct err *err);
/* After a 401: is there something (else) to answer it with? May ask the user for a password. */
bool login_can_answer(
    struct login *l, const struct request *r, const struct http_head *head, struct err *err);
void login_free(struct login *l);

#endif
