/*
 * Commands about the session and the server's directories.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/ftpc/hand.h"
#include "common/base/mem.h"
#include "common/cli/ask.h"
#include "common/cli/say.h"
#include "common/text/number.h"

#define COMMAND(name) static bool name(struct shell *sh, int argc, char **argv, struct err *err)

COMMAND(do_open)
{
	if (!hand_wants(argc, 1, 2, err))
		return false;
	char *target = argc > 2 ? mem_printf("%s:%s", argv[1], argv[2]) : mem_dup(argv[1]);
	bool ok = hand_open(shell_session(sh), target, err);
	free(target);
	return ok;
}

COMMAND(do_close)
{
	(void)argv;
	if (!hand_wants(argc, 0, 0, err))
		return false;
	hand_close(shell_session(sh));
	return true;
}

static bool log_in_as(struct hand *h, const char *user, const char *password, struct err *err)
{
	struct session_wish wish = {.features = true, .stays = true};
	creds_free(&h->run->creds);
	h->run->creds = (struct creds){.user = mem_dup(user), .password = mem_dup(password)};
	h->run->creds_known = true;
	h->logged_in = session_login(h->run, &h->f, &wish, err);
	return h->logged_in;
}

/* user NAME [PASSWORD [ACCOUNT]]: without a password it is asked for on a terminal, else pass
 * brings it. */
COMMAND(do_user)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 1, 3, err) || !hand_connected(h, err))
		return false;
	char *password = argc > 2 ? mem_dup(argv[2]) : NULL;
	bool anonymous = strcmp(argv[1], "anonymous") == 0 || strcmp(argv[1], "ftp") == 0;
	if (!password && !anonymous && shell_is_interactive(sh)) {
		password = ask_terminal("Password: ", err);
		if (!password)
			return false;
	}
	if (!password && !anonymous) {
		mem_free_secret(h->user);
		h->user = mem_dup(argv[1]);
		return true;
	}
	bool ok = log_in_as(h, argv[1], password, err);
	mem_free_secret(password);
	return ok;
}

COMMAND(do_pass)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 1, 1, err) || !hand_connected(h, err))
		return false;
	if (!h->user)
		return err_set(err, ERR_USAGE, "user NAME comes first");
	return log_in_as(h, h->user, argv[1], err);
}

COMMAND(do_cd)
{
	return hand_wants(argc, 1, 1, err) && hand_do(shell_session(sh), "CWD", argv[1], err);
}

COMMAND(do_lcd)
{
	const char *home = getenv("HOME");
	(void)sh;
	if (!hand_wants(argc, 0, 1, err))
		return false;
	const char *dir = argc > 1 ? argv[1] : home ? home : ".";
	return chdir(dir) == 0 || err_set_errno(err, ERR_IO, "%s", dir);
}

COMMAND(do_pwd)
{
	struct hand *h = shell_session(sh);
	(void)argv;
	if (!hand_wants(argc, 0, 0, err) || !hand_ready(h, err))
		return false;
	char *path = ftp_pwd(&h->f, err);
	char *line = path ? mem_printf("%s\n", path) : NULL;
	bool ok = line && hand_print(str_of(line), err);
	free(path);
	free(line);
	return ok;
}

/* Commands that are one command of the protocol. */
struct plain {
	const char *name, *verb;
	bool prints;
};

static const struct plain plain_commands[] = {
    {"cdup", "CDUP", false},
    {"delete", "DELE", false},
    {"mkdir", "MKD", false},
    {"rmdir", "RMD", false},
    {"system", "SYST", true},
    {"rhelp", "HELP", true},
    {"stat", "STAT", true},
    {"site", "SITE", true},
    {"noop", "NOOP", false},
};

