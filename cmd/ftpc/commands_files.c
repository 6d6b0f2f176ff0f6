/*
 * Commands that move files.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ftpc/fetch.h"
#include "cmd/ftpc/hand.h"
#include "cmd/ftpc/mirror.h"
#include "cmd/ftpc/names.h"
#include "cmd/ftpc/store.h"
#include "common/base/mem.h"
#include "common/cli/progress.h"
#include "common/cli/say.h"

#define COMMAND(name) static bool name(struct shell *sh, int argc, char **argv, struct err *err)

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void say_done(const struct hand *h, const char *name, uint64_t bytes)
{
	if (h->hash)
		ftp_note(&h->f, "%s: %llu bytes", name, (unsigned long long)bytes);
}

static void say_failed(const struct hand *h, const char *name, const struct err *err)
{
	progress_hold(h->run->progress);
	say_error("ftpc", name, err);
	progress_release(h->run->progress);
}

/* ---- from the server ---- */

/* restart: the file here is continued at that place, whatever stands behind it. */
static bool set_start(struct hand *h, struct fetch *x, struct err *err)
{
	if (!h->restart)
		return true;
	x->resume = x->is_open = true;
	if (!local_find_part(&x->out, x->local, err))
		return false;
	if (x->out.held < h->restart)
		return err_set(err, ERR_USAGE, "%s has fewer bytes than that", x->local);
	x->done = x->t.rest = h->restart;
	h->restart = 0;
	return true;
}

static bool get_one(
    struct hand *h, const char *remote, const char *local, bool resume, struct err *err)
{
	struct fetch x;
	fetch_init(&x, remote, local, h->ascii);
	x.resume = resume;
	x.preserve = h->preserve;
	x.checksum = h->run->o->checksum;
	x.bar = h->run->bars && local;
	bool ok = (!local || set_start(h, &x, err)) && fetch_run(h->run, &h->f, &x, err);
	if (ok && local)
		say_done(h, local, x.done);
	fetch_free(&h->f, &x);
	return ok;
}

COMMAND(do_get)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 1, 2, err) || !hand_ready(h, err))
		return false;
	const char *local = argc > 2 ? argv[2] : base_of(argv[1]);
	bool to_stdout = strcmp(local, "-") == 0 && argc > 2;
	if (!local[0])
		return err_set(err, ERR_USAGE, "%s names no file", argv[1]);
	return get_one(h, argv[1], to_stdout ? NULL : local, h->run->o->resume, err);
}

COMMAND(do_reget)
{
	struct hand *h = shell_session(sh);
	return hand_wants(argc, 1, 2, err) && hand_ready(h, err) &&
	       get_one(h, argv[1], argc > 2 ? argv[2] : base_of(argv[1]), true, err);
}

COMMAND(do_cat)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 1, 1000, err) || !hand_ready(h, err))
		return false;
	for (int i = 1; i < argc; i++)
		if (!get_one(h, argv[i], NULL, false, err))
			return false;
	return true;
}

/* Two at a time are alive: the one being fetched and the one asked for behind it. */
static void get_all(struct hand *h, const struct names *names, struct err *first)
{
	struct fetch x[2];
	bool usable = true;
	for (size_t i = 0; usable && i < names->count; i++) {
		struct err err = {0};
		struct fetch *now = &x[i % 2], *next = &x[(i + 1) % 2];
		if (i == 0)
			fetch_init(now, names->items[i].path, names->items[i].name, h->ascii);
		if (i + 1 < names->count) {
			fetch_init(
			    next, names->items[i + 1].path, names->items[i + 1].name, h->ascii);
			now->next = next;
		}
		now->preserve = h->preserve;
		now->progress = progress_file_open(
		    h->run->progress, names->items[i].path, PROGRESS_UNKNOWN);
		bool ok = fetch_run(h->run, &h->f, now, &err);
		progress_file_close(now->progress, ok ? PROGRESS_DONE : PROGRESS_FAILED);
		if (ok)
			say_done(h, now->local, now->done);
		else
			say_failed(h, names->items[i].path, &err);
		err_pass(first, &err);
		usable = h->f.stream && !h->f.closing && !err_is_set(stream_err(h->f.stream)) &&
			 err.kind != ERR_INTERRUPT;
		fetch_free(&h->f, now);
		if (!usable && now->next) {
			transfer_abort(&h->f, &next->t);
			fetch_free(&h->f, next);
		}
	}
}

static void get_shown(struct hand *h, const struct names *names, struct err *first)
{
	struct run *run = h->run;
	struct progress_plan plan = {.files = names->count};
	run->progress = progress_open(run->bars);
	progress_set_plan(run->progress, &plan);
	progress_share(run->progress, run->trace);
	get_all(h, names, first);
	progress_close(run->progress);
	run->progress = NULL;
}

COMMAND(do_mget)
{
	struct hand *h = shell_session(sh);
	struct names names;
	if (!hand_wants(argc, 1, 1000, err) || !hand_ready(h, err))
		return false;
	if (names_find(&names, h, sh, argv, err))
		get_shown(h, &names, err);
	names_free(&names);
	return !err_is_set(err);
}

COMMAND(do_mdelete)
{
	struct hand *h = shell_session(sh);
	struct names names;
	if (!hand_wants(argc, 1, 1000, err) || !hand_ready(h, err))
		return false;
	bool ok = names_find(&names, h, sh, argv, err);
	for (size_t i = 0; ok && i < names.count; i++)
		ok = hand_do(h, "DELE", names.items[i].path, err);
	names_free(&names);
	return ok;
}

/* ---- to the server ---- */

