/*
 * The rows of the interactive mode. Each says one verb and shows its answer, which is the
 * trace's doing.
 */
#include "cmd/pop3fetch/commands.h"

#include <string.h>

#include "cmd/pop3fetch/show.h"
#include "common/cli/outfile.h"
#include "common/cli/shell.h"
#include "common/proto/dot.h"
#include "common/text/number.h"

struct hand {
	const struct pop3fetch_options *o;
	struct dialer *dialer;
	struct trace *trace;
	struct session session;
	bool open; /* session is initialised */
};

/* ---- the connection ---- */

static void leave(struct hand *h)
{
	if (!h->open)
		return;
	session_drop(&h->session);
	if (h->o->common.timing)
		show_timing(&h->session);
	session_free(&h->session);
	h->open = false;
}

static bool connect_to(struct hand *h, const char *target, struct err *err)
{
	leave(h);
	h->open = true;
	if (!session_init(&h->session, h->o, target, err))
		return false;
	session_set_dialer(&h->session, h->dialer);
	/* Who names a user wants to be logged in; else the script says it (cli.md). */
	bool login = h->session.target.user || h->o->common.cred.user;
	return login ? session_open(&h->session, err) : session_connect(&h->session, err);
}

static struct pop3 *connected(struct hand *h, struct err *err)
{
	struct pop3 *p = &h->session.pop3;
	if (h->open && p->stream && !err_is_set(stream_err(p->stream)))
		return p;
	err_set(err, ERR_USAGE, "nothing is open: open pop3://HOST first");
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

/* ---- answers ---- */

static bool read_simple(struct pop3 *p, enum err_kind kind, struct err *err)
{
	return pop3_expect(p, kind, "the server says no", err);
}

static bool read_list(struct pop3 *p, enum err_kind kind, struct err *err)
{
	struct pop3_lines lines;
	struct str line;
	if (!read_simple(p, kind, err))
		return false;
	pop3_lines_start(&lines, p);
	while (pop3_lines_next(&lines, &line, err))
		;
	return lines.done;
}

static bool read_message(struct pop3 *p, const char *file, struct err *err)
{
	struct dot_reader reader;
	struct str piece = STR_NONE;
	struct outfile *out = NULL;
	bool ok;
	if (!read_simple(p, ERR_ABSENT, err))
		return false;
	struct err local = {0};
	if (file)
		out = outfile_open(file, 0, &local);
	dot_read_start(&reader, p->stream, DOT_LF);
	while ((ok = dot_next(&reader, &piece)) && piece.len)
		if (out && !err_is_set(&local))
			outfile_write(out, piece, &local);
	dot_read_free(&reader);
	if (!ok)
		err_pass(err, stream_err(p->stream));
	if (ok && out && !err_is_set(&local))
		outfile_commit(out, &local);
	else
		outfile_abandon(out);
	err_pass(err, &local);
	return !err_is_set(err);
}

/* ---- verbs ---- */

static bool do_user(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct hand *h = shell_session(sh);
	struct pop3 *p = shell_wants(argc, 1, 1, err) ? connected(h, err) : NULL;
	return p && pop3_user(p, argv[1], err);
}

static bool do_pass(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct hand *h = shell_session(sh);
	struct pop3 *p = shell_wants(argc, 1, 1, err) ? connected(h, err) : NULL;
	return p && session_may_send(&h->session, err) && pop3_pass(p, argv[1], err);
}

static bool do_apop(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 2, 2, err) ? connected(shell_session(sh), err) : NULL;
	return p && pop3_apop(p, argv[1], argv[2], err);
}

static bool do_login(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct hand *h = shell_session(sh);
	(void)argv;
	if (!shell_wants(argc, 0, 0, err) || !connected(h, err))
		return false;
	return (h->session.pop3.has_capa || pop3_capa(&h->session.pop3, err)) &&
	       session_login(&h->session, err);
}

static bool do_capa(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 0, 0, err) ? connected(shell_session(sh), err) : NULL;
	(void)argv;
	if (!p || !pop3_capa(p, err))
		return false;
	return p->has_capa || pop3_fail(p, ERR_REFUSED, "the server says no", err);
}

static bool do_stls(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct hand *h = shell_session(sh);
	(void)argv;
	return shell_wants(argc, 0, 0, err) && connected(h, err) &&
	       session_start_tls(&h->session, err);
}

/* STAT, NOOP, RSET: a word, an answer of a line. */
static bool do_plain(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 0, 0, err) ? connected(shell_session(sh), err) : NULL;
	if (!p)
		return false;
	switch (char_lower(argv[0][0])) {
	case 's': pop3_put_stat(p); break;
	case 'n': pop3_put_noop(p); break;
	default: pop3_put_rset(p); break;
	}
	return read_simple(p, ERR_REFUSED, err);
}

