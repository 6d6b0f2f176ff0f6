/*
 * Commands that list.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/ftpc/hand.h"
#include "cmd/ftpc/show.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/child.h"
#include "common/cli/say.h"
#include "common/text/visible.h"

#define COMMAND(name) static bool name(struct shell *sh, int argc, char **argv, struct err *err)

/* How deep find and du go: a server may have a directory inside itself. */
enum { DEPTH_MOST = 64 };

/* ---- where it goes ---- */

/* "| pager", typed behind a listing: the index of that word, or argc. Never from a script. */
static int find_pipe(struct shell *sh, int argc, char **argv)
{
	for (int i = 1; shell_is_interactive(sh) && i < argc; i++)
		if (argv[i][0] == '|')
			return i;
	return argc;
}

static bool through(const char *command, struct str text, struct err *err)
{
	int fds[2];
	pid_t pid;
	struct err ignored = {0};
	struct buf visible = BUF_INIT(SIZE_MAX / 2);
	if (pipe2(fds, O_CLOEXEC) != 0)
		return err_set_errno(err, ERR_INTERNAL, "pipe");
	bool ok = child_start(command, fds[0], CHILD_OURS, &pid, err);
	close(fds[0]);
	/* A pager's terminal is still a terminal. */
	visible_put_text(&visible, text, "\n\t");
	if (ok)
		say_bytes(fds[1], command, buf_str(&visible), &ignored);
	close(fds[1]);
	buf_free(&visible);
	return ok && child_wait(pid, ERR_IO, err);
}

static bool out(int pipe_at, int argc, char **argv, struct str text, struct err *err)
{
	struct buf command = BUF_INIT(LIMIT_WORDS);
	if (pipe_at >= argc)
		return hand_print(text, err);
	for (int i = pipe_at; i < argc; i++)
		buf_addf(&command, "%s ", i == pipe_at ? argv[i] + 1 : argv[i]);
	bool ok = through(buf_cstr(&command), text, err);
	buf_free(&command);
	return ok;
}

/* ---- one directory ---- */

/* ls [-1] [DIRECTORY] [| pager] */
COMMAND(do_ls)
{
	struct hand *h = shell_session(sh);
	int end = find_pipe(sh, argc, argv), i = 1;
	enum show_style style = h->run->o->common.jsonl ? SHOW_JSON : SHOW_LONG;
	struct listing l = {0};
	struct buf text = BUF_INIT(LIST_MOST * 4);
	for (; i < end && strcmp(argv[i], "-1") == 0; i++)
		style = SHOW_NAMES;
	if (!hand_wants(end - i + 1, 0, 1, err) || !hand_ready(h, err))
		return false;
	bool ok = list_read(&h->f, i < end ? argv[i] : NULL, &l, err);
	for (size_t k = 0; ok && k < l.count; k++)
		show_entry(&text, &l.entries[k], style);
	ok = ok && out(end, argc, argv, buf_str(&text), err);
	buf_free(&text);
	listing_free(&l);
	return ok;
}

static bool raw(struct shell *sh, int argc, char **argv, const char *verb, struct err *err)
{
	struct hand *h = shell_session(sh);
	int end = find_pipe(sh, argc, argv);
	struct buf text = BUF_INIT(0);
	if (!hand_wants(end, 0, 1, err) || !hand_ready(h, err))
		return false;
	bool ok = list_text(&h->f, verb, end > 1 ? argv[1] : NULL, &text, err) &&
		  out(end, argc, argv, buf_str(&text), err);
	buf_free(&text);
	return ok;
}

COMMAND(do_dir)
{
	return raw(sh, argc, argv, "LIST", err);
}

COMMAND(do_nlist)
{
	return raw(sh, argc, argv, "NLST", err);
}

COMMAND(do_mlsd)
{
	return raw(sh, argc, argv, "MLSD", err);
}

/* ---- trees ---- */

struct walk {
	struct hand *h;
	bool names; /* find: each path; else du: a sum for each directory */
	struct buf text;
};

static bool visit(struct walk *w, const char *dir, int depth, uint64_t *sum, struct err *err)
{
	struct listing l = {0};
	uint64_t here = 0;
	bool ok = depth < DEPTH_MOST && list_read(&w->h->f, dir, &l, err);
	for (size_t i = 0; ok && i < l.count; i++) {
		const struct entry *e = &l.entries[i];
		bool slash = dir[0] && dir[strlen(dir) - 1] != '/';
		char *path = mem_printf("%s%s%s", dir, slash ? "/" : "", e->name);
		bool is_dir = e->type == ENTRY_DIR && listing_is_safe(e->name);
		here += e->type == ENTRY_FILE ? e->size : 0;
		if (w->names)
			buf_addf(&w->text, "%s\n", path);
		if (is_dir)
			ok = visit(w, path, depth + 1, &here, err);
		free(path);
	}
	listing_free(&l);
	if (!w->names && ok)
		buf_addf(&w->text, "%llu\t%s\n", (unsigned long long)here, dir[0] ? dir : ".");
	*sum += here;
	return ok || (depth >= DEPTH_MOST && err_set(err, ERR_DATA, "%s: too deep", dir));
}

static bool walk(struct shell *sh, int argc, char **argv, bool names, struct err *err)
{
	struct walk w = {shell_session(sh), names, BUF_INIT(LIST_MOST)};
	uint64_t sum = 0;
	int end = find_pipe(sh, argc, argv);
	if (!hand_wants(end, 0, 1, err) || !hand_ready(w.h, err))
		return false;
	bool ok = visit(&w, end > 1 ? argv[1] : "", 0, &sum, err) &&
		  out(end, argc, argv, buf_str(&w.text), err);
	buf_free(&w.text);
	return ok;
}

COMMAND(do_find)
{
	return walk(sh, argc, argv, true, err);
}

COMMAND(do_du)
{
	return walk(sh, argc, argv, false, err);
}

const struct shell_row commands_list_rows[] = {
    {"ls", "ls [-1] [DIRECTORY]", "list a directory", do_ls, "remote", false, false},
    {"dir", "dir [ARGUMENTS]", "the server's own listing (LIST)", do_dir, "remote", false,
	false},
    {"list", "LIST [ARGUMENTS]", "the same as dir", do_dir, "remote", false, false},
    {"nlist", "nlist [DIRECTORY]", "names only (NLST)", do_nlist, "remote", false, false},
    {"nlst", "NLST [DIRECTORY]", "the same as nlist", do_nlist, "remote", false, false},
    {"mlsd", "mlsd [DIRECTORY]", "facts for machines (MLSD)", do_mlsd, "remote", false, false},
    {"find", "find [DIRECTORY]", "all names below", do_find, "remote", false, false},
    {"du", "du [DIRECTORY]", "bytes in each directory below", do_du, "remote", false, false},
    {NULL, NULL, NULL, NULL, NULL, false, false},
};
