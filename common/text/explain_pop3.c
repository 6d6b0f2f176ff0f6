/*
 * POP3 in plain words (RFC 1939, 2449, 2595, 5034, 6856): verbs, the two
 * replies by verb, response codes, what CAPA lists.
 */
#include <string.h>

#include "common/text/explain.h"

static const struct explain_row verbs[] = {
    {"CAPA", NULL, "asks what the server can do beyond the minimum", "2449 5", NULL},
    {"STLS", NULL, "asks to encrypt all that follows", "2595 4", NULL},
    {"USER", NULL, "names the mailbox", "1939 7", NULL},
    {"PASS", NULL, "gives the password for it", "1939 7", NULL},
    {"APOP", NULL, "logs in with a digest, the password stays at home", "1939 7", NULL},
    {"AUTH", "response", "answers the server's challenge", "5034 4", NULL},
    {"AUTH", NULL, "logs in; the word after AUTH names the way", "5034 4", NULL},
    {"STAT", NULL, "asks how many messages and bytes there are", "1939 5", NULL},
    {"LIST", NULL, "asks for the size of each message, or of one", "1939 5", NULL},
    {"UIDL", NULL, "asks for names that stay the same from session to session", "1939 7", NULL},
    {"TOP", NULL, "asks for a message's head and its first lines", "1939 7", NULL},
    {"RETR", NULL, "asks for a whole message", "1939 5", NULL},
    {"DELE", NULL, "marks a message for deletion; nothing is deleted before QUIT", "1939 5",
	NULL},
    {"RSET", NULL, "takes the marks of DELE back", "1939 5", NULL},
    {"NOOP", NULL, "asks for nothing but an answer", "1939 5", NULL},
    {"QUIT", NULL, "says goodbye; what is marked is deleted now", "1939 6", "update begins"},
    {"UTF8", NULL, "says that messages with UTF-8 heads are welcome", "6856 2.1", NULL},
    {"LANG", NULL, "asks for another language of the replies", "6856 3", NULL},
    {.name = NULL},
};

static const struct explain_row replies[] = {
    {"+OK", "CAPA", "the list follows, ended by a dot alone", "2449 5", NULL},
    {"+OK", "STLS", "the TLS handshake follows at once", "2595 4", NULL},
    {"+OK", "USER", "the name is noted; the password next", "1939 7", NULL},
    {"+OK", "PASS", "logged in, the mailbox is locked for us", "1939 4", "transaction begins"},
    {"+OK", "APOP", "logged in, the mailbox is locked for us", "1939 4", "transaction begins"},
    {"+OK", "AUTH", "logged in, the mailbox is locked for us", "5034 4", "transaction begins"},
    {"+OK", "STAT", "the number of messages, then their bytes", "1939 5", NULL},
    {"+OK", "LIST", "numbers and sizes; of all: line by line up to a dot", "1939 5", NULL},
    {"+OK", "UIDL", "numbers and unique ids; of all: up to a dot", "1939 7", NULL},
    {"+OK", "TOP", "the head and some lines follow, up to a dot", "1939 7", NULL},
    {"+OK", "RETR", "the message follows, up to a dot alone on a line", "1939 5", NULL},
    {"+OK", "DELE", "marked; it will be gone after QUIT", "1939 5", NULL},
    {"+OK", "RSET", "no message is marked any more", "1939 5", NULL},
    {"+OK", "QUIT", "goodbye; after a login what was marked is deleted", "1939 6",
	"the session ends"},
    {"+OK", "NOOP", "still here", "1939 5", NULL},
    {"+OK", "?", "the command did what it should", "1939 3", NULL},
    {"+OK", "UTF8", "UTF-8 it is", "6856 2.1", NULL},
    {"+OK", "LANG", "the language is changed, or the list follows", "6856 3", NULL},
    {"+OK", NULL, "the greeting: the server is ready and speaks first", "1939 4",
	"authorization begins"},
    {"-ERR", "CAPA", "this server knows no CAPA", "2449 5", NULL},
    {"-ERR", "STLS", "no TLS here", "2595 4", NULL},
    {"-ERR", "USER", "no such mailbox, or not this way", "1939 7", NULL},
    {"-ERR", "PASS", "wrong password, or the mailbox is locked by another session", "1939 7",
	NULL},
    {"-ERR", "APOP", "wrong user or password", "1939 7", NULL},
    {"-ERR", "AUTH", "the login failed", "5034 4", NULL},
    {"-ERR", "LIST", "there is no such message", "1939 5", NULL},
    {"-ERR", "UIDL", "there is no such message, or no UIDL here", "1939 7", NULL},
    {"-ERR", "TOP", "there is no such message, or no TOP here", "1939 7", NULL},
    {"-ERR", "RETR", "there is no such message", "1939 5", NULL},
    {"-ERR", "DELE", "there is no such message, or it is marked already", "1939 5", NULL},
    {"-ERR", "QUIT", "some of what was marked could not be deleted", "1939 6", NULL},
    {"-ERR", NULL, "the command failed, or is not for this state", "1939 3", NULL},
    {"+", NULL, "go on: a challenge, in base64; the client answers", "5034 4", NULL},
    {.name = NULL},
};

static const struct explain_row codes[] = {
    {"[IN-USE]", NULL, "another session has the mailbox; try later", "2449 8.1.2", NULL},
    {"[LOGIN-DELAY]", NULL, "the last login was too short a time ago", "2449 8.1.1", NULL},
    {"[SYS/TEMP]", NULL, "a failure of the system that may pass", "3206 4", NULL},
    {"[SYS/PERM]", NULL, "a failure of the system that needs help", "3206 4", NULL},
    {"[AUTH]", NULL, "the credentials are wrong", "3206 5", NULL},
    {"[UTF8]", NULL, "the message needs UTF8 mode", "6856 5", NULL},
    {.name = NULL},
};

