/*
 * From records to marks: lines that belong together (a head, a reply of several lines, a
 * text) become one mark, and of many marks the first and the last are kept. Draws nothing.
 */
#include "common/cli/diagram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/diagram_inside.h"

enum { TALKS = 64 }; /* connections told apart at one time; more than any tool opens */

enum grouping { ALONE, HEAD, REPLY, LETTER };

/* What is known of a connection between two records. */
struct talk {
	int conn;
	enum grouping grouping;
	uint64_t open; /* number of the latest mark */
	bool is_open;
	char style;   /* first byte of the server's first line: what replies look like */
	bool invited; /* 354, or IMAP's and SASL's +: a text follows, not a command */
	bool asked;   /* a command is unanswered */
	int64_t asked_at, trip, line_at, data_at;
};

struct diagram {
	struct trace_sink sink;
	struct outfile *out;
	struct story story;
	struct talk talks[TALKS];
};

/* ---- the story ---- */

static size_t slot_of(uint64_t number)
{
	return number < STORY_HALF ? (size_t)number
				   : STORY_HALF + (size_t)((number - STORY_HALF) % STORY_HALF);
}

struct mark *story_mark(struct story *s, uint64_t number)
{
	bool there =
	    number < s->count && (number < STORY_HALF || number + STORY_HALF >= s->count);
	return there ? &s->kept[slot_of(number)] : NULL;
}

uint64_t story_lost(const struct story *s)
{
	return s->count > STORY_MOST ? s->count - STORY_MOST : 0;
}

size_t story_kept(const struct story *s)
{
	return (size_t)(s->count - story_lost(s));
}

const struct mark *story_at(const struct story *s, size_t i)
{
	return &s->kept[slot_of(i < STORY_HALF ? i : i + story_lost(s))];
}

static struct mark *new_mark(struct diagram *d, const struct trace_record *r)
{
	struct mark *m = &d->story.kept[slot_of(d->story.count++)];
	*m = (struct mark){.conn = r->conn, .at = r->at - r->start, .lines = 1, .from = 'C'};
	m->until = m->at;
	return m;
}

/* Whole characters only: a cut one would be shown as bytes. */
static void set_words(struct mark *m, struct str words)
{
	size_t len = words.len < WORDS ? words.len : WORDS - 1;
	while (len < words.len && len > WORDS - 5 &&
	       ((unsigned char)words.ptr[len] & 0xc0) == 0x80)
		len--;
	for (size_t i = 0; i < len; i++)
		m->words[i] = words.ptr[i] ? words.ptr[i] : '\1';
	m->words[len] = '\0';
}

/* ---- lines ---- */

static struct talk *talk_of(struct diagram *d, int conn)
{
	struct talk *t = &d->talks[(unsigned)conn % TALKS];
	if (t->conn != conn)
		*t = (struct talk){.conn = conn};
	return t;
}

static bool is_code(struct str line)
{
	return line.len >= 3 && char_is_digit(line.ptr[0]) && char_is_digit(line.ptr[1]) &&
	       char_is_digit(line.ptr[2]);
}

static bool is_tagged(struct str line)
{
	struct str tag;
	if (!str_cut(&line, ' ', &tag) || tag.len == 0 || tag.len > 12)
		return false;
	return str_starts_nocase(line, "OK") || str_starts_nocase(line, "NO") ||
	       str_starts_nocase(line, "BAD");
}

/* Begins a reply, in the style of this server; anything else is text that follows one. */
static bool begins_reply(const struct talk *t, struct str line)
{
	switch (t->style) {
	case '+': return str_starts(line, "+") || str_starts(line, "-ERR");
	case '*': return str_starts(line, "* ") || str_starts(line, "+") || is_tagged(line);
	case 'H': return str_starts(line, "HTTP/");
	default: return is_code(line) && (line.len == 3 || !char_is_alpha(line.ptr[3]));
	}
}

static bool is_head(char from, struct str line)
{
	if (from == 'S')
		return str_starts(line, "HTTP/");
	return line.len > 9 && str_starts(str_sub(line, line.len - 9, 9), " HTTP/");
}

static bool is_last_of_reply(struct str line)
{
	return is_code(line) && (line.len == 3 || line.ptr[3] == ' ');
}

