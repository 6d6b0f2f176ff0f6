/*
 * The options that all tools share. Fills the settings of net and the
 * credentials' options; connects to nothing itself.
 */
#include "common/cli/netopts.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/module.h"
#include "common/cli/compare.h"
#include "common/cli/diagram.h"
#include "common/cli/explain_sink.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"
#include "common/cli/shell.h"
#include "common/net/address.h"
#include "common/net/dial.h"

#define PLACE(member) .place = offsetof(struct net_options, member)
/* A hundred years: what is meant as "for ever" still fits a clock in nanoseconds. */
#define LONGEST .max = (int64_t)100 * 365 * 86400 * 1000

static const char *const trace_formats[] = {"text", "json", NULL};
/* In the order of enum tls_mode and of settings.tls_min. */
static const char *const tls_modes[] = {"auto", "require", "off", NULL};
static const char *const tls_versions[] = {"1.2", "1.3", NULL};

static bool want_progress(void *place, const char *value, struct err *err)
{
	struct net_options *o = place;
	(void)value, (void)err;
	o->progress = true;
	o->no_progress = false;
	return true;
}

static bool want_no_progress(void *place, const char *value, struct err *err)
{
	struct net_options *o = place;
	(void)value, (void)err;
	o->progress = false;
	o->no_progress = true;
	return true;
}

/* NAME:PASSWORD */
static bool user_has_password(const char *value)
{
	return strchr(value, ':') != NULL;
}

/* scheme://user:password@host */
static bool proxy_has_password(const char *value)
{
	return strrchr(value, '@') != NULL;
}

const struct opt_row netopts_show_rows[] = {
    {.name = "verbose",
	.letter = 'v',
	.type = OPT_SWITCH,
	PLACE(verbose),
	.help = "show the dialogue on stderr, as S: and C: lines"},
    {.name = "trace",
	.type = OPT_STRING,
	PLACE(trace_file),
	.arg = "FILE",
	.help = "write the dialogue to FILE (- is stdout)",
	.completes = "file"},
    {.name = "trace-time",
	.type = OPT_SWITCH,
	PLACE(trace_time),
	.help = "with the seconds since the start before each line"},
    {.name = "trace-format",
	.type = OPT_CHOICE,
	PLACE(trace_format),
	.arg = "text|json",
	.help = "as S:/C: text or as JSON Lines",
	.choices = trace_formats},
    {.name = "trace-bodies",
	.type = OPT_SWITCH,
	PLACE(trace_bodies),
	.help = "show bodies whole"},
    {.name = "show-secrets",
	.type = OPT_SWITCH,
	PLACE(show_secrets),
	.help = "show passwords in the dialogue instead of ****"},
    {.name = "explain",
	.type = OPT_SWITCH,
	PLACE(explain),
	.help = "show the dialogue with a line in plain words after each of its lines"},
    {.name = "compare",
	.type = OPT_STRING,
	PLACE(compare_file),
	.arg = "FILE",
	.help = "at the end, show the dialogue beside the one in FILE",
	.completes = "file"},
    {.name = "compare-exact",
	.type = OPT_SWITCH,
	PLACE(compare_exact),
	.help = "compare all of the text, not only verbs and codes"},
    {.name = "diagram",
	.type = OPT_STRING,
	PLACE(diagram_file),
	.arg = "FILE.svg",
	.help = "draw the dialogue as a space-time diagram",
	.completes = "file"},
    {.name = "timing",
	.type = OPT_SWITCH,
	PLACE(timing),
	.help = "at the end, show on stderr how long each phase took"},
    {.name = "quiet",
	.letter = 'q',
	.type = OPT_SWITCH,
	PLACE(quiet),
	.help = "say nothing but errors"},
    {.name = "jsonl", .type = OPT_SWITCH, PLACE(jsonl), .help = "results as JSON Lines"},
    {.name = "progress",
	.type = OPT_DO,
	.act = want_progress,
	.help = "show a progress bar even when stderr is no terminal"},
    {.name = "no-progress",
	.type = OPT_DO,
	.act = want_no_progress,
	.help = "show no progress bar"},
    {.name = "no-config",
	.type = OPT_FLAG,
	PLACE(no_config),
	.help = "do not read the configuration file"},
    {.name = "help", .letter = 'h', .type = OPT_FLAG, PLACE(help), .help = "show this"},
    {.name = "version",
	.letter = 'V',
	.type = OPT_FLAG,
	PLACE(version),
	.help = "show version, libraries and features"},
    {.name = "completion", .type = OPT_STRING, PLACE(completion), .arg = "bash"},
    {.name = NULL},
};

