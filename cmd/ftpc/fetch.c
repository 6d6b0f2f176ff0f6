/*
 * Downloads. What is a success is decided in prove().
 */
#include "cmd/ftpc/fetch.h"

#include <inttypes.h>
#include <string.h>

#include "cmd/ftpc/checksum.h"
#include "cmd/ftpc/receive.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/cli/progress.h"
#include "common/cli/userfile.h"

void fetch_init(struct fetch *x, const char *remote, const char *local, bool ascii)
{
	*x = (struct fetch){.remote = remote, .local = local, .ascii = ascii, .preserve = true};
	x->t = TRANSFER("RETR", remote, ascii ? 'A' : 'I');
	x->t.wants_facts = true;
	x->out.fd = -1;
}

struct transfer *fetch_first(struct fetch *x)
{
	x->t.only_facts = x->resume;
	return &x->t;
}

void fetch_free(struct ftp *f, struct fetch *x)
{
	if (x->is_open)
		local_abandon(&x->out);
	transfer_free(f, &x->t);
}

/* ---- where it goes ---- */

/* A part is continued if the server's file is still the one it came from, as far as size and
 * time can tell. */
static bool is_still_the_same(const struct fetch *x)
{
	return (!x->t.size_known || x->out.held <= x->t.size) &&
	       (!x->t.time_known || x->t.time <= x->out.held_time);
}

static bool open_part(struct ftp *f, struct fetch *x, struct err *err)
{
	if (!local_find_part(&x->out, x->local, err))
		return false;
	x->is_open = true;
	if (!transfer_ask_facts(f, &x->t, err))
		return false;
	x->done = is_still_the_same(x) ? x->out.held : 0;
	x->t.rest = x->done;
	return true;
}

static bool open_local(struct fetch *x, struct err *err)
{
	if (x->resume && x->flags & OUTFILE_CREATE_DIRS)
		userfile_make_dirs(x->local, 0777); /* what failed the next step says */
	if (x->resume)
		return x->out.fd >= 0 || local_open_part(&x->out, x->done, err);
	if (!x->is_open)
		x->is_open = local_open(&x->out, x->local, x->flags, err);
	return x->is_open;
}

/* ---- moving ---- */

static bool receive(struct ftp *f, struct fetch *x, struct checksum *sum, struct err *err)
{
	struct stream *s = x->t.channel.stream;
	uint64_t total = x->t.size_known ? x->t.size : PROGRESS_UNKNOWN;
	struct receiver r = {.out = &x->out,
	    .ascii = x->ascii,
	    .sum = sum,
	    .counter = progress_file_begin(x->progress, x->t.rest, total),
	    .trace = stream_trace(f->stream),
	    .conn = stream_conn(f->stream)};
	uint64_t before = stream_received(s) - stream_held(s).len;
	bool ok = receive_all(&r, s, err);
	x->done += stream_received(s) - before - (ok ? 0 : stream_held(s).len);
	return ok;
}

/* "226" is the server's word; the size is the proof. */
static bool prove(const struct fetch *x, struct err *err)
{
	if (x->ascii || !x->t.size_known || x->done == x->t.size)
		return true;
	return err_set(err, ERR_AGAIN,
	    "the server says it is done, but %" PRIu64 " of %" PRIu64 " bytes are here",
	    x->done, x->t.size);
}

static bool finish(struct ftp *f, struct fetch *x, struct checksum *sum, struct err *err)
{
	if (!prove(x, err) || (sum && !checksum_compare(f, x->remote, sum, err)))
		return false;
	if (x->preserve && x->t.time_known)
		local_set_time(&x->out, x->t.time);
	/* stdout is for all files of a run. */
	bool ok = local_commit(&x->out, err);
	x->is_open = false;
	return ok;
}

static bool is_complete(const struct fetch *x)
{
	return x->resume && x->t.rest && x->t.size_known && x->done == x->t.size;
}

/* Everything behind this one has been asked for on a session in step; a broken end leaves the
 * stream's error for the next to find. */
