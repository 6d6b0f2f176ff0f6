/*
 * Explanations: every code of the RFCs and every verb that the tools send is in the
 * tables, sentences fit their line, and a reply is explained by the command it answers.
 */
#include <string.h>

#include "common/text/explain.h"
#include "tests/unit/unit.h"

/* Words that must be known, separated by blanks. */
static void check_words(struct unit *t, const char *protocol, const char *words)
{
	const struct explain_book *book = explain_book_of(protocol);
	struct str rest = str_of(words), word;
	struct buf out = BUF_INIT(100000);
	CHECK(book != NULL);
	while (str_cut(&rest, ' ', &word)) {
		buf_clear(&out);
		bool known = explain_word(book, word, &out);
		if (!CHECK(known))
			printf("# %s: %.*s is not in the tables\n", protocol, STR_ARG(word));
	}
	buf_free(&out);
}

static void http_words(struct unit *t)
{
	check_words(t, "http",
	    "100 101 102 103 104 200 201 202 203 204 205 206 207 208 226 300 301 302 303 304 "
	    "305 306 307 308 400 401 402 403 404 405 406 407 408 409 410 411 412 413 414 415 "
	    "416 417 418 421 422 423 424 425 426 428 429 431 451 500 501 502 503 504 505 506 "
	    "507 508 510 511");
	check_words(t, "http",
	    "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL "
	    "COPY MOVE LOCK UNLOCK");
	/* The fields of RFC 9110, 9111, 9112 and 4918, as IANA lists them. */
	check_words(t, "http",
	    "Accept-Charset Accept-Language Allow Authentication-Info Content-Language "
	    "Content-Location From Max-Forwards Proxy-Authentication-Info TE Trailer Upgrade "
	    "Via Pragma Warning MIME-Version Accept-Patch Early-Data DAV Depth Destination If "
	    "Lock-Token Overwrite Timeout Want-Content-Digest Repr-Digest "
	    "Strict-Transport-Security");
	check_words(t, "http",
	    "Host Authorization User-Agent Accept Accept-Encoding Connection Content-Encoding "
	    "Content-Length Content-Type Cookie Expect If-Modified-Since If-None-Match "
	    "If-Range If-Unmodified-Since Location Proxy-Authenticate Proxy-Authorization "
	    "Range Referer Retry-After Transfer-Encoding WWW-Authenticate Set-Cookie ETag "
	    "Last-Modified Content-Range Content-Disposition Accept-Ranges If-Match Date "
	    "Server Cache-Control Vary Age Expires");
}

static void ftp_words(struct unit *t)
{
	check_words(t, "ftp",
	    "110 120 125 150 200 202 211 212 213 214 215 220 221 225 226 227 230 250 257 331 "
	    "332 350 421 425 426 450 451 452 500 501 502 503 504 530 532 550 551 552 553 "
	    /* RFC 1123, 1639, 2228, 2428, 4217, and what no RFC has */
	    "554 555 228 232 234 235 334 335 336 431 533 534 535 536 537 631 632 633 229 522 "
	    "521 231 430 434");
	check_words(t, "ftp",
	    "ACCT ALLO APPE AUTH CDUP CWD DELE EPRT EPSV FEAT HASH HELP LIST MDTM MFMT MKD "
	    "MLSD MLST NLST NOOP OPTS PASS PASV PBSZ PORT PROT PWD QUIT REST RETR RMD RNFR "
	    "RNTO SITE SIZE STOR STOU SYST TYPE USER XMKD ABOR STAT MODE STRU REIN SMNT ADAT "
	    "CCC MIC CONF ENC LANG HOST LPRT LPSV XRMD XPWD XCWD XCUP TVFS UTF8");
}

