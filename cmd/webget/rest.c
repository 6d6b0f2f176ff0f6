/*
 * The rest of a file, in the course of a task. What a version is, and what is
 * there of it, is resume.c's.
 */
#include "cmd/webget/rest.h"

#include <string.h>

#include "cmd/webget/digests.h"
#include "cmd/webget/pieces.h"
#include "cmd/webget/range.h"

/* With --continue the file that broke off is looked at, and locked, before anything is asked. A
 * retry may go on with what came before it in any case, if it knows the version. */
void rest_prepare(struct task *t)
{
	const struct webget_options *o = t->run->o;
	bool plain = t->job->output && strcmp(t->request.method, "GET") == 0 && !o->include &&
		     !o->compressed && !o->range && !t->request.has_payload;
	if (!plain || t->job->aside || (!o->resume && !o->retry) || err_is_set(&t->err))
		return;
	t->delivery.resume = &t->resume;
	if (o->resume && deliver_open_partial(&t->delivery, &t->err))
		resume_load(&t->resume, t->delivery.out, t->job->text);
}

/* The rest of a file that is there: True when it may be appended; otherwise, without an error,
 * all has to be asked for. */
bool rest_take(struct task *t, struct session *s, struct http1_body *b)
{
	struct delivery *d = &t->delivery;
	if (resume_judge(&t->resume, &t->head.head) != RESUME_REST ||
	    !resume_compare(&t->resume, b, d->out, &t->err))
		return false;
	trace_note(t->run->trace, stream_conn(s->stream), "resume", "at %llu bytes",
	    (unsigned long long)t->resume.have);
	d->written = t->resume.have;
	return true;
}

/* So a run ended between the last byte and the rename, or the server counts otherwise. */
enum outcome rest_complete(struct task *t, struct session *s, struct http1_body *b)
{
	struct delivery *d = &t->delivery;
	struct digests digests;
	const struct http_head nothing_new = {.status = 206};
	const struct digests_before all = {.fd = outfile_fd(d->out), .have = t->resume.have};
	d->written = t->resume.have;
	progress_file_begin(d->progress, d->written, d->written);
	s->usable = deliver_discard(b, NULL);
	bool ok = digests_open(&digests, &t->job->digests, &nothing_new, &all, &t->err) &&
		  digests_finish(&digests, &t->err) &&
		  pieces_check_all(t->job->pieces, all.fd, all.have, &t->err);
	digests_free(&digests);
	if (!ok)
		resume_forget(&t->resume, d->out);
	return ok ? OUTCOME_DONE : OUTCOME_FAILED;
}

enum outcome rest_refuse(struct task *t, struct session *s, struct http1_body *b)
{
	trace_note(t->run->trace, stream_conn(s->stream), "resume",
	    "refused: the file has changed, or the server can't; it is fetched anew");
	resume_drop(&t->resume);
	s->usable = deliver_discard(b, t->delivery.store);
	return OUTCOME_AGAIN;
}

/* A part (206) where all was asked for; the whole as one part is let through. */
bool rest_is_unasked(const struct task *t)
{
	const struct request *r = &t->request;
	struct range got;
	if (t->head.head.status != 206 || t->run->o->range || request_is_overridden(r, "range"))
		return false;
	return !range_parse(&t->head.head, &got) || got.first > 0 || got.last + 1 < got.total;
}
