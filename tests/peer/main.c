/*
 * peer: a server that plays dialogues. Options, the listening port, and one
 * script after the other. How a dialogue reads and plays is not known here.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/number.h"
#include "tests/peer/play.h"
#include "tests/peer/record.h"
#include "tests/peer/script.h"
#include "tests/peer/socket.h"

enum { EXIT_PLAYED = 0, EXIT_STRAYED = 1, EXIT_UNPLAYABLE = 2 };

/* No --timeout was given. */
#define UNSET (-1)

struct options {
	const char *port_file, *log, *cert, *key;
	const char *record; /* HOST:PORT */
	const char *address;
	uint64_t port, times;
	int64_t timeout_ms, rtt_ms;
	char **dialogues;
	int count;
	bool background, help;
};

static const char usage[] =
    "usage: parley-peer [options] DIALOGUE...\n"
    "       parley-peer [options] --record HOST:PORT [FILE]\n"
    "Plays each dialogue once, as the server, and exits with 0; with 1 and a diff when the\n"
    "client strayed; with 2 when a dialogue cannot be read or played.\n"
    "  --background        return once clients can connect, and play on\n"
    "  --port N            listen on port N (default 0: any free one)\n"
    "  --port-file FILE    write the port's number there once clients can connect\n"
    "  --bind ADDRESS      listen on this numeric address (default 127.0.0.1)\n"
    "  --connections N     play the dialogues N times over (default 1)\n"
    "  --timeout S         longest wait for the client in any step (default 10)\n"
    "  --rtt MS            answer as if the client were so many milliseconds away\n"
    "  --log FILE          note when bytes came and went\n"
    "  --cert FILE, --key FILE  PEM files for TLS\n"
    "  --record HOST:PORT  carry a client's session to that server, and write it to FILE\n"
    "  --help\n";

