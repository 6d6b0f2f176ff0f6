/*
 * SMTP, LMTP and submission in plain words (RFC 5321, 2033, 6409 and extensions):
 * verbs, replies by verb, the extensions of EHLO. Enhanced codes stand in explain_enhanced.c.
 */
#include <string.h>

#include "common/text/explain_enhanced.h"
#include "common/text/explain_reply.h"
#include "common/text/number.h"

static const struct explain_row verbs[] = {
    {"EHLO", NULL, "says who calls, asks for the extensions", "5321 4.1.1.1",
	"phase 1, handshake"},
    {"HELO", NULL, "says who calls, without extensions", "5321 4.1.1.1", "phase 1, handshake"},
    {"LHLO", NULL, "EHLO of LMTP, delivery to mailboxes", "2033 4.1", "phase 1, handshake"},
    {"STARTTLS", NULL, "asks to encrypt all that follows", "3207 4", NULL},
    {"AUTH", "response", "answers the server's challenge", "4954 4", NULL},
    {"AUTH", NULL, "logs in; the word after AUTH names the way", "4954 4", NULL},
    {"MAIL", NULL, "names the sender for the envelope", "5321 4.1.1.2",
	"phase 2, transfer, begins"},
    {"RCPT", NULL, "names one recipient for the envelope; one RCPT for each", "5321 4.1.1.3",
	NULL},
    {"DATA", NULL, "the envelope is complete; asks to send the letter", "5321 4.1.1.4", NULL},
    {".", NULL, "a dot alone: the letter ends, now the server must answer for it",
	"5321 4.1.1.4", NULL},
    {"BDAT", NULL, "sends so many bytes of the letter, no dot needed; LAST ends it", "3030 2",
	NULL},
    {"RSET", NULL, "forgets sender and recipients", "5321 4.1.1.5", "back to before MAIL"},
    {"VRFY", NULL, "asks whether an address exists", "5321 4.1.1.6", NULL},
    {"EXPN", NULL, "asks who is on a mailing list", "5321 4.1.1.7", NULL},
    {"HELP", NULL, "asks for help, in words", "5321 4.1.1.8", NULL},
    {"NOOP", NULL, "asks for nothing but an answer", "5321 4.1.1.9", NULL},
    {"QUIT", NULL, "says goodbye", "5321 4.1.1.10", "phase 3, closure, begins"},
    {"ETRN", NULL, "asks the server to send what waits for a host", "1985 5", NULL},
    {"ATRN", NULL, "asks for waiting mail, by exchanging the roles", "2645 5", NULL},
    {"BURL", NULL, "takes a part of the letter from an IMAP server", "4468 3", NULL},
    {.name = NULL},
};