COMMAND(do_plain)
{
	struct hand *h = shell_session(sh);
	size_t i = 0;
	while (i + 1 < sizeof plain_commands / sizeof *plain_commands &&
	       !str_starts_nocase(str_of(plain_commands[i].name), argv[0]))
		i++;
	return hand_do(h, plain_commands[i].verb, argc > 1 ? argv[1] : NULL, err) &&
	       (!plain_commands[i].prints || hand_print_reply(h, err));
}

COMMAND(do_rename)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 2, 2, err) || !hand_ready(h, err) ||
	    !ftp_ask(&h->f, "RNFR", argv[1], err))
		return false;
	if (reply_class(&h->f.reply) != 3)
		return ftp_refused(&h->f, "RNFR", argv[1], err);
	return hand_do(h, "RNTO", argv[2], err);
}

COMMAND(do_quote)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 1, 1, err) || !hand_connected(h, err) ||
	    !ftp_ask(&h->f, argv[1], NULL, err))
		return false;
	hand_forget_names(h);
	/* It may have been any command: nothing about the server's state is sure. */
	h->f.type = 0;
	if (!hand_print_reply(h, err))
		return false;
	return reply_class(&h->f.reply) < 4 || ftp_refused(&h->f, argv[1], NULL, err);
}

COMMAND(do_features)
{
	struct hand *h = shell_session(sh);
	(void)argv;
	return hand_wants(argc, 0, 0, err) && hand_do(h, "FEAT", NULL, err) &&
	       hand_print_reply(h, err);
}

/* ---- settings ---- */

COMMAND(do_type)
{
	struct hand *h = shell_session(sh);
	if (!hand_wants(argc, 0, 1, err))
		return false;
	const char *word = argc > 1 ? argv[1] : argv[0];
	char c = char_lower(word[0]);
	if (argc == 1 && c == 't')
		return hand_print(h->ascii ? STR("ascii\n") : STR("binary\n"), err);
	if (c != 'a' && c != 'b' && c != 'i')
		return err_set(err, ERR_USAGE, "type ascii, or type binary");
	h->ascii = c == 'a';
	return true;
}

COMMAND(do_passive)
{
	struct hand *h = shell_session(sh);
	bool passive = !h->f.active;
	if (!hand_connected(h, err) || !shell_switch(argc, argv, &passive, err))
		return false;
	h->f.active = passive ? NULL : h->run->o->active ? h->run->o->active : "-";
	return true;
}

COMMAND(do_epsv)
{
	struct hand *h = shell_session(sh);
	return hand_connected(h, err) && shell_switch(argc, argv, &h->f.uses_epsv, err);
}

COMMAND(do_prompt)
{
	return shell_switch(argc, argv, &((struct hand *)shell_session(sh))->asks, err);
}

COMMAND(do_glob)
{
	return shell_switch(argc, argv, &((struct hand *)shell_session(sh))->globs, err);
}

COMMAND(do_hash)
{
	return shell_switch(argc, argv, &((struct hand *)shell_session(sh))->hash, err);
}

COMMAND(do_preserve)
{
	return shell_switch(argc, argv, &((struct hand *)shell_session(sh))->preserve, err);
}

/* ftp(1)'s word for trace. */
COMMAND(do_verbose)
{
	struct hand *h = shell_session(sh);
	bool on = trace_is_paused(h->run->trace);
	if (!shell_switch(argc, argv, &on, err))
		return false;
	trace_pause(h->run->trace, !on);
	return true;
}

COMMAND(do_restart)
{
	struct hand *h = shell_session(sh);
	return hand_wants(argc, 1, 1, err) &&
	       (number_parse_max(str_of(argv[1]), INT64_MAX, &h->restart) ||
		   err_set(err, ERR_USAGE, "restart OFFSET, in bytes"));
}

