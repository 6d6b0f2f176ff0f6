/*
 * FTP in plain words (RFC 959, 2228, 2389, 2428, 3659, 4217): verbs, replies by
 * verb, what FEAT lists.
 */
#include <string.h>

#include "common/text/explain_reply.h"

static const struct explain_row verbs[] = {
    {"USER", NULL, "says who logs in", "959 4.1.1", "login begins"},
    {"PASS", NULL, "gives the password", "959 4.1.1", NULL},
    {"ACCT", NULL, "names an account, where the server asks for one", "959 4.1.1", NULL},
    {"CWD", NULL, "changes the directory on the server", "959 4.1.1", NULL},
    {"CDUP", NULL, "goes one directory up", "959 4.1.1", NULL},
    {"SMNT", NULL, "mounts another file system", "959 4.1.1", NULL},
    {"REIN", NULL, "logs out, keeps the connection", "959 4.1.1", "login begins anew"},
    {"QUIT", NULL, "says goodbye", "959 4.1.1", "the session ends"},
    {"PORT", NULL, "active mode: the server is to connect to this address", "959 4.1.2", NULL},
    {"PASV", NULL, "passive mode: asks where to connect for the data", "959 4.1.2", NULL},
    {"LPRT", NULL, "active mode for long addresses; EPRT has replaced it", "1639", NULL},
    {"LPSV", NULL, "passive mode for long addresses; EPSV has replaced it", "1639", NULL},
    {"EPRT", NULL, "active mode: the server is to connect here, IPv6 too", "2428 2", NULL},
    {"EPSV", NULL, "passive mode: asks for a port for the data, IPv6 too", "2428 3", NULL},
    {"TYPE", "A", "text: line ends are translated on the way", "959 3.1.1.1", NULL},
    {"TYPE", "I", "binary: bytes travel as they are", "959 3.1.1.3", NULL},
    {"TYPE", NULL, "chooses how bytes are represented", "959 3.1.1", NULL},
    {"STRU", NULL, "chooses files, records or pages", "959 4.1.2", NULL},
    {"MODE", NULL, "chooses how data is framed: stream, block, compressed", "959 4.1.2", NULL},
    {"RETR", NULL, "asks for a file, over the data connection", "959 4.1.3", "transfer begins"},
    {"STOR", NULL, "sends a file, over the data connection", "959 4.1.3", "transfer begins"},
    {"STOU", NULL, "sends a file, the server finds its name", "959 4.1.3", "transfer begins"},
    {"APPE", NULL, "sends what is added at a file's end", "959 4.1.3", "transfer begins"},
    {"ALLO", NULL, "reserves room for a file", "959 4.1.3", NULL},
    {"REST", NULL, "the next transfer starts at this byte", "3659 5", NULL},
    {"RNFR", NULL, "names the file to be renamed", "959 4.1.3", NULL},
    {"RNTO", NULL, "gives it the new name", "959 4.1.3", NULL},
    {"ABOR", NULL, "breaks the transfer off", "959 4.1.3", NULL},
    {"DELE", NULL, "deletes a file", "959 4.1.3", NULL},
    {"RMD", NULL, "removes a directory", "959 4.1.3", NULL},
    {"MKD", NULL, "makes a directory", "959 4.1.3", NULL},
    {"PWD", NULL, "asks for the current directory", "959 4.1.3", NULL},
    {"LIST", NULL, "asks for a listing for people, over the data connection", "959 4.1.3",
	NULL},
    {"NLST", NULL, "asks for bare names, over the data connection", "959 4.1.3", NULL},
    {"MLSD", NULL, "asks for a listing for programs, over the data connection", "3659 7", NULL},
    {"MLST", NULL, "asks for the facts of one file, on this connection", "3659 7", NULL},
    {"SITE", NULL, "a command of this server's own", "959 4.1.3", NULL},
    {"SYST", NULL, "asks for the kind of system", "959 4.1.3", NULL},
    {"STAT", NULL, "asks for the state, or a listing on this connection", "959 4.1.3", NULL},
    {"HELP", NULL, "asks for help, in words", "959 4.1.3", NULL},
    {"NOOP", NULL, "asks for nothing but an answer", "959 4.1.3", NULL},
    {"FEAT", NULL, "asks what the server can do beyond the minimum", "2389 3", NULL},
    {"OPTS", NULL, "sets how another command behaves", "2389 4", NULL},
    {"SIZE", NULL, "asks how many bytes a transfer of the file takes", "3659 4", NULL},
    {"MDTM", NULL, "asks when the file was changed", "3659 3", NULL},
    {"MFMT", NULL, "sets when the file was changed", NULL, NULL},
    {"HASH", NULL, "asks for a checksum of the file", NULL, NULL},
    {"XCRC", NULL, "asks for a checksum of the file", NULL, NULL},
    {"XMD5", NULL, "asks for a checksum of the file", NULL, NULL},
    {"XSHA1", NULL, "asks for a checksum of the file", NULL, NULL},
    {"XSHA256", NULL, "asks for a checksum of the file", NULL, NULL},
    {"XSHA512", NULL, "asks for a checksum of the file", NULL, NULL},
    {"AUTH", NULL, "asks to encrypt the control connection", "4217 4", NULL},
    {"ADAT", NULL, "sends what the security mechanism needs", "2228 3", NULL},
    {"PBSZ", NULL, "sets the protection buffer; with TLS always 0", "4217 9", NULL},
    {"PROT", "C", "data connections stay in the clear", "4217 9", NULL},
    {"PROT", NULL, "P: data connections are encrypted too", "4217 9", NULL},
    {"CCC", NULL, "back to a control connection in the clear", "4217 5", NULL},
    {"MIC", NULL, "a command protected against changes", "2228 3", NULL},
    {"CONF", NULL, "a command protected against reading", "2228 3", NULL},
    {"ENC", NULL, "a command protected against both", "2228 3", NULL},
    {"HOST", NULL, "says which of several servers here is meant", "7151 3", NULL},
    {"LANG", NULL, "asks for another language of the replies", "2640 4", NULL},
    {"CLNT", NULL, "says which program the client is", NULL, NULL},
    {"XMKD", NULL, "the old MKD: makes a directory", "775", NULL},
    {"XRMD", NULL, "the old RMD: removes a directory", "775", NULL},
    {"XPWD", NULL, "the old PWD: asks for the current directory", "775", NULL},
    {"XCWD", NULL, "the old CWD: changes the directory", "775", NULL},
    {"XCUP", NULL, "the old CDUP: goes one directory up", "775", NULL},
    {.name = NULL},
};

