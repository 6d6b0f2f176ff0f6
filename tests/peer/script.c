/*
 * The lines of a dialogue: which connection, who speaks, what. Events are
 * event.c's; nothing here knows a socket.
 */
#include "tests/peer/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"
#include "common/text/visible.h"
#include "tests/peer/event.h"

/* Far more connections than a page has objects; a typing slip is larger. */
#define MOST_CONNS 10000
#define READ_AT_ONCE 65536

static bool read_whole(const char *name, struct buf *text, struct err *err)
{
	FILE *in = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
	if (!in)
		return err_set_errno(err, ERR_USAGE, "cannot read %s", name);
	char *room;
	size_t got = 1;
	while (got && (room = buf_reserve(text, READ_AT_ONCE))) {
		got = fread(room, 1, READ_AT_ONCE, in);
		buf_commit(text, got);
	}
	if (ferror(in))
		err_set_errno(err, ERR_USAGE, "cannot read %s", name);
	else if (text->over)
		err_set(err, ERR_USAGE, "%s is larger than a dialogue may be", name);
	if (in != stdin)
		fclose(in);
	return !err_is_set(err);
}

/* Takes "0.052 " off: a trace with times. */
static struct str without_time(struct str line)
{
	size_t digits = 0;
	while (
	    digits < line.len && (char_is_digit(line.ptr[digits]) || line.ptr[digits] == '.'))
		digits++;
	if (digits == 0 || digits == line.len || line.ptr[digits] != ' ')
		return line;
	return str_sub(line, digits + 1, line.len);
}

/* "S: text", "C2: text": who and which connection; *text is what follows. */
static bool read_speaker(struct str line, unsigned *conn, struct str *text)
{
	uint64_t number = 1;
	size_t colon = str_find(line, ':');
	if (colon == line.len || (line.ptr[0] != 'S' && line.ptr[0] != 'C'))
		return false;
	if (colon > 1 && !number_parse_max(str_sub(line, 1, colon - 1), MOST_CONNS, &number))
		return false;
	*conn = (unsigned)number;
	*text = str_sub(line, colon + 1, line.len);
	if (str_starts(*text, " "))
		*text = str_sub(*text, 1, text->len);
	return number > 0;
}

static bool parse_spoken(struct step *step, struct str line, struct str text)
{
	if (line.ptr[0] == 'C') {
		step->kind = STEP_EXPECT;
		return pattern_parse(&step->say, text);
	}
	step->kind = STEP_SAY;
	return visible_parse(&step->say.bytes, text);
}

/* One line that is neither blank nor a comment. */
static bool parse_step(struct event_place *place, struct step *step, struct str line)
{
	struct str text = STR_NONE;
	if (str_starts(line, "["))
		return event_parse(place, step, line);
	if (!read_speaker(line, &step->conn, &text))
		return err_set(place->err, ERR_USAGE,
		    "%s:%u: neither S: nor C:, an [event] or a # comment: %s", place->name,
		    step->line, step->raw);
	place->conn = step->conn;
	if (!parse_spoken(step, line, text))
		return err_set(place->err, ERR_USAGE,
		    "%s:%u: a backslash must be followed by xHH or a backslash: %s",
		    place->name, step->line, step->raw);
	return true;
}

static bool add_line(struct script *s, struct event_place *place, struct str line)
{
	if (str_ends_nocase(line, "\r"))
		line = str_sub(line, 0, line.len - 1);
	line = without_time(line);
	if (str_trim(line).len == 0 || line.ptr[0] == '#')
		return true;
	if ((s->count & (s->count - 1)) == 0)
		s->steps = mem_resize(s->steps, s->count ? s->count * 2 : 1, sizeof *s->steps);
	struct step *step = &s->steps[s->count++];
	*step = (struct step){.line = place->line, .conn = place->conn, .raw = str_dup(line)};
	step->say.bytes = BUF_INIT(LIMIT_LINE);
	return parse_step(place, step, line);
}

static bool ends_connection(enum step_kind kind)
{
	return kind == STEP_CLOSE || kind == STEP_CUT || kind == STEP_RESET;
}

/* After [close] a connection has nothing more to say: such a line is a slip. */
static bool check_order(struct script *s, struct err *err)
{
	bool *closed = mem_array(s->conns + 1, sizeof *closed);
	for (size_t i = 0; i < s->count && !err_is_set(err); i++) {
		const struct step *step = &s->steps[i];
		if (step->kind == STEP_NOTE)
			continue;
		if (closed[step->conn])
			err_set(err, ERR_USAGE, "%s:%u: connection %u was closed before: %s",
			    s->name, step->line, step->conn, step->raw);
		closed[step->conn] = ends_connection(step->kind);
	}
	free(closed);
	return !err_is_set(err);
}

static void count_needs(struct script *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct step *step = &s->steps[i];
		if (step->kind == STEP_NOTE)
			continue;
		if (step->conn > s->conns)
			s->conns = step->conn;
		if (step->kind == STEP_TLS || step->data.tls)
			s->uses_tls = true;
	}
}

bool script_load(struct script *s, const char *name, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_DATA);
	struct event_place place = {.name = name, .conn = 1, .err = err};
	*s = (struct script){.name = mem_dup(name)};
	bool ok = read_whole(name, &text, err);
	struct str rest = buf_str(&text), line;
	while (ok && str_cut(&rest, '\n', &line)) {
		place.line++;
		ok = add_line(s, &place, line);
	}
	buf_free(&text);
	if (!ok)
		return false;
	count_needs(s);
	if (s->conns == 0)
		return err_set(err, ERR_USAGE, "%s: no S: or C: line in it", name);
	return check_order(s, err);
}

void script_free(struct script *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->steps[i].raw);
		free(s->steps[i].path);
		pattern_free(&s->steps[i].say);
	}
	free(s->steps);
	free(s->name);
	*s = (struct script){0};
}