const struct opt_row netopts_session_rows[] = {
    {.name = "interactive",
	.type = OPT_SWITCH,
	PLACE(interactive),
	.help = "a prompt for commands"},
    {.name = "script",
	.type = OPT_STRING,
	PLACE(script),
	.arg = "FILE",
	.help = "run the commands in FILE (- is stdin)",
	.completes = "file"},
    {.name = "execute",
	.type = OPT_STRING,
	PLACE(execute),
	.arg = "CMD;CMD",
	.help = "run these commands"},
    {.name = NULL},
};

const struct opt_row netopts_net_rows[] = {
    {.name = "ipv4", .letter = '4', .type = OPT_SWITCH, PLACE(ipv4), .help = "IPv4 only"},
    {.name = "ipv6", .letter = '6', .type = OPT_SWITCH, PLACE(ipv6), .help = "IPv6 only"},
    {.name = "connect-timeout",
	.type = OPT_SECONDS,
	PLACE(net.connect_timeout_ms),
	.arg = "SECONDS",
	LONGEST,
	.help = "give up connecting after this time (30; 0 is never)"},
    {.name = "timeout",
	.type = OPT_SECONDS,
	PLACE(net.idle_timeout_ms),
	.arg = "SECONDS",
	LONGEST,
	.help = "give up when nothing moves for this time (60; 0 is never)"},
    {.name = "max-time",
	.letter = 'm',
	.type = OPT_SECONDS,
	PLACE(net.max_time_ms),
	.arg = "SECONDS",
	LONGEST,
	.help = "give up after this time, whatever the network does"},
    {.name = "proxy",
	.letter = 'x',
	.type = OPT_SECRET,
	PLACE(net.proxy),
	.arg = "URL",
	.help = "go through this proxy: http://, socks5://, socks5h://; '' for none",
	.holds_secret = proxy_has_password},
    {.name = "noproxy",
	.type = OPT_STRING,
	PLACE(net.noproxy),
	.arg = "LIST",
	.help = "hosts reached without the proxy: names, suffixes, CIDR blocks, *"},
    {.name = "resolve",
	.type = OPT_LIST,
	PLACE(net.resolve),
	.arg = "HOST:PORT:ADDR",
	.help = "take this address for HOST:PORT"},
    {.name = NULL},
};

const struct opt_row netopts_tls_rows[] = {
    {.name = "tls",
	.type = OPT_CHOICE,
	PLACE(net.tls),
	.arg = "auto|require|off",
	.help = "encrypt when possible, always, or never",
	.choices = tls_modes},
    {.name = "cacert",
	.type = OPT_STRING,
	PLACE(net.cacert),
	.arg = "FILE",
	.help = "trust the certificates in FILE",
	.completes = "file"},
    {.name = "capath",
	.type = OPT_STRING,
	PLACE(net.capath),
	.arg = "DIR",
	.help = "trust the certificates in DIR (hashed names)",
	.completes = "dir"},
    {.name = "insecure",
	.letter = 'k',
	.type = OPT_SWITCH,
	PLACE(net.insecure),
	.help = "do not verify the server's certificate"},
    {.name = "cert",
	.type = OPT_STRING,
	PLACE(net.cert),
	.arg = "FILE",
	.help = "show this client certificate",
	.completes = "file"},
    {.name = "key",
	.type = OPT_STRING,
	PLACE(net.key),
	.arg = "FILE",
	.help = "its private key, when not in the same file",
	.completes = "file"},
    {.name = "tls-min",
	.type = OPT_CHOICE,
	PLACE(net.tls_min),
	.arg = "1.2|1.3",
	.help = "the oldest TLS accepted (1.2)",
	.choices = tls_versions},
    {.name = NULL},
};