static const struct explain_row replies[] = {
    {"110", NULL, "a restart marker", "959 4.2", NULL},
    {"120", NULL, "ready in so many minutes", "959 5.4", NULL},
    {"125", NULL, "the data connection is open already", "959 4.2", "transfer starts"},
    {"150", NULL, "the data connection is about to be opened", "959 4.2", "transfer starts"},
    {"200", "PORT", "the server will connect there", "959 5.4", NULL},
    {"200", "EPRT", "the server will connect there", "2428 2", NULL},
    {"200", "TYPE", "the type is set", "959 5.4", NULL},
    {"200", "PROT", "data connections will be so", "4217 9", NULL},
    {"200", NULL, "the command did what it should", "959 4.2", NULL},
    {"202", NULL, "not needed here", "959 4.2", NULL},
    {"211", "FEAT", "the features, one a line, indented", "2389 3.2", NULL},
    {"211", NULL, "the state of the system, or help", "959 4.2", NULL},
    {"212", NULL, "the state of the directory", "959 4.2", NULL},
    {"213", "SIZE", "the size in bytes", "3659 4.1", NULL},
    {"213", "MDTM", "the time in UTC, as YYYYMMDDhhmmss", "3659 3.1", NULL},
    {"213", NULL, "the state of the file", "959 4.2", NULL},
    {"214", NULL, "help, for people to read", "959 4.2", NULL},
    {"215", NULL, "the kind of system", "959 4.2", NULL},
    {"220", "REIN", "logged out; a new login may begin", "959 5.4", "login begins anew"},
    {"220", "HOST", "that server it is; a login may begin", "7151 3", NULL},
    {"220", NULL, "the greeting: the server is ready and speaks first", "959 5.4",
	"the session begins"},
    {"221", NULL, "goodbye; the server closes the control connection", "959 4.2",
	"the session ends"},
    {"225", NULL, "the data connection is open and idle", "959 4.2", NULL},
    {"226", "ABOR", "the transfer was broken off", "959 4.1.3", "transfer ends"},
    {"226", NULL, "all was transferred, the data connection closes", "959 4.2",
	"transfer ends"},
    {"227", NULL, "connect there: four numbers of address, two of port", "959 4.1.2", NULL},
    {"228", NULL, "connect there: an address of any length, a port", "1639", NULL},
    {"229", NULL, "connect to this port of the same host", "2428 3", NULL},
    {"230", NULL, "logged in", "959 4.2", "login ends, commands begin"},
    {"231", NULL, "logged out", NULL, NULL},
    {"232", NULL, "logged in by the security exchange", "2228 5.1", "login ends"},
    {"234", NULL, "the TLS handshake follows at once", "4217 4", NULL},
    {"235", NULL, "the security exchange is complete", "2228 5.1", NULL},
    {"250", "CWD", "the directory is changed", "959 5.4", NULL},
    {"250", "DELE", "deleted", "959 5.4", NULL},
    {"250", "RMD", "removed", "959 5.4", NULL},
    {"250", "RNTO", "renamed", "959 5.4", NULL},
    {"250", "MLST", "the facts of the file, on an indented line", "3659 7.2", NULL},
    {"250", NULL, "done with the file or directory", "959 4.2", NULL},
    {"257", "MKD", "made; its name is between the quotes", "959 5.4", NULL},
    {"257", NULL, "the directory is the name between the quotes", "959 appendix II", NULL},
    {"331", NULL, "the name is noted; the password next", "959 4.2", NULL},
    {"332", NULL, "an account is needed to log in", "959 4.2", NULL},
    {"334", NULL, "this mechanism will do; its data go to and fro next", "2228 5.1", NULL},
    {"335", NULL, "the security exchange goes on, with data", "2228 5.1", NULL},
    {"336", NULL, "a challenge; the password next", "2228 5.1", NULL},
    {"350", "REST", "noted; the transfer will start there", "3659 5.3", NULL},
    {"350", "RNFR", "the file is there; RNTO next", "959 5.4", NULL},
    {"350", NULL, "noted; it waits for what belongs to it", "959 4.2", NULL},
    {"421", NULL, "the server must close the control connection", "959 4.2",
	"the session breaks off"},
    {"425", NULL, "the data connection could not be opened", "959 4.2", NULL},
    {"426", NULL, "the data connection was lost, the transfer broke off", "959 4.2",
	"transfer ends"},
    {"430", NULL, "user or password is wrong", NULL, NULL},
    {"431", NULL, "something that security needs is missing", "2228 5.1", NULL},
    {"434", NULL, "no such host here at the moment", NULL, NULL},
    {"450", NULL, "the file is busy", "959 4.2", NULL},
    {"451", NULL, "an error on the server broke it off", "959 4.2", NULL},
    {"452", NULL, "no room on the server", "959 4.2", NULL},
    {"500", NULL, "the command is not known, or too long", "959 4.2", NULL},
    {"501", NULL, "the command's arguments are wrong", "959 4.2", NULL},
    {"502", NULL, "known, but not offered by this server", "959 4.2", NULL},
    {"503", NULL, "not at this point: the order of commands is wrong", "959 4.2", NULL},
    {"504", NULL, "this argument is not offered", "959 4.2", NULL},
    {"521", "MKD", "it is there already", "959 appendix II", NULL},
    {"521", NULL, "no data connection with the PROT that was chosen", "4217 9", NULL},
    {"522", "EPRT", "not that address family; those in parentheses", "2428 2", NULL},
    {"522", "EPSV", "not that address family; those in parentheses", "2428 3", NULL},
    {"522", NULL, "TLS failed on the data connection", "4217 10.2", NULL},
    {"530", NULL, "not logged in: wrong password, or not before a login", "959 4.2", NULL},
    {"532", NULL, "an account is needed to store files", "959 4.2", NULL},
    {"533", NULL, "the command must be protected", "2228 5.1", NULL},
    {"534", NULL, "security as asked for is not allowed", "2228 5.1", NULL},
    {"535", NULL, "the security check failed", "2228 5.1", NULL},
    {"536", NULL, "the mechanism has no such PROT", "2228 5.1", NULL},
    {"537", NULL, "the mechanism can't protect commands that way", "2228 5.1", NULL},
    {"550", "CWD", "there is no such directory, or no right to it", "959 4.2", NULL},
    {"550", "MKD", "not made: it is there already, or there is no right to", "959 4.2", NULL},
    {"550", "SIZE", "there is no such file, or its size can't be told", "3659 4.2", NULL},
    {"550", "MDTM", "there is no such file, or its time can't be told", "3659 3.2", NULL},
    {"550", "RETR", "there is no such file, or no right to read it", "959 4.2", NULL},
    {"550", NULL, "no such file or directory, or no right to it", "959 4.2", NULL},
    {"551", NULL, "a page of an unknown type", "959 4.2", NULL},
    {"552", NULL, "more than may be stored", "959 4.2", NULL},
    {"553", NULL, "a file can't have this name", "959 4.2", NULL},
    {"554", NULL, "the transfer can't start where REST said", "1123 4.1.3.4", NULL},
    {"555", NULL, "type and structure of the file do not fit", "1123 4.1.3.4", NULL},
    {"631", NULL, "a reply protected against changes", "2228 5.2", NULL},
    {"632", NULL, "a reply protected against reading and changes", "2228 5.2", NULL},
    {"633", NULL, "a reply protected against reading", "2228 5.2", NULL},
    {.name = NULL},
};

