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
#include "common/text/dialogue.h"
#include "common/text/visible.h"
#include "tests/peer/event.h"

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

static bool parse_spoken(struct step *step, char from, struct str text)
{
	if (from == 'C') {
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
	char from;
	int conn;
	if (str_starts(line, "["))
		return event_parse(place, step, line);
	if (!dialogue_speaker(line, &from, &conn, &text))
		return err_set(place->err, ERR_USAGE,
		    "%s:%u: neither S: nor C:, an [event] or a # comment: %s", place->name,
		    step->line, step->raw);
	place->conn = step->conn = (unsigned)conn;
	if (!parse_spoken(step, from, text))
		return err_set(place->err, ERR_USAGE,
		    "%s:%u: a backslash must be followed by xHH or a backslash: %s",
		    place->name, step->line, step->raw);
	return true;
}

static bool add_line(struct script *s, struct event_place *place, struct str line)
{
	if (str_ends_nocase(line, "\r"))
		line = str_sub(line, 0, line.len - 1);
	line = dialogue_without_time(line);
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
