/*
 * smtpsend's option table and the checks across options. The letters are those
 * of sendmail(8) and mail(1), which other programs know by heart.
 */
#include "cmd/smtpsend/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/text/field.h"

#define PLACE(member) .place = offsetof(struct smtpsend_options, member)

/* -b is mail's "blind copy" and sendmail's "become": -bs, -bm. An address of one letter is
 * written --bcc. */
static bool take_b(void *place, const char *value, struct err *err)
{
	struct smtpsend_options *o = place;
	if (strcmp(value, "s") == 0)
		o->relay = true;
	else if (value[0] != '\0' && value[1] == '\0' && value[0] != 'm')
		return err_set(
		    err, ERR_USAGE, "sendmail's -b%s is not ours; here are -bs and -bm", value);
	else if (strcmp(value, "m") != 0)
		list_add(&o->bcc, "bcc", value);
	return true;
}

/* sendmail's -oX: only i means something to a program that keeps no queue. */
static bool take_setting(void *place, const char *value, struct err *err)
{
	struct smtpsend_options *o = place;
	(void)err;
	if (strcmp(value, "i") == 0)
		o->ignore_dots = true;
	return true;
}

static bool accept_silently(void *place, const char *value, struct err *err)
{
	(void)place, (void)value, (void)err;
	return true;
}

static bool choose(const char *const *choices, const char *value, int *place, struct err *err)
{
	for (int i = 0; choices[i]; i++)
		if (str_is_nocase(str_of(value), choices[i])) {
			*place = i + 1;
			return true;
		}
	return err_set(err, ERR_USAGE, "%.80s is not one of %s, %s%s%s", value, choices[0],
	    choices[1], choices[2] ? ", " : "", choices[2] ? choices[2] : "");
}

/* Any case: cron says 8BITMIME, others 8bitmime. */
static bool take_body(void *place, const char *value, struct err *err)
{
	static const char *const kinds[] = {"7bit", "8bitmime", "binarymime", NULL};
	return choose(kinds, value, place, err);
}

static bool take_return(void *place, const char *value, struct err *err)
{
	static const char *const kinds[] = {"full", "hdrs", NULL};
	return choose(kinds, value, place, err);
}

static bool check_header(void *place, const char *value, struct err *err)
{
	struct str text = str_of(value);
	size_t colon = str_find(text, ':');
	if (!str_is_one_line(text))
		return err_set(err, ERR_USAGE, "a line break may not stand in a header");
	if (colon == text.len || !field_is_token(str_sub(text, 0, colon)))
		return err_set(err, ERR_USAGE, "is not of the form 'Name: value'");
	list_add(place, "header", value);
	return true;
}

static const struct opt_row server_rows[] = {
    {"server", 0, OPT_STRING, PLACE(server), "URL",
	"smtp://, submission://, smtps:// or lmtp://HOST[:PORT]", .completes = "host"},
    {"domain", 0, OPT_STRING, PLACE(domain), "NAME", "the name to greet the server with"},
    {"no-ehlo", 0, OPT_SWITCH, PLACE(ehlo), NULL, "say HELO, and use no extension"},
    {"no-pipelining", 0, OPT_SWITCH, PLACE(pipelining), NULL,
	"wait for the answer to each command"},
    {"no-chunking", 0, OPT_SWITCH, PLACE(chunking), NULL,
	"send messages by DATA, never by BDAT"},
    {.name = NULL},
};

static const struct opt_row envelope_rows[] = {
    {"sender", 'f', OPT_STRING, PLACE(sender), "ADDR", "the envelope's sender; '<>' for none"},
    {"read-recipients", 't', OPT_SWITCH, PLACE(read_recipients), NULL,
	"take the recipients from To, Cc and Bcc; Bcc is removed"},
    {"ignore-dots", 'i', OPT_SWITCH, PLACE(ignore_dots), NULL,
	"a lone dot does not end the message (-oi too; only 'sendmail' ends there)"},
    {"notify", 'N', OPT_STRING, PLACE(notify), "COND",
	"report: never, or a list of success, failure, delay"},
    {"return", 'R', OPT_DO, PLACE(ret), "full|hdrs", "what a failure report brings back",
	.act = take_return},
    {"envid", 0, OPT_STRING, PLACE(envid), "ID", "what reports call this message"},
    {"body", 'B', OPT_DO, PLACE(body), "7bit|8bitmime|binarymime",
	"what the message holds, instead of looking", .act = take_body},
    {"require-all", 0, OPT_SWITCH, PLACE(require_all), NULL,
	"send nothing unless every recipient is accepted"},
    {"dry-run", 0, OPT_SWITCH, PLACE(dry_run), NULL,
	"ask the server about sender and recipients, and send no message"},
    {.name = NULL},
};