static const struct explain_row features[] = {
    {"SIZE", NULL, "can do: SIZE, the bytes of a file", "3659 4", NULL},
    {"MDTM", NULL, "can do: MDTM, the time of a file", "3659 3", NULL},
    {"REST", NULL, "can do: REST, transfers that go on where they broke off", "3659 5", NULL},
    {"MLST", NULL, "can do: MLST and MLSD, these facts (* are sent)", "3659 7", NULL},
    {"MLSD", NULL, "can do: MLSD, listings for programs", "3659 7", NULL},
    {"TVFS", NULL, "paths are written with slashes", "3659 6", NULL},
    {"EPSV", NULL, "can do: EPSV, passive mode for IPv6 too", "2428 3", NULL},
    {"EPRT", NULL, "can do: EPRT, active mode for IPv6 too", "2428 2", NULL},
    {"AUTH", NULL, "can do: encryption of the control connection", "4217 6", NULL},
    {"PBSZ", NULL, "can do: PBSZ, which comes before PROT", "4217 9", NULL},
    {"PROT", NULL, "can do: encryption of data connections", "4217 9", NULL},
    {"CCC", NULL, "can do: back to a control connection in the clear", "4217 5", NULL},
    {"UTF8", NULL, "names of files are UTF-8", "2640 3", NULL},
    {"LANG", NULL, "can do: replies in these languages", "2640 4", NULL},
    {"HOST", NULL, "can do: several servers at one address", "7151 3", NULL},
    {"MFMT", NULL, "can do: setting the time of a file", NULL, NULL},
    {"HASH", NULL, "can do: checksums", NULL, NULL},
    {"CLNT", NULL, "can do: CLNT, the name of the client", NULL, NULL},
    {.name = NULL},
};

