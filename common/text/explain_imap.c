/*
 * IMAP in plain words (RFC 9051, 3501): tags, what the server says unasked,
 * literals. Commands and response codes stand in tables of their own.
 */
#include "common/text/explain_imap.h"

#include <string.h>

#include "common/text/number.h"

/* Tagged (never PREAUTH and BYE): `after` is the command that the tag belongs to. */
static const struct explain_row replies[] = {
    {"OK", "LOGIN", "logged in", "9051 6.2.3", "authenticated state begins"},
    {"OK", "AUTHENTICATE", "logged in", "9051 6.2.2", "authenticated state begins"},
    {"OK", "SELECT", "the mailbox is open", "9051 6.3.2", "selected state begins"},
    {"OK", "EXAMINE", "the mailbox is open, to look at", "9051 6.3.3", "selected state begins"},
    {"OK", "CLOSE", "the mailbox is closed", "9051 6.4.1", "selected state ends"},
    {"OK", "UNSELECT", "the mailbox is closed", "9051 6.4.2", "selected state ends"},
    {"OK", "LOGOUT", "goodbye; the connection closes", "9051 6.1.3", "the session ends"},
    {"OK", "STARTTLS", "the TLS handshake follows at once", "9051 6.2.1", NULL},
    {"OK", "COMPRESS", "compressed from here on", "4978 3", NULL},
    {"OK", "IDLE", "the waiting is over", "9051 6.3.13", NULL},
    {"OK", "APPEND", "the message is in the mailbox", "9051 6.3.12", NULL},
    {"OK", "UID FETCH", "that was all that was asked for", "9051 6.4.9", NULL},
    {"OK", "FETCH", "that was all that was asked for", "9051 6.4.5", NULL},
    {"OK", NULL, "the command of this tag did what it should", "9051 7.1.1", NULL},
    {"NO", "LOGIN", "wrong user or password, or not allowed", "9051 6.2.3", NULL},
    {"NO", "AUTHENTICATE", "wrong user or password, or not allowed", "9051 6.2.2", NULL},
    {"NO", "SELECT", "no such mailbox, or it can't be opened", "9051 6.3.2", NULL},
    {"NO", "EXAMINE", "no such mailbox, or it can't be opened", "9051 6.3.3", NULL},
    {"NO", "APPEND", "the message can't be put there", "9051 6.3.12", NULL},
    {"NO", NULL, "the command of this tag could not be done", "9051 7.1.2", NULL},
    {"BAD", NULL, "an unknown command, wrong arguments, or the wrong state", "9051 7.1.3",
	NULL},
    {.name = NULL},
};

/* Untagged: news and data, whatever was asked. */
static const struct explain_row news[] = {
    {"OK", "greeting", "the greeting: the server is ready and speaks first", "9051 7.1.1",
	"login comes next"},
    {"OK", NULL, "by the way: a remark, or a code in brackets", "9051 7.1.1", NULL},
    {"NO", NULL, "by the way: a warning", "9051 7.1.2", NULL},
    {"BAD", NULL, "by the way: an error of no command in particular", "9051 7.1.3", NULL},
    {"PREAUTH", NULL, "the greeting: already logged in by other means", "9051 7.1.4",
	"authenticated state"},
    {"BYE", "LOGOUT", "goodbye", "9051 7.1.5", "logout state"},
    {"BYE", NULL, "the server is about to close the connection", "9051 7.1.5",
	"the session breaks off"},
    {"ENABLED", NULL, "these extensions are on now", "9051 7.2.1", NULL},
    {"CAPABILITY", NULL, "what the server can do", "9051 7.2.2", NULL},
    {"LIST", NULL, "a mailbox: its attributes, the separator, its name", "9051 7.3.1", NULL},
    {"LSUB", NULL, "a mailbox subscribed to", "3501 7.2.3", NULL},
    {"XLIST", NULL, "a mailbox and what it is for", NULL, NULL},
    {"NAMESPACE", NULL, "where own, others' and shared mailboxes begin", "9051 7.3.2", NULL},
    {"STATUS", NULL, "the numbers of a mailbox", "9051 7.3.3", NULL},
    {"ESEARCH", NULL, "what was found, as ranges", "9051 7.3.4", NULL},
    {"SEARCH", NULL, "what was found", "3501 7.2.5", NULL},
    {"SORT", NULL, "what was found, in order", "5256 4", NULL},
    {"THREAD", NULL, "what was found, by conversation", "5256 4", NULL},
    {"FLAGS", NULL, "the flags that messages here can have", "9051 7.3.5", NULL},
    {"EXISTS", NULL, "so many messages are in the mailbox", "9051 7.4.1", NULL},
    {"RECENT", NULL, "so many came since the last session", "3501 7.3.2", NULL},
    {"EXPUNGE", NULL, "this message is gone, those behind it move up", "9051 7.5.1", NULL},
    {"VANISHED", NULL, "the messages with these ids are gone", "7162 3.2.10", NULL},
    {"FETCH", NULL, "parts or facts of this message; {n} announces n bytes", "9051 7.5.2",
	NULL},
    {"ID", NULL, "which program the server is", "2971 3.2", NULL},
    {"QUOTA", NULL, "a limit and how much is used", "9208 4.2.1", NULL},
    {"QUOTAROOT", NULL, "which limits hold", "9208 4.2.2", NULL},
    {"ACL", NULL, "who may do what", "4314 3.6", NULL},
    {"LISTRIGHTS", NULL, "what may be granted to one user", "4314 3.7", NULL},
    {"MYRIGHTS", NULL, "what we may do", "4314 3.8", NULL},
    {"METADATA", NULL, "notes on a mailbox", "5464 4.4", NULL},
    {"LANGUAGE", NULL, "the language of the server's words, or those to choose from",
	"5255 3.3", NULL},
    {"COMPARATOR", NULL, "how text is compared in searches", "5255 4.8", NULL},
    {"CONVERSION", NULL, "one type of part can be turned into another", "5259 5.2", NULL},
    {"CONVERTED", NULL, "a part, turned into another type", "5259 8.1", NULL},
    {"GENURLAUTH", NULL, "URLs that open a message to others", "4467 8", NULL},
    {"URLFETCH", NULL, "what such a URL names", "4467 8", NULL},
    {"UIDFETCH", NULL, "FETCH, with the message's id instead of its number", "9586", NULL},
    {.name = NULL},
};