static void smtp_words(struct unit *t)
{
	check_words(t, "smtp",
	    "211 214 220 221 250 251 252 354 421 450 451 452 455 500 501 502 503 504 550 551 "
	    "552 553 554 555 235 334 432 454 530 534 535 538 521 556 253 453 458 459 "
	    /* The basic codes of RFC 5248. */
	    "422 430 523 524 525 533");
	check_words(t, "smtp",
	    "EHLO HELO LHLO STARTTLS AUTH MAIL RCPT DATA BDAT . RSET VRFY EXPN HELP NOOP QUIT "
	    "ETRN ATRN BURL");
	check_words(t, "smtp",
	    "PIPELINING SIZE 8BITMIME BINARYMIME CHUNKING ENHANCEDSTATUSCODES DSN SMTPUTF8 "
	    "DELIVERBY LIMITS REQUIRETLS MT-PRIORITY FUTURERELEASE");
	check_words(t, "smtp",
	    "5.0.0 5.1.0 5.1.1 5.1.2 5.1.3 5.1.4 2.1.5 5.1.6 5.1.7 5.1.8 5.2.0 5.2.1 5.2.2 "
	    "5.2.3 5.2.4 5.3.0 4.3.1 4.3.2 5.3.3 5.3.4 4.3.5 5.4.0 4.4.1 4.4.2 4.4.3 5.4.4 "
	    "4.4.5 5.4.6 4.4.7 5.5.0 5.5.1 5.5.2 4.5.3 5.5.4 5.5.5 5.6.0 5.6.1 5.6.2 5.6.3 "
	    "5.6.4 5.6.5 5.7.0 5.7.1 5.7.2 5.7.3 5.7.4 5.7.5 5.7.6 5.7.7 5.7.8 5.7.9 5.7.11 "
	    "4.7.12 5.5.6 5.1.9 5.1.10 2.3.6 5.6.6 5.6.7 5.6.8 5.6.9 5.6.10 5.7.10 5.7.13 "
	    "5.7.14 5.7.15 5.7.16 5.7.17 5.7.18 5.7.19 5.7.20 5.7.21 5.7.22 5.7.23 4.7.24 "
	    "5.7.25 5.7.26 5.7.27 4.7.28 5.7.29 5.7.30");
}

static void mailbox_words(struct unit *t)
{
	check_words(t, "pop3",
	    "CAPA STLS USER PASS APOP AUTH STAT LIST UIDL TOP RETR DELE RSET NOOP QUIT +OK "
	    "-ERR + [IN-USE] [LOGIN-DELAY] [SYS/TEMP] [SYS/PERM] [AUTH] IN-USE SASL "
	    "RESP-CODES PIPELINING EXPIRE IMPLEMENTATION AUTH-RESP-CODE UTF8 LANG");
	check_words(t, "imap",
	    "CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN ENABLE SELECT EXAMINE CREATE "
	    "DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST LSUB NAMESPACE STATUS APPEND IDLE DONE "
	    "CLOSE UNSELECT EXPUNGE SEARCH FETCH STORE COPY MOVE UID CHECK SORT ID OK NO BAD "
	    "PREAUTH BYE THREAD COMPRESS GETQUOTA GETQUOTAROOT SETQUOTA GETACL SETACL "
	    "DELETEACL MYRIGHTS GETMETADATA SETMETADATA NOTIFY REPLACE LANGUAGE COMPARATOR "
	    "CONVERSIONS CONVERT CANCELUPDATE GENURLAUTH RESETKEY URLFETCH");
	check_words(t, "imap",
	    "ENABLED ESEARCH FLAGS EXISTS RECENT VANISHED QUOTA QUOTAROOT ACL METADATA "
	    "LISTRIGHTS CONVERSION CONVERTED UIDFETCH");
	check_words(t, "imap",
	    "ALERT ALREADYEXISTS APPENDUID AUTHENTICATIONFAILED AUTHORIZATIONFAILED "
	    "BADCHARSET CANNOT CAPABILITY CLIENTBUG CLOSED CONTACTADMIN COPYUID CORRUPTION "
	    "EXPIRED EXPUNGEISSUED HASCHILDREN INUSE LIMIT NONEXISTENT NOPERM OVERQUOTA "
	    "PARSE PERMANENTFLAGS PRIVACYREQUIRED READ-ONLY READ-WRITE SERVERBUG TRYCREATE "
	    "UIDNEXT UIDNOTSTICKY UIDVALIDITY UNAVAILABLE UNKNOWN-CTE UNSEEN [ALERT]");
	/* The rest of IANA's list. */
	check_words(t, "imap",
	    "BADCOMPARATOR BADEVENT BADURL COMPRESSIONACTIVE HIGHESTMODSEQ INPROGRESS "
	    "MAILBOXID MAXCONVERTMESSAGES MAXCONVERTPARTS MESSAGELIMIT METADATA MODIFIED "
	    "NEWNAME NOMODSEQ NOTIFICATIONOVERFLOW NOTSAVED NOUPDATE REFERRAL TEMPFAIL "
	    "UIDREQUIRED UNDEFINED-FILTER URLMECH USEATTR");
}

