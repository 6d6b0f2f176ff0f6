/*
 * pop3fetch's option table and the checks across options.
 */
#include "cmd/pop3fetch/options.h"

#include <unistd.h>

#define PLACE(member) .place = offsetof(struct pop3fetch_options, member)

static bool take_numbers(void *place, const char *value, struct err *err)
{
	return numbers_parse(place, str_of(value), err);
}

static bool take_delete(void *place, const char *value, struct err *err)
{
	(void)value, (void)err;
	*(bool *)place = false;
	return true;
}

static const struct opt_row place_rows[] = {
    {"maildir", 0, OPT_STRING, PLACE(maildir), "DIR",
	"deliver into this Maildir; made if it is not there", .completes = "dir"},
    {"mbox", 0, OPT_STRING, PLACE(mbox), "FILE", "append to this mbox (mboxrd), locked",
	.completes = "file"},
    {"mda", 0, OPT_STRING, PLACE(mda), "CMD",
	"run CMD once a message, which is its stdin; unless it exits with 0 the message stays"},
    {"output", 'o', OPT_STRING, PLACE(output), "FILE",
	"write to FILE instead of stdout; it appears whole or not at all", .completes = "file"},
    {"crlf", 0, OPT_SWITCH, PLACE(crlf), NULL, "keep CRLF; otherwise lines end in LF"},
    {.name = NULL},
};

static const struct opt_row look_rows[] = {
    {"list", 0, OPT_SWITCH, PLACE(list), NULL,
	"list the messages: number, size, unique id; fetch nothing"},
    {"stat", 0, OPT_SWITCH, PLACE(stat), NULL, "print how many messages and bytes there are"},
    {"headers", 0, OPT_SWITCH, PLACE(headers), NULL,
	"list number, size, date, sender and subject of the messages"},
    {"top", 0, OPT_NUMBER, PLACE(top), "N", "print the head and N lines of the messages",
	.max = INT32_MAX},
    {.name = NULL},
};

static const struct opt_row choice_rows[] = {
    {"all", 0, OPT_SWITCH, PLACE(all), NULL, "fetch what was fetched before, too"},
    {"only", 0, OPT_DO, PLACE(only), "N,M-K", "these messages, fetched before or not",
	.act = take_numbers},
    {"max-size", 0, OPT_SIZE, PLACE(max_size), "BYTES", "leave larger messages alone (k, M, G)",
	.min = 1, .max = INT64_MAX},
    {"keep", 0, OPT_SWITCH, PLACE(keep), NULL, "leave messages on the server (the default)"},
    {"delete", 0, OPT_DO, PLACE(keep), NULL,
	"delete messages on the server once they are delivered", .act = take_delete},
    {"delete-after", 0, OPT_NUMBER, PLACE(delete_after), "DAYS",
	"delete messages that were fetched DAYS days ago or earlier", .max = 36500},
    {"dele", 0, OPT_DO, PLACE(dele), "N,M", "delete these messages and fetch nothing",
	.act = take_numbers},
    {"state", 0, OPT_STRING, PLACE(state), "FILE",
	"remember there what was fetched, instead of in $XDG_STATE_HOME/parley",
	.completes = "file"},
    {"dry-run", 0, OPT_SWITCH, PLACE(dry_run), NULL,
	"say what would be fetched and deleted, and do neither"},
    {"no-pipelining", 0, OPT_SWITCH, PLACE(pipelining), NULL,
	"wait for the answer to each command"},
    {.name = NULL},
};

static const struct opt_group groups[] = {
    {"Where mail goes", place_rows, 0},
    {"Looking only", look_rows, 0},
    {"Which messages", choice_rows, 0},
    NETOPTS_GROUPS(offsetof(struct pop3fetch_options, common)),
    {NULL, NULL, 0},
};

static const struct opt_foreign foreign[] = {
    {"protocol", "fetchmail", NULL},
    {"fetchall", "fetchmail", "--all"},
    {"nokeep", "fetchmail", "--delete"},
    {"flush", "fetchmail", "--delete-after 0"},
    {"limit", "fetchmail", "--max-size BYTES"},
    {"username", "fetchmail", "-u NAME[:PASSWORD]"},
    {"idfile", "fetchmail", "--state FILE"},
    {"check", "fetchmail", "--dry-run"},
    {"ssl", "fetchmail", "a pop3s:// target"},
    {"sslproto", "fetchmail", "--tls require, --tls-min 1.2"},
    {"delivery", "mpop", "--maildir DIR, --mbox FILE, --mda CMD"},
    {"uidls-file", "mpop", "--state FILE"},
    {"only-new", "mpop", "the default; --all is the contrary"},
    {"killsize", "mpop", "--max-size BYTES"},
    {"skipsize", "mpop", "--max-size BYTES"},
    {"passwordeval", "mpop", "--password-command CMD"},
    {"status-only", "mpop", "--stat"},
    {"list-only", "curl", "--list"},
    {"login-options", "curl", "--auth MECH"},
    {NULL, NULL, NULL},
};