static const struct option rows[] = {
    {"background", no_argument, NULL, 'B'},
    {"port", required_argument, NULL, 'p'},
    {"port-file", required_argument, NULL, 'f'},
    {"bind", required_argument, NULL, 'b'},
    {"connections", required_argument, NULL, 'n'},
    {"timeout", required_argument, NULL, 't'},
    {"rtt", required_argument, NULL, 'r'},
    {"log", required_argument, NULL, 'l'},
    {"cert", required_argument, NULL, 'c'},
    {"key", required_argument, NULL, 'k'},
    {"record", required_argument, NULL, 'R'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static bool read_number(struct options *o, int row, const char *text)
{
	uint64_t ms;
	switch (row) {
	case 'p': return number_parse_max(str_of(text), 65535, &o->port);
	case 'n': return number_parse(str_of(text), &o->times);
	case 't': return number_parse_seconds(str_of(text), &o->timeout_ms);
	default:
		if (!number_parse_max(str_of(text), 3600000, &ms))
			return false;
		o->rtt_ms = (int64_t)ms;
		return true;
	}
}

static bool refuse(int row, const char *text)
{
	const struct option *option = rows;
	while (option->name && option->val != row)
		option++;
	fprintf(stderr, "peer: --%s: %s %s\n", option->name, text, number_why(str_of(text)));
	return false;
}

static bool read_option(struct options *o, int row, const char *text)
{
	switch (row) {
	case 'f': o->port_file = text; return true;
	case 'b': o->address = text; return true;
	case 'l': o->log = text; return true;
	case 'c': o->cert = text; return true;
	case 'k': o->key = text; return true;
	case 'R': o->record = text; return true;
	case 'B': o->background = true; return true;
	case 'h': o->help = true; return true;
	case '?': return false;
	default:
		if (read_number(o, row, text))
			return true;
		return refuse(row, text);
	}
}

static bool read_options(struct options *o, int argc, char **argv)
{
	int row;
	*o = (struct options){.address = "127.0.0.1", .times = 1, .timeout_ms = UNSET};
	while ((row = getopt_long(argc, argv, "", rows, NULL)) != -1)
		if (!read_option(o, row, optarg))
			return false;
	o->dialogues = argv + optind;
	o->count = argc - optind;
	/* Whoever records sits at the other end and takes his time. */
	if (o->timeout_ms == UNSET)
		o->timeout_ms = o->record ? 0 : 10000;
	bool good = o->help || (o->record ? o->count <= 1 : o->count > 0);
	if (!good)
		fputs(usage, stderr);
	return good;
}

/* Whoever waits for the file to appear finds the whole number in it. */
static bool write_port(const char *path, unsigned port, struct err *err)
{
	if (!path)
		return true;
	char *made = mem_printf("%s.new", path);
	FILE *out = fopen(made, "w");
	bool ok = out && fprintf(out, "%u\n", port) > 0;
	if (out)
		ok = fclose(out) == 0 && ok;
	if (!ok || rename(made, path) != 0)
		err_set_errno(err, ERR_USAGE, "cannot write %s", path);
	free(made);
	return !err_is_set(err);
}

/* The caller goes on, and clients wait in the listener's queue if need be. */
static bool step_back(bool wanted, struct err *err)
{
	if (!wanted)
		return true;
	pid_t child = fork();
	if (child < 0)
		return err_set_errno(err, ERR_INTERNAL, "fork");
	if (child > 0)
		_exit(EXIT_PLAYED);
	/* What the terminal says is the client's now. */
	int nothing = open("/dev/null", O_RDONLY);
	return nothing >= 0 && dup2(nothing, STDIN_FILENO) == STDIN_FILENO &&
	       (nothing == STDIN_FILENO || close(nothing) == 0);
}

static bool open_log(struct log *log, const char *path, struct err *err)
{
	log->start = clock_now();
	log->to = path ? fopen(path, "w") : NULL;
	if (path && !log->to)
		return err_set_errno(err, ERR_USAGE, "cannot write %s", path);
	return true;
}

static bool load_tls(
    struct play_setup *setup, const struct options *o, bool wanted, struct err *err)
{
	if (!wanted)
		return true;
	if (!o->cert || !o->key)
		return err_set(err, ERR_USAGE, "a dialogue with TLS needs --cert and --key");
	setup->conn.tls = tls_server_new(o->cert, o->key, err);
	return setup->conn.tls != NULL;
}

static bool open_setup(
    struct play_setup *setup, const struct options *o, bool uses_tls, struct err *err)
{
	setup->address = o->address;
	setup->conn.timeout = o->timeout_ms * CLOCK_MS;
	setup->conn.rtt = o->rtt_ms * CLOCK_MS;
	if (!load_tls(setup, o, uses_tls, err))
		return false;
	setup->listener = socket_listen(o->address, (uint16_t)o->port, err);
	return setup->listener >= 0 && open_log(&setup->conn.log, o->log, err) &&
	       write_port(o->port_file, socket_port(setup->listener), err) &&
	       step_back(o->background, err);
}

static void close_setup(struct play_setup *setup)
{
	if (setup->listener >= 0)
		close(setup->listener);
	if (setup->conn.log.to)
		fclose(setup->conn.log.to);
	tls_server_free(setup->conn.tls);
}

static bool play_all(const struct options *o, struct script *scripts, struct err *err)
{
	struct play_setup setup = {.listener = -1};
	bool uses_tls = false;
	for (int i = 0; i < o->count; i++)
		uses_tls = uses_tls || scripts[i].uses_tls;
	bool ok = open_setup(&setup, o, uses_tls, err);
	for (uint64_t time = 0; ok && time < o->times; time++)
		for (int i = 0; ok && i < o->count; i++)
			ok = play_script(&scripts[i], &setup, err);
	close_setup(&setup);
	return ok;
}

static bool record(const struct options *o, struct err *err)
{
	struct play_setup setup = {.listener = -1};
	struct record r = {.server = o->record,
	    .timeout = o->timeout_ms * CLOCK_MS,
	    .times = o->times,
	    .out = stdout};
	if (o->count && strcmp(o->dialogues[0], "-") != 0)
		r.out = fopen(o->dialogues[0], "w");
	if (!r.out)
		return err_set_errno(err, ERR_USAGE, "cannot write %s", o->dialogues[0]);
	bool ok = open_setup(&setup, o, false, err);
	r.listener = setup.listener;
	ok = ok && record_run(&r, err);
	close_setup(&setup);
	if (fclose(r.out) != 0 && ok)
		ok = err_set_errno(err, ERR_IO, "the dialogue could not be written");
	return ok;
}

static int run(const struct options *o)
{
	struct err err = {0};
	if (o->record) {
		if (record(o, &err))
			return EXIT_PLAYED;
		fprintf(stderr, "peer: %s\n", err.text);
		return EXIT_UNPLAYABLE;
	}
	struct script *scripts = mem_array((size_t)o->count, sizeof *scripts);
	bool ok = true;
	for (int i = 0; ok && i < o->count; i++)
		ok = script_load(&scripts[i], o->dialogues[i], &err);
	ok = ok && play_all(o, scripts, &err);
	for (int i = 0; i < o->count; i++)
		script_free(&scripts[i]);
	free(scripts);
	if (ok)
		return EXIT_PLAYED;
	/* A stray was shown with its diff. */
	if (err.kind == ERR_DATA)
		return EXIT_STRAYED;
	fprintf(stderr, "peer: %s\n", err.text);
	return EXIT_UNPLAYABLE;
}

int main(int argc, char **argv)
{
	struct options o;
	signal(SIGPIPE, SIG_IGN);
	if (!read_options(&o, argc, argv))
		return EXIT_UNPLAYABLE;
	if (o.help) {
		fputs(usage, stdout);
		return EXIT_PLAYED;
	}
	return run(&o);
}