const struct opt_row netopts_cred_rows[] = {
    {.name = "user",
	.letter = 'u',
	.type = OPT_SECRET,
	PLACE(cred.user),
	.arg = "NAME[:PASSWORD]",
	.help = "who to log in as",
	.holds_secret = user_has_password},
    {.name = "password-command",
	.type = OPT_STRING,
	PLACE(cred.password_command),
	.arg = "CMD",
	.help = "the password is the first line that CMD prints"},
    {.name = "netrc-file",
	.type = OPT_STRING,
	PLACE(cred.netrc_file),
	.arg = "FILE",
	.help = "read this instead of ~/.netrc",
	.completes = "file"},
    {.name = "no-netrc",
	.type = OPT_FLAG,
	PLACE(cred.no_netrc),
	.help = "do not read ~/.netrc"},
    {.name = "auth",
	.type = OPT_STRING,
	PLACE(cred.auth),
	.arg = "MECH",
	.help = "the way to authenticate"},
    {.name = "oauth2-bearer",
	.type = OPT_SECRET,
	PLACE(cred.oauth2_bearer),
	.arg = "TOKEN",
	.help = "log in with this token"},
    {.name = "plaintext-login",
	.type = OPT_SWITCH,
	PLACE(cred.plaintext_login),
	.help = "allow a password on an unencrypted connection"},
    {.name = NULL},
};

void netopts_init(struct net_options *o)
{
	*o = (struct net_options){
	    .net =
		{
		    .family = AF_UNSPEC,
		    .connect_timeout_ms = 30000,
		    .idle_timeout_ms = 60000,
		},
	};
}

/* Said before a server is troubled for nothing. */
static bool check_script(const char *script, struct err *err)
{
	if (!script || strcmp(script, "-") == 0 || access(script, R_OK) == 0)
		return true;
	return err_set_errno(
	    err, errno == ENOENT ? ERR_ABSENT : ERR_IO, "--script %.200s", script);
}

bool netopts_finish(struct net_options *o, struct err *err)
{
	if (o->ipv4 && o->ipv6)
		return err_set(err, ERR_USAGE, "--ipv4 and --ipv6 exclude each other");
	if (o->compare_exact && !o->compare_file)
		return err_set(err, ERR_USAGE, "--compare-exact: needs --compare");
	if (o->script && o->execute)
		return err_set(err, ERR_USAGE, "--script and --execute exclude each other");
	if (o->net.key && !o->net.cert)
		return err_set(err, ERR_USAGE, "--key: needs --cert");
	if (o->completion && strcmp(o->completion, "bash") != 0)
		return err_set(err, ERR_USAGE, "--completion: only bash is known");
	if (!address_check(&o->net, err) || !check_script(o->script, err))
		return false;
	o->verbose = o->verbose || o->explain;
	o->net.family = o->ipv4 ? AF_INET : o->ipv6 ? AF_INET6 : AF_UNSPEC;
	o->net.deadline = clock_after_ms(o->net.max_time_ms);
	o->cred.deadline = o->net.deadline;
	o->net.interrupted = interrupt_flag();
	return true;
}

static struct trace_sink *sink_over(const struct net_options *o, int fd, bool owned, bool json)
{
	return json ? trace_json_sink(fd, owned) : trace_text_sink(fd, owned, o->trace_time);
}