COMMAND(do_status)
{
	struct hand *h = shell_session(sh);
	char line[512];
	(void)argv;
	if (!hand_wants(argc, 0, 0, err))
		return false;
	snprintf(line, sizeof line, "%s%s; %s; %s mode; %s; globs %s; times %s\n",
	    h->f.stream ? "connected to " : "not connected",
	    h->f.stream ? h->target.url.host : "", h->logged_in ? "logged in" : "not logged in",
	    h->f.active ? "active" : "passive", h->ascii ? "ascii" : "binary",
	    h->globs ? "on" : "off", h->preserve ? "preserved" : "not preserved");
	return hand_print(str_of(line), err);
}

const struct shell_row commands_session_rows[] = {
    {"open", "open HOST [PORT] | URL", "connect to a server", do_open, NULL, false, false},
    {"close", "close", "end the session", do_close, NULL, false, false},
    {"disconnect", "disconnect", "the same as close", do_close, NULL, false, false},
    {"user", "user NAME [PASSWORD]", "log in", do_user, NULL, false, true},
    {"login", "login NAME [PASSWORD]", "the same as user", do_user, NULL, false, true},
    {"pass", "pass PASSWORD", "the password for user NAME", do_pass, NULL, false, true},
    {"cd", "cd DIRECTORY", "change the server's directory", do_cd, "remote", false, false},
    {"cwd", "CWD DIRECTORY", "the same as cd", do_cd, "remote", false, false},
    {"cdup", "cdup", "go to the directory above", do_plain, NULL, false, false},
    {"lcd", "lcd [DIRECTORY]", "change the directory here", do_lcd, "local", false, false},
    {"pwd", "pwd", "show the server's directory", do_pwd, NULL, false, false},
    {"delete", "delete FILE", "remove a file", do_plain, "remote", false, false},
    {"mkdir", "mkdir DIRECTORY", "make a directory", do_plain, "remote", false, false},
    {"rmdir", "rmdir DIRECTORY", "remove a directory", do_plain, "remote", false, false},
    {"rename", "rename FROM TO", "give a file another name", do_rename, "remote", false, false},
    {"quote", "quote COMMAND", "send a command as it stands", do_quote, NULL, true, false},
    {"raw", "raw COMMAND", "the same as quote", do_quote, NULL, true, false},
    {"site", "site ARGUMENTS", "a command of that server's own", do_plain, NULL, true, false},
    {"system", "system", "the kind of server (SYST)", do_plain, NULL, false, false},
    {"stat", "STAT [FILE]", "how the server is, or a file", do_plain, "remote", true, false},
    {"rhelp", "rhelp [COMMAND]", "the server's help", do_plain, NULL, true, false},
    {"noop", "noop", "say nothing, to keep the session", do_plain, NULL, false, false},
    {"features", "features", "what the server can do (FEAT)", do_features, NULL, false, false},
    {"ascii", "ascii", "transfer as text", do_type, NULL, false, false},
    {"binary", "binary", "transfer as it is", do_type, NULL, false, false},
    {"type", "type [ascii|binary]", "either", do_type, NULL, false, false},
    {"passive", "passive [on|off]", "who opens the data connection", do_passive, NULL, false,
	false},
    {"epsv", "epsv [on|off]", "EPSV and EPRT, or PASV and PORT", do_epsv, NULL, false, false},
    {"prompt", "prompt [on|off]", "ask before each file of mget, mput, mdelete", do_prompt,
	NULL, false, false},
    {"glob", "glob [on|off]", "patterns in names", do_glob, NULL, false, false},
    {"hash", "hash [on|off]", "show each file's size when it is through", do_hash, NULL, false,
	false},
    {"preserve", "preserve [on|off]", "keep modification times", do_preserve, NULL, false,
	false},
    {"verbose", "verbose [on|off]", "show the dialogue, as trace", do_verbose, NULL, false,
	false},
    {"restart", "restart OFFSET", "begin the next get or put there", do_restart, NULL, false,
	false},
    {"status", "status", "the settings", do_status, NULL, false, false},
    {NULL, NULL, NULL, NULL, NULL, false, false},
};
