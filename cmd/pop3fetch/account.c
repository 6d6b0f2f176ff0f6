/*
 * The course of one account. Each task ends with QUIT.
 */
#include "cmd/pop3fetch/account.h"

#include <stdlib.h>
#include <time.h>

#include "cmd/pop3fetch/fetch.h"
#include "cmd/pop3fetch/identity.h"
#include "cmd/pop3fetch/plan.h"
#include "cmd/pop3fetch/view.h"
#include "common/base/mem.h"
#include "common/cli/progress.h"

static bool has_place(const struct pop3fetch_options *o)
{
	return o->maildir || o->mbox || o->mda;
}

/* ---- where mail goes ---- */

static bool open_place(struct fetch *f, const struct pop3fetch_options *o, struct err *err)
{
	struct deliver_options to = {
	    .kind = DELIVER_STREAM, .fd = STDOUT_FILENO, .crlf = o->crlf};
	if (o->maildir) {
		to.kind = DELIVER_MAILDIR;
		to.target = o->maildir;
	} else if (o->mbox) {
		to.kind = DELIVER_MBOX;
		to.target = o->mbox;
	} else if (o->mda) {
		to.kind = DELIVER_PIPE;
		to.target = o->mda;
	} else if (o->output) {
		f->file = outfile_open(o->output, OUTFILE_SYNC, err);
		if (!f->file)
			return false;
		to.fd = outfile_fd(f->file);
	}
	f->deliver = deliver_open(&to, err);
	return f->deliver != NULL;
}

static bool open_state(struct account *a, struct state *state, struct err *err)
{
	const struct session *s = &a->session;
	const char *user = s->creds.user ? s->creds.user : "";
	char *path = a->o->state ? mem_dup(a->o->state)
				 : state_path(user, s->target.host, s->target.port);
	bool ok = path ? state_open(state, path, !a->o->dry_run, err)
		       : err_set(err, ERR_CONFIG,
			     "no place for the list of what was fetched: set HOME, or --state");
	free(path);
	return ok;
}

/* ---- tasks ---- */

static bool survey(struct account *a, struct err *err)
{
	size_t nameless = 0;
	a->is_survey = a->session.surveys = true;
	return session_open(&a->session, err) &&
	       identity_survey(&a->session, &a->drop, &nameless, err) &&
	       (nameless == 0 || a->o->all || identity_by_heads(&a->session, &a->drop, err));
}

static void quit(struct account *a, struct err *err)
{
	struct stream *stream = a->session.pop3.stream;
	if (stream && !err_is_set(stream_err(stream)))
		session_quit(&a->session, err);
	session_drop(&a->session);
}

static uint64_t size_of(const struct maildrop *d)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < d->count; i++)
		sum += d->items[i].fetch ? d->items[i].size : 0;
	return sum;
}

static void transfer(struct account *a, struct fetch *f, struct err *err)
{
	bool shown = has_place(a->o) || a->o->output;
	struct progress_file *bar = progress_open_one(
	    shown && netopts_wants_progress(&a->o->common), a->session.target.shown);
	f->counter = progress_file_begin(bar, 0, size_of(&a->drop));
	f->account = mem_printf("%s@%s:%u", a->session.creds.user ? a->session.creds.user : "",
	    a->session.target.host, a->session.target.port);
	fetch_run(f, err);
	free((char *)(uintptr_t)f->account);
	progress_close_one(bar, !err_is_set(err));
}

static void collect(struct account *a)
{
	struct state state = {0};
	struct fetch f = {.session = &a->session,
	    .drop = &a->drop,
	    .state = &state,
	    .now = (int64_t)time(NULL)};
	struct err absent = {0};
	bool ok = open_state(a, &state, &a->err) &&
		  (a->o->dry_run || open_place(&f, a->o, &a->err)) && survey(a, &a->err);
	if (ok) {
		plan_recall(&a->drop, &state);
		plan_make(&a->drop, a->o, &a->only, f.now);
		plan_check(&a->drop, &a->only, &absent);
	}
	if (ok && !a->o->dry_run)
		transfer(a, &f, &a->err);
	else
		quit(a, &a->err);
	err_pass(&a->err, &absent);
	deliver_close(f.deliver);
	outfile_abandon(f.file);
	state_close(&state);
}

/* --dele: no state, for nothing was fetched; unless it was before, and then it is forgotten by
 * the next run. */
static void delete_only(struct account *a)
{
	struct fetch f = {.session = &a->session, .drop = &a->drop};
	struct err absent = {0};
	size_t ignored;
	a->session.surveys = true;
	bool ok = session_open(&a->session, &a->err) &&
		  identity_survey(&a->session, &a->drop, &ignored, &a->err);
	a->is_survey = true;
	for (size_t i = 0; i < a->drop.count; i++)
		a->drop.items[i].dele = numbers_have(&a->o->dele, a->drop.items[i].number);
	if (ok)
		plan_check(&a->drop, &a->o->dele, &absent);
	if (ok && !a->o->dry_run)
		fetch_run(&f, &a->err);
	else
		quit(a, &a->err);
	err_pass(&a->err, &absent);
}

static void look(struct account *a)
{
	struct err err = {0};
	a->session.surveys = view_surveys(a);
	if (session_open(&a->session, &err))
		view_run(a, &err);
	quit(a, &err);
	err_pass(&a->err, &err);
}

static void run_task(struct account *a)
{
	if (options_look_only(a->o) || (a->session.target.number && !has_place(a->o)))
		look(a);
	else if (a->o->dele.count)
		delete_only(a);
	else
		collect(a);
}

void account_run(struct account *a, struct dialer *dialer)
{
	a->only = a->o->only;
	struct number_range one;
	if (session_init(&a->session, a->o, a->text, &a->err)) {
		session_set_dialer(&a->session, dialer);
		if (a->session.target.number) {
			one.first = one.last = a->session.target.number;
			a->only = (struct numbers){&one, 1};
		}
		run_task(a);
	}
	a->only = (struct numbers){0};
}

void account_free(struct account *a)
{
	session_free(&a->session);
	maildrop_free(&a->drop);
}