static bool parse_number(const char *text, uint32_t *number, struct err *err)
{
	uint64_t value;
	if (!number_parse_max(str_of(text), UINT32_MAX, &value) || value == 0)
		return err_set(err, ERR_USAGE, "%.80s: not a message's number", text);
	*number = (uint32_t)value;
	return true;
}

static bool do_list(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 0, 1, err) ? connected(shell_session(sh), err) : NULL;
	uint32_t number = 0;
	if (!p || (argc > 1 && !parse_number(argv[1], &number, err)))
		return false;
	if (char_lower(argv[0][0]) == 'u')
		pop3_put_uidl(p, number);
	else
		pop3_put_list(p, number);
	return number ? read_simple(p, ERR_ABSENT, err) : read_list(p, ERR_REFUSED, err);
}

static bool do_retr(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 1, 2, err) ? connected(shell_session(sh), err) : NULL;
	uint32_t number;
	if (!p || !parse_number(argv[1], &number, err))
		return false;
	pop3_put_retr(p, number);
	return read_message(p, argc > 2 ? argv[2] : NULL, err);
}

static bool do_top(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 2, 2, err) ? connected(shell_session(sh), err) : NULL;
	uint32_t number;
	uint64_t lines;
	if (!p || !parse_number(argv[1], &number, err))
		return false;
	if (!number_parse(str_of(argv[2]), &lines))
		return err_set(err, ERR_USAGE, "%.80s: not a number of lines", argv[2]);
	pop3_put_top(p, number, lines);
	return read_message(p, NULL, err);
}

static bool do_dele(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 1, 1, err) ? connected(shell_session(sh), err) : NULL;
	uint32_t number;
	if (!p || !parse_number(argv[1], &number, err))
		return false;
	pop3_put_dele(p, number);
	return read_simple(p, ERR_ABSENT, err);
}

/* ---- ours ---- */

static bool do_raw(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct pop3 *p =
	    shell_wants(argc, 1, 1, err) ? connected(shell_session(sh), err) : NULL;
	if (!p)
		return false;
	stream_put_line(p->stream, "%s", argv[1]);
	return read_simple(p, ERR_REFUSED, err);
}

static bool time_so_far(void *session, struct err *err)
{
	struct hand *h = session;
	if (!connected(h, err))
		return false;
	show_timing(&h->session);
	return true;
}

static const struct shell_row rows[] = {
    {"open", "open TARGET", "connect to a server", do_open, NULL, false, false},
    {"close", "close", "close the connection, without QUIT: nothing is deleted", do_close, NULL,
	false, false},
    {"capa", "CAPA", "ask what the server can", do_capa, NULL, false, false},
    {"stls", "STLS", "start TLS", do_stls, NULL, false, false},
    {"user", "USER NAME", "who you are", do_user, NULL, false, false},
    {"pass", "PASS PASSWORD", "and your password", do_pass, NULL, true, true},
    {"apop", "APOP NAME PASSWORD", "both at once; only a digest is sent", do_apop, NULL, false,
	true},
    {"login", "login", "log in as the options say, in the best way the server knows", do_login,
	NULL, false, false},
    {"stat", "STAT", "how many messages, how many bytes", do_plain, NULL, false, false},
    {"list", "LIST [N]", "numbers and sizes", do_list, NULL, false, false},
    {"uidl", "UIDL [N]", "numbers and unique ids", do_list, NULL, false, false},
    {"top", "TOP N LINES", "a message's head and its first lines", do_top, NULL, false, false},
    {"retr", "RETR N [FILE]", "a message, into FILE if one is named", do_retr, "local", false,
	false},
    {"dele", "DELE N", "delete a message, at QUIT", do_dele, NULL, false, false},
    {"noop", "NOOP", "nothing", do_plain, NULL, false, false},
    {"rset", "RSET", "take all DELEs back", do_plain, NULL, false, false},
    {"raw", "raw LINE", "send a line as it is and read one line", do_raw, NULL, true, false},
    {.name = NULL},
};

static bool run_shell(struct hand *h, const struct shell_config *config, struct err *err)
{
	const struct net_options *common = &h->o->common;
	if (h->o->targets.count && !connect_to(h, h->o->targets.items[0].text, err))
		return false;
	return shell_run(config, common->script, common->execute, err);
}

bool commands_run(const struct pop3fetch_options *o, struct dialer *dialer, struct trace *trace,
    struct err *err)
{
	struct hand h = {.o = o, .dialer = dialer, .trace = trace};
	struct shell_config config = {.tool = "pop3fetch",
	    .rows = rows,
	    .session = &h,
	    .protocol = o->common.protocol,
	    .trace = trace,
	    .timing = time_so_far};
	netopts_show_by_hand(&o->common, trace);
	if (!o->common.verbose)
		trace_set_bodies(trace, true);
	bool ok = run_shell(&h, &config, err);
	struct pop3 *p = &h.session.pop3;
	if (ok && h.open && p->stream && !err_is_set(stream_err(p->stream)))
		ok = session_quit(&h.session, err);
	leave(&h);
	return ok;
}
