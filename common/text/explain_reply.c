/*
 * Three-digit replies in plain words, as far as FTP's and SMTP's agree: the
 * class in the first digit, and where a reply of several lines ends.
 */
#include "common/text/explain_reply.h"

#include <string.h>

/* In the order of the first digit. */
static const char *const classes[] = {
    NULL, "1 begun", "2 done", "3 go on", "4 not now", "5 refused"};
static const char *const meanings[] = {
    NULL,
    "a code of this server; another reply will come",
    "a code of this server; the command succeeded",
    "a code of this server; it waits for what belongs to the command",
    "a code of this server; the same command may work later",
    "a code of this server; the same command will fail again",
};

/* Each of the two has said it for itself. */
static void put(const struct explain *x, const char *lead, const char *text, struct buf *out)
{
	const char *rfc = x->book == &explain_ftp ? "959 4.2" : "5321 4.2.1";
	struct explain_row row = {.name = "", .text = text, .rfc = rfc};
	explain_put(out, lead, &row, NULL);
}

const char *explain_reply_lead(const char *name)
{
	bool is_code = strlen(name) == 3 && char_is_digit(name[1]) && char_is_digit(name[2]);
	return is_code && name[0] >= '1' && name[0] <= '5' ? classes[name[0] - '0'] : NULL;
}

void explain_reply_class(const struct explain *x, const char *code, struct buf *out)
{
	if (explain_reply_lead(code))
		put(x, explain_reply_lead(code), meanings[code[0] - '0'], out);
}

void explain_reply_more(const struct explain *x, bool last, struct buf *out)
{
	put(x, NULL,
	    last ? "the code again and a blank: the reply ends"
		 : "the reply goes on: a line with the code and a blank will end it",
	    out);
}

static int code_of(struct str line)
{
	if (line.len < 3 || line.ptr[0] < '1' || line.ptr[0] > '5' ||
	    !char_is_digit(line.ptr[1]) || !char_is_digit(line.ptr[2]))
		return 0;
	/* "404.html" is a line of a listing. */
	if (line.len > 3 && line.ptr[3] != ' ' && line.ptr[3] != '-')
		return 0;
	return (line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + line.ptr[2] - '0';
}

bool explain_reply_read(struct explain *x, struct str line, struct explain_reply *reply)
{
	int code = code_of(line);
	bool dash = line.len > 3 && line.ptr[3] == '-';
	if (!code && !x->multi)
		return false;
	*reply = (struct explain_reply){
	    .first = x->multi == 0, .last = x->multi ? code == x->multi && !dash : !dash};
	reply->code = code ? str_sub(line, 0, 3) : STR_NONE;
	reply->rest = code ? str_sub(line, 4, line.len) : line;
	x->multi = reply->last ? 0 : x->multi ? x->multi : code;
	return true;
}