static const struct explain_row replies[] = {
    {"211", NULL, "the state of the system, or help", "5321 4.2.3", NULL},
    {"214", NULL, "help, for people to read", "5321 4.2.3", NULL},
    {"220", "STARTTLS", "the TLS handshake follows at once", "3207 4", "then EHLO again"},
    {"220", NULL, "the greeting: the server is ready and speaks first", "5321 3.1",
	"the session begins"},
    {"221", NULL, "goodbye; the server closes the connection", "5321 4.1.1.10",
	"the session ends"},
    {"235", NULL, "logged in", "4954 6", "authentication ends"},
    {"250", "EHLO", "hello; one extension a line follows", "5321 4.1.1.1", "handshake ends"},
    {"250", "LHLO", "hello; one extension a line follows", "2033 4.1", "handshake ends"},
    {"250", "HELO", "hello to you", "5321 4.1.1.1", "handshake ends"},
    {"250", "MAIL", "the sender is accepted", "5321 3.3", NULL},
    {"250", "RCPT", "this recipient is accepted", "5321 3.3", NULL},
    {"250", ".", "taken: from now on the server must deliver or report", "5321 6.1",
	"transfer ends"},
    {"250", "BDAT", "the piece was taken; after LAST, the letter", "3030 2", NULL},
    {"250", "RSET", "forgotten; a new letter may begin", "5321 4.1.1.5", NULL},
    {"250", "VRFY", "there is such an address", "5321 3.5.3", NULL},
    {"250", "EXPN", "the members of the list", "5321 4.1.1.7", NULL},
    {"250", "ETRN", "what waits for that host is being sent", "1985 5", NULL},
    {"250", NULL, "the command did what it should", "5321 4.2.3", NULL},
    {"251", "ETRN", "nothing waits for that host", "1985 5", NULL},
    {"251", NULL, "not here, but the server will forward it", "5321 3.4", NULL},
    {"252", "ETRN", "what waits for that host is being sent", "1985 5", NULL},
    {"252", NULL, "can't tell whether it exists, but will try to deliver", "5321 3.5.3", NULL},
    {"253", NULL, "so many messages for that host are being sent", "1985 5", NULL},
    {"334", NULL, "a challenge, in base64; the client answers", "4954 4", NULL},
    {"354", NULL, "send the letter, end it with a dot alone on a line", "5321 4.1.1.4", NULL},
    {"421", NULL, "the server must close the connection", "5321 3.8", "the session breaks off"},
    {"422", NULL, "this way to log in works after PLAIN was used once", "5248 2.4", NULL},
    {"430", NULL, "not a command, or not now", "5248 2.4", NULL},
    {"432", NULL, "this way to log in works after PLAIN was used once", "4954 6", NULL},
    {"450", ".", "the letter is not taken now, by the server's rules", "5321 4.3.2", NULL},
    {"450", NULL, "the mailbox is busy, or the server is greylisting", "5321 4.2.3", NULL},
    {"451", NULL, "something failed on the server", "5321 4.2.3", NULL},
    {"452", "RCPT", "too many recipients for one letter, or no room", "5321 4.5.3.1.10", NULL},
    {"452", NULL, "no room on the server at the moment", "5321 4.2.3", NULL},
    {"453", NULL, "no mail waits for that host", "2645 5", NULL},
    {"454", "STARTTLS", "TLS is not to be had just now", "3207 4", NULL},
    {"454", NULL, "the login can't be checked at the moment", "4954 6", NULL},
    {"455", NULL, "it can't serve these parameters just now", "5321 4.2.3", NULL},
    {"458", NULL, "the queue can't be started", "1985 5", NULL},
    {"459", NULL, "this host is not served that way", "1985 5", NULL},
    {"500", "AUTH", "AUTH is not known, or the answer is too long", "4954 6", NULL},
    {"500", NULL, "the command is not known, or too long", "5321 4.2.4", NULL},
    {"501", "AUTH", "the login was called off, or is not in base64", "4954 4", NULL},
    {"501", NULL, "the command's arguments are wrong", "5321 4.2.2", NULL},
    {"502", NULL, "known, but not offered by this server", "5321 4.2.4", NULL},
    {"503", "AUTH", "logged in already, or in the middle of a letter", "4954 4", NULL},
    {"503", "DATA", "there is no sender or no good recipient yet", "5321 3.3", NULL},
    {"503", NULL, "not at this point: the order of commands is wrong", "5321 4.1.4", NULL},
    {"504", "AUTH", "this way to log in is not offered", "4954 4", NULL},
    {"504", NULL, "this parameter is not offered", "5321 4.2.2", NULL},
    {"521", NULL, "this host never takes mail", "7504 3", NULL},
    {"523", NULL, "encryption is needed first", "5248 2.4", NULL},
    {"524", NULL, "this way to log in needs encryption", "5248 2.4", NULL},
    {"525", NULL, "the account is disabled", "5248 2.4", NULL},
    {"530", NULL, "not before logging in, or not without TLS", "4954 6", NULL},
    {"533", NULL, "not allowed", "5248 2.4", NULL},
    {"534", NULL, "this way to log in is too weak", "4954 6", NULL},
    {"535", NULL, "user or password is wrong", "4954 6", NULL},
    {"538", NULL, "this way to log in needs encryption", "4954 6", NULL},
    {"550", "MAIL", "the sender is refused", "5321 4.2.3", NULL},
    {"550", "RCPT", "no such mailbox, or not allowed", "5321 4.2.3", NULL},
    {"550", ".", "the letter is refused, perhaps for what is in it", "5321 4.2.5", NULL},
    {"550", NULL, "not done: no such mailbox, or the policy forbids it", "5321 4.2.3", NULL},
    {"551", NULL, "not here; the words say where to try", "5321 3.4", NULL},
    {"552", "MAIL", "the letter is larger than this server takes", "1870 6.1", NULL},
    {"552", "RCPT", "too large for this recipient, or the mailbox is full", "1870 6.4", NULL},
    {"552", ".", "the letter is too large, or the mailbox is full", "5321 4.2.3", NULL},
    {"552", NULL, "more than the mailbox may hold", "5321 4.2.3", NULL},
    {"553", NULL, "this can't be the name of a mailbox", "5321 4.2.3", NULL},
    {"554", "MAIL", "the transaction failed", "5321 4.2.3", NULL},
    {"554", "DATA", "no recipient was good", "5321 3.3", NULL},
    {"554", NULL, "the transaction failed; as a greeting: no service here", "5321 3.1", NULL},
    {"555", NULL, "a parameter of MAIL or RCPT is not known", "5321 4.1.1.11", NULL},
    {"556", NULL, "the recipient's domain takes no mail", "7504 4", NULL},
    {.name = NULL},
};

