/*
 * The server's side of SMTP (RFC 5321), as far as a pipe needs it.
 */
#include "cmd/smtpsend/relay.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/smtpsend/mails.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/say.h"
#include "common/cli/shell_source.h"

struct relay {
	struct run *run;
	struct shell_source in;
	struct err *err; /* of stdin or stdout */
	char *sender;    /* NULL: no MAIL yet */
	struct mailboxes to;
	bool over;
};

static void answer(struct relay *r, const char *text)
{
	struct buf line = BUF_INIT(2 * LIMIT_REPLY);
	buf_addf(&line, "%s\r\n", text);
	say_bytes(STDOUT_FILENO, "standard output", buf_str(&line), r->err);
	buf_free(&line);
}

static void reset(struct relay *r)
{
	free(r->sender);
	r->sender = NULL;
	mailboxes_free(&r->to);
	r->to = (struct mailboxes){0};
}

/* "FROM:<a@b> SIZE=1" after the verb: the path alone; parameters are the server's business with
 * us, and are found out anew. NULL if it is not of that form. */
static char *path_in(struct str rest, const char *word)
{
	rest = str_trim(rest);
	if (!str_starts_nocase(rest, word))
		return NULL;
	rest = str_trim(str_sub(rest, str_of(word).len, rest.len));
	size_t end = str_find(rest, '>');
	if (rest.len < 2 || rest.ptr[0] != '<' || end == rest.len)
		return NULL;
	return str_dup(str_sub(rest, 1, end - 1));
}

static void do_helo(struct relay *r, struct str rest)
{
	(void)rest;
	reset(r);
	answer(r, "250 smtpsend at your service");
}

static void do_ehlo(struct relay *r, struct str rest)
{
	(void)rest;
	reset(r);
	answer(r, "250-smtpsend at your service\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
		  "250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES");
}

static void do_mail(struct relay *r, struct str rest)
{
	char *path = path_in(rest, "FROM:");
	if (r->sender || !path || (*path && !mailbox_is_address(str_of(path), true))) {
		answer(r, r->sender ? "503 5.5.1 MAIL was said already"
				    : "501 5.1.7 MAIL FROM:<address>");
		free(path);
		return;
	}
	r->sender = path;
	answer(r, "250 2.1.0 ok");
}

static void do_rcpt(struct relay *r, struct str rest)
{
	struct err bad = {0};
	char *path = path_in(rest, "TO:");
	if (!r->sender)
		answer(r, "503 5.5.1 MAIL first");
	else if (!path || !mailboxes_parse_one(&r->to, str_of(path), &bad))
		answer(r, "501 5.1.3 RCPT TO:<address>");
	else
		answer(r, "250 2.1.5 ok");
	free(path);
}

/* ---- the message ---- */

static bool read_message(struct relay *r, FILE *to)
{
	struct str line;
	while (shell_source_line(&r->in, "", &line, r->err)) {
		if (str_is(line, "."))
			return fflush(to) == 0;
		if (line.len && line.ptr[0] == '.')
			line = str_sub(line, 1, line.len);
		fwrite(line.ptr, 1, line.len, to);
		fputs("\r\n", to);
	}
	r->over = true;
	return false;
}

/* The server's own words where there are some, else ours, with a code of their kind. */
static void answer_failure(struct relay *r, const struct err *err)
{
	char text[1200];
	if (err->said[0])
		snprintf(text, sizeof text, "%s (%s)", err->said, err->text);
	else
		snprintf(text, sizeof text, "%s %s",
		    err->kind == ERR_AGAIN ? "451 4.3.0" : "554 5.3.0", err->text);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	answer(r, text);
}

static void relay_message(struct relay *r, FILE *file)
{
	struct submission sub = {0};
	struct source_file whole = {.fd = fileno(file), .name = "the message"};
	whole.len = (uint64_t)ftello(file);
	source_add_file(&sub.letter.source, &whole);
	sub.envelope.sender = mem_dup(r->sender);
	envelope_take(&sub.envelope, &r->to);
	bool ok = letter_from_source(&sub.letter, NULL, &sub.err) &&
		  envelope_check(&sub.envelope, &sub.err) &&
		  letter_complete(&sub.letter, r->run->o, sub.envelope.sender, &sub.err) &&
		  fit_check(&sub, r->run->o) && run_one(r->run, &sub);
	if (ok)
		answer(r, "250 2.0.0 relayed");
	else
		answer_failure(r, &sub.err);
	submission_free(&sub);
}

static void do_data(struct relay *r, struct str rest)
{
	(void)rest;
	if (!r->sender || r->to.count == 0) {
		answer(r, "503 5.5.1 MAIL and RCPT first");
		return;
	}
	FILE *file = tmpfile();
	if (!file) {
		answer(r, "452 4.3.1 no room for the message");
		return;
	}
	answer(r, "354 end with a dot on a line by itself");
	if (read_message(r, file))
		relay_message(r, file);
	else if (!r->over)
		answer(r, "452 4.3.1 no room for the message");
	fclose(file);
	reset(r);
}

static void do_rset(struct relay *r, struct str rest)
{
	(void)rest;
	reset(r);
	answer(r, "250 2.0.0 ok");
}

static void do_noop(struct relay *r, struct str rest)
{
	(void)rest;
	answer(r, "250 2.0.0 ok");
}

static void do_vrfy(struct relay *r, struct str rest)
{
	(void)rest;
	answer(r, "252 2.5.0 send it and see");
}

static void do_quit(struct relay *r, struct str rest)
{
	(void)rest;
	r->over = true;
	answer(r, "221 2.0.0 bye");
}

static const struct {
	const char *verb;
	void (*run)(struct relay *r, struct str rest);
} verbs[] = {
    {"HELO", do_helo},
    {"EHLO", do_ehlo},
    {"MAIL", do_mail},
    {"RCPT", do_rcpt},
    {"DATA", do_data},
    {"RSET", do_rset},
    {"NOOP", do_noop},
    {"VRFY", do_vrfy},
    {"QUIT", do_quit},
};

static void obey(struct relay *r, struct str line)
{
	struct str verb = STR_NONE;
	str_cut(&line, ' ', &verb);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (str_is_nocase(verb, verbs[i].verb)) {
			verbs[i].run(r, line);
			return;
		}
	answer(r, "500 5.5.1 unknown command");
}

bool relay_run(struct run *run, struct err *err)
{
	struct relay r = {.run = run, .err = err};
	struct str line;
	r.in = (struct shell_source){
	    .kind = SOURCE_FD, .fd = STDIN_FILENO, .held = BUF_INIT(2 * LIMIT_LINE)};
	answer(&r, "220 smtpsend ESMTP, to be relayed");
	while (!r.over && !err_is_set(err) && shell_source_line(&r.in, "", &line, err))
		obey(&r, line);
	reset(&r);
	shell_source_close(&r.in);
	session_close(run->session);
	return !err_is_set(err);
}