static bool put_one(
    struct hand *h, const char *local, const char *remote, const char *verb, struct err *err)
{
	struct store x;
	store_init(&x, local, remote, h->ascii);
	x.verb = strcmp(verb, "APPE") == 0 ? "APPE" : "STOR";
	x.resume = strcmp(verb, "REST") == 0;
	x.preserve = h->preserve;
	x.checksum = h->run->o->checksum;
	x.bar = h->run->bars;
	x.t.rest = h->restart;
	h->restart = 0;
	hand_forget_names(h);
	bool ok = store_run(h->run, &h->f, &x, err);
	if (ok)
		say_done(h, remote, x.sent);
	store_free(&h->f, &x);
	return ok;
}

static bool put(struct shell *sh, int argc, char **argv, const char *verb, struct err *err)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 1, 2, err) || !hand_ready(h, err))
		return false;
	return put_one(h, argv[1], argc > 2 ? argv[2] : base_of(argv[1]), verb, err);
}

COMMAND(do_put)
{
	return put(sh, argc, argv, "STOR", err);
}

COMMAND(do_append)
{
	return put(sh, argc, argv, "APPE", err);
}

COMMAND(do_reput)
{
	return put(sh, argc, argv, "REST", err);
}

COMMAND(do_mput)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 1, 1000, err) || !hand_ready(h, err))
		return false;
	names_begin(h);
	for (int i = 1; i < argc; i++) {
		glob_t found = {0};
		glob(argv[i], h->globs ? GLOB_NOMAGIC : GLOB_NOCHECK | GLOB_NOESCAPE, NULL,
		    &found);
		for (size_t k = 0; k < found.gl_pathc && !err_is_set(err); k++) {
			const char *path = found.gl_pathv[k];
			if (names_confirm(h, sh, "mput", path))
				put_one(h, path, base_of(path), "STOR", err);
		}
		if (found.gl_pathc == 0)
			err_set(err, ERR_ABSENT, "%s: no such file here", argv[i]);
		globfree(&found);
		if (err_is_set(err))
			return false;
	}
	return true;
}

/* ---- whole trees ---- */

/* mirror [-R] [-d] FROM [TO] */
COMMAND(do_mirror)
{
	struct hand *h = shell_session(sh);
	struct mirror m = {.run = h->run, .parallel = (int)h->run->o->parallel};
	int i = 1;
	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		m.up = m.up || strcmp(argv[i], "-R") == 0;
		m.delete = m.delete || strcmp(argv[i], "-d") == 0;
		m.dry_run = m.dry_run || strcmp(argv[i], "-n") == 0;
		if (!strchr("Rdn", argv[i][1]) || argv[i][2])
			return err_set(err, ERR_USAGE, "mirror [-R] [-d] [-n] FROM [TO]");
	}
	if (!hand_wants(argc - i + 1, 1, 2, err) || !hand_ready(h, err))
		return false;
	const char *from = argv[i], *to = i + 1 < argc ? argv[i + 1] : base_of(argv[i]);
	m.local = m.up ? from : to;
	m.remote = m.up ? to : from;
	/* Other sessions begin where the login put them, not where this one has gone. */
	if (m.remote[0] != '/')
		m.parallel = 1;
	hand_forget_names(h);
	/* Its sessions see an interrupt by the flag. */
	bool at_prompt = h->run->at_prompt;
	h->run->at_prompt = h->f.stays = false;
	bool ok = mirror_run(&m, &h->f, err);
	h->run->at_prompt = h->f.stays = at_prompt;
	return ok;
}

/* ---- facts of one file ---- */

COMMAND(do_size)
{
	struct hand *h = shell_session(sh);
	return hand_wants(argc, 1, 1, err) && hand_ready(h, err) && ftp_type(&h->f, 'I', err) &&
	       hand_do(h, "SIZE", argv[1], err) && hand_print_reply(h, err);
}

COMMAND(do_modtime)
{
	struct hand *h = shell_session(sh);
	return hand_wants(argc, 1, 1, err) && hand_do(h, "MDTM", argv[1], err) &&
	       hand_print_reply(h, err);
}

const struct shell_row commands_file_rows[] = {
    {"get", "get REMOTE [LOCAL]", "fetch a file", do_get, "remote", false, false},
    {"recv", "recv REMOTE [LOCAL]", "the same as get", do_get, "remote", false, false},
    {"retr", "RETR REMOTE [LOCAL]", "the same as get", do_get, "remote", false, false},
    {"reget", "reget REMOTE [LOCAL]", "go on with a file that is partly here", do_reget,
	"remote", false, false},
    {"mget", "mget PATTERN...", "fetch files", do_mget, "remote", false, false},
    {"cat", "cat REMOTE...", "show files", do_cat, "remote", false, false},
    {"put", "put LOCAL [REMOTE]", "store a file", do_put, "local", false, false},
    {"send", "send LOCAL [REMOTE]", "the same as put", do_put, "local", false, false},
    {"stor", "STOR LOCAL [REMOTE]", "the same as put", do_put, "local", false, false},
    {"append", "append LOCAL [REMOTE]", "add to the end of a file", do_append, "local", false,
	false},
    {"reput", "reput LOCAL [REMOTE]", "go on with a file that is partly there", do_reput,
	"local", false, false},
    {"mput", "mput PATTERN...", "store files", do_mput, "local", false, false},
    {"mdelete", "mdelete PATTERN...", "remove files", do_mdelete, "remote", false, false},
    {"mirror", "mirror [-R] [-d] [-n] FROM [TO]",
	"make TO here like FROM there (-R: the other way; -d: delete; -n: only say)", do_mirror,
	"remote", false, false},
    {"size", "size FILE", "a file's size (SIZE)", do_size, "remote", false, false},
    {"modtime", "modtime FILE", "when a file was changed (MDTM)", do_modtime, "remote", false,
	false},
    {NULL, NULL, NULL, NULL, NULL, false, false},
};
