/*
 * The reader of dialogues. Generous with what people type, strict about what
 * can't be one. Knows no protocol: what the lines mean is turns.c's.
 */
#include "common/text/dialogue.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"
#include "common/text/visible.h"

/* Far more connections than a page has objects; a typing slip is larger. */
#define MOST_CONNS 10000
/* Of a line that is shown in a message. */
#define SHOWN 60

struct reader {
	struct dialogue *d;
	const char *name;
	unsigned line;
	bool joins; /* the line above was spoken: one without a speaker goes on with it */
	struct err *err;
};

/* What word processors make of plain characters, and what was typed. */
static const struct {
	const char *fancy, *plain;
} typed[] = {
    {"\xe2\x80\x9c", "\""},
    {"\xe2\x80\x9d", "\""},
    {"\xe2\x80\x9e", "\""},
    {"\xe2\x80\x98", "'"},
    {"\xe2\x80\x99", "'"},
    {"\xc2\xa0", " "},
};

struct str dialogue_without_time(struct str line)
{
	size_t digits = 0;
	while (
	    digits < line.len && (char_is_digit(line.ptr[digits]) || line.ptr[digits] == '.'))
		digits++;
	if (digits == 0 || digits == line.len || line.ptr[digits] != ' ')
		return line;
	return str_sub(line, digits + 1, line.len);
}

/* Length of the speaker's name at the front, 0 if there is none. */
static size_t name_length(struct str line)
{
	if (str_starts_nocase(line, "server") || str_starts_nocase(line, "client"))
		return 6;
	return line.len && (line.ptr[0] == 'S' || line.ptr[0] == 'C');
}

bool dialogue_speaker(struct str line, char *from, int *conn, struct str *text)
{
	uint64_t number = 1;
	line = dialogue_without_time(line);
	size_t name = name_length(line), colon = str_find(line, ':');
	if (name == 0 || colon == line.len)
		return false;
	struct str digits = str_trim(str_sub(line, name, colon - name));
	if (digits.len && !number_parse_max(digits, MOST_CONNS, &number))
		return false;
	*from = char_lower(line.ptr[0]) == 's' ? 'S' : 'C';
	*conn = (int)number;
	*text = str_sub(line, colon + 1, line.len);
	if (str_starts(*text, " "))
		*text = str_sub(*text, 1, text->len);
	return number > 0;
}

void dialogue_add(struct dialogue *d, char from, int conn, struct str text)
{
	if (d->count == d->room) {
		d->room = d->room ? d->room * 2 : 32;
		d->lines = mem_resize(d->lines, d->room, sizeof *d->lines);
	}
	struct dialogue_line *l = &d->lines[d->count++];
	*l = (struct dialogue_line){
	    (unsigned)d->count, conn, from, str_dup(text), text.len, false};
	if (conn > d->conns)
		d->conns = conn;
}

struct str dialogue_text(const struct dialogue *d, size_t at)
{
	return (struct str){d->lines[at].text, d->lines[at].len};
}

void dialogue_free(struct dialogue *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->lines[i].text);
	free(d->lines);
	*d = (struct dialogue){0};
}

/* The plain text for what begins here, NULL if nothing has to be changed. */
static const char *plain_of(struct str rest, size_t *len)
{
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
		*len = strlen(typed[i].fancy);
		if (str_starts(rest, typed[i].fancy))
			return typed[i].plain;
	}
	return NULL;
}

static void put_plain(struct buf *out, struct str text)
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		/* Only these two bytes begin one of them. */
		const char *plain = text.ptr[i] == '\xe2' || text.ptr[i] == '\xc2'
					? plain_of(str_sub(text, i, text.len), &len)
					: NULL;
		if (!plain) {
			buf_add_byte(out, text.ptr[i]);
			continue;
		}
		buf_add_text(out, plain);
		i += len - 1;
	}
}

/* \xHH is undone where all of the line is in that notation; otherwise a book's backslash is
 * one.
 */
static void add_spoken(struct reader *r, char from, int conn, struct str text)
{
	struct buf plain = BUF_INIT(LIMIT_FILE), bytes = BUF_INIT(LIMIT_FILE);
	put_plain(&plain, text);
	bool notation = visible_parse(&bytes, buf_str(&plain));
	dialogue_add(r->d, from, conn, buf_str(notation ? &bytes : &plain));
	r->d->lines[r->d->count - 1].line = r->line;
	buf_free(&plain);
	buf_free(&bytes);
}

/* Each wrapped line stays a line of its own, of the same speaker: it may as well be a header
 * field of a head that was typed with one C: in front. */
static bool go_on(struct reader *r, struct str line)
{
	if (!r->joins) {
		struct buf shown = BUF_INIT(4 * KIB);
		visible_put_text(&shown, str_sub(line, 0, SHOWN), "");
		err_set(r->err, ERR_USAGE,
		    "%.200s:%u: neither S: nor C:, an [event] or a # comment: %s", r->name,
		    r->line, buf_cstr(&shown));
		buf_free(&shown);
		return false;
	}
	const struct dialogue_line *last = &r->d->lines[r->d->count - 1];
	add_spoken(r, last->from, last->conn, str_trim(line));
	r->d->lines[r->d->count - 1].wrapped = true;
	return true;
}

/* What no text has. Other control bytes have been seen in traces of bad servers. */
static bool is_binary(struct str line)
{
	return str_has_byte(line, '\0');
}

static bool read_line(struct reader *r, struct str line)
{
	char from;
	int conn;
	struct str text;
	while (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (is_binary(line))
		return err_set(r->err, ERR_USAGE,
		    "%.200s:%u: binary bytes: this is no dialogue", r->name, r->line);
	struct str bare = str_trim(line);
	if (bare.len == 0 || bare.ptr[0] == '#' ||
	    str_starts(dialogue_without_time(bare), "[")) {
		r->joins = false;
		return true;
	}
	if (!dialogue_speaker(bare, &from, &conn, &text))
		return go_on(r, line);
	/* Again from the line itself: spaces at its end may have been said. */
	dialogue_speaker(
	    str_sub(line, (size_t)(bare.ptr - line.ptr), line.len), &from, &conn, &text);
	add_spoken(r, from, conn, text);
	r->joins = true;
	return true;
}

bool dialogue_read(struct dialogue *d, const char *name, struct str file, struct err *err)
{
	struct reader r = {.d = d, .name = name, .err = err};
	struct str line;
	*d = (struct dialogue){0};
	if (str_starts(file, "\xef\xbb\xbf"))
		file = str_sub(file, 3, file.len);
	bool ok = true;
	while (ok && str_cut(&file, '\n', &line)) {
		r.line++;
		ok = read_line(&r, line);
	}
	if (ok && d->count == 0)
		ok = err_set(err, ERR_USAGE, "%.200s: no S: or C: line in it", name);
	if (!ok)
		dialogue_free(d);
	return ok;
}
