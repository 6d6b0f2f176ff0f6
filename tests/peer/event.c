/*
 * Events: a table of words, each with the function that reads its arguments.
 * Knows nothing of sockets. A trace of a live session holds events that only
 * tell what happened ([connect ...], [reply ...]); those do nothing here.
 */
#include "tests/peer/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"
#include "common/text/visible.h"

/* Whoever wants to wait longer than a day has mistyped. */
#define LONGEST_WAIT_MS (24 * 3600 * (int64_t)1000)
#define MOST_CONNS 10000

/* Reads the arguments into the step; false if they make no sense. */
typedef bool args_reader(struct event_place *place, struct step *step, struct str args);

struct event {
	const char *word;
	enum step_kind kind;
	args_reader *read;
};

/* A FILE to read from stands beside the dialogue. */
static char *path_beside(const char *dialogue, struct str file)
{
	const char *slash = strrchr(dialogue, '/');
	if (!slash || str_starts(file, "/"))
		return str_dup(file);
	return mem_printf("%.*s/%.*s", (int)(slash - dialogue), dialogue, STR_ARG(file));
}

static struct str next_word(struct str *rest)
{
	struct str word = STR_NONE;
	*rest = str_trim(*rest);
	str_cut(rest, ' ', &word);
	*rest = str_trim(*rest);
	return word;
}

static bool read_none(struct event_place *place, struct step *step, struct str args)
{
	(void)place, (void)step;
	return args.len == 0;
}

/* Of no consequence, whatever it says. */
static bool read_any(struct event_place *place, struct step *step, struct str args)
{
	(void)place, (void)step, (void)args;
	return true;
}

/* [connect ...] of a trace: what follows belongs to the next connection. */
static bool read_connect(struct event_place *place, struct step *step, struct str args)
{
	(void)step, (void)args;
	place->conn = ++place->connects;
	return true;
}

static bool read_conn(struct event_place *place, struct step *step, struct str args)
{
	(void)step;
	uint64_t number;
	if (!number_parse_max(args, MOST_CONNS, &number) || number == 0)
		return false;
	place->conn = (unsigned)number;
	return true;
}

static bool read_text(struct event_place *place, struct step *step, struct str args)
{
	(void)place;
	return visible_parse(&step->say.bytes, args);
}

static bool read_source(struct event_place *place, struct step *step, struct str args)
{
	step->path = path_beside(place->name, args);
	return args.len > 0;
}

/* "S 6821 bytes" and "C 12 bytes", as a trace counts a body. */
static bool read_counted(struct str args, char *from, uint64_t *amount)
{
	struct str who = next_word(&args);
	struct str number = next_word(&args);
	if (who.len != 1 || (who.ptr[0] != 'S' && who.ptr[0] != 'C'))
		return false;
	*from = who.ptr[0];
	return str_starts(args, "byte") && number_parse(number, amount);
}

static bool read_body(struct event_place *place, struct step *step, struct str args)
{
	(void)place;
	char from = 'S';
	if (!number_parse(args, &step->amount) && !read_counted(args, &from, &step->amount))
		return false;
	step->kind = from == 'S' ? STEP_BODY : STEP_READ;
	return true;
}

/* "N" or "> FILE N" */
static bool read_read(struct event_place *place, struct step *step, struct str args)
{
	(void)place;
	if (!str_starts(args, ">"))
		return number_parse(args, &step->amount);
	args = str_trim(str_sub(args, 1, args.len));
	const char *space = memrchr(args.ptr, ' ', args.len);
	if (!space)
		return false;
	size_t at = (size_t)(space - args.ptr);
	step->path = str_dup(str_trim(str_sub(args, 0, at)));
	return number_parse(str_sub(args, at + 1, args.len), &step->amount);
}

static bool read_wait(struct event_place *place, struct step *step, struct str args)
{
	(void)place;
	int64_t ms;
	if (!number_parse_seconds(args, &ms) || ms > LONGEST_WAIT_MS)
		return false;
	step->amount = (uint64_t)ms;
	return true;
}

static bool read_drip(struct event_place *place, struct step *step, struct str args)
{
	(void)place;
	step->amount = args.len == 0;
	return args.len == 0 || str_is(args, "off");
}

/* "[tls] [cut N] < FILE" and "[tls] > FILE"; a trace's "S N bytes" and "C N bytes"; its other
 * data events only tell. */
static bool read_data(struct event_place *place, struct step *step, struct str args)
{
	char from;
	bool wants_file = str_starts(args, "cut ") || str_starts(args, "tls ");
	if (read_counted(args, &from, &step->amount)) {
		step->data.to_client = from == 'S';
		return true;
	}
	if (str_starts(args, "tls "))
		step->data.tls = next_word(&args).len > 0;
	if (str_starts(args, "cut ")) {
		next_word(&args);
		step->data.cut = true;
		if (!number_parse(next_word(&args), &step->amount))
			return false;
	}
	struct str arrow = next_word(&args);
	step->data.to_client = str_is(arrow, "<");
	if (!step->data.to_client && (!str_is(arrow, ">") || step->data.cut)) {
		step->kind = STEP_NOTE;
		return !wants_file;
	}
	step->path = step->data.to_client ? path_beside(place->name, args) : str_dup(args);
	return args.len > 0;
}

static const struct event events[] = {
    {"send", STEP_SEND, read_text},
    {"rest", STEP_REST, read_none},
    {"read", STEP_READ, read_read},
    {"bytes", STEP_BYTES, read_source},
    {"body", STEP_BODY, read_body},
    {"data", STEP_DATA, read_data},
    {"wait", STEP_WAIT, read_wait},
    {"drip", STEP_DRIP, read_drip},
    {"tls", STEP_TLS, read_any},
    {"eof", STEP_EOF, read_none},
    {"half-close", STEP_HALF, read_none},
    {"close", STEP_CLOSE, read_any},
    {"cut", STEP_CUT, read_none},
    {"reset", STEP_RESET, read_none},
    {"conn", STEP_NOTE, read_conn},
    {"connect", STEP_NOTE, read_connect},
    {"reply", STEP_NOTE, read_any},
};

static const struct event *find(struct str word)
{
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		if (str_is(word, events[i].word))
			return &events[i];
	return NULL;
}

bool event_parse(struct event_place *place, struct step *step, struct str line)
{
	struct str args = str_trim(line);
	if (!str_ends_nocase(args, "]"))
		return err_set(place->err, ERR_USAGE, "%s:%u: ] is missing: %s", place->name,
		    step->line, step->raw);
	args = str_sub(args, 1, args.len - 2);
	size_t space = str_find(args, ' ');
	struct str word = str_sub(args, 0, space);
	args = str_sub(args, space + 1, args.len);
	const struct event *event = find(word);
	if (!event) {
		/* Said aloud, or a misspelt event would make a test that cannot fail. */
		fprintf(stderr, "peer: %s:%u: does nothing here: %s\n", place->name, step->line,
		    step->raw);
		return true;
	}
	step->kind = event->kind;
	if (!event->read(place, step, args))
		return err_set(place->err, ERR_USAGE, "%s:%u: arguments not understood: %s",
		    place->name, step->line, step->raw);
	return true;
}
