/*
 * Mirrors. Each worker has a session of its own and takes directories and files
 * off one plan; looking into a directory adds to the plan.
 */
#include "cmd/ftpc/mirror.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/ftpc/mirror_down.h"
#include "cmd/ftpc/mirror_up.h"
#include "common/base/mem.h"
#include "common/base/workers.h"
#include "common/cli/say.h"

bool mirror_wants(const struct list *globs, const char *path, bool is_dir)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	bool wanted =
	    is_dir || !globs->count || !str_is(str_of(globs->items[0].name), "include");
	for (size_t i = 0; i < globs->count; i++) {
		const char *glob = globs->items[i].text;
		if (fnmatch(glob, path, 0) == 0 || fnmatch(glob, name, 0) == 0)
			wanted = str_is(str_of(globs->items[i].name), "include");
	}
	return wanted;
}

char *mirror_join(const char *root, const char *path)
{
	bool both = root[0] && path[0];
	bool slash = both && root[strlen(root) - 1] != '/';
	return mem_printf("%s%s%s", root, slash ? "/" : "", path);
}

void mirror_failed(struct mirroring *m, const char *path, const struct err *err)
{
	progress_hold(m->m->run->progress);
	say_error("ftpc", path, err);
	progress_release(m->m->run->progress);
	pthread_mutex_lock(&m->plan.lock);
	err_pass(&m->first, err);
	pthread_mutex_unlock(&m->plan.lock);
}

void mirror_note(struct mirroring *m, const char *path, const char *text)
{
	progress_hold(m->m->run->progress);
	say_note("ftpc", false, "%s: %s", path, text);
	progress_release(m->m->run->progress);
}

bool mirror_says(struct mirroring *m, const char *what, const char *path)
{
	const struct net_options *o = &m->m->run->o->common;
	bool dry_run = m->m->dry_run;
	if (o->quiet && !dry_run)
		return true;
	progress_hold(m->m->run->progress);
	say_note("ftpc", false, "%s%s %s", dry_run ? "would " : "", what, path);
	progress_release(m->m->run->progress);
	return !dry_run;
}

void mirror_tell(struct mirroring *m)
{
	struct plan *p = &m->plan;
	pthread_mutex_lock(&p->lock);
	struct progress_plan plan = {.files = p->added,
	    .more = p->dirs || p->busy,
	    .sized = p->sized,
	    .bytes = p->bytes};
	pthread_mutex_unlock(&p->lock);
	progress_set_plan(m->m->run->progress, &plan);
}

/* ---- workers ---- */

/* The session of a worker is opened when there is work for it. */
static bool ready(struct mirroring *m, struct ftp *f, struct err *err)
{
	struct session_wish wish = {.features = true};
	bool usable = f->stream && !f->closing && !err_is_set(stream_err(f->stream));
	if (usable)
		return true;
	if (f->stream)
		ftp_quit(f);
	return session_open(m->m->run, f, &wish, err);
}

static bool is_interrupted(const struct mirroring *m)
{
	return net_is_interrupted(&m->m->run->o->common.net);
}

static void do_item(struct mirroring *m, struct ftp *f, struct plan_item **item)
{
	struct err err = {0};
	const char *path = (*item)->path;
	if (!ready(m, f, &err)) {
		mirror_failed(m, path[0] ? path : NULL, &err);
		plan_stop(&m->plan);
	} else if (m->m->up) {
		mirror_up_item(m, f, *item);
	} else if ((*item)->is_dir) {
		mirror_down_dir(m, f, *item);
	} else {
		*item = mirror_down_files(m, f, *item);
		return;
	}
	plan_done(&m->plan, *item);
	*item = NULL;
	mirror_tell(m);
}

static void work(void *shared, int index)
{
	struct mirroring *m = shared;
	struct ftp own = {0}, *f = index == m->with_session ? m->session : &own;
	struct plan_item *item = NULL;
	while (!is_interrupted(m) && (item || (item = plan_take(&m->plan))))
		do_item(m, f, &item);
	if (item)
		plan_done(&m->plan, item);
	if (is_interrupted(m))
		plan_stop(&m->plan);
	if (f == &own)
		ftp_quit(f);
}

static void run_workers(struct mirroring *m)
{
	struct run *run = m->m->run;
	run->progress = progress_open(run->bars && !m->m->dry_run);
	/* By hand the dialogue is shown anyway. */
	if (run->o->common.verbose || m->session)
		progress_share(run->progress, run->trace);
	workers_run(m->m->parallel, work, m);
	progress_close(run->progress);
	run->progress = NULL;
}

bool mirror_run(const struct mirror *m, struct ftp *f, struct err *err)
{
	struct mirroring all = {.m = m, .session = f, .with_session = f ? 0 : -1};
	struct stat st;
	plan_init(&all.plan);
	if (!session_find_creds(m->run, err))
		return false;
	if (m->up && (stat(m->local, &st) != 0 || !S_ISDIR(st.st_mode)))
		return err_set(err, ERR_ABSENT, "%s is no directory", m->local);
	plan_add(&all.plan, true, "", 0);
	run_workers(&all);
	plan_free(&all.plan);
	if (is_interrupted(&all))
		return err_set(err, ERR_INTERRUPT, "interrupted");
	return !err_is_set(&all.first) || err_pass(err, &all.first);
}
