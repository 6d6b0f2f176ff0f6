/*
 * From here to the server.
 */
#include "cmd/ftpc/mirror_up.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/ftpc/list.h"
#include "cmd/ftpc/store.h"
#include "common/base/mem.h"

/* The size of a planned directory that is not there yet. */
#define IS_NEW 1

static void store(struct mirroring *m, struct ftp *f, const struct plan_item *item)
{
	struct err err = {0};
	struct store x;
	char *there = mirror_join(m->m->remote, item->path);
	char *here = mirror_join(m->m->local, item->path);
	store_init(&x, here, there, m->m->run->o->ascii);
	x.progress = progress_file_open(m->m->run->progress, item->path, item->size);
	mirror_tell(m);
	x.preserve = m->m->run->o->preserve;
	x.resume = m->m->run->o->resume;
	bool ok = store_run(m->m->run, f, &x, &err);
	progress_file_close(x.progress, ok ? PROGRESS_DONE : PROGRESS_FAILED);
	if (!ok)
		mirror_failed(m, item->path, &err);
	store_free(f, &x);
	free(there);
	free(here);
}

/* Newer here, or of another size. Where the server can't keep our time (no MFMT) what it has is
 * the time of the upload, which is later: that works out. */
static bool differs(const struct entry *e, const struct stat *st)
{
	if (!e || e->type != ENTRY_FILE)
		return true;
	if (e->size_known && e->size != (uint64_t)st->st_size)
		return true;
	return e->time_known && st->st_mtime >= e->time + e->precision;
}

static void plan_name(
    struct mirroring *m, const struct listing *l, const char *dir, const char *name)
{
	struct stat st;
	char *path = mirror_join(dir, name), *here = mirror_join(m->m->local, path);
	const struct entry *e = listing_find(l, name);
	if (lstat(here, &st) != 0 ||
	    !mirror_wants(&m->m->run->o->globs, path, S_ISDIR(st.st_mode)))
		;
	else if (S_ISDIR(st.st_mode))
		plan_add(&m->plan, true, path, e ? 0 : IS_NEW);
	else if (S_ISREG(st.st_mode) && differs(e, &st) && mirror_says(m, "put", path))
		plan_add(&m->plan, false, path, (uint64_t)st.st_size);
	free(path);
	free(here);
}

/* ---- --delete ---- */

/* What the globs leave out stays, and so do the directories around it: true when all went. */
static bool remove_there(
    struct mirroring *m, struct ftp *f, const struct entry *e, const char *path)
{
	const struct list *globs = &m->m->run->o->globs;
	struct err err = {0};
	struct listing l = {0};
	char *there = mirror_join(m->m->remote, path);
	bool is_dir = e->type == ENTRY_DIR, all = mirror_wants(globs, path, false);
	if (is_dir && mirror_wants(globs, path, true) && list_read(f, there, &l, &err))
		for (size_t i = 0; i < l.count; i++) {
			char *inside = mirror_join(path, l.entries[i].name);
			all = listing_is_safe(l.entries[i].name) &&
			      remove_there(m, f, &l.entries[i], inside) && all;
			free(inside);
		}
	if (all && !err_is_set(&err) && mirror_says(m, "remove", path))
		ftp_do(f, is_dir ? "RMD" : "DELE", there, &err);
	if (err_is_set(&err))
		mirror_failed(m, path, &err);
	listing_free(&l);
	free(there);
	return all && !err_is_set(&err);
}

static void remove_extra(
    struct mirroring *m, struct ftp *f, const struct listing *l, const char *dir)
{
	struct stat st;
	for (size_t i = 0; i < l->count; i++) {
		const struct entry *e = &l->entries[i];
		char *path = mirror_join(dir, e->name);
		char *here = mirror_join(m->m->local, path);
		if (lstat(here, &st) != 0 && listing_is_safe(e->name))
			remove_there(m, f, e, path);
		free(path);
		free(here);
	}
}

/* ---- directories ---- */

static void look_into(struct mirroring *m, struct ftp *f, const struct plan_item *item)
{
	struct err err = {0}, missing = {0};
	struct listing l = {0};
	char *there = mirror_join(m->m->remote, item->path);
	char *here = mirror_join(m->m->local, item->path);
	bool is_new = item->size == IS_NEW;
	if (!is_new && !list_read(f, there, &l, &missing)) {
		is_new = missing.kind == ERR_ABSENT || missing.kind == ERR_REFUSED;
		if (!is_new)
			err = missing;
	}
	if (is_new && there[0] && mirror_says(m, "mkdir", there) &&
	    store_make_dirs(f, there, &err))
		ftp_do(f, "MKD", there, &err);
	DIR *d = err_is_set(&err) ? NULL : opendir(here);
	for (struct dirent *e; d && (e = readdir(d));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			plan_name(m, &l, item->path, e->d_name);
	if (d)
		closedir(d);
	if (m->m->delete &&!err_is_set(&err))
		remove_extra(m, f, &l, item->path);
	if (err_is_set(&err))
		mirror_failed(m, there, &err);
	listing_free(&l);
	free(there);
	free(here);
}

void mirror_up_item(struct mirroring *m, struct ftp *f, struct plan_item *item)
{
	if (item->is_dir)
		look_into(m, f, item);
	else
		store(m, f, item);
}
