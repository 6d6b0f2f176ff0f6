/*
 * What the explanations of all protocols have in common: finding rows, putting
 * a sentence together, and remembering what was asked. Knows no protocol's words.
 */
#include "common/text/explain.h"

#include <stdio.h>
#include <string.h>

static const struct explain_book *const books[] = {
    &explain_http, &explain_ftp, &explain_smtp, &explain_pop3, &explain_imap, NULL};

static const struct explain_row letter_begins = {"letter", NULL,
    "the letter begins: first its head, fields as Name: value, one a line", "5322 2.2", NULL};
static const struct explain_row letter_text = {
    "letter", NULL, "an empty line parts the letter's head from its text", "5322 2.1", NULL};
static const struct explain_row letter_dot = {"letter", NULL,
    "a line that begins with a dot: the sender puts one more in front", "5321 4.5.2", NULL};

const struct explain_book *explain_book_of(const char *protocol)
{
	for (size_t i = 0; protocol && books[i]; i++)
		if (strcmp(books[i]->protocol, protocol) == 0)
			return books[i];
	return NULL;
}

void explain_start(struct explain *x, const struct explain_book *book)
{
	*x = (struct explain){.book = book};
}

/* ---- rows and sentences ---- */

/* X in front of a dot stands for a digit: "X.1.1". */
static bool is_named(struct str word, const char *name)
{
	bool any_class = name[0] == 'X' && name[1] == '.' && word.len > 1 &&
			 word.ptr[1] == '.' && char_is_digit(word.ptr[0]);
	return any_class ? str_is(str_sub(word, 1, word.len), name + 1)
			 : str_is_nocase(word, name);
}

const struct explain_row *explain_find(
    const struct explain_row *rows, struct str name, struct str after)
{
	for (; rows->name; rows++)
		if (is_named(name, rows->name) &&
		    (!rows->after || str_starts_nocase(after, rows->after)))
			return rows;
	return NULL;
}

static void put_remark(struct buf *out, size_t room, const char *text)
{
	if (out->len + 2 + strlen(text) <= room)
		buf_addf(out, "; %s", text);
}

void explain_put(struct buf *out, const char *lead, const struct explain_row *row,
    const struct explain_row *more)
{
	char rfc[40] = "";
	size_t start = out->len;
	if (row->rfc)
		snprintf(rfc, sizeof rfc, " (RFC %s)", row->rfc);
	size_t room = start + EXPLAIN_COLUMNS - strlen(rfc);
	buf_addf(out, "%s%s%s", lead ? lead : "", lead ? ": " : "", row->text);
	if (row->phase)
		put_remark(out, room, row->phase);
	if (more)
		put_remark(out, room, more->text);
	buf_add_text(out, rfc);
}

static struct str without_brackets(struct str word)
{
	bool has = word.len > 2 && word.ptr[0] == '[' && word.ptr[word.len - 1] == ']';
	return has ? str_sub(word, 1, word.len - 2) : word;
}

/* "IN-USE" is "[IN-USE]" and the other way round. */
static bool is_meant(struct str word, const char *name)
{
	struct str bare = without_brackets(str_of(name));
	return is_named(word, name) || str_eq_nocase(without_brackets(word), bare);
}

bool explain_word(const struct explain_book *book, struct str word, struct buf *out)
{
	bool found = false;
	for (size_t i = 0; book->tables[i]; i++)
		for (const struct explain_row *row = book->tables[i]; row->name; row++) {
			if (!is_meant(word, row->name))
				continue;
			found = true;
			buf_addf(out, "  %s%s%s: ", row->name, row->after ? " after " : "",
			    row->after ? row->after : "");
			explain_put(out, book->lead(row->name), row, NULL);
			buf_add_byte(out, '\n');
		}
	return found;
}

struct str explain_first_word(struct str line)
{
	return str_sub(line, 0, str_find(line, ' '));
}

/* ---- what was asked ---- */

void explain_ask(struct explain *x, const struct explain_row *verb, struct str tag)
{
	if (x->count == EXPLAIN_WAITING) { /* the oldest is given up */
		x->first = (x->first + 1) % EXPLAIN_WAITING;
		x->count--;
	}
	struct explain_asked *asked = &x->waiting[(x->first + x->count++) % EXPLAIN_WAITING];
	asked->verb = verb;
	tag = str_sub(tag, 0, sizeof asked->tag - 1);
	if (tag.len)
		memcpy(asked->tag, tag.ptr, tag.len);
	asked->tag[tag.len] = '\0';
}

struct str explain_asked_verb(const struct explain *x)
{
	const struct explain_row *verb = x->count ? x->waiting[x->first].verb : x->last;
	return str_of(verb ? verb->name : "");
}

void explain_answered(struct explain *x)
{
	if (x->count == 0)
		return;
	x->last = x->waiting[x->first].verb;
	x->first = (x->first + 1) % EXPLAIN_WAITING;
	x->count--;
}

/* ---- lines and events ---- */

void explain_letter(struct explain *x, struct str line, struct buf *out)
{
	bool begins = x->lines++ == 0;
	if (begins)
		x->in_head = true;
	if (begins)
		explain_put(out, NULL, &letter_begins, NULL);
	else if (line.len == 0 && x->in_head)
		explain_put(out, NULL, &letter_text, NULL);
	else if (str_starts(line, ".."))
		explain_put(out, NULL, &letter_dot, NULL);
	if (line.len == 0)
		x->in_head = false;
}

void explain_line(struct explain *x, char from, struct str line, struct buf *out)
{
	if (from == 'C')
		x->book->client(x, line, out);
	else
		x->book->server(x, line, out);
}

void explain_event(struct explain *x, const char *event, struct str what, struct buf *out)
{
	const struct explain_row *row = explain_find(x->book->events, str_of(event), what);
	if (row)
		explain_put(out, NULL, row, NULL);
	/* What was counted and not shown is over with its event. */
	if (strcmp(event, "body") == 0)
		x->left = x->server_left = 0;
}
