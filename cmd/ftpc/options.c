/*
 * ftpc's option table and the checks across options. The rows say everything
 * about an option; what it does is elsewhere.
 */
#include "cmd/ftpc/options.h"

#include "common/base/str.h"

#define PLACE(member) .place = offsetof(struct ftpc_options, member)

static bool set_resume(void *place, const char *value, struct err *err)
{
	if (!str_is(str_of(value), "-"))
		return err_set(err, ERR_USAGE,
		    "only - is understood: go on where the file that is there ends");
	*(bool *)place = true;
	return true;
}

static bool check_command(void *place, const char *value, struct err *err)
{
	if (!str_is_one_line(str_of(value)) || !*value)
		return err_set(err, ERR_USAGE, "is not one line");
	list_add(place, "quote", value);
	return true;
}

static const struct opt_row transfer_rows[] = {
    {"output", 'o', OPT_STRING, PLACE(output), "FILE", "write to FILE, - for stdout",
	.completes = "file"},
    {"remote-name", 'O', OPT_SWITCH, PLACE(remote_name), NULL,
	"write to a file named as the last part of the path"},
    {"output-dir", 0, OPT_STRING, PLACE(output_dir), "DIR",
	"put the files of -o and -O into DIR", .completes = "dir"},
    {"create-dirs", 0, OPT_SWITCH, PLACE(create_dirs), NULL,
	"make missing directories, here for -o, on the server for -T"},
    {"list-only", 'l', OPT_SWITCH, PLACE(list_only), NULL, "of a directory, names only"},
    {"upload-file", 'T', OPT_STRING, PLACE(upload_file), "FILE",
	"store FILE on the server, - for stdin", .completes = "file"},
    {"append", 'a', OPT_SWITCH, PLACE(append), NULL, "with -T: add to the end of the file"},
    {"continue", 'C', OPT_DO, PLACE(resume), "-",
	"go on with what an earlier transfer left, either way", .act = set_resume},
    {"use-ascii", 'B', OPT_SWITCH, PLACE(ascii), NULL, "transfer as text, line ends changed"},
    {"no-preserve", 0, OPT_SWITCH, PLACE(preserve), NULL, "leave modification times alone"},
    {"checksum", 0, OPT_SWITCH, PLACE(checksum), NULL,
	"compare digests after a transfer where the server can (HASH, XSHA256)"},
    {"retry", 0, OPT_NUMBER, PLACE(retry), "N",
	"try again N times when that may help, going on where it broke off", .max = 10000},
    {"retry-delay", 0, OPT_SECONDS, PLACE(retry_delay_ms), "SECONDS",
	"wait so long between tries (else 1, 2, 4 ...)"},
    {"limit-rate", 0, OPT_SIZE, PLACE(common.net.limit_rate), "RATE",
	"at most RATE bytes a second (k, M, G)", .min = 1, .max = INT64_MAX},
    {.name = NULL},
};

static const struct opt_row mirror_rows[] = {
    {"mirror", 0, OPT_STRING, PLACE(mirror), "DIR",
	"make DIR like the server's directory, as far as files are newer or differ",
	.completes = "dir"},
    {"mirror-up", 0, OPT_STRING, PLACE(mirror_up), "DIR",
	"make the server's directory like DIR", .completes = "dir"},
    {"delete", 0, OPT_SWITCH, PLACE(delete), NULL,
	"with --mirror, --mirror-up: remove what the other side has not"},
    {"include", 0, OPT_LIST, PLACE(globs), "GLOB",
	"mirror these; the last --include or --exclude that fits a name counts"},
    {"exclude", 0, OPT_LIST, PLACE(globs), "GLOB", "leave these out of the mirror"},
    {"dry-run", 0, OPT_SWITCH, PLACE(dry_run), NULL, "say what a mirror would do"},
    {"parallel", 0, OPT_NUMBER, PLACE(parallel), "N", "mirror with N sessions at once",
	.min = 1, .max = 64},
    {.name = NULL},
};

static const struct opt_row dialogue_rows[] = {
    {"ftp-port", 'P', OPT_STRING, PLACE(active), "ADDR",
	"active mode: the server connects back, to ADDR; - for our own"},
    {"no-epsv", 0, OPT_SWITCH, PLACE(epsv), NULL, "use PASV and PORT, not EPSV and EPRT"},
    {"no-pipelining", 0, OPT_SWITCH, PLACE(pipelining), NULL,
	"the textbook's dialogue: each command waits for the reply to the last"},
    {"quote", 'Q', OPT_DO, PLACE(quotes), "CMD", "send this command after the login",
	.act = check_command},
    {"account", 0, OPT_STRING, PLACE(account), "NAME", "the account, if asked for (ACCT)"},
    {.name = NULL},
};

