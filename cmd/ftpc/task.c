/*
 * The one-shot mode. How a file is moved is in fetch.c and store.c.
 */
#include "cmd/ftpc/task.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/ftpc/fetch.h"
#include "cmd/ftpc/list.h"
#include "cmd/ftpc/mirror.h"
#include "cmd/ftpc/show.h"
#include "cmd/ftpc/store.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"

/* -O and -T name a file by the path's last part. */
static char *local_name(const struct ftpc_options *o, const struct target *t, struct err *err)
{
	char *name = NULL;
	if (o->output && strcmp(o->output, "-") != 0)
		name = mem_dup(o->output);
	else if (o->remote_name) {
		name = outfile_safe_name(str_of(target_base(t)));
		if (!name)
			err_set(
			    err, ERR_USAGE, "the URL names no file: use -o FILE instead of -O");
	}
	if (name && o->output_dir && name[0] != '/') {
		char *path = mem_printf("%s/%s", o->output_dir, name);
		free(name);
		name = path;
	}
	return name;
}

static bool get(struct run *run, const struct target *target, struct err *err)
{
	const struct ftpc_options *o = run->o;
	struct ftp f = {0};
	struct fetch x;
	char *local = local_name(o, target, err);
	if (err_is_set(err))
		return false;
	fetch_init(&x, target->path, local, o->ascii || target->ascii);
	x.flags = o->create_dirs ? OUTFILE_CREATE_DIRS : 0;
	x.resume = o->resume;
	x.preserve = o->preserve;
	x.checksum = o->checksum;
	x.bar = run->bars && (local || !isatty(STDOUT_FILENO));
	struct session_wish wish = {.features = o->checksum, .first = fetch_first(&x)};
	bool ok = session_open(run, &f, &wish, err) && fetch_run(run, &f, &x, err);
	fetch_free(&f, &x);
	ftp_quit(&f);
	if (ok && o->common.jsonl && local)
		ok = show_transfer("get", local, x.done, err);
	free(local);
	return ok;
}

static bool save_listing(const struct ftpc_options *o, const struct listing *l,
    const char *path, enum show_style style, struct err *err)
{
	struct local out;
	struct buf text = BUF_INIT(4 * LIST_MOST);
	if (!local_open(&out, path, o->create_dirs ? OUTFILE_CREATE_DIRS : 0, err))
		return false;
	for (size_t i = 0; i < l->count; i++)
		show_entry(&text, &l->entries[i], style);
	bool ok = say_bytes(out.fd, path, buf_str(&text), err);
	buf_free(&text);
	if (ok)
		return local_commit(&out, err);
	local_abandon(&out);
	return false;
}

static bool list(struct run *run, const struct target *target, struct err *err)
{
	const struct ftpc_options *o = run->o;
	struct ftp f = {0};
	struct listing l = {0};
	struct session_wish wish = {.features = true};
	enum show_style style = o->common.jsonl ? SHOW_JSON
				: o->list_only  ? SHOW_NAMES
						: SHOW_LONG;
	char *local = local_name(o, target, err);
	if (err_is_set(err))
		return false;
	size_t len = strlen(target->path);
	len -= len > 1 && target->path[len - 1] == '/';
	char *path = str_dup((struct str){target->path, len});
	bool ok = session_open(run, &f, &wish, err) && list_read(&f, path, &l, err);
	ftp_quit(&f);
	ok = ok &&
	     (local ? save_listing(o, &l, local, style, err) : show_listing(&l, style, err));
	listing_free(&l);
	free(local);
	free(path);
	return ok;
}

static bool put(struct run *run, const struct target *target, struct err *err)
{
	const struct ftpc_options *o = run->o;
	struct ftp f = {0};
	struct store x;
	bool is_stdin = strcmp(o->upload_file, "-") == 0;
	const char *slash = strrchr(o->upload_file, '/');
	/* To a directory: under the name it has here. */
	char *remote = mem_printf("%s%s", target->path,
	    !target->is_dir ? ""
	    : slash         ? slash + 1
			    : o->upload_file);
	if (target->is_dir && is_stdin) {
		free(remote);
		return err_set(err, ERR_USAGE, "the URL must name the file for stdin");
	}
	store_init(&x, is_stdin ? NULL : o->upload_file, remote, o->ascii || target->ascii);
	x.verb = o->append ? "APPE" : "STOR";
	x.resume = o->resume && !o->append;
	x.preserve = o->preserve && !o->append;
	x.checksum = o->checksum && !o->append;
	x.create_dirs = o->create_dirs;
	x.bar = run->bars;
	struct session_wish wish = {.features = true};
	bool ok = session_open(run, &f, &wish, err) && store_run(run, &f, &x, err);
	store_free(&f, &x);
	ftp_quit(&f);
	if (ok && o->common.jsonl)
		ok = show_transfer("put", remote, x.sent, err);
	free(remote);
	return ok;
}

static bool mirror(struct run *run, const struct target *target, struct err *err)
{
	const struct ftpc_options *o = run->o;
	size_t len = strlen(target->path);
	len -= len > 1 && target->path[len - 1] == '/';
	char *path = str_dup((struct str){target->path, len});
	struct mirror m = {.run = run,
	    .remote = path,
	    .local = o->mirror ? o->mirror : o->mirror_up,
	    .up = o->mirror_up,
	    .delete = o->delete,
	    .dry_run = o->dry_run,
	    .parallel = (int)o->parallel};
	bool ok = mirror_run(&m, NULL, err);
	free(path);
	return ok;
}

bool task_run(struct run *run, const struct target *target, struct err *err)
{
	if (run->o->mirror || run->o->mirror_up)
		return mirror(run, target, err);
	if (run->o->upload_file)
		return put(run, target, err);
	return target->is_dir ? list(run, target, err) : get(run, target, err);
}