static const struct explain_row extensions[] = {
    {"PIPELINING", NULL, "offer: commands may be sent without waiting for replies", "2920 2",
	NULL},
    {"SIZE", NULL, "offer: says the largest letter it takes, in bytes", "1870 3", NULL},
    {"8BITMIME", NULL, "offer: bytes beyond ASCII may stand in the text", "6152 2", NULL},
    {"BINARYMIME", NULL, "offer: any bytes, by BDAT", "3030 3", NULL},
    {"CHUNKING", NULL, "offer: BDAT, letters in counted pieces instead of DATA", "3030 2",
	NULL},
    {"STARTTLS", NULL, "offer: the connection can be encrypted", "3207 2", NULL},
    {"AUTH", NULL, "offer: these are the ways to log in", "4954 3", NULL},
    {"ENHANCEDSTATUSCODES", NULL, "offer: replies carry codes such as 5.1.1 too", "2034 3",
	NULL},
    {"DSN", NULL, "offer: notices of delivery on request", "3461 4", NULL},
    {"SMTPUTF8", NULL, "offer: addresses and header fields in UTF-8", "6531 3.1", NULL},
    {"VRFY", NULL, "offer: addresses may be asked for", "5321 3.5", NULL},
    {"EXPN", NULL, "offer: members of lists may be asked for", "5321 3.5", NULL},
    {"HELP", NULL, "offer: there is help", "5321 4.1.1.8", NULL},
    {"ETRN", NULL, "offer: waiting mail can be called for", "1985 4", NULL},
    {"DELIVERBY", NULL, "offer: letters may have a deadline", "2852 3", NULL},
    {"LIMITS", NULL, "offer: says how many letters and recipients it takes", "9422 3", NULL},
    {"REQUIRETLS", NULL, "offer: a letter may insist on TLS all the way", "8689 2", NULL},
    {"MT-PRIORITY", NULL, "offer: letters may have priorities", "6710", NULL},
    {"FUTURERELEASE", NULL, "offer: letters may be held until later", "4865 3", NULL},
    {"ATRN", NULL, "offer: waiting mail can be called for, with the roles exchanged", "2645 5",
	NULL},
    {"BURL", NULL, "offer: parts may come from an IMAP server", "4468 3", NULL},
    {.name = NULL},
};

static const struct explain_row events[] = {
    {"connect", NULL, "TCP's handshake took 1 RTT; in SMTP the server speaks first", "5321 3.1",
	NULL},
    {"tls", NULL, "encrypted from here on; what was said before TLS is forgotten", "3207 4.2",
	NULL},
    {"body", NULL, "the rest of the letter, not shown here", "5321 4.1.1.4", NULL},
    {"retry", NULL, "what failed may work later", "5321 4.5.4.1", NULL},
    {"close", NULL, "the TCP connection is closed", "9293 3.6", "the session is over"},
    {.name = NULL},
};

