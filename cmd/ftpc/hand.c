/*
 * The session behind the commands. Reads no line.
 */
#include "cmd/ftpc/hand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"

void hand_init(struct hand *h, struct run *run)
{
	*h = (struct hand){.run = run,
	    .ascii = run->o->ascii,
	    .globs = true,
	    .asks = true,
	    .preserve = run->o->preserve};
}

void hand_forget_names(struct hand *h)
{
	listing_free(&h->names);
	free(h->names_dir);
	h->names_dir = NULL;
}

void hand_close(struct hand *h)
{
	hand_forget_names(h);
	ftp_quit(&h->f);
	h->logged_in = false;
	mem_free_secret(h->user);
	h->user = NULL;
}

void hand_free(struct hand *h)
{
	hand_close(h);
	if (h->has_target)
		target_free(&h->target);
}

bool hand_wants(int argc, int least, int most, struct err *err)
{
	return (argc > least && argc <= most + 1) ||
	       err_set(err, ERR_USAGE, "%s; help VERB shows the usage",
		   argc <= least ? "an argument is missing" : "too many arguments");
}

bool hand_print(struct str text, struct err *err)
{
	return say_text(STDOUT_FILENO, text.ptr, text.len, err);
}

bool hand_print_reply(struct hand *h, struct err *err)
{
	return hand_print(reply_lines(&h->f.reply), err);
}

/* A session whose connection broke is none. */
static void notice_end(struct hand *h)
{
	if (h->f.stream && (h->f.closing || err_is_set(stream_err(h->f.stream))))
		hand_close(h);
}

static bool log_in(struct hand *h, struct err *err)
{
	struct session_wish wish = {.features = true, .stays = true};
	h->logged_in = session_login(h->run, &h->f, &wish, err);
	return h->logged_in;
}

/* As session_open: a server that objects to commands sent ahead is asked again without. */
static bool connect_anew(struct hand *h, bool in, struct err *err)
{
	struct session_wish wish = {.features = true, .stays = true};
	if (!in)
		return session_connect(h->run, &h->f, err);
	h->logged_in = session_open(h->run, &h->f, &wish, err);
	return h->logged_in;
}

bool hand_open(struct hand *h, const char *target, struct err *err)
{
	struct target found;
	if (!target_parse(&found, target, err))
		return false;
	hand_close(h);
	if (h->has_target)
		target_free(&h->target);
	creds_free(&h->run->creds);
	h->run->creds = (struct creds){0};
	h->run->creds_known = false;
	h->target = found;
	h->has_target = true;
	h->run->url = &h->target.url;
	bool ok =
	    session_find_creds(h->run, err) && connect_anew(h, h->run->creds.user != NULL, err);
	if (ok && h->target.path[0])
		ok = hand_do(h, "CWD", h->target.path, err);
	if (!ok)
		notice_end(h);
	return ok;
}

bool hand_connected(struct hand *h, struct err *err)
{
	notice_end(h);
	return h->f.stream || err_set(err, ERR_USAGE, "nothing is open: open HOST first");
}

bool hand_ready(struct hand *h, struct err *err)
{
	return hand_connected(h, err) && (h->logged_in || log_in(h, err));
}

static bool changes(const char *verb)
{
	static const char *const verbs[] = {
	    "CWD", "CDUP", "DELE", "MKD", "RMD", "RNTO", "STOR", "APPE", "SITE", NULL};
	for (size_t i = 0; verbs[i]; i++)
		if (strcmp(verb, verbs[i]) == 0)
			return true;
	return false;
}

bool hand_do(struct hand *h, const char *verb, const char *arg, struct err *err)
{
	if (changes(verb))
		hand_forget_names(h);
	bool ok = hand_ready(h, err) && ftp_do(&h->f, verb, arg, err);
	h->f.moved = h->f.moved || strcmp(verb, "CWD") == 0 || strcmp(verb, "CDUP") == 0;
	return ok;
}

bool hand_find_names(struct hand *h, const char *dir, struct err *err)
{
	if (h->names_dir && strcmp(h->names_dir, dir) == 0)
		return true;
	if (!hand_ready(h, err))
		return false;
	hand_forget_names(h);
	if (!list_read(&h->f, dir, &h->names, err))
		return false;
	h->names_dir = mem_dup(dir);
	return true;
}