/* The mark this line continues, or NULL: it begins one. */
static struct mark *continued(struct diagram *d, struct talk *t, const struct trace_record *r)
{
	struct mark *m = t->is_open ? story_mark(&d->story, t->open) : NULL;
	if (!t->is_open || (m && m->from != r->from))
		return NULL;
	bool goes_on = t->grouping != ALONE;
	if (goes_on) {
		bool last = t->grouping == HEAD    ? r->line.len == 0
			    : t->grouping == REPLY ? is_last_of_reply(r->line)
						   : str_is(r->line, ".");
		t->grouping = last ? ALONE : t->grouping;
	} else if (r->from == 'S' && t->style) {
		/* A list of IMAP's untagged replies is one thing too. */
		bool list =
		    m && str_starts(r->line, "* ") && str_starts(str_of(m->words), "* ");
		goes_on = !begins_reply(t, r->line) || (t->style == '*' && list);
	}
	return goes_on ? m : NULL;
}

static void learn(struct talk *t, const struct trace_record *r, struct mark *m)
{
	struct str line = r->line;
	t->grouping = is_head(r->from, line) ? HEAD : ALONE;
	if (r->from == 'C') {
		if (t->invited)
			t->grouping = LETTER;
		if (!t->asked)
			t->asked_at = m->at;
		t->asked = true;
		return;
	}
	if (!t->style)
		t->style = line.len ? line.ptr[0] : '?';
	if (is_code(line) && line.len > 3 && line.ptr[3] == '-')
		t->grouping = REPLY;
	t->invited = str_starts(line, "354") || str_starts(line, "+ ") || str_is(line, "+");
	m->turn = t->asked ? m->at - t->asked_at : 0;
	t->asked = false;
}

static void add_line(struct diagram *d, const struct trace_record *r)
{
	struct talk *t = talk_of(d, r->conn);
	bool inside = t->grouping == HEAD || t->grouping == REPLY;
	struct mark *m = continued(d, t, r);
	t->line_at = r->at - r->start;
	if (m) {
		*(inside ? &m->lines : &m->more) += 1;
		/* What came at once is one arrow, not a band. */
		m->until = inside ? m->until : t->line_at;
		return;
	}
	m = new_mark(d, r);
	m->kind = MARK_SAID;
	m->from = r->from;
	m->trip = t->trip;
	set_words(m, r->line);
	learn(t, r, m);
	t->open = d->story.count - 1;
	t->is_open = true;
}

/* ---- events ---- */

static int64_t item_ns(const struct trace_record *r, const char *name)
{
	const struct trace_item *it = trace_find_item(r, name);
	return it ? (int64_t)(it->number * 1e6) : 0;
}

static uint64_t item_count(const struct trace_record *r, const char *name)
{
	const struct trace_item *it = trace_find_item(r, name);
	return it && it->number > 0 ? (uint64_t)it->number : 0;
}

static struct str first_text(const struct trace_record *r)
{
	return r->count && r->items[0].text ? str_of(r->items[0].text) : STR_NONE;
}

static void add_connect(struct diagram *d, const struct trace_record *r)
{
	struct talk *t = talk_of(d, r->conn);
	struct mark *m = new_mark(d, r);
	*t = (struct talk){.conn = r->conn, .trip = item_ns(r, "ms")};
	m->kind = MARK_CONNECT;
	m->trip = m->flight = t->trip;
	set_words(m, first_text(r));
}

static void add_tls(struct diagram *d, const struct trace_record *r)
{
	struct mark *m = new_mark(d, r);
	struct str version = first_text(r);
	char words[WORDS];
	m->kind = MARK_TLS;
	m->trip = talk_of(d, r->conn)->trip;
	m->flight = item_ns(r, "ms");
	snprintf(words, sizeof words, "%.*s%s", STR_ARG(version),
	    trace_find_item(r, "session") ? " resumed" : "");
	set_words(m, str_of(words));
}

/* The body of the latest mark, if its lines were shown; else a mark of its own, from the time
 * of its head on. */
static void add_body(struct diagram *d, const struct trace_record *r, bool data)
{
	struct talk *t = talk_of(d, r->conn);
	char from = str_is(first_text(r), "C") ? 'C' : 'S';
	struct mark *m = t->is_open && !data ? story_mark(&d->story, t->open) : NULL;
	if (!m || !m->more || m->from != from) {
		m = new_mark(d, r);
		m->kind = MARK_BODY;
		m->from = from;
		m->data = data;
		m->trip = t->trip;
		m->at = data && t->data_at > t->line_at ? t->data_at : t->line_at;
	}
	m->bytes += item_count(r, "bytes");
	m->more += item_count(r, "more_lines");
	m->until = r->at - r->start;
}