static const struct explain_row events[] = {
    {"connect", NULL, "TCP's handshake took 1 RTT; this is the control connection", "959 2.3",
	NULL},
    {"tls", NULL, "encrypted from here on", "4217 4", NULL},
    {"data", "S", "bytes that came over the data connection", "959 3.2", NULL},
    {"data", "C", "bytes that went over the data connection", "959 3.2", NULL},
    {"data", NULL, "the second connection, for this one listing or file", "959 3.2", NULL},
    {"body", NULL, "what came over the data connection, counted", "959 3.2", NULL},
    {"close", NULL, "the control connection is closed", "959 2.3", "the session is over"},
    {.name = NULL},
};

static const struct explain_row unknown = {
    "?", NULL, "a command that is not in these tables", "959 4.1", NULL};

static const struct explain_row listing = {
    "?", NULL, "the listing, as it came over the data connection", "959 4.1.3", NULL};

static const struct explain_row *const tables[] = {verbs, replies, features, NULL};

static const char *lead(const char *name)
{
	bool is_protected = name[0] == '6' && strlen(name) == 3;
	return is_protected ? "6 protected" : explain_reply_lead(name);
}

static void client(struct explain *x, struct str line, struct buf *out)
{
	struct str word = explain_first_word(line);
	struct str rest = str_sub(line, word.len + 1, line.len);
	const struct explain_row *verb = explain_find(verbs, word, rest);
	if (!verb)
		verb = &unknown;
	explain_ask(x, verb, STR_NONE);
	explain_put(out, NULL, verb, NULL);
}

static void explain_code(
    const struct explain *x, struct str text, struct str verb, struct buf *out)
{
	char code[4] = {text.ptr[0], text.ptr[1], text.ptr[2], '\0'};
	const struct explain_row *row = explain_find(replies, text, verb);
	if (row)
		explain_put(out, lead(code), row, NULL);
	else
		explain_reply_class(x, code, out);
}

static void server(struct explain *x, struct str line, struct buf *out)
{
	struct explain_reply reply;
	struct str verb = explain_asked_verb(x);
	if (!explain_reply_read(x, line, &reply)) {
		if (x->lines++ == 0)
			explain_put(out, NULL, &listing, NULL);
		return;
	}
	struct str feature = explain_first_word(str_trim(reply.rest));
	const struct explain_row *row = str_is(verb, "FEAT") && !reply.first && !reply.last
					    ? explain_find(features, feature, STR_NONE)
					    : NULL;
	if (row)
		explain_put(out, NULL, row, NULL);
	else if (reply.first)
		explain_code(x, reply.code, verb, out);
	else
		explain_reply_more(x, reply.last, out);
	/* 150 is not the end: 226 will come. */
	if (reply.last && reply.code.ptr[0] != '1')
		explain_answered(x);
	x->lines = 0;
}

const struct explain_book explain_ftp = {"ftp", tables, events, lead, client, server};