/* 0600: there may be more in it than the masked secrets. -1 after an error. */
static int open_trace_file(const char *path, struct err *err)
{
	if (strcmp(path, "-") == 0)
		return STDOUT_FILENO;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		err_set_errno(err, ERR_CREATE, "--trace %.200s", path);
	return fd;
}

static bool add_figure(const struct net_options *o, struct trace *trace, struct err *err)
{
	if (!o->diagram_file)
		return true;
	struct outfile *figure = outfile_open(o->diagram_file, 0, err);
	if (figure)
		trace_add_sink(trace, diagram_sink(figure));
	return figure != NULL;
}

static bool add_file(const struct net_options *o, struct trace *trace, struct err *err)
{
	if (!o->trace_file)
		return true;
	int file = open_trace_file(o->trace_file, err);
	if (file < 0)
		return false;
	bool json = o->trace_format == 1;
	trace_add_sink(trace, sink_over(o, file, file != STDOUT_FILENO, json));
	return true;
}

struct trace *netopts_trace(const struct net_options *o, struct err *err)
{
	struct trace *trace = trace_open();
	trace_set_bodies(trace, o->trace_bodies);
	trace_set_secrets(trace, o->show_secrets);
	trace_set_explained(trace, o->explain);
	if (o->verbose) {
		bool as_json = o->trace_format == 1 && !o->trace_file;
		struct trace_sink *sink = sink_over(o, STDERR_FILENO, false, as_json);
		trace_add_sink(trace, explain_sink(trace, sink, o->protocol));
	}
	/* What can't be read or made is known before anything is done; what is only read comes
	 * first, and what replaces a file last. */
	bool ok =
	    !o->compare_file || compare_add(trace, o->compare_file, o->compare_exact, err);
	if (ok && add_figure(o, trace, err) && add_file(o, trace, err))
		return trace;
	trace_close(trace);
	return NULL;
}

void netopts_end_trace(const char *tool, struct trace *trace, struct err *err)
{
	struct trace_sink *sink = NULL;
	for (;;) {
		struct err late = {0};
		if (!(sink = trace_finish(trace, sink, &late)))
			break;
		if (!err_is_set(&late))
			continue;
		if (strcmp(late.text, err->text) != 0)
			say_error(tool, NULL, &late);
		/* That the dialogues differ is what was asked. */
		if (late.kind == ERR_DATA && err->kind != ERR_INTERRUPT)
			err_clear(err);
		err_pass(err, &late);
	}
	trace_close(trace);
}

void netopts_show_by_hand(const struct net_options *o, struct trace *trace)
{
	if (o->verbose)
		return;
	struct trace_sink *sink = trace_text_sink(STDOUT_FILENO, false, o->trace_time);
	trace_add_sink(trace, explain_sink(trace, sink, o->protocol));
}

bool netopts_wants_progress(const struct net_options *o)
{
	if (o->progress || o->no_progress)
		return o->progress;
	return !o->quiet && isatty(STDERR_FILENO);
}

static void put_libraries(struct buf *out)
{
	struct err missing = {0};
	const char *tls = dial_tls_version(&missing);
	const struct shell_readline_ops *readline = module_table("readline", &missing);
	buf_addf(out, "libraries: %s, readline %s\n", tls ? tls : "no TLS",
	    readline ? readline->version() : "not available");
}

bool netopts_print_version(const char *tool, const char *features)
{
	struct err err = {0};
	struct buf out = BUF_INIT(64 * KIB);
	buf_addf(&out, "%s %s (parley)\n", tool, PARLEY_VERSION);
	put_libraries(&out);
	if (features)
		buf_addf(&out, "features: %s\n", features);
	bool good = say_bytes(STDOUT_FILENO, "standard output", buf_str(&out), &err);
	if (!good)
		say_error(tool, NULL, &err);
	buf_free(&out);
	return good;
}
