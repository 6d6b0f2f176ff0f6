/*
 * From the server to here. The server's names are base names and nothing else;
 * what they name here is never followed out of the mirror.
 */
#include "cmd/ftpc/mirror_down.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/ftpc/fetch.h"
#include "cmd/ftpc/list.h"
#include "common/base/mem.h"

/* ---- directories ---- */

static bool make_dir(struct mirroring *m, const char *path, struct err *err)
{
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	/* The root is the user's: it may be a link. Below it nothing is followed. */
	if (strcmp(path, m->m->local) == 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	if (!mirror_says(m, "mkdir", path))
		return true;
	return mkdir(path, 0777) == 0 || err_set_errno(err, ERR_CREATE, "%s", path);
}

/* A link is made when it leads to something beside or below it. */
static bool stays_inside(const char *target)
{
	if (!target || target[0] == '/' || !target[0])
		return false;
	struct str rest = str_of(target), part;
	while (str_cut(&rest, '/', &part))
		if (str_is(part, "..") || !part.len)
			return false;
	return str_is_one_line(str_of(target));
}

static void make_link(struct mirroring *m, const struct entry *e, const char *path)
{
	struct err err = {0};
	struct stat st;
	char *here = mirror_join(m->m->local, path);
	bool leads_out = !stays_inside(e->target);
	if (leads_out && !m->m->run->o->common.quiet)
		mirror_note(m, path, "a link out of the mirror is left out");
	else if (!leads_out && lstat(here, &st) != 0 && mirror_says(m, "link", path) &&
		 symlink(e->target, here) != 0) {
		err_set_errno(&err, ERR_CREATE, "%s", here);
		mirror_failed(m, path, &err);
	}
	free(here);
}

/* Newer or of another size. What the listing does not tell is no reason. */
static bool differs(const struct entry *e, const char *here)
{
	struct stat st;
	if (lstat(here, &st) != 0 || !S_ISREG(st.st_mode))
		return true;
	if (e->size_known && e->size != (uint64_t)st.st_size)
		return true;
	return e->time_known && e->time > st.st_mtime;
}

static void plan_entry(struct mirroring *m, const struct entry *e, const char *dir)
{
	const struct ftpc_options *o = m->m->run->o;
	char *path = mirror_join(dir, e->name), *here = mirror_join(m->m->local, path);
	if (!listing_is_safe(e->name))
		mirror_note(m, path, "a name that is not safe here is skipped");
	else if (!mirror_wants(&o->globs, path, e->type == ENTRY_DIR))
		;
	else if (e->type == ENTRY_DIR)
		plan_add(&m->plan, true, path, 0);
	else if (e->type == ENTRY_LINK)
		make_link(m, e, path);
	else if (e->type == ENTRY_FILE && differs(e, here) && mirror_says(m, "get", path))
		plan_add(&m->plan, false, path, e->size_known ? e->size : PLAN_UNKNOWN);
	free(path);
	free(here);
}

/* ---- --delete ---- */

static bool remove_inside(struct mirroring *m, const char *path, const struct listing *but);

/* What the globs leave out stays, and so do the directories around it: true when it went. */
static bool remove_one(struct mirroring *m, const char *path)
{
	const struct list *globs = &m->m->run->o->globs;
	struct err err = {0};
	struct stat st;
	char *here = mirror_join(m->m->local, path);
	bool is_dir = lstat(here, &st) == 0 && S_ISDIR(st.st_mode);
	bool goes = mirror_wants(globs, path, false);
	if (is_dir && mirror_wants(globs, path, true))
		goes = remove_inside(m, path, NULL) && goes;
	if (goes && mirror_says(m, "remove", here) && remove(here) != 0) {
		err_set_errno(&err, ERR_IO, "%s", here);
		mirror_failed(m, path, &err);
		goes = false;
	}
	free(here);
	return goes;
}

/* All that is in dir but what the listing names. */
static bool remove_inside(struct mirroring *m, const char *dir, const struct listing *but)
{
	char *here = mirror_join(m->m->local, dir);
	bool all = true;
	DIR *d = opendir(here);
	for (struct dirent *e; d && (e = readdir(d));) {
		bool stays = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
		char *path = mirror_join(dir, e->d_name);
		if (!stays && !(but && listing_find(but, e->d_name)))
			all = remove_one(m, path) && all;
		free(path);
	}
	if (d)
		closedir(d);
	free(here);
	return all;
}

void mirror_down_dir(struct mirroring *m, struct ftp *f, struct plan_item *item)
{
	struct err err = {0};
	struct listing l = {0};
	char *there = mirror_join(m->m->remote, item->path);
	char *here = mirror_join(m->m->local, item->path);
	if (make_dir(m, here, &err) && list_read(f, there, &l, &err)) {
		for (size_t i = 0; i < l.count; i++)
			plan_entry(m, &l.entries[i], item->path);
		if (m->m->delete)
			remove_inside(m, item->path, &l);
	} else {
		mirror_failed(m, item->path[0] ? item->path : m->m->remote, &err);
	}
	listing_free(&l);
	free(there);
	free(here);
}

/* ---- files ---- */

struct job {
	struct plan_item *item;
	char *there, *here;
	struct fetch fetch;
};

static void job_start(struct mirroring *m, struct job *j, struct plan_item *item)
{
	const struct ftpc_options *o = m->m->run->o;
	*j = (struct job){.item = item,
	    .there = mirror_join(m->m->remote, item->path),
	    .here = mirror_join(m->m->local, item->path)};
	fetch_init(&j->fetch, j->there, j->here, o->ascii);
	j->fetch.resume = o->resume;
	j->fetch.checksum = o->checksum;
	j->fetch.preserve = o->preserve;
	j->fetch.progress = progress_file_open(m->m->run->progress, item->path, item->size);
	mirror_tell(m);
}

static void job_end(struct mirroring *m, struct ftp *f, struct job *j, enum progress_end how)
{
	progress_file_close(j->fetch.progress, how);
	fetch_free(f, &j->fetch);
	free(j->there);
	free(j->here);
	plan_done(&m->plan, j->item);
	*j = (struct job){0};
}

/* A link at the file's place is replaced, not followed. */
static void clear_link(const char *path)
{
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		unlink(path);
}

struct plan_item *mirror_down_files(struct mirroring *m, struct ftp *f, struct plan_item *item)
{
	struct job jobs[2];
	bool usable = true;
	int n = 0;
	job_start(m, &jobs[0], item);
	while (usable) {
		struct err err = {0};
		struct job *j = &jobs[n % 2], *next = &jobs[(n + 1) % 2];
		struct plan_item *more = plan_take_file(&m->plan);
		if (more) {
			job_start(m, next, more);
			j->fetch.next = &next->fetch;
		}
		clear_link(j->here);
		bool ok = fetch_run(m->m->run, f, &j->fetch, &err);
		if (!ok)
			mirror_failed(m, j->item->path, &err);
		usable = f->stream && !f->closing && !err_is_set(stream_err(f->stream));
		job_end(m, f, j, ok ? PROGRESS_DONE : PROGRESS_FAILED);
		n++;
		if (!more)
			return NULL;
	}
	/* The session broke: the file that was asked ahead waits for the next one. */
	struct job *left = &jobs[n % 2];
	struct plan_item *rest = left->item;
	plan_add(&m->plan, false, rest->path, rest->size);
	job_end(m, f, left, PROGRESS_DROPPED);
	return NULL;
}