static void unknown_words(struct unit *t)
{
	struct buf out = BUF_INIT(1000);
	CHECK(!explain_word(explain_book_of("smtp"), STR("nonsense"), &out));
	CHECK(!explain_word(explain_book_of("smtp"), STR("9.1.1"), &out) || out.len);
	CHECK(!explain_word(explain_book_of("smtp"), STR(""), &out));
	CHECK(explain_book_of("gopher") == NULL && explain_book_of(NULL) == NULL);
	buf_free(&out);
}

/* "5321 4.1.1.3", "9112 C.2.2", "959 appendix II", "775"; none that a newer one replaces. */
static bool is_citation(const char *rfc)
{
	static const char *const obsolete[] = {"821", "822", "2616", "2821", "2087", "4551",
	    "5162", "7230", "7232", "7233", "7235", NULL};
	struct str rest = str_of(rfc), number, part;
	bool good = str_cut(&rest, ' ', &number) && number.len >= 3 && number.len <= 4 &&
		    !str_ends_nocase(rest, ".");
	for (size_t i = 0; i < number.len; i++)
		good = good && char_is_digit(number.ptr[i]);
	for (size_t i = 0; obsolete[i]; i++)
		good = good && !str_is(number, obsolete[i]);
	if (str_is(rest, "appendix II"))
		return good;
	for (bool first = true; good && str_cut(&rest, '.', &part); first = false) {
		bool letter = first && part.len == 1 && *part.ptr >= 'A' && *part.ptr <= 'F';
		for (size_t i = 0; i < part.len; i++)
			good = good && (letter || char_is_digit(part.ptr[i]));
		good = good && part.len > 0;
	}
	return good;
}

static void citations(struct unit *t)
{
	CHECK(is_citation("5321 4.1.1.3") && is_citation("9112 C.2.2") && is_citation("775"));
	CHECK(is_citation("959 appendix II") && is_citation("7231 B"));
	CHECK(!is_citation("5321 4..1") && !is_citation("821 4") && !is_citation("x"));
	CHECK(!is_citation("5321 4.1.") && !is_citation("5321 IV") && !is_citation(""));
}

/* Whatever row it is, it can be found, cites an RFC or none, and the sentence
 * with its phase and RFC fits the line. */
static void check_rows(struct unit *t, const struct explain_book *book)
{
	struct buf out = BUF_INIT(1000);
	for (size_t i = 0; book->tables[i]; i++)
		for (const struct explain_row *row = book->tables[i]; row->name; row++) {
			buf_clear(&out);
			explain_put(&out, book->lead(row->name), row, NULL);
			struct str said = buf_str(&out);
			struct str phase = str_of(row->phase);
			bool good = said.len <= EXPLAIN_COLUMNS &&
				    (!phase.len || str_find_str(said, phase) < said.len);
			good = good && (!row->rfc || is_citation(row->rfc)) &&
			       explain_find(book->tables[i], str_of(row->name),
				   str_of(row->after)) == row;
			if (!CHECK(good))
				printf(
				    "# %s %s: %s\n", book->protocol, row->name, buf_cstr(&out));
		}
	buf_free(&out);
}

static void sentences_fit(struct unit *t)
{
	static const char *const protocols[] = {"http", "ftp", "smtp", "pop3", "imap"};
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
		check_rows(t, explain_book_of(protocols[i]));
}