static void add_close(struct diagram *d, const struct trace_record *r, bool data)
{
	struct mark *m = new_mark(d, r);
	m->kind = MARK_CLOSE;
	m->trip = talk_of(d, r->conn)->trip;
	m->data = data;
	if (data && str_is(first_text(r), "S"))
		m->from = 'S';
}

static void add_note(struct diagram *d, const struct trace_record *r)
{
	struct buf words = BUF_INIT(4 * KIB);
	struct mark *m = new_mark(d, r);
	m->kind = MARK_NOTE;
	buf_addf(&words, "[%s", r->event);
	for (int i = 0; i < r->count; i++)
		if (r->items[i].text)
			buf_addf(&words, " %s", r->items[i].text);
	buf_add_byte(&words, ']');
	set_words(m, buf_str(&words));
	buf_free(&words);
}

/* FTP: [data ADDRESS open], [data ADDRESS TLSv1.3 ...], at the end [data S 2048 bytes]. */
static void add_data(struct diagram *d, const struct trace_record *r)
{
	struct str text = first_text(r), address = text;
	struct talk *t = talk_of(d, r->conn);
	if (trace_find_item(r, "bytes")) {
		add_body(d, r, true);
		add_close(d, r, true);
		return;
	}
	struct str what = text;
	str_cut(&what, ' ', &address);
	bool accepted = str_is(what, "accepted"), tls = str_starts(what, "TLSv");
	if (!accepted && !tls && !str_is(what, "open")) {
		add_note(d, r);
		return;
	}
	struct mark *m = new_mark(d, r);
	m->kind = tls ? MARK_TLS : accepted ? MARK_ACCEPT : MARK_CONNECT;
	m->data = true;
	m->trip = m->flight = t->trip;
	t->data_at = m->at;
	set_words(m, tls ? what : address);
}

static void add_event(struct diagram *d, const struct trace_record *r)
{
	if (strcmp(r->event, "connect") == 0)
		add_connect(d, r);
	else if (strcmp(r->event, "tls") == 0)
		add_tls(d, r);
	else if (strcmp(r->event, "body") == 0)
		add_body(d, r, false);
	else if (strcmp(r->event, "data") == 0)
		add_data(d, r);
	else if (strcmp(r->event, "close") == 0)
		add_close(d, r, false);
	else
		add_note(d, r);
}

/* ---- the sink ---- */

static void show(struct trace_sink *sink, const struct trace_record *r)
{
	struct diagram *d = (struct diagram *)sink;
	d->story.end = r->at - r->start;
	if (r->kind == TRACE_LINE)
		add_line(d, r);
	else
		add_event(d, r);
}

static void render(struct buf *out, const struct story *s)
{
	struct figure f = {0};
	int *lane_of = mem_array(STORY_MOST, sizeof *lane_of);
	diagram_lanes(&f, s, lane_of);
	diagram_widths(&f);
	diagram_strokes(&f, s, lane_of);
	diagram_heights(&f);
	diagram_draw(out, &f, s);
	free(lane_of);
	free(f.places);
	free(f.strokes);
}

static void finish(struct trace_sink *sink, struct err *err)
{
	struct diagram *d = (struct diagram *)sink;
	struct err why = {0};
	struct buf out = BUF_INIT(8 * MIB);
	render(&out, &d->story);
	if (outfile_write(d->out, buf_str(&out), &why))
		outfile_commit(d->out, &why);
	else
		outfile_abandon(d->out);
	d->out = NULL;
	if (err_is_set(&why))
		err_set(err, why.kind, "--diagram: %s", why.text);
	buf_free(&out);
}

static void close_sink(struct trace_sink *sink)
{
	struct diagram *d = (struct diagram *)sink;
	outfile_abandon(d->out);
	free(d);
}

static const struct trace_sink_ops diagram_ops = {show, finish, close_sink};

struct trace_sink *diagram_sink(struct outfile *out)
{
	struct diagram *d = mem_alloc(sizeof *d);
	d->sink = (struct trace_sink){.ops = &diagram_ops, .always = true};
	d->out = out;
	return &d->sink;
}
