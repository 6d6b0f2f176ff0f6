/*
 * The rows of the interactive mode. IMAP's own verbs are sent with a tag, and the trace shows
 * what comes; the friendly ones call the tasks and show results.
 */
#include "cmd/imapls/commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/imapls/change.h"
#include "cmd/imapls/list.h"
#include "cmd/imapls/manage.h"
#include "cmd/imapls/read.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/shell.h"
#include "common/text/number.h"

struct hand {
	const struct imapls_options *o;
	struct dialer *dialer;
	struct trace *trace;
	struct session session;
	bool open;              /* session is initialised */
	bool hushed;            /* the trace is paused by us, not by `trace off` */
	struct folders folders; /* for completion; asked for once a connection */
};

/* ---- the connection ---- */

static void leave(struct hand *h)
{
	if (h->open) {
		session_close(&h->session);
		if (h->o->common.timing)
			show_timing(&h->session);
		session_free(&h->session);
	}
	h->open = false;
	folders_free(&h->folders);
}

static bool connect_to(struct hand *h, const char *target, struct err *err)
{
	struct session *s = &h->session;
	leave(h);
	h->open = true;
	if (!session_init(s, h->o, target, h->dialer, err))
		return false;
	/* Who names a user wants to be logged in; else the script says it (cli.md). */
	if (!s->target.user && !h->o->common.cred.user && !h->o->common.cred.oauth2_bearer)
		return session_connect(s, err);
	return session_open(s, err) && session_take_login(s, err);
}

static struct session *connection(struct hand *h, struct err *err)
{
	struct imap *i = &h->session.imap;
	if (h->open && i->stream && !i->bye && !err_is_set(stream_err(i->stream)))
		return &h->session;
	err_set(err, ERR_USAGE, "nothing is open: open imap://HOST first");
	return NULL;
}

static struct session *connected(struct shell *sh, struct err *err)
{
	return connection(shell_session(sh), err);
}

static struct session *in_mailbox(struct shell *sh, struct err *err)
{
	struct session *s = connected(sh, err);
	if (s && s->target.mailbox)
		return s;
	err_set(err, ERR_USAGE, "no mailbox is chosen: cd INBOX first");
	return NULL;
}

static bool do_open(struct shell *sh, int argc, char **argv, struct err *err)
{
	return shell_wants(argc, 1, 1, err) && connect_to(shell_session(sh), argv[1], err);
}

static bool do_close(struct shell *sh, int argc, char **argv, struct err *err)
{
	(void)argv;
	if (!shell_wants(argc, 0, 0, err))
		return false;
	leave(shell_session(sh));
	return true;
}

static bool do_logout(struct shell *sh, int argc, char **argv, struct err *err)
{
	if (!do_close(sh, argc, argv, err))
		return false;
	shell_end(sh);
	return true;
}

/* ---- IMAP's own ---- */

static bool send_line(struct session *s, const char *line, struct err *err)
{
	size_t len = strlen(line);
	if (len && line[len - 1] == '}')
		return err_set(
		    err, ERR_USAGE, "a literal can't be typed; see --append, cp, mv");
	return imap_expect(&s->imap, imap_put(&s->imap, "%s", line), "the server says no", err);
}

/* The verb in capitals and the rest as it was typed. */
static bool do_verb(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = connected(sh, err);
	struct buf line = BUF_INIT(LIMIT_LINE);
	char verb[16];
	shell_capitals(argv[0], verb);
	buf_add_text(&line, verb);
	if (argc > 1 && *argv[1])
		buf_addf(&line, " %s", argv[1]);
	bool ok = s && send_line(s, buf_cstr(&line), err);
	buf_free(&line);
	return ok;
}

static bool do_raw(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = connected(sh, err);
	return s && shell_wants(argc, 1, 1, err) && send_line(s, argv[1], err);
}

/* As the user of -u or the URL, or as the one that is typed. */
static bool do_login(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = connected(sh, err);
	if (!s || (argc != 1 && !shell_wants(argc, 2, 2, err)))
		return false;
	if (argc == 3) {
		free(s->creds.user);
		mem_free_secret(s->creds.password);
		s->creds.user = mem_dup(argv[1]);
		s->creds.password = mem_dup(argv[2]);
	}
	return session_login(s, err) && session_take_login(s, err);
}

/* ---- friendly ones ---- */

/* The results are to be seen, not the talk, unless -v asks for it. */
static void hush(struct shell *sh, bool quiet)
{
	struct hand *h = shell_session(sh);
	if (quiet)
		h->hushed = !h->o->common.verbose && !trace_is_paused(h->trace);
	if (h->hushed)
		trace_pause(h->trace, quiet);
}

static bool do_cd(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = connected(sh, err);
	if (!s || (argc > 1 && !shell_wants(argc, 1, 1, err)))
		return false;
	if (argc > 1) {
		unsigned tag = session_put_select(s, argv[1], false, err);
		if (!tag || !session_take_select(s, tag, err))
			return false;
	}
	free(s->target.mailbox);
	s->target.mailbox = argc > 1 ? mem_dup(argv[1]) : NULL;
	return true;
}

