/*
 * imapls's option table and the checks across options.
 */
#include "cmd/imapls/options.h"

#include <string.h>
#include <unistd.h>

#include "cmd/imapls/change.h"
#include "cmd/imapls/export.h"
#include "common/base/limits.h"
#include "common/text/utf8.h"

#define PLACE(member) .place = offsetof(struct imapls_options, member)

static const struct opt_row list_rows[] = {
    {"long", 'l', OPT_SWITCH, PLACE(long_form), NULL,
	"all flags by name, times to the second, exact sizes"},
    {"one", '1', OPT_SWITCH, PLACE(one_column), NULL,
	"names of mailboxes only, unique ids of messages only"},
    {"by-time", 't', OPT_SWITCH, PLACE(by_time), NULL, "newest first"},
    {"by-size", 'S', OPT_SWITCH, PLACE(by_size), NULL,
	"largest first; of mailboxes those with most messages"},
    {"recursive", 'R', OPT_SWITCH, PLACE(recursive), NULL,
	"the messages of all mailboxes, or of those below the one that is named"},
    {"thread", 0, OPT_SWITCH, PLACE(thread), NULL, "answers below what they answer, indented"},
    {"reverse", 'r', OPT_SWITCH, PLACE(reverse), NULL, "reverse the order"},
    {"most", 'n', OPT_NUMBER, PLACE(most), "N", "the last N messages only", .min = 1,
	.max = UINT32_MAX},
    {.name = NULL},
};

static const struct opt_row search_rows[] = {
    {"search", 0, OPT_STRING, PLACE(search), "KEYS",
	"list the messages that SEARCH finds: 'FROM alice UNSEEN SINCE 1-Nov-2026'"},
    {"unseen", 0, OPT_SWITCH, PLACE(unseen), NULL, "only those not yet read"},
    {"from", 0, OPT_STRING, PLACE(from), "TEXT", "only those with TEXT in their sender"},
    {"subject", 0, OPT_STRING, PLACE(subject), "TEXT", "only those with TEXT in the subject"},
    {"since", 0, OPT_STRING, PLACE(since), "DATE",
	"only those received on DATE (2026-11-01 or 1-Nov-2026) or later"},
    {.name = NULL},
};

static const struct opt_row read_rows[] = {
    {"raw", 0, OPT_SWITCH, PLACE(raw), NULL, "the message's exact bytes, or the part's"},
    {"headers", 0, OPT_SWITCH, PLACE(headers), NULL, "all of its header, as it is"},
    {"part", 0, OPT_STRING, PLACE(part), "P", "one part of it, decoded: 1.2"},
    {"save-attachments", 0, OPT_STRING, PLACE(save), "DIR",
	"save its attachments in DIR, under safe names", .completes = "dir"},
    {.name = NULL},
};

static const struct opt_row follow_rows[] = {
    {"watch", 0, OPT_SWITCH, PLACE(watch), NULL,
	"wait, and print a line for each message that comes"},
    {"watch-renew", 0, OPT_SECONDS, PLACE(renew_ms), "S",
	"say something to the server that often while waiting (1680)", .min = 1,
	.max = 1740 * 1000},
    {"compress", 0, OPT_SWITCH, PLACE(compress), NULL,
	"compress the conversation if the server can (COMPRESS=DEFLATE)"},
    {"export", 0, OPT_STRING, PLACE(export), "maildir:DIR|mbox:FILE",
	"write the mailbox there; the next time only what is new"},
    {.name = NULL},
};

static const struct opt_row change_rows[] = {
    {"mark", 0, OPT_LIST, PLACE(marks), "FLAGS", "set +\\Seen or take away -\\Flagged"},
    {"copy-to", 0, OPT_STRING, PLACE(copy_to), "MAILBOX", "copy the messages there"},
    {"move-to", 0, OPT_STRING, PLACE(move_to), "MAILBOX", "move the messages there"},
    {"expunge", 0, OPT_SWITCH, PLACE(expunge), NULL,
	"remove for good what is marked \\Deleted: of the messages chosen, or all"},
    {"append", 0, OPT_LIST, PLACE(append), "FILE",
	"add the message in FILE (- is stdin) to the mailbox; print its unique id",
	.completes = "file"},
    {"create", 0, OPT_SWITCH, PLACE(create), NULL, "make the mailbox"},
    {"rename", 0, OPT_STRING, PLACE(rename), "MAILBOX", "give the mailbox this name"},
    {"remove", 0, OPT_SWITCH, PLACE(remove), NULL, "remove the mailbox and all in it"},
    {"subscribe", 0, OPT_SWITCH, PLACE(subscribe), NULL, "subscribe to the mailbox"},
    {"unsubscribe", 0, OPT_SWITCH, PLACE(unsubscribe), NULL, "the contrary"},
    {.name = NULL},
};

static const struct opt_group groups[] = {
    {"Listing", list_rows, 0},
    {"Which messages", search_rows, 0},
    {"One message (;UID=n)", read_rows, 0},
    {"All of a mailbox", follow_rows, 0},
    {"Changes", change_rows, 0},
    NETOPTS_GROUPS(offsetof(struct imapls_options, common)),
    {NULL, NULL, 0},
};

static const struct opt_foreign foreign[] = {
    {"login-options", "curl", "--auth MECH"},
    {"request", "curl", "--search KEYS, or --execute 'COMMAND'"},
    {"ssl-reqd", "curl", "--tls require"},
    {"all", "ls", "the default"},
    {"ssl", "fetchmail", "an imaps:// target"},
    {NULL, NULL, NULL},
};

