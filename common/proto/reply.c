/*
 * Reading replies of FTP and SMTP. Knows no command and no session: one reply
 * comes off the stream, or a reason why not.
 */
#include "common/proto/reply.h"

#include "common/base/limits.h"
#include "common/text/number.h"

/* What a person is shown of a line that is no reply. */
enum { GARBAGE_SHOWN = 60 };

struct reply_line {
	int code;
	bool last;
	struct str text;
};

/* Three digits, then SP, '-' or nothing. */
static bool parse(struct str line, struct reply_line *out)
{
	uint64_t code;
	if (!number_parse_max(str_sub(line, 0, 3), 599, &code) || code < 100)
		return false;
	char separator = line.len > 3 ? line.ptr[3] : ' ';
	*out = (struct reply_line){(int)code, separator == ' ', str_sub(line, 4, line.len)};
	return separator == ' ' || separator == '-';
}

/* RFC 3463 2: class "." subject "." detail, the latter of one to three digits. */
static void read_status(struct reply *r, struct str text)
{
	struct str word = str_sub(text, 0, str_find(text, ' '));
	struct str class = STR_NONE, subject = STR_NONE;
	uint64_t numbers[3];
	if (!str_cut(&word, '.', &class) || !str_cut(&word, '.', &subject))
		return;
	bool is_status = class.len == 1 && subject.len <= 3 && word.len <= 3 &&
			 number_parse(class, &numbers[0]) &&
			 number_parse(subject, &numbers[1]) && number_parse(word, &numbers[2]);
	/* RFC 2034 4: for 2yz, 4yz and 5yz, and of the same class. */
	if (is_status && (int)numbers[0] == reply_class(r) && numbers[0] != 3)
		r->status =
		    (struct reply_status){(int)numbers[0], (int)numbers[1], (int)numbers[2]};
}

static bool no_reply(struct stream *s, struct str line)
{
	struct str shown = str_sub(line, 0, GARBAGE_SHOWN);
	return stream_fail(
	    s, ERR_PROTOCOL, "the server's answer is not a reply: \"%.*s\"", STR_ARG(shown));
}

static bool other_code(struct stream *s, int code, struct str line)
{
	struct str shown = str_sub(line, 0, GARBAGE_SHOWN);
	return stream_fail(s, ERR_PROTOCOL, "a line of reply %d has another code: \"%.*s\"",
	    code, STR_ARG(shown));
}

static bool next_line(struct stream *s, struct str *line)
{
	if (!stream_line(s, line))
		return false;
	trace_line(stream_trace(s), stream_conn(s), 'S', *line);
	return true;
}

static bool keep(struct stream *s, struct reply *r, struct str text)
{
	if (r->lines == LIMIT_REPLY_LINES)
		return stream_fail(
		    s, ERR_PROTOCOL, "a reply of over %d lines", LIMIT_REPLY_LINES);
	if (!buf_add_str(&r->text, text) || !buf_add_byte(&r->text, '\n'))
		return stream_fail(
		    s, ERR_PROTOCOL, "a reply of over %zu KiB", LIMIT_REPLY / KIB);
	r->lines++;
	return true;
}

/* Takes one line after the first; in RFC 959's way a line without the code is text. */
static bool read_more(
    struct stream *s, enum reply_flavour flavour, struct reply *r, struct reply_line *l)
{
	struct str line;
	if (!next_line(s, &line))
		return false;
	if (parse(line, l) && l->code == r->code)
		return keep(s, r, l->text);
	if (flavour == REPLY_SMTP)
		return other_code(s, r->code, line);
	l->last = false;
	return keep(s, r, line);
}

static bool read_all(struct stream *s, enum reply_flavour flavour, struct reply *r)
{
	struct str line;
	struct reply_line l;
	if (!next_line(s, &line))
		return false;
	if (!parse(line, &l))
		return no_reply(s, line);
	r->code = l.code;
	if (flavour == REPLY_SMTP)
		read_status(r, l.text);
	bool ok = keep(s, r, l.text);
	while (ok && !l.last)
		ok = read_more(s, flavour, r, &l);
	return ok;
}

bool reply_read(struct stream *s, enum reply_flavour flavour, struct reply *r)
{
	r->text.max = LIMIT_REPLY;
	buf_clear(&r->text);
	r->lines = 0;
	r->code = 0;
	r->status = (struct reply_status){0, 0, 0};
	if (read_all(s, flavour, r))
		return true;
	r->code = 0;
	return false;
}

void reply_free(struct reply *r)
{
	buf_free(&r->text);
	*r = (struct reply){0};
}

/* ---- what it says ---- */

struct str reply_lines(const struct reply *r)
{
	return buf_str(&r->text);
}

struct str reply_first(const struct reply *r)
{
	struct str all = buf_str(&r->text);
	return str_sub(all, 0, str_find(all, '\n'));
}

bool reply_add_words(const struct reply *r, struct buf *out)
{
	struct str rest = reply_lines(r), line;
	bool ok = buf_addf(out, "%d", r->code);
	while (ok && str_cut(&rest, '\n', &line))
		if (line.len)
			ok = buf_add_byte(out, ' ') && buf_add_str(out, str_trim(line));
	return ok;
}

enum err_kind reply_kind(const struct reply *r)
{
	switch (r->code) {
	case 430: /* FTP: wrong name or password */
	case 530:
	case 532:
	case 534:
	case 535:
	case 538: return ERR_AUTH;
	default: break;
	}
	if (reply_class(r) == 4)
		return ERR_AGAIN;
	return reply_class(r) == 5 ? ERR_REFUSED : ERR_PROTOCOL;
}

bool reply_fail(struct err *err, const struct reply *r, const char *what)
{
	return reply_fail_as(err, r, reply_kind(r), what);
}

bool reply_fail_as(struct err *err, const struct reply *r, enum err_kind kind, const char *what)
{
	if (err_is_set(err))
		return false;
	struct buf words = BUF_INIT(LIMIT_REPLY + LIMIT_REPLY_LINES + 8);
	reply_add_words(r, &words);
	err_set(err, kind, "%s", what);
	err_set_said(err, r->code, buf_str(&words));
	buf_free(&words);
	return false;
}