/* A dialogue with, after each line, the beginning of its explanation ("" for none). */
static void check_dialogue(struct unit *t, const char *protocol, const char *const (*lines)[2])
{
	struct explain x;
	struct buf out = BUF_INIT(1000);
	explain_start(&x, explain_book_of(protocol));
	for (; (*lines)[0]; lines++) {
		struct str line = str_of((*lines)[0] + 2);
		buf_clear(&out);
		explain_line(&x, (*lines)[0][0], line, &out);
		struct str want = str_of((*lines)[1]);
		bool good = want.len ? str_starts(buf_str(&out), (*lines)[1]) : !out.len;
		if (!CHECK(good))
			printf("# %s: %s\n#   said: %s\n#   want: %s\n", protocol, (*lines)[0],
			    buf_cstr(&out), (*lines)[1]);
	}
	buf_free(&out);
}

static void smtp_dialogue(struct unit *t)
{
	static const char *const lines[][2] = {
	    {"S:220 hi", "2 done: the greeting"},
	    {"C:EHLO a", "says who calls"},
	    {"S:250-b", "2 done: hello"},
	    {"S:250-PIPELINING", "offer: commands may be sent without"},
	    {"S:250-X-OWN", "the reply goes on"},
	    {"S:250 SIZE 10", "offer: says the largest letter"},
	    {"C:AUTH LOGIN", "logs in"},
	    {"S:334 VXNlcm5hbWU6", "3 go on: a challenge"},
	    {"C:****", "answers the server's challenge"},
	    {"S:235 ok", "2 done: logged in; authentication ends"},
	    {"C:MAIL FROM:<a@b>", "names the sender"},
	    {"C:RCPT TO:<c@d>", "names one recipient"},
	    {"C:RCPT TO:<e@f>", "names one recipient"},
	    {"C:DATA", "the envelope is complete"},
	    {"S:250 ok", "2 done: the sender is accepted"},
	    {"S:250 ok", "2 done: this recipient is accepted"},
	    {"S:550 5.1.1 no", "5 refused: no such mailbox, or not allowed"},
	    {"S:354 go", "3 go on: send the letter"},
	    {"C:Subject: QUIT", "the letter begins"},
	    {"C:", "an empty line parts"},
	    {"C:..dot", "a line that begins with a dot"},
	    {"C:QUIT", ""},
	    {"C:.", "a dot alone"},
	    {"C:QUIT", "says goodbye"},
	    {"S:250 ok", "2 done: taken: from now on"},
	    {"S:299 strange",
		"2 done: a code of this server; the command succeeded (RFC 5321 4.2.1)"},
	    {"C:AUTH X", "logs in"},
	    {"S:504 no", "5 refused: this way to log in is not offered (RFC 4954 4)"},
	    {"C:MAIL FROM:<a@b> SIZE=9", "names the sender"},
	    {"S:552-too", "5 refused: the letter is larger than this server takes (RFC 1870"},
	    {"S:552 big", "the code again and a blank: the reply ends (RFC 5321 4.2.1)"},
	    {"C:ETRN a", "asks the server"},
	    {"S:251 none", "2 done: nothing waits for that host"},
	    {"C:BDAT 8 LAST", "sends so many bytes"},
	    {"C:NOOP12", "the letter begins"},
	    {"C:NOOP", "asks for nothing"},
	    {"C:FROB", "a command that is not"},
	    {NULL, NULL},
	};
	check_dialogue(t, "smtp", lines);
}

static void lmtp_answers_each_recipient(struct unit *t)
{
	static const char *const lines[][2] = {
	    {"C:LHLO a", "EHLO of LMTP"},
	    {"S:250 b", "2 done: hello"},
	    {"C:MAIL FROM:<a@b>", "names the sender"},
	    {"C:RCPT TO:<c@d>", "names one recipient"},
	    {"C:RCPT TO:<c@d>", "names one recipient"},
	    {"C:RCPT TO:<e@f>", "names one recipient"},
	    {"C:DATA", "the envelope"},
	    {"S:250 2.1.0 ok", "2 done: the sender is accepted (RFC"},
	    {"S:250 ok", "2 done: this recipient"},
	    {"S:250 ok", "2 done: this recipient"},
	    {"S:550 no", "5 refused: no such mailbox"},
	    {"S:354 go", "3 go on"},
	    {"C:a", "the letter begins"},
	    {"C:.", "a dot alone"},
	    {"C:QUIT", "says goodbye"},
	    {"S:250 ok", "2 done: taken"},
	    {"S:250 ok", "2 done: taken"},
	    {"S:221 bye", "2 done: goodbye"},
	    {NULL, NULL},
	};
	check_dialogue(t, "smtp", lines);
}