static const struct explain_row unknown = {
    "?", NULL, "a command that is not in these tables", "5321 4.1.1", NULL};
static const struct explain_row *const tables[] = {
    verbs, replies, extensions, explain_enhanced, NULL};

/* Inside a letter, which DATA's 354 or BDAT began. */
static bool in_letter(struct explain *x, struct str line, struct buf *out)
{
	if (x->left > 0) {
		x->left -= line.len + 2 < x->left ? line.len + 2 : x->left;
		explain_letter(x, line, out);
		return true;
	}
	if (!x->client_body || str_is(line, "."))
		return false;
	explain_letter(x, line, out);
	return true;
}

static void bdat(struct explain *x, struct str line)
{
	struct str rest = str_trim(str_sub(line, 4, line.len));
	uint64_t size;
	if (number_parse_max(explain_first_word(rest), INT64_MAX, &size))
		x->left = size;
	x->lines = 0;
}

static void client(struct explain *x, struct str line, struct buf *out)
{
	if (in_letter(x, line, out))
		return;
	struct str word = explain_first_word(line);
	const char *after = "";
	if (x->prompted) {
		word = STR("AUTH");
		after = "response";
	}
	x->client_body = x->prompted = false;
	const struct explain_row *verb = explain_find(verbs, word, str_of(after));
	bool ends = str_is(line, ".") ||
		    (str_starts_nocase(line, "BDAT ") && str_ends_nocase(line, " LAST"));
	explain_ask(x, verb, ends ? STR("LAST") : STR_NONE);
	explain_put(out, NULL, verb ? verb : &unknown, NULL);
	if (str_is_nocase(word, "BDAT"))
		bdat(x, line);
}

static bool says_hello(struct str verb)
{
	return str_is(verb, "EHLO") || str_is(verb, "LHLO");
}

static void explain_code(const struct explain *x, const struct explain_reply *reply,
    struct str verb, struct buf *out)
{
	char code[4] = {reply->code.ptr[0], reply->code.ptr[1], reply->code.ptr[2], '\0'};
	const struct explain_row *row = explain_find(replies, reply->code, verb);
	struct str enhanced = explain_first_word(reply->rest);
	const struct explain_row *more =
	    str_ends_nocase(enhanced, ".0")
		? NULL /* says no more than the code */
		: explain_find(explain_enhanced, enhanced, STR_NONE);
	if (row)
		explain_put(out, explain_reply_lead(code), row, more);
	else
		explain_reply_class(x, code, out);
}

/* LMTP answers for each recipient that it accepted (RFC 2033 4.2). */
static bool more_will_come(struct explain *x, struct str verb, char digit)
{
	if (str_is(verb, "LHLO"))
		x->per_recipient = true;
	if (str_is(verb, "MAIL"))
		x->accepted = x->replied = 0;
	if (str_is(verb, "RCPT") && digit == '2')
		x->accepted++;
	if (!x->per_recipient || !x->count || !x->waiting[x->first].tag[0])
		return false;
	return ++x->replied < x->accepted;
}

static void server(struct explain *x, struct str line, struct buf *out)
{
	struct explain_reply reply;
	struct str verb = explain_asked_verb(x);
	if (!explain_reply_read(x, line, &reply))
		return;
	const struct explain_row *offer =
	    says_hello(verb) && !reply.first
		? explain_find(extensions, explain_first_word(reply.rest), STR_NONE)
		: NULL;
	if (offer)
		explain_put(out, NULL, offer, NULL);
	else if (reply.first)
		explain_code(x, &reply, verb, out);
	else
		explain_reply_more(x, reply.last, out);
	if (!reply.last)
		return;
	x->prompted = str_is(reply.code, "334");
	x->client_body = str_is(reply.code, "354");
	x->lines = x->client_body ? 0 : x->lines;
	if (!more_will_come(x, verb, line.ptr[0]))
		explain_answered(x);
}

const struct explain_book explain_smtp = {
    "smtp", tables, events, explain_reply_lead, client, server};