static const struct explain_row capabilities[] = {
    {"TOP", NULL, "can do: TOP, a message's head without the rest", "2449 6.1", NULL},
    {"USER", NULL, "can do: USER and PASS", "2449 6.2", NULL},
    {"SASL", NULL, "can do: AUTH, in these ways", "2449 6.3", NULL},
    {"RESP-CODES", NULL, "can do: codes in brackets that say why", "2449 6.4", NULL},
    {"LOGIN-DELAY", NULL, "says how many seconds to wait between logins", "2449 6.5", NULL},
    {"PIPELINING", NULL, "can do: commands sent without waiting for replies", "2449 6.6", NULL},
    {"EXPIRE", NULL, "says how many days messages are kept", "2449 6.7", NULL},
    {"UIDL", NULL, "can do: UIDL, names that stay", "2449 6.8", NULL},
    {"IMPLEMENTATION", NULL, "says which program this is", "2449 6.9", NULL},
    {"STLS", NULL, "can do: encryption, by STLS", "2595 4", NULL},
    {"AUTH-RESP-CODE", NULL, "can do: [AUTH] for wrong credentials", "3206 6", NULL},
    {"UTF8", NULL, "can do: UTF-8 in names and heads", "6856 2", NULL},
    {"LANG", NULL, "can do: replies in other languages", "6856 3", NULL},
    {.name = NULL},
};

static const struct explain_row events[] = {
    {"connect", NULL, "TCP's handshake took 1 RTT; in POP3 the server speaks first", "1939 4",
	NULL},
    {"tls", NULL, "encrypted from here on; ask for CAPA again", "2595 4", NULL},
    {"body", NULL, "the rest of the message, not shown here", "1939 3", NULL},
    {"close", NULL, "the TCP connection is closed; without QUIT nothing is deleted", "1939 6",
	NULL},
    {.name = NULL},
};

static const struct explain_row unknown = {
    "?", NULL, "a command that is not in these tables", "1939 3", NULL};
static const struct explain_row item = {
    "LIST", NULL, "an item: the message's number, then its size in bytes", "1939 5", NULL};
static const struct explain_row unique = {
    "UIDL", NULL, "an item: the message's number, then its unique id", "1939 7", NULL};
static const struct explain_row language = {
    "LANG", NULL, "an item: a language's tag, then its name", "6856 3.2", NULL};
static const struct explain_row end = {
    ".", NULL, "a dot alone: the reply of several lines ends", "1939 3", NULL};

static const struct explain_row *const tables[] = {verbs, replies, codes, capabilities, NULL};

static const char *lead(const char *name)
{
	return strcmp(name, "+OK") == 0 ? "yes" : strcmp(name, "-ERR") == 0 ? "no" : NULL;
}

/* One that a list answers only when it has no argument: no message, no language. */
static bool lists_all(const char *verb)
{
	return strcmp(verb, "LIST") == 0 || strcmp(verb, "UIDL") == 0 ||
	       strcmp(verb, "LANG") == 0;
}

static void client(struct explain *x, struct str line, struct buf *out)
{
	struct str word = explain_first_word(line);
	struct str rest = str_trim(str_sub(line, word.len, line.len));
	if (x->prompted)
		word = STR("AUTH");
	const struct explain_row *verb =
	    explain_find(verbs, word, x->prompted ? STR("response") : STR_NONE);
	if (!verb)
		verb = &unknown;
	x->prompted = false;
	explain_ask(x, verb, lists_all(verb->name) && rest.len ? STR("one") : STR_NONE);
	explain_put(out, NULL, verb, NULL);
}

static bool has_body(const struct explain_asked *asked)
{
	static const char *const long_ones[] = {
	    "CAPA", "LIST", "UIDL", "LANG", "TOP", "RETR", NULL};
	for (size_t i = 0; asked->verb && !asked->tag[0] && long_ones[i]; i++)
		if (strcmp(asked->verb->name, long_ones[i]) == 0)
			return true;
	return false;
}

/* What the first line of such a list explains. */
static const struct explain_row *item_of(struct str verb)
{
	return str_is(verb, "LIST")   ? &item
	       : str_is(verb, "UIDL") ? &unique
	       : str_is(verb, "LANG") ? &language
				      : NULL;
}

/* Within a reply of several lines; x->last is whose. */
static void body(struct explain *x, struct str line, struct buf *out)
{
	struct str verb = str_of(x->last ? x->last->name : "");
	const struct explain_row *row = NULL;
	if (str_is(line, ".")) {
		x->server_body = false;
		row = &end;
	} else if (str_is(verb, "CAPA")) {
		row = explain_find(capabilities, explain_first_word(line), STR_NONE);
	} else if (item_of(verb)) {
		row = x->lines++ ? NULL : item_of(verb);
	} else {
		explain_letter(x, line, out);
	}
	if (row)
		explain_put(out, NULL, row, NULL);
}

static void server(struct explain *x, struct str line, struct buf *out)
{
	if (x->server_body) {
		body(x, line, out);
		return;
	}
	struct str word = explain_first_word(line);
	struct str rest = str_sub(line, word.len + 1, line.len);
	const struct explain_row *row = explain_find(replies, word, explain_asked_verb(x));
	const struct explain_row *more =
	    explain_find(codes, explain_first_word(rest), STR_NONE);
	if (row)
		explain_put(out, lead(row->name), row, more);
	x->prompted = str_is(word, "+");
	x->server_body = str_is(word, "+OK") && x->count && has_body(&x->waiting[x->first]);
	x->lines = 0;
	explain_answered(x);
}

const struct explain_book explain_pop3 = {"pop3", tables, events, lead, client, server};