static const struct explain_row prompts[] = {
    {"+", "AUTHENTICATE", "go on: a challenge, in base64; the client answers", "9051 6.2.2",
	NULL},
    {"+", "IDLE", "go on: from here on news come as they happen", "9051 6.3.13", NULL},
    {"+", NULL, "go on: the bytes that were announced may come", "9051 7.6", NULL},
    {.name = NULL},
};

static const struct explain_row events[] = {
    {"connect", NULL, "TCP's handshake took 1 RTT; in IMAP the server speaks first", "9051 3",
	NULL},
    {"tls", NULL, "encrypted from here on; ask for CAPABILITY again", "9051 6.2.1", NULL},
    {"body", NULL, "the rest of what was announced, not shown here", "9051 4.3", NULL},
    {"close", NULL, "the TCP connection is closed", "9051 3.4", "the session is over"},
    {.name = NULL},
};

static const struct explain_row other_verb = {
    "?", NULL, "a command that is not in these tables", "9051 6", NULL};
static const struct explain_row other_news = {
    "?", NULL, "data of a kind that is not in these tables", "9051 7", NULL};
static const struct explain_row response = {
    "?", NULL, "answers the server's challenge", "9051 6.2.2", NULL};
static const struct explain_row goes_on = {
    "?", NULL, "what the counted bytes interrupted goes on", "9051 4.3", NULL};

static const struct explain_row *const tables[] = {
    explain_imap_verbs, replies, news, prompts, explain_imap_codes, NULL};

static const char *lead(const char *name)
{
	return strcmp(name, "OK") == 0    ? "done"
	       : strcmp(name, "NO") == 0  ? "failed"
	       : strcmp(name, "BAD") == 0 ? "not understood"
					  : NULL;
}

static struct str rest_after(struct str line, struct str word)
{
	return str_sub(line, word.len + 1, line.len);
}

/* A line that ends in {123} or {123+} announces so many bytes. */
static uint64_t announced(struct str line)
{
	size_t at = line.len;
	uint64_t size = 0;
	if (line.len < 3 || line.ptr[line.len - 1] != '}')
		return 0;
	while (at > 0 && line.ptr[at - 1] != '{')
		at--;
	struct str number = str_sub(line, at, line.len - 1 - at);
	if (number.len && number.ptr[number.len - 1] == '+')
		number.len--;
	return at && number_parse(number, &size) ? size : 0;
}

/* A line of counted bytes; the count goes down by it and its line end. */
static bool is_counted(struct explain *x, uint64_t *left, struct str line, struct buf *out)
{
	if (*left == 0)
		return false;
	*left -= line.len + 2 < *left ? line.len + 2 : *left;
	explain_letter(x, line, out);
	return true;
}