/* Messages of a mailbox, found by keys if there are any, or the mailboxes. */
static bool list(struct shell *sh, const char *mailbox, const char *keys, struct err *err)
{
	struct session *s = connected(sh, err);
	struct show w;
	struct err broken = {0};
	if (!s)
		return false;
	hush(sh, true);
	show_start(&w, s->o, &broken);
	char *before = s->target.search;
	s->target.search = mem_dup(keys);
	bool ok = mailbox ? list_letters(s, mailbox, &w, false, err)
			  : list_folders(s, &w, false, err);
	free(s->target.search);
	s->target.search = before;
	show_end(&w);
	hush(sh, false);
	return ok && (!err_is_set(&broken) || err_pass(err, &broken));
}

static bool do_ls(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = connected(sh, err);
	if (!s || (argc > 1 && !shell_wants(argc, 1, 1, err)))
		return false;
	return list(sh, argc > 1 ? argv[1] : s->target.mailbox, NULL, err);
}

static bool do_search(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = in_mailbox(sh, err);
	return s && shell_wants(argc, 1, 1, err) && list(sh, s->target.mailbox, argv[1], err);
}

static bool do_cat(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = in_mailbox(sh, err);
	struct show w;
	struct err broken = {0};
	uint64_t uid;
	if (!s || !shell_wants(argc, 1, 1, err))
		return false;
	if (!number_parse_max(str_of(argv[1]), UINT32_MAX, &uid) || uid == 0)
		return err_set(err, ERR_USAGE, "cat wants a unique id, as ls shows it");
	hush(sh, true);
	show_start(&w, s->o, &broken);
	bool ok = read_message(s, (uint32_t)uid, &w, false, err);
	show_end(&w);
	hush(sh, false);
	return ok && (!err_is_set(&broken) || err_pass(err, &broken));
}

/* Opens the mailbox so that it can be changed; the unique ids that were typed. */
static bool choose(struct session *s, const char *text, struct set *set, struct err *err)
{
	if (!set_parse(set, str_of(text)) || set->count == 0)
		return err_set(err, ERR_USAGE, "unique ids are written as 3 or 3:7,12");
	unsigned tag = session_put_select(s, s->target.mailbox, true, err);
	return session_know(s, err) && tag && session_take_select(s, tag, err);
}

static bool file(struct shell *sh, int argc, char **argv, bool move, struct err *err)
{
	struct session *s = in_mailbox(sh, err);
	struct set set = {0};
	if (!s || !shell_wants(argc, 2, 2, err))
		return false;
	bool ok = choose(s, argv[1], &set, err) && (move ? change_move(s, &set, argv[2], err)
							 : change_copy(s, &set, argv[2], err));
	set_free(&set);
	return ok;
}

static bool do_cp(struct shell *sh, int argc, char **argv, struct err *err)
{
	return file(sh, argc, argv, false, err);
}

static bool do_mv(struct shell *sh, int argc, char **argv, struct err *err)
{
	return file(sh, argc, argv, true, err);
}

static bool do_rm(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = in_mailbox(sh, err);
	struct set set = {0};
	if (!s || !shell_wants(argc, 1, 1, err))
		return false;
	bool ok = choose(s, argv[1], &set, err) && change_mark(s, &set, "+\\Deleted", err) &&
		  change_expunge(s, &set, err);
	set_free(&set);
	return ok;
}

static bool do_mkdir(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = connected(sh, err);
	return s && shell_wants(argc, 1, 1, err) && session_know(s, err) &&
	       manage_make_own(s, argv[1], err);
}

static bool do_compress(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct session *s = connected(sh, err);
	(void)argv;
	return s && shell_wants(argc, 0, 0, err) && imap_compress(&s->imap, err) &&
	       imap_good(&s->imap, ERR_REFUSED, "COMPRESS was refused", err);
}

/* ---- the table ---- */

#define VERB(verb, how, words)                                                                 \
	{                                                                                      \
		.name = verb, .usage = how, .help = words, .run = do_verb, .raw_rest = true    \
	}