static void ftp_dialogue(struct unit *t)
{
	static const char *const lines[][2] = {
	    {"S:220-hi", "2 done: the greeting"},
	    {"S:anything", "the reply goes on: a line with the code and a blank will end it "
			   "(RFC 959 4.2)"},
	    {"S:220 there", "the code again and a blank"},
	    {"C:USER a", "says who logs in; login begins"},
	    {"S:331 pw", "3 go on: the name is noted"},
	    {"C:PASS ****", "gives the password"},
	    {"S:230 ok", "2 done: logged in; login ends"},
	    {"C:TYPE I", "binary"},
	    {"C:TYPE A", "text"},
	    {"S:200 ok", "2 done: the type is set"},
	    {"S:200 ok", "2 done: the type is set"},
	    {"C:RETR x", "asks for a file"},
	    {"C:NOOP", "asks for nothing"},
	    {"S:150 soon", "1 begun: the data connection is about"},
	    {"S:550 no", "5 refused: there is no such file, or no right to read"},
	    {"S:150 soon", "1 begun"},
	    {"S:404.html", "the listing"},
	    {"S:405.html", ""},
	    {"C:FEAT", "asks what"},
	    {"S:200 ok", "2 done: the command did"},
	    {"S:211-Features", "2 done: the features"},
	    {"S: MDTM", "can do: MDTM"},
	    {"S:211 End", "the code again and a blank"},
	    {"C:MKD x", "makes a directory"},
	    {"S:521 x", "5 refused: it is there already"},
	    {"C:LIST", "asks for a listing"},
	    {"S:522 x", "5 refused: TLS failed on the data connection"},
	    {"C:REIN", "logs out"},
	    {"S:220 x", "2 done: logged out; a new login may begin"},
	    {NULL, NULL},
	};
	check_dialogue(t, "ftp", lines);
}

static void pop3_dialogue(struct unit *t)
{
	static const char *const lines[][2] = {
	    {"S:+OK hi", "yes: the greeting"},
	    {"C:USER a", "names the mailbox"},
	    {"C:PASS ****", "gives the password"},
	    {"S:+OK", "yes: the name is noted"},
	    {"S:-ERR [IN-USE] x", "no: wrong password, or the mailbox is locked"},
	    {"C:LIST 3", "asks for the size"},
	    {"C:LIST", "asks for the size"},
	    {"C:RETR 1", "asks for a whole message"},
	    {"S:+OK 3 10", "yes: numbers and sizes"},
	    {"S:+OK", "yes: numbers and sizes"},
	    {"S:1 10", "an item"},
	    {"S:2 20", ""},
	    {"S:.", "a dot alone"},
	    {"S:+OK", "yes: the message follows"},
	    {"S:+OK: no reply", "the letter begins"},
	    {"S:.", "a dot alone"},
	    {"C:LANG de", "asks for another language"},
	    {"S:+OK de", "yes: the language is changed"},
	    {"C:LANG", "asks for another language"},
	    {"S:+OK", "yes: the language is changed, or the list follows"},
	    {"S:en English", "an item: a language's tag"},
	    {"S:de Deutsch", ""},
	    {"S:.", "a dot alone"},
	    {"C:FROB", "a command that is not"},
	    {"S:+OK", "yes: the command did"},
	    {NULL, NULL},
	};
	check_dialogue(t, "pop3", lines);
}

