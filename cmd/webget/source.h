/*
 * A server that ranges of one file come from: how it is asked, and whether its
 * answer is of the very file that the others give. Pure but for the words it
 * puts on a session; nothing here waits.
 */
#ifndef PARLEY_WEBGET_SOURCE_H
#define PARLEY_WEBGET_SOURCE_H

#include "cmd/webget/login.h"
#include "cmd/webget/range.h"
#include "common/proto/http1.h"

struct source {
	struct request *request; /* its URL and what goes with it */
	struct login *login;
	char *name; /* the URL as it may be shown */
	bool first; /* what the user asked for; the others are mirrors of it */
	char *etag; /* strong, and the date: its answers have to have them; NULL: not known */
	char *modified;
	bool dropped;
	int users;    /* connections that read from it */
	int failures; /* in a row, nothing came in between */
	int redirects;
	int64_t not_before; /* a pause after a failure */
	uint64_t bytes;     /* that came from it */
};

/* What every answer has to agree with. */
struct source_wish {
	struct range range;
	/* The whole will be checked by its digest: a mirror need not prove that it has the
	 * same.
	 */
	bool will_be_checked;
	const struct source
	    *original; /* the first one's version; the same server must have it */
};

enum source_answer {
	SOURCE_GOOD,
	SOURCE_MOVED,     /* a redirect */
	SOURCE_CHALLENGE, /* 401 */
	SOURCE_LATER,     /* this may pass: 503 and its like */
	SOURCE_USELESS,   /* it gives nothing more for this file: *why */
};

/* A mirror of the URL text. NULL with ERR_USAGE when that is none of http(s). */
struct request *source_request(
    const struct webget_options *o, const char *text, struct err *err);
/* Fills in name. */
void source_init(struct source *s, struct request *request, struct login *login, bool first);
void source_free(struct source *s); /* not the request, nor the login */
/* Keeps the version that the first answer is of. */
void source_note_version(struct source *s, const struct http_head *head);
/* Puts a request for these bytes on the session. False with ERR_AUTH. */
bool source_ask(
    struct source *s, struct session *session, const struct range *range, struct err *err);
enum source_answer source_judge(struct source *s, const struct source_wish *wish,
    const struct http_head *head, const char **why);
/* Goes where Location leads. */
bool source_follow(struct source *s, const struct http_head *head, int most);

#endif
