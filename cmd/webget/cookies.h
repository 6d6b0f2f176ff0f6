/*
 * The cookies of a run: from the options to the jar, from the jar to requests,
 * from answers to the jar, and to its file at the end.
 */
#ifndef PARLEY_WEBGET_COOKIES_H
#define PARLEY_WEBGET_COOKIES_H

#include "cmd/webget/jar.h"
#include "cmd/webget/options.h"
#include "cmd/webget/request.h"
#include "common/base/list.h"
#include "common/net/trace.h"
#include "common/text/field.h"

/* Threads share it; the caller holds the run's lock. */
struct cookies {
	struct cookie_jar jar;
	const char *fixed; /* -b name=value: as it is, to the server that the user named */
	bool kept;         /* a jar is in use */
	struct list asked; /* with several lanes: the hosts whose answers are still to come */
};

/* Reads what -b names. ERR_IO, ERR_INTERNAL (no module psl). */
bool cookies_open(struct cookies *c, const struct webget_options *o, struct err *err);
/* Fills request.cookies. */
void cookies_prepare(struct cookies *c, struct request *r);
/* Whether an answer that is still to come may set what a request to host has to carry. */
bool cookies_must_wait(const struct cookies *c, const char *host);
/* A request to host is about to leave; its answer's Set-Cookie fields have been taken, or there
 * is none. */
void cookies_ask(struct cookies *c, const char *host);
void cookies_heard(struct cookies *c, const char *host);
/* Takes the Set-Cookie fields of an answer from url; a refusal is an event of the trace. */
void cookies_take(struct cookies *c, const struct fields *fields, const struct url *url,
    struct trace *trace, int conn);
/* Writes what -c names, and frees all. */
bool cookies_close(struct cookies *c, const struct webget_options *o, struct err *err);

#endif