static const struct opt_group groups[] = {
    {"Transfer", transfer_rows, 0},
    {"Mirror", mirror_rows, 0},
    {"Dialogue", dialogue_rows, 0},
    NETOPTS_GROUPS(offsetof(struct ftpc_options, common)),
    {NULL, NULL, 0},
};

static const struct opt_foreign foreign[] = {
    {"disable-epsv", "curl", "--no-epsv"},
    {"disable-eprt", "curl", "--no-epsv"},
    {"ftp-create-dirs", "curl", "--create-dirs"},
    {"ftp-account", "curl", "--account NAME"},
    {"ftp-method", "curl", NULL},
    {"ftp-skip-pasv-ip", "curl", NULL},
    {"ssl", "curl", "--tls auto"},
    {"ssl-reqd", "curl", "--tls require"},
    {"silent", "curl", "-q, --quiet"},
    {"continue-at", "curl", "-C -"},
    {"no-check-certificate", "wget", "-k, --insecure"},
    {"no-passive-ftp", "wget", "-P -"},
    {"ftp-user", "wget", "-u NAME:PASSWORD"},
    {"ftp-password", "wget", "-u NAME:PASSWORD"},
    {"no-glob", "wget", NULL},
    {NULL, NULL, NULL},
};

const struct opt_table ftpc_table = {
    .tool = "ftpc",
    .synopsis = "[options] [ftp[s]://][user@]host[:port][/path] | host [port]",
    .summary = "Moves, lists and mirrors files by FTP; can show the conversation.",
    .groups = groups,
    .foreign = foreign,
};

bool options_by_hand(const struct ftpc_options *o)
{
	return o->common.interactive || o->common.script || o->common.execute;
}

static bool check_tasks(const struct ftpc_options *o, struct err *err)
{
	int tasks = (o->upload_file != NULL) + (o->mirror != NULL) + (o->mirror_up != NULL);
	if (tasks > 1)
		return err_set(err, ERR_USAGE,
		    "only one of --upload-file, --mirror and --mirror-up can be done");
	if (tasks && options_by_hand(o))
		return err_set(err, ERR_USAGE, "by hand, put and mirror are commands");
	if ((o->delete || o->dry_run || o->globs.count) && !o->mirror && !o->mirror_up &&
	    !options_by_hand(o))
		return err_set(err, ERR_USAGE,
		    "--delete, --dry-run, --include, --exclude are for mirrors");
	if (o->append && !o->upload_file)
		return err_set(err, ERR_USAGE, "--append is for --upload-file");
	return true;
}

static bool check_output(const struct ftpc_options *o, struct err *err)
{
	bool to_stdout = !o->output || str_is(str_of(o->output), "-");
	if (o->output && o->remote_name)
		return err_set(err, ERR_USAGE, "either -o or -O");
	if (o->resume && o->ascii)
		return err_set(err, ERR_USAGE, "text can't be continued: -C wants no -B");
	if (o->resume && !o->remote_name && to_stdout && !o->upload_file &&
	    !options_by_hand(o) && !o->mirror)
		return err_set(err, ERR_USAGE, "-C wants a file, by -o or -O");
	return true;
}

static bool check(const struct ftpc_options *o, struct err *err)
{
	if (o->targets.count == 0 && !options_by_hand(o))
		return err_set(err, ERR_USAGE, "no host; ftpc --help shows the options");
	return check_tasks(o, err) && check_output(o, err);
}

bool options_read(struct ftpc_options *o, char **argv, struct err *err)
{
	*o = (struct ftpc_options){.preserve = true, .epsv = true, .pipelining = true};
	netopts_init(&o->common);
	o->common.protocol = "ftp";
	o->parallel = 1;
	if (!opt_wants_no_config(argv) && !opt_read_config(&ftpc_table, o, err))
		return false;
	if (!opt_parse(&ftpc_table, argv, o, &o->targets, err))
		return false;
	if (o->common.help || o->common.version || o->common.completion)
		return true;
	return netopts_finish(&o->common, err) && check(o, err);
}

void options_free(struct ftpc_options *o)
{
	opt_free(&ftpc_table, o);
	list_free(&o->targets);
}