static const struct opt_row compose_rows[] = {
    {"subject", 's', OPT_STRING, PLACE(subject), "TEXT", "the subject; any UTF-8"},
    {"from", 'r', OPT_STRING, PLACE(from), "ADDR", "the From: line, and the sender"},
    {"full-name", 'F', OPT_STRING, PLACE(full_name), "NAME",
	"the name in a From: line that is added"},
    {"to", 0, OPT_LIST, PLACE(to), "ADDR", "a recipient, named in To:"},
    {"cc", 'c', OPT_LIST, PLACE(cc), "ADDR", "a recipient, named in Cc:"},
    {"bcc", 0, OPT_LIST, PLACE(bcc), "ADDR", "a recipient, not named"},
    {"blind", 'b', OPT_DO, 0, "ADDR|s|m", "the same; -bs speaks SMTP on stdin and stdout",
	.act = take_b},
    {"attach", 'a', OPT_LIST, PLACE(attachments), "FILE", "attach this file",
	.completes = "file"},
    {"header", 0, OPT_DO, PLACE(headers), "LINE", "add this header line", .act = check_header},
    {"body-type", 0, OPT_STRING, PLACE(body_type), "TYPE",
	"what stdin is: text/plain, text/html"},
    {"html", 0, OPT_STRING, PLACE(html), "FILE",
	"the same text as HTML: readers choose (multipart/alternative)", .completes = "file"},
    {"no-add-headers", 0, OPT_SWITCH, PLACE(add_headers), NULL,
	"add no Date, Message-ID and From that are missing"},
    {.name = NULL},
};

static const struct opt_row many_rows[] = {
    {"mbox", 0, OPT_STRING, PLACE(mbox), "FILE", "send every message in this mbox",
	.completes = "file"},
    {"message", 0, OPT_LIST, PLACE(messages), "FILE",
	"send this message; may be given many times", .completes = "file"},
    {.name = NULL},
};

static const struct opt_row sendmail_rows[] = {
    {"transcript", 'X', OPT_STRING, PLACE(common.trace_file), "FILE",
	"sendmail's name for --trace", .completes = "file"},
    {"set", 'o', OPT_DO, 0, "SETTING", "sendmail's settings: i is -i, the rest is accepted",
	.act = take_setting},
    {"set-long", 'O', OPT_DO, 0, "NAME=VALUE", .act = accept_silently},
    {"error-mode", 'e', OPT_DO, 0, "MODE", .act = accept_silently},
    {"submission-mode", 'A', OPT_DO, 0, "MODE", .act = accept_silently},
    {"syslog-tag", 'L', OPT_DO, 0, "TAG", .act = accept_silently},
    {"received-protocol", 'p', OPT_DO, 0, "NAME", .act = accept_silently},
    {"no-aliases", 'n', OPT_DO, 0, NULL, .act = accept_silently},
    {"gateway", 'G', OPT_DO, 0, NULL, .act = accept_silently},
    {"initial-submission", 'U', OPT_DO, 0, NULL, .act = accept_silently},
    {.name = NULL},
};

static const struct opt_group groups[] = {
    {"Server", server_rows, 0},
    {"Envelope", envelope_rows, 0},
    {"Composing", compose_rows, 0},
    {"Many messages", many_rows, 0},
    {"As sendmail", sendmail_rows, 0},
    NETOPTS_GROUPS(offsetof(struct smtpsend_options, common)),
    {NULL, NULL, 0},
};

static const struct opt_foreign foreign[] = {
    {"mail-from", "curl", "-f ADDR, --sender ADDR"},
    {"mail-rcpt", "curl", "an operand, --to or --bcc"},
    {"upload-file", "curl", "stdin, or --message FILE"},
    {"login-options", "curl", "--auth MECH"},
    {"sasl-ir", "curl", NULL},
    {"ehlo", "swaks", "--domain NAME"},
    {"helo", "swaks", "--domain NAME"},
    {"port", "swaks and msmtp", "--server smtp://HOST:PORT"},
    {"host", "msmtp", "--server URL"},
    {"pretend", "msmtp", "--dry-run"},
    {"serverinfo", "msmtp", "-v --dry-run"},
    {"passwordeval", "msmtp", "--password-command CMD"},
    {"tls-trust-file", "msmtp", "--cacert FILE"},
    {"tls-starttls", "msmtp", "--tls require, or a smtps:// server"},
    {"smtp-server", "git send-email", "--server URL"},
    {"auth-user", "swaks", "-u NAME[:PASSWORD]"},
    {"auth-password", "swaks", "-u NAME:PASSWORD, or --password-command CMD"},
    {NULL, NULL, NULL},
};

const struct opt_table smtpsend_table = {
    .tool = "smtpsend",
    .synopsis = "[options] [RECIPIENT...] < message",
    .summary = "Submits mail by SMTP or LMTP, and can show the conversation.",
    .groups = groups,
    .foreign = foreign,
};