static const struct shell_row rows[] = {
    {.name = "open",
	.usage = "open URL",
	.help = "connect, and log in if a user is known",
	.run = do_open},
    {.name = "ls",
	.usage = "ls [MAILBOX]",
	.help = "list the messages of a mailbox, or the mailboxes",
	.run = do_ls,
	.completes = "remote"},
    {.name = "cd",
	.usage = "cd [MAILBOX]",
	.help = "choose a mailbox, or none",
	.run = do_cd,
	.completes = "remote"},
    {.name = "cat", .usage = "cat UID", .help = "show a message", .run = do_cat},
    {.name = "search",
	.usage = "search KEYS",
	.help = "list the messages that are found",
	.run = do_search,
	.raw_rest = true},
    {.name = "cp",
	.usage = "cp UIDS MAILBOX",
	.help = "copy messages",
	.run = do_cp,
	.completes = "remote"},
    {.name = "mv",
	.usage = "mv UIDS MAILBOX",
	.help = "move messages",
	.run = do_mv,
	.completes = "remote"},
    {.name = "rm", .usage = "rm UIDS", .help = "remove messages for good", .run = do_rm},
    {.name = "mkdir", .usage = "mkdir MAILBOX", .help = "make a mailbox", .run = do_mkdir},
    {.name = "login",
	.usage = "LOGIN [USER PASSWORD]",
	.help = "log in, by the best way that is offered",
	.run = do_login,
	.secret = true},
    VERB("capability", "CAPABILITY", "ask what the server can"),
    VERB("id", "ID NIL", "ask who the server is"),
    VERB("namespace", "NAMESPACE", "ask where mailboxes begin"),
    VERB("enable", "ENABLE NAME", "switch an extension on"),
    {.name = "compress",
	.usage = "COMPRESS",
	.help = "compress what follows (COMPRESS DEFLATE)",
	.run = do_compress},
    VERB("list", "LIST \"\" \"*\"", "list mailboxes"),
    VERB("lsub", "LSUB \"\" \"*\"", "list the mailboxes one is subscribed to"),
    VERB("status", "STATUS MAILBOX (MESSAGES UNSEEN)", "ask for a mailbox's numbers"),
    VERB("select", "SELECT MAILBOX", "open a mailbox"),
    VERB("examine", "EXAMINE MAILBOX", "open a mailbox without changing it"),
    VERB("unselect", "UNSELECT", "leave the mailbox"),
    VERB("create", "CREATE MAILBOX", "make a mailbox"),
    VERB("delete", "DELETE MAILBOX", "remove a mailbox"),
    VERB("rename", "RENAME OLD NEW", "rename a mailbox"),
    VERB("subscribe", "SUBSCRIBE MAILBOX", "subscribe to a mailbox"),
    VERB("unsubscribe", "UNSUBSCRIBE MAILBOX", "the contrary"),
    VERB("fetch", "FETCH 1:* (FLAGS)", "ask for parts of messages"),
    VERB("store", "STORE 1 +FLAGS (\\Seen)", "change flags"),
    VERB("copy", "COPY 1 MAILBOX", "copy messages"),
    VERB("move", "MOVE 1 MAILBOX", "move messages"),
    VERB("uid", "UID FETCH 7 (FLAGS)", "FETCH, STORE, SEARCH, COPY, MOVE by unique id"),
    VERB("sort", "SORT (DATE) UTF-8 ALL", "numbers of messages in some order"),
    VERB("thread", "THREAD REFERENCES UTF-8 ALL", "numbers of messages as threads"),
    VERB("expunge", "EXPUNGE", "remove for good what is marked \\Deleted"),
    VERB("check", "CHECK", "ask the server to put its house in order"),
    VERB("noop", "NOOP", "do nothing: is there anything new?"),
    {.name = "logout", .usage = "LOGOUT", .help = "say goodbye, and end", .run = do_logout},
    {.name = "raw",
	.usage = "raw LINE",
	.help = "send LINE with a tag before it",
	.run = do_raw,
	.raw_rest = true},
    {.name = "close", .usage = "close", .help = "say LOGOUT and close", .run = do_close},
    {.name = NULL},
};

/* Names of mailboxes that begin so. */
static char **remote_names(void *session, const char *prefix)
{
	struct hand *h = session;
	struct err ignored = {0};
	struct imap *i = &h->session.imap;
	size_t count = 0;
	if (!h->open || !i->stream || err_is_set(stream_err(i->stream)))
		return NULL;
	bool paused = trace_is_paused(h->trace);
	trace_pause(h->trace, true);
	if (!h->folders.count)
		folders_list(&h->session, &h->folders, false, false, &ignored);
	trace_pause(h->trace, paused);
	char **names = mem_array(h->folders.count + 1, sizeof *names);
	for (size_t k = 0; k < h->folders.count; k++)
		if (str_starts(str_of(h->folders.items[k].name), prefix))
			names[count++] = mem_dup(h->folders.items[k].name);
	return names;
}

static bool time_so_far(void *session, struct err *err)
{
	struct session *s = connection(session, err);
	if (!s)
		return false;
	show_timing(s);
	return true;
}

bool commands_run(
    const struct imapls_options *o, struct dialer *dialer, struct trace *trace, struct err *err)
{
	struct hand h = {.o = o, .dialer = dialer, .trace = trace};
	struct shell_config config = {.tool = "imapls",
	    .rows = rows,
	    .session = &h,
	    .protocol = o->common.protocol,
	    .trace = trace,
	    .timing = time_so_far,
	    .remote_names = remote_names};
	netopts_show_by_hand(&o->common, trace);
	bool ok = o->targets.count == 0 || connect_to(&h, o->targets.items[0].text, err);
	ok = ok && shell_run(&config, o->common.script, o->common.execute, err);
	leave(&h);
	return ok;
}
