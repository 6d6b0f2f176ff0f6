/*
 * The option groups that all tools share (cli.md, "Every tool"), as rows over
 * one struct, and what follows from them: settings, trace, help.
 */
#ifndef PARLEY_CLI_NETOPTS_H
#define PARLEY_CLI_NETOPTS_H

#include "common/cli/creds.h"
#include "common/cli/opt.h"
#include "common/net/settings.h"
#include "common/net/trace.h"

struct net_options {
	struct net_settings net;
	struct cred_options cred;
	bool ipv4, ipv6;
	bool verbose, trace_time, trace_bodies, show_secrets, timing;
	int trace_format; /* 0 text, 1 json: of the --trace file, or of -v when there is none */
	char *trace_file, *diagram_file;
	char *compare_file; /* --compare FILE */
	bool compare_exact;
	bool interactive;
	char *script;         /* --script FILE */
	char *execute;        /* --execute 'CMD; CMD' */
	bool explain;         /* --explain; implies verbose */
	const char *protocol; /* set by the tool, "http", "ftp" ...: whose words explain it */
	bool quiet, jsonl;
	bool progress, no_progress; /* at most one is set: the last that was given */
	bool no_config;
	bool help, version;
	char *completion; /* --completion bash: the hidden hook for make install */
};

/* Defaults: 30 s to connect, 60 s idle. */
void netopts_init(struct net_options *o);
/* The groups, for a tool's table: base_offset is where its options struct keeps the
 * struct net_options. */
extern const struct opt_row netopts_show_rows[];    /* -v --trace --timing -q --jsonl ... */
extern const struct opt_row netopts_session_rows[]; /* --interactive --script --execute */
extern const struct opt_row netopts_net_rows[];     /* -4 -6 timeouts proxies --resolve */
extern const struct opt_row netopts_tls_rows[];     /* --tls --cacert ... */
extern const struct opt_row netopts_cred_rows[];    /* -u --netrc-file ... */
#define NETOPTS_GROUPS(base_offset)                                                            \
	{"What is shown", netopts_show_rows, (base_offset)},                                   \
	    {"By hand and by script", netopts_session_rows, (base_offset)},                    \
	    {"Network", netopts_net_rows, (base_offset)},                                      \
	    {"TLS", netopts_tls_rows, (base_offset)},                                          \
	{                                                                                      \
		"Credentials", netopts_cred_rows, (base_offset)                                \
	}

/* Cross-checks (ERR_USAGE) and derived values: family, deadline, interrupt flag. Once, after
 * parsing; --max-time counts from here. */
bool netopts_finish(struct net_options *o, struct err *err);
/* The trace these options ask for, with its sinks; never NULL on success. ERR_CREATE when the
 * trace file (0600; "-" is stdout) can't be made. */
struct trace *netopts_trace(const struct net_options *o, struct err *err);
/* By hand the dialogue is the result: unless -v has it on stderr already it is shown on stdout,
 * and can be explained either way. */
void netopts_show_by_hand(const struct net_options *o, struct trace *trace);
/* The last thing of a run, when its error has been said: the session is compared (--compare),
 * what came of that is said and goes to *err, which is the run's exit status. That the session
 * differs (65) is the answer to what was asked for, so it counts more than how the session
 * ended, an interrupt excepted. What *err says is not said again: standard output may have
 * failed in several places. Closes the trace; NULL is fine. */
void netopts_end_trace(const char *tool, struct trace *trace, struct err *err);
/* A progress bar is wanted: by option, else when stderr is a terminal and not quiet. */
bool netopts_wants_progress(const struct net_options *o);
/* --version to stdout: the tool, the version, libraries, features (a line each). False when
 * stdout can't be written (ERR_IO's status). */
bool netopts_print_version(const char *tool, const char *features);

#endif