bool options_compose(const struct smtpsend_options *o)
{
	return o->subject || o->attachments.count || o->cc.count || o->bcc.count ||
	       o->to.count || o->headers.count || o->body_type || o->html;
}

bool options_by_hand(const struct smtpsend_options *o)
{
	return o->common.interactive || o->common.script || o->common.execute;
}

bool options_many(const struct smtpsend_options *o)
{
	return o->mbox || o->messages.count;
}

static bool check_lines(const struct smtpsend_options *o, struct err *err)
{
	const struct {
		const char *option, *value;
	} lines[] = {{"domain", o->domain}, {"sender", o->sender}, {"from", o->from},
	    {"full-name", o->full_name}, {"subject", o->subject}, {"body-type", o->body_type},
	    {"envid", o->envid}};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (lines[i].value && !str_is_one_line(str_of(lines[i].value)))
			return err_set(err, ERR_USAGE, "--%s: a line break may not stand in it",
			    lines[i].option);
	if (o->domain && (!*o->domain || strpbrk(o->domain, " \t<>")))
		return err_set(err, ERR_USAGE, "--domain: '%.80s' is no name", o->domain);
	return true;
}

/* RFC 3461 4.1: NEVER stands alone. */
static bool check_notify(const char *notify, struct err *err)
{
	struct str rest = str_of(notify), word;
	bool never = false;
	int words = 0;
	while (str_cut(&rest, ',', &word)) {
		bool known = str_is_nocase(word, "success") || str_is_nocase(word, "failure") ||
			     str_is_nocase(word, "delay");
		never = never || str_is_nocase(word, "never");
		words++;
		if (!known && !str_is_nocase(word, "never"))
			return err_set(err, ERR_USAGE,
			    "--notify: never, or a list of success, failure, delay");
	}
	if (notify && (words == 0 || (never && words > 1)))
		return err_set(err, ERR_USAGE, "--notify: never stands alone");
	return true;
}

static bool check_modes(const struct smtpsend_options *o, struct err *err)
{
	bool many = options_many(o), compose = options_compose(o);
	if (o->relay && (many || compose || options_by_hand(o) || o->recipients.count))
		return err_set(err, ERR_USAGE,
		    "-bs reads envelopes and messages from its caller: nothing else "
		    "goes with it");
	if (many && compose)
		return err_set(err, ERR_USAGE,
		    "--mbox and --message send messages as they are: none can be composed");
	if (compose && o->read_recipients)
		return err_set(err, ERR_USAGE,
		    "-t reads recipients from a message; one that is composed has "
		    "them in --to, -c and -b");
	if (options_by_hand(o) && (many || compose || o->read_recipients))
		return err_set(
		    err, ERR_USAGE, "by hand the message is typed: no option makes one");
	return true;
}

/* cli.md: a bare host at a terminal is the interactive mode. */
static void choose_mode(struct smtpsend_options *o)
{
	bool bare = !o->recipients.count && !options_many(o) && !options_compose(o) &&
		    !o->read_recipients && !o->relay && !o->dry_run && !o->as_sendmail;
	if (bare && o->server && !options_by_hand(o) && isatty(STDIN_FILENO))
		o->common.interactive = true;
}

/* By hand there are no recipients yet: the operand is the server, whatever the
 * configuration says. */
static bool take_server(struct smtpsend_options *o, struct err *err)
{
	if (o->recipients.count > 1)
		return err_set(err, ERR_USAGE,
		    "by hand one server is spoken to: %.200s is one too many",
		    o->recipients.items[1].text);
	if (o->recipients.count == 1) {
		free(o->server);
		o->server = mem_dup(o->recipients.items[0].text);
	}
	return true;
}

static bool check(struct smtpsend_options *o, struct err *err)
{
	return check_modes(o, err) && check_lines(o, err) && check_notify(o->notify, err);
}

static bool is_sendmail(const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;
	name = slash ? slash + 1 : name;
	return name && strcmp(name, "sendmail") == 0;
}

bool options_read(struct smtpsend_options *o, char **argv, struct err *err)
{
	*o = (struct smtpsend_options){0};
	netopts_init(&o->common);
	o->common.protocol = "smtp";
	o->ehlo = o->pipelining = o->chunking = o->add_headers = true;
	o->as_sendmail = is_sendmail(argv[0]);
	if (!opt_wants_no_config(argv) && !opt_read_config(&smtpsend_table, o, err))
		return false;
	if (!opt_parse(&smtpsend_table, argv, o, &o->recipients, err))
		return false;
	if (o->common.help || o->common.version || o->common.completion)
		return true;
	choose_mode(o);
	if (options_by_hand(o) && !take_server(o, err))
		return false;
	/* See relay.h. */
	o->require_all = o->require_all || o->relay;
	return netopts_finish(&o->common, err) && check(o, err);
}

void options_free(struct smtpsend_options *o)
{
	opt_free(&smtpsend_table, o);
	list_free(&o->recipients);
	list_free(&o->headers);
}
