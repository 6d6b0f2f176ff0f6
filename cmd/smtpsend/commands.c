/*
 * The rows of the interactive mode: each verb is sent as it was typed, and its
 * reply shown in the S:/C: notation.
 */
#include "cmd/smtpsend/commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/smtpsend/show.h"
#include "common/base/limits.h"
#include "common/cli/shell.h"

static struct smtp *connection(struct run *run, struct err *err)
{
	if (run->session->smtp.stream && !err_is_set(stream_err(run->session->smtp.stream)))
		return &run->session->smtp;
	err_set(err, ERR_USAGE, "not connected: open smtp://HOST first");
	return NULL;
}

static struct smtp *connected(struct shell *sh, struct err *err)
{
	return connection(shell_session(sh), err);
}

/* Takes the reply; 4yz and 5yz are errors of their kind. */
static bool take_reply(struct smtp *s, struct err *err)
{
	if (!smtp_read(s))
		return err_pass(err, stream_err(s->stream));
	return reply_class(&s->reply) < 4 || reply_fail(err, &s->reply, "refused");
}

static bool do_open(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct run *run = shell_session(sh);
	return shell_wants(argc, 1, 1, err) && session_aim(run->session, argv[1], err) &&
	       session_connect(run->session, err);
}

static bool do_close(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct run *run = shell_session(sh);
	(void)argv;
	if (!shell_wants(argc, 0, 0, err))
		return false;
	session_close(run->session);
	return true;
}

/* The verb in capitals and the rest as it was typed. */
static bool do_verb(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct smtp *s = connected(sh, err);
	char verb[16];
	shell_capitals(argv[0], verb);
	if (!s)
		return false;
	if (argc > 1 && *argv[1])
		stream_put_line(s->stream, "%s %s", verb, argv[1]);
	else
		stream_put_line(s->stream, "%s", verb);
	return take_reply(s, err);
}

/* EHLO by hand is remembered as the session's: starttls and auth need what it announces. */
static bool do_ehlo(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct run *run = shell_session(sh);
	struct smtp *s = connected(sh, err);
	if (!s || !shell_wants(argc, 0, 1, err))
		return false;
	return argc > 1 ? smtp_ehlo(s, argv[1], err) : session_hello(run->session, err);
}

static bool do_starttls(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct run *run = shell_session(sh);
	(void)argv;
	return connected(sh, err) && shell_wants(argc, 0, 0, err) &&
	       session_start_tls(run->session, err);
}

static bool do_auth(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct run *run = shell_session(sh);
	(void)argv;
	return connected(sh, err) && shell_wants(argc, 0, 0, err) &&
	       session_login(run->session, err);
}

/* A line that begins with a dot gets a second one, as every line of a message does. */
static bool put_typed(struct shell *sh, struct smtp *s, struct err *err)
{
	struct str line;
	while (shell_read_line(sh, "> ", &line)) {
		if (str_is(line, ".")) {
			stream_put_line(s->stream, ".");
			return true;
		}
		stream_put_line(
		    s->stream, "%s%.*s", str_starts(line, ".") ? "." : "", STR_ARG(line));
	}
	/* Half a message must not be taken for a whole one. */
	smtp_drop(s);
	return err_set(err, ERR_USAGE, "DATA: the input ended before the line with a dot");
}

static bool do_data(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct smtp *s = connected(sh, err);
	(void)argv;
	if (!s || !shell_wants(argc, 0, 0, err))
		return false;
	smtp_put_data(s);
	if (!take_reply(s, err))
		return false;
	return s->reply.code != 354 || (put_typed(sh, s, err) && take_reply(s, err));
}

static bool do_raw(struct shell *sh, int argc, char **argv, struct err *err)
{
	struct smtp *s = connected(sh, err);
	if (!s || !shell_wants(argc, 1, 1, err))
		return false;
	stream_put_line(s->stream, "%s", argv[1]);
	return take_reply(s, err);
}

static bool time_so_far(void *session, struct err *err)
{
	struct run *run = session;
	if (!connection(run, err))
		return false;
	show_connection(run->session);
	return true;
}

#define VERB(verb, how, words)                                                                 \
	{                                                                                      \
		.name = verb, .usage = how, .help = words, .run = do_verb, .raw_rest = true    \
	}

static const struct shell_row rows[] = {
    {.name = "open",
	.usage = "open URL",
	.help = "connect to a server and hear its greeting",
	.run = do_open},
    {.name = "close", .usage = "close", .help = "say QUIT and close", .run = do_close},
    VERB("helo", "HELO NAME", "introduce yourself: the handshake of RFC 821"),
    {.name = "ehlo",
	.usage = "EHLO [NAME]",
	.help = "introduce yourself and hear what the server can",
	.run = do_ehlo},
    {.name = "starttls",
	.usage = "STARTTLS",
	.help = "encrypt from here on, and say EHLO again",
	.run = do_starttls},
    {.name = "auth",
	.usage = "AUTH",
	.help = "log in as the user of -u, by the best way that is offered",
	.run = do_auth},
    VERB("mail", "MAIL FROM:<ADDRESS>", "begin a message: whom errors are reported to"),
    VERB("rcpt", "RCPT TO:<ADDRESS>", "name a recipient; once for each"),
    {.name = "data",
	.usage = "DATA",
	.help = "type the message; a dot on a line by itself ends it",
	.run = do_data},
    VERB("rset", "RSET", "forget the message that was begun"),
    VERB("vrfy", "VRFY NAME", "ask whether a mailbox exists; many servers won't tell"),
    VERB("expn", "EXPN NAME", "ask who is on a list; most servers won't tell"),
    VERB("noop", "NOOP", "do nothing: is the server still there?"),
    {.name = "raw",
	.usage = "raw LINE",
	.help = "send LINE as it is and show the reply",
	.run = do_raw,
	.raw_rest = true},
    {.name = NULL},
};

/* With a user the session is made ready; without one only the greeting is waited for. */
static bool begin(struct run *run, struct err *err)
{
	if (!run->session->target.host)
		return true;
	return session_must_login(run->session) ? session_open(run->session, err)
						: session_connect(run->session, err);
}

bool commands_run(struct run *run, struct err *err)
{
	const struct net_options *common = &run->o->common;
	struct shell_config config = {.tool = "smtpsend",
	    .rows = rows,
	    .session = run,
	    .protocol = common->protocol,
	    .trace = run->session->trace,
	    .timing = time_so_far};
	netopts_show_by_hand(common, run->session->trace);
	bool ok = begin(run, err);
	ok = ok && shell_run(&config, common->script, common->execute, err);
	session_close(run->session);
	return ok;
}