static bool move(struct run *run, struct ftp *f, struct fetch *x, struct err *err)
{
	struct checksum sum, *wanted = NULL;
	(void)run;
	if (!transfer_begin(f, &x->t, err))
		return false;
	if (!open_local(x, err)) {
		transfer_abort(f, &x->t);
		return false;
	}
	if (x->checksum && !x->ascii) {
		if (!checksum_start(&sum, f, &x->out, x->done, err)) {
			transfer_abort(f, &x->t);
			return false;
		}
		wanted = &sum;
	}
	bool ok = receive(f, x, wanted, err);
	/* A checksum is a question of its own: nothing goes ahead of it. */
	struct transfer *next = x->next && !wanted ? fetch_first(x->next) : NULL;
	if (ok)
		ok = transfer_end(f, &x->t, next, err) && finish(f, x, wanted, err);
	else
		transfer_abort(f, &x->t);
	if (wanted)
		checksum_free(wanted);
	return ok;
}

static bool attempt(struct run *run, struct ftp *f, struct fetch *x, struct err *err)
{
	if (x->resume && !x->is_open && !open_part(f, x, err))
		return false;
	if (!is_complete(x))
		return move(run, f, x, err);
	progress_file_begin(x->progress, x->done, x->done);
	if (!open_local(x, err))
		return false;
	return finish(f, x, NULL, err);
}

/* ---- again ---- */

bool fetch_try_again(struct run *run, struct ftp *f, int n, struct err *err)
{
	const struct net_settings *net = &run->o->common.net;
	int64_t wait =
	    run->o->retry_delay_ms ? run->o->retry_delay_ms : (int64_t)1000 << (n < 6 ? n : 6);
	trace_note(run->trace, f->stream ? stream_conn(f->stream) : 1, "retry", "in %g s",
	    (double)wait / 1000);
	int64_t until = clock_earlier(clock_after_ms(wait), net->deadline);
	while (!clock_passed(until) && !net_is_interrupted(net))
		clock_sleep_until(until);
	if (net_is_interrupted(net))
		return err_set(err, ERR_INTERRUPT, "interrupted");
	if (f->stream && !f->closing && !err_is_set(stream_err(f->stream)))
		return true;
	if (f->moved)
		return err_set(err, ERR_AGAIN, "the session broke after a change of directory");
	ftp_quit(f);
	return session_open(run, f, NULL, err);
}

/* What is here already need not come again, unless the file has changed meanwhile. */
static bool prepare_again(struct ftp *f, struct fetch *x, struct err *err)
{
	uint64_t size = x->t.size;
	int64_t time = x->t.time;
	bool had_size = x->t.size_known, had_time = x->t.time_known;
	transfer_reset(f, &x->t);
	if (!x->is_open)
		return true;
	x->t.size_known = x->t.time_known = false;
	if (!transfer_ask_facts(f, &x->t, err))
		return false;
	bool same = had_size == x->t.size_known && had_time == x->t.time_known &&
		    (!had_size || (size == x->t.size && x->done < size)) &&
		    (!had_time || time == x->t.time) && !x->ascii;
	if (!same && !local_rewind(&x->out, err))
		return false;
	x->done = same ? x->done : 0;
	x->t.rest = x->done;
	return true;
}

/* What was asked ahead for the next file is taken back: its replies stand before ours. */
static void recall_next(struct ftp *f, struct fetch *x)
{
	if (!x->next || !x->next->t.announced)
		return;
	if (f->stream && !err_is_set(stream_err(f->stream)))
		transfer_abort(f, &x->next->t);
	transfer_reset(f, &x->next->t);
}

static bool try_all(struct run *run, struct ftp *f, struct fetch *x, struct err *err)
{
	for (int n = 0;; n++) {
		struct err now = {0};
		if (n > 0)
			recall_next(f, x);
		bool ready = n == 0 || (fetch_try_again(run, f, n - 1, &now) &&
					   prepare_again(f, x, &now));
		if (ready && attempt(run, f, x, &now)) {
			session_count(run, x->done - x->t.rest);
			return true;
		}
		if (now.kind != ERR_AGAIN || n >= run->o->retry)
			return err_pass(err, &now);
	}
}

bool fetch_run(struct run *run, struct ftp *f, struct fetch *x, struct err *err)
{
	if (x->bar)
		x->progress = progress_open_one(true, x->remote);
	bool ok = try_all(run, f, x, err);
	if (x->bar)
		progress_close_one(x->progress, ok);
	return ok;
}