const struct opt_table imapls_table = {
    .tool = "imapls",
    .synopsis = "[options] imap[s]://[user@]host[:port][/MAILBOX[;UID=n]][?SEARCH]...",
    .summary =
	"Lists, searches, reads and changes mail by IMAP, and can show the conversation.",
    .groups = groups,
    .foreign = foreign,
};

bool options_by_hand(const struct imapls_options *o)
{
	return o->common.interactive || o->common.script || o->common.execute;
}

bool options_search(const struct imapls_options *o)
{
	return o->search || o->unseen || o->from || o->subject || o->since;
}

bool options_read_one(const struct imapls_options *o)
{
	return o->raw || o->headers || o->part || o->save;
}

bool options_change(const struct imapls_options *o)
{
	return (o->marks.count && !o->append.count) || o->move_to || o->copy_to || o->expunge;
}

bool options_manage(const struct imapls_options *o)
{
	return o->create || o->rename || o->remove || o->subscribe || o->unsubscribe ||
	       o->append.count;
}

static bool check(const struct imapls_options *o, struct err *err)
{
	if (options_by_hand(o) && o->targets.count > 1)
		return err_set(err, ERR_USAGE, "by hand there is one server, not several");
	if (o->targets.count == 0 && !options_by_hand(o))
		return err_set(err, ERR_USAGE, "no server; write imapls imaps://USER@HOST/");
	if (o->by_time && o->by_size)
		return err_set(err, ERR_USAGE, "-t and -S exclude each other");
	if (o->thread && (o->by_time || o->by_size || o->reverse))
		return err_set(
		    err, ERR_USAGE, "--thread is an order of its own: no -t, -S, -r");
	if (o->recursive && (options_manage(o) || options_change(o) || options_read_one(o) ||
				o->export || o->watch))
		return err_set(err, ERR_USAGE, "-R lists, and only that");
	if (o->raw + o->headers + (o->save != NULL) > 1)
		return err_set(err, ERR_USAGE,
		    "--raw, --headers and --save-attachments exclude each other");
	if (options_manage(o) &&
	    (options_change(o) || options_read_one(o) || options_search(o)))
		return err_set(err, ERR_USAGE,
		    "a mailbox is changed, or messages are: not both in one run");
	if (options_change(o) && options_read_one(o))
		return err_set(err, ERR_USAGE, "messages are shown, or changed: not both");
	if (o->export && (options_manage(o) || options_change(o) || options_read_one(o) ||
			     options_search(o)))
		return err_set(
		    err, ERR_USAGE, "--export writes all of a mailbox, and only that");
	if (o->watch && (o->export || options_manage(o) || options_change(o) ||
			    options_read_one(o) || options_search(o)))
		return err_set(err, ERR_USAGE, "--watch waits for messages, and only that");
	if (o->watch && o->targets.count > 1)
		return err_set(err, ERR_USAGE, "--watch waits at one mailbox");
	if (o->export && !export_check(o->export, err))
		return false;
	if (o->move_to && o->copy_to)
		return err_set(err, ERR_USAGE, "--copy-to and --move-to exclude each other");
	return !(o->part && (o->headers || o->save)) ||
	       err_set(err, ERR_USAGE, "--part goes with --raw only");
}

/* What goes into a line to the server, and flags: said before anything is sent. */
static bool check_words(const struct imapls_options *o, struct err *err)
{
	const char *const words[] = {o->search, o->from, o->subject, o->since, o->rename,
	    o->move_to, o->copy_to, o->part};
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (!str_is_one_line(str_of(words[k])) || !utf8_is_valid(str_of(words[k])))
			return err_set(err, ERR_USAGE,
			    "an argument is not UTF-8 of one line, without CR and LF");
	for (size_t k = 0; k < o->marks.count; k++) {
		struct buf ignored = BUF_INIT(LIMIT_URL);
		bool ok = change_put_flags(&ignored, str_of(o->marks.items[k].text), '+', err);
		buf_free(&ignored);
		if (!ok)
			return false;
	}
	return true;
}

/* cli.md: a bare host at a terminal is the interactive mode. */
static void choose_mode(struct imapls_options *o)
{
	bool plain = !options_manage(o) && !options_change(o) && !options_read_one(o) &&
		     !options_search(o) && !o->export && !o->watch && !o->long_form &&
		     !o->one_column && !o->common.jsonl;
	bool bare = o->targets.count == 1 && !strchr(o->targets.items[0].text, '/');
	if (bare && plain && !options_by_hand(o) && isatty(STDIN_FILENO))
		o->common.interactive = true;
}

bool options_read(struct imapls_options *o, char **argv, struct err *err)
{
	*o = (struct imapls_options){0};
	netopts_init(&o->common);
	/* RFC 2177: before 29 minutes are over. */
	o->renew_ms = 28 * 60 * 1000;
	o->common.protocol = "imap";
	if (!opt_wants_no_config(argv) && !opt_read_config(&imapls_table, o, err))
		return false;
	if (!opt_parse(&imapls_table, argv, o, &o->targets, err))
		return false;
	if (o->common.help || o->common.version || o->common.completion)
		return true;
	choose_mode(o);
	return netopts_finish(&o->common, err) && check(o, err) && check_words(o, err);
}

void options_free(struct imapls_options *o)
{
	opt_free(&imapls_table, o);
	list_free(&o->targets);
}