static void imap_dialogue(struct unit *t)
{
	static const char *const lines[][2] = {
	    {"S:* OK hi", "the greeting"},
	    {"C:A1 LOGIN a ****", "logs in with user"},
	    {"S:A1 OK in", "done: logged in; authenticated state begins"},
	    {"C:A2 NOOP", "asks for nothing"},
	    {"C:A3 UID FETCH 1 (BODY[])", "FETCH, with ids"},
	    {"S:* 3 EXISTS", "so many messages"},
	    {"S:A3 NO [NONEXISTENT] x", "failed: the command of this tag could not be done; "
					"there is no such mailbox"},
	    {"S:A2 OK", "done: the command of this tag"},
	    {"C:A4 FETCH 1 BODY[]", "asks for parts"},
	    {"S:* 1 FETCH (BODY[] {10}", "parts or facts"},
	    {"S:A4 OK no", "the letter begins"},
	    {"S:)", "what the counted bytes"},
	    {"S:A4 OK x", "done: that was all"},
	    {"C:A5 APPEND x {3}", "puts a message"},
	    {"S:+ go", "go on: the bytes"},
	    {"C:abc", "the letter begins"},
	    {"C:", "what the counted bytes"},
	    {"S:A5 NO", "failed: the message"},
	    {"S:* 9999999999999999999999 {", "data of a kind"},
	    {"S:* {99999999999999999999999}", "data of a kind"},
	    {NULL, NULL},
	};
	check_dialogue(t, "imap", lines);
}

static void http_dialogue(struct unit *t)
{
	static const char *const lines[][2] = {
	    {"C:HEAD / HTTP/1.1", "asks for the head"},
	    {"C:Host: a", "which of the names"},
	    {"C:Connection: close", "the connection ends"},
	    {"C:X-Mine: a", "a header field that is not"},
	    {"C:", "an empty line ends the head of the request"},
	    {"C:GET / HTTP/1.1", "asks for a resource; a request begins; sent without waiting"},
	    {"C:", "an empty line"},
	    {"S:HTTP/1.1 103 Early", "1 wait: fields"},
	    {"S:", "an empty line"},
	    {"S:HTTP/1.1 200 OK", "2 success: here is the head that GET"},
	    {"S:ETag: \"x\"", "a name for this version"},
	    {"S:", "an empty line"},
	    {"S:HTTP/1.1 200 OK", "2 success: here is what was asked for"},
	    {"S:", "an empty line"},
	    {"S:hello", "the body begins"},
	    {"S:there", ""},
	    {"S:HTTP/1.1 299 x", "2 success: a code that is not registered"},
	    {"S:HTTP/1.1", "a header field"},
	    {NULL, NULL},
	};
	check_dialogue(t, "http", lines);
}

/* More commands under way than are remembered, and lines that are no lines. */
static void floods(struct unit *t)
{
	static const char *const protocols[] = {"http", "ftp", "smtp", "pop3", "imap"};
	static const char *const odd[] = {"", " ", "\x01\xff", "{", "}", "{}", "* ", "+", ":",
	    "250", "25", "999-", "BDAT", "BDAT -1", "UID", "A UID", "A UID ", "HTTP/", "[",
	    "* OK [", "A1 LOGIN {18446744073709551615}"};
	struct buf out = BUF_INIT(1000);
	for (size_t p = 0; p < sizeof protocols / sizeof *protocols; p++) {
		struct explain x;
		explain_start(&x, explain_book_of(protocols[p]));
		for (int i = 0; i < 3 * EXPLAIN_WAITING; i++) {
			struct str line = str_of(odd[(size_t)i % (sizeof odd / sizeof *odd)]);
			buf_clear(&out);
			explain_line(&x, i % 5 ? 'C' : 'S', line, &out);
			CHECK(out.len <= EXPLAIN_COLUMNS);
		}
	}
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"every word of HTTP", http_words},
	    {"every word of FTP", ftp_words},
	    {"every word of SMTP", smtp_words},
	    {"every word of POP3 and IMAP", mailbox_words},
	    {"words that are none", unknown_words},
	    {"what a citation looks like", citations},
	    {"rows are found, cite, and fit their line", sentences_fit},
	    {"SMTP: replies in the order of the commands", smtp_dialogue},
	    {"LMTP: one reply for each recipient", lmtp_answers_each_recipient},
	    {"FTP: preliminary replies, long replies", ftp_dialogue},
	    {"POP3: lists and letters", pop3_dialogue},
	    {"IMAP: tags out of order, counted bytes", imap_dialogue},
	    {"HTTP: pipelined requests, heads and bodies", http_dialogue},
	    {"floods and odd lines", floods},
	};
	return unit_run(tests, COUNT(tests));
}