const struct opt_table pop3fetch_table = {
    .tool = "pop3fetch",
    .synopsis = "[options] pop3[s]://[user@]host[:port]/[N]...",
    .summary =
	"Fetches mail by POP3, loses none and doubles none, and can show the conversation.",
    .groups = groups,
    .foreign = foreign,
};

bool options_by_hand(const struct pop3fetch_options *o)
{
	return o->common.interactive || o->common.script || o->common.execute;
}

bool options_look_only(const struct pop3fetch_options *o)
{
	return o->list || o->stat || o->headers || o->top >= 0;
}

static int places(const struct pop3fetch_options *o)
{
	return (o->maildir != NULL) + (o->mbox != NULL) + (o->mda != NULL);
}

static bool check_modes(const struct pop3fetch_options *o, struct err *err)
{
	int looks = o->list + o->stat + o->headers + (o->top >= 0);
	if (places(o) + (o->output != NULL) > 1)
		return err_set(err, ERR_USAGE,
		    "mail goes to one place: --maildir, --mbox, --mda or --output");
	if (looks > 1)
		return err_set(
		    err, ERR_USAGE, "--list, --stat, --headers and --top exclude each other");
	if (looks &&
	    (places(o) || o->output || !o->keep || o->delete_after >= 0 || o->dele.count))
		return err_set(err, ERR_USAGE,
		    "--list, --stat, --headers and --top fetch nothing and delete nothing");
	if (o->dele.count && (places(o) || o->output || o->only.count || o->all))
		return err_set(err, ERR_USAGE, "--dele only deletes: nothing is fetched");
	if (!o->keep && o->delete_after >= 0)
		return err_set(
		    err, ERR_USAGE, "--delete and --delete-after exclude each other");
	if (o->common.jsonl && !places(o) && !looks && !o->dele.count && !o->dry_run &&
	    !o->output)
		return err_set(err, ERR_USAGE,
		    "--jsonl writes its lines to stdout: mail needs another place");
	return true;
}

/* cli.md: a bare host at a terminal is the interactive mode. */
static void choose_mode(struct pop3fetch_options *o)
{
	bool plain = !places(o) && !o->output && !options_look_only(o) && !o->all &&
		     !o->only.count && !o->dele.count && !o->dry_run && o->keep &&
		     o->delete_after < 0;
	bool bare = o->targets.count == 1 &&
		    str_find_str(str_of(o->targets.items[0].text), STR("://")) ==
			str_of(o->targets.items[0].text).len;
	if (bare && plain && !options_by_hand(o) && isatty(STDIN_FILENO))
		o->common.interactive = true;
}

static bool check(const struct pop3fetch_options *o, struct err *err)
{
	bool by_hand = options_by_hand(o);
	if (o->targets.count == 0 && !by_hand)
		return err_set(err, ERR_USAGE, "no server; write pop3fetch pop3s://USER@HOST/");
	if (by_hand && o->targets.count > 1)
		return err_set(err, ERR_USAGE, "by hand there is one server, not several");
	if (o->state && o->targets.count > 1)
		return err_set(
		    err, ERR_USAGE, "--state: of several accounts each has a file of its own");
	if (o->output && o->targets.count > 1)
		return err_set(err, ERR_USAGE,
		    "--output is for one account; --mbox collects from several");
	return check_modes(o, err);
}

bool options_read(struct pop3fetch_options *o, char **argv, struct err *err)
{
	*o = (struct pop3fetch_options){0};
	netopts_init(&o->common);
	o->common.protocol = "pop3";
	o->keep = o->pipelining = true;
	o->top = o->delete_after = -1;
	if (!opt_wants_no_config(argv) && !opt_read_config(&pop3fetch_table, o, err))
		return false;
	if (!opt_parse(&pop3fetch_table, argv, o, &o->targets, err))
		return false;
	if (o->common.help || o->common.version || o->common.completion)
		return true;
	choose_mode(o);
	return netopts_finish(&o->common, err) && check(o, err);
}

void options_free(struct pop3fetch_options *o)
{
	opt_free(&pop3fetch_table, o);
	list_free(&o->targets);
	numbers_free(&o->only);
	numbers_free(&o->dele);
}