/* ---- the client ---- */

static void command(struct explain *x, struct str line, struct buf *out)
{
	struct str tag = explain_first_word(line);
	struct str rest = rest_after(line, tag);
	struct str word = explain_first_word(rest);
	if (str_is_nocase(word, "UID")) /* UID FETCH is a name of two words */
		word.len += 1 + explain_first_word(rest_after(rest, word)).len;
	if (word.len > rest.len)
		word.len = rest.len;
	const struct explain_row *verb = explain_find(explain_imap_verbs, word, STR_NONE);
	verb = verb ? verb : &other_verb;
	explain_ask(x, verb, tag);
	explain_put(out, NULL, verb, NULL);
}

static void client(struct explain *x, struct str line, struct buf *out)
{
	if (is_counted(x, &x->left, line, out))
		return;
	if (x->prompted) {
		x->prompted = false;
		explain_put(out, NULL, &response, NULL);
		return;
	}
	const struct explain_row *done = explain_find(explain_imap_verbs, line, STR_NONE);
	if (done && str_is_nocase(line, "DONE"))
		explain_put(out, NULL, done, NULL);
	else if (x->client_body)
		explain_put(out, NULL, &goes_on, NULL);
	else
		command(x, line, out);
	x->left = announced(line);
	x->client_body = x->left > 0;
	x->lines = 0;
}

/* ---- the server ---- */

static const struct explain_row *code_of(struct str text)
{
	if (!str_starts(text, "["))
		return NULL;
	text = str_sub(text, 1, str_find(text, ']') - 1);
	return explain_find(explain_imap_codes, explain_first_word(text), STR_NONE);
}

static void untagged(struct explain *x, struct str rest, struct buf *out)
{
	struct str word = explain_first_word(rest);
	struct str after = rest_after(rest, word);
	if (word.len && char_is_digit(word.ptr[0])) /* "* 12 EXISTS" */
		word = explain_first_word(after);
	struct str verb = x->in_answer ? explain_asked_verb(x) : STR("greeting");
	const struct explain_row *row = explain_find(news, word, verb);
	explain_put(out, NULL, row ? row : &other_news, code_of(after));
	x->in_answer = true;
}

/* Brings the command of this tag to the front. False: there is none. */
static bool bring(struct explain *x, struct str tag)
{
	size_t i = 0;
	while (i < x->count && !str_is(tag, x->waiting[(x->first + i) % EXPLAIN_WAITING].tag))
		i++;
	if (i == x->count)
		return false;
	struct explain_asked found = x->waiting[(x->first + i) % EXPLAIN_WAITING];
	for (; i > 0; i--)
		x->waiting[(x->first + i) % EXPLAIN_WAITING] =
		    x->waiting[(x->first + i - 1) % EXPLAIN_WAITING];
	x->waiting[x->first] = found;
	return true;
}

static void tagged(struct explain *x, struct str line, struct buf *out)
{
	struct str tag = explain_first_word(line);
	struct str rest = rest_after(line, tag);
	struct str word = explain_first_word(rest);
	if (!bring(x, tag))
		return;
	const struct explain_row *row = explain_find(replies, word, explain_asked_verb(x));
	if (row)
		explain_put(out, lead(row->name), row, code_of(rest_after(rest, word)));
	explain_answered(x);
	x->prompted = x->client_body = false;
	x->left = 0; /* announced bytes that were refused do not come */
}

static void prompt(struct explain *x, struct buf *out)
{
	const struct explain_row *verb =
	    x->count ? x->waiting[(x->first + x->count - 1) % EXPLAIN_WAITING].verb : NULL;
	struct str name = str_of(verb ? verb->name : "");
	explain_put(out, NULL, explain_find(prompts, STR("+"), name), NULL);
	x->prompted = str_is(name, "AUTHENTICATE");
}

static void server(struct explain *x, struct str line, struct buf *out)
{
	if (is_counted(x, &x->server_left, line, out))
		return;
	if (x->server_body)
		explain_put(out, NULL, &goes_on, NULL);
	else if (str_starts(line, "* "))
		untagged(x, rest_after(line, STR("*")), out);
	else if (str_starts(line, "+"))
		prompt(x, out);
	else
		tagged(x, line, out);
	x->server_left = announced(line);
	x->server_body = x->server_left > 0;
	x->lines = 0;
}

const struct explain_book explain_imap = {"imap", tables, events, lead, client, server};
