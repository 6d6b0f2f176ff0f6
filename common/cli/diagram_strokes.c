/*
 * From marks to strokes: every arrow has the moment it left one side and the moment it
 * reached the other. The trace has the client's clock alone; the other end of an arrow is
 * half a round trip away. Knows times and sides, no pixels.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/cli/diagram_inside.h"

enum {
	MOST_PLACES = STORY_MOST * 8,
	MOST_STROKES = STORY_MOST * 5,
	SLANT = 11, /* the least that still reads as "later", and as a band, in pixels */
	THICK = 17,
};

struct pen { /* what is being drawn, and where each lane stands */
	struct figure *f;
	const struct story *story;
	const struct mark *m;
	int lane;
	bool late;
	int64_t half;                  /* of a round trip of this connection */
	int64_t heard_at[MOST_LANES];  /* what the server has last received */
	int64_t server_at[MOST_LANES]; /* what the server has last sent */
	int asked[MOST_LANES];         /* place of the first unanswered command; -1 none */
};

static int put_place(struct pen *p, bool server, int64_t at)
{
	struct figure *f = p->f;
	f->places[f->n_places] = (struct place){.at = at,
	    .lane = p->lane,
	    .conn = p->m->conn,
	    .server = server,
	    .late = p->late,
	    .after = -1};
	return f->n_places++;
}

static void hang(struct pen *p, int place, int after, double least)
{
	p->f->places[place].after = after;
	p->f->places[place].least = least;
}

static struct stroke *put_stroke(struct pen *p, enum stroke_kind kind, const char *look)
{
	struct stroke *s = &p->f->strokes[p->f->n_strokes++];
	*s = (struct stroke){.kind = kind, .look = look};
	return s;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* An arrow from one side to the other; its words stand where it leaves. */
static struct stroke *arrow(struct pen *p, char from, int64_t left, int64_t reached)
{
	struct stroke *s = put_stroke(p, STROKE_ARROW, from == 'C' ? "c" : "s");
	if (from == 'C') /* nothing overtakes */
		p->heard_at[p->lane] = reached = later(reached, p->heard_at[p->lane]);
	s->from = put_place(p, from == 'S', left);
	s->to = put_place(p, from == 'C', later(reached, left));
	p->f->places[s->from].label = true;
	hang(p, s->to, s->from, SLANT);
	if (from == 'S')
		p->server_at[p->lane] = later(left, p->server_at[p->lane]);
	return s;
}

/* Of what reached the client at `seen`: when the server sent it. Not before it had heard what
 * it answers, by a measurement that is not that exact. */
static int64_t sent_at(const struct pen *p, int64_t seen)
{
	int64_t at = later(seen - p->half, p->server_at[p->lane]);
	int64_t heard = p->heard_at[p->lane];
	if (heard > at && heard - at < p->half / 4)
		at = heard;
	return at < seen ? at : seen;
}

/* A time on the client's side, from a command to its answer. */
static void span(struct pen *p, int from, int to, const char *words)
{
	struct stroke *s = put_stroke(p, STROKE_SPAN, "rtt");
	s->from = from;
	s->to = to;
	p->f->places[to].label = true;
	snprintf(s->words, sizeof s->words, "%s", words);
}

static void span_time(struct pen *p, int from, int to, const char *what, int64_t ns)
{
	char time[40], words[80];
	diagram_time(time, sizeof time, ns);
	snprintf(words, sizeof words, "%s%s", what, time);
	span(p, from, to, words);
}

static void say(struct stroke *s, const char *words)
{
	snprintf(s->words, sizeof s->words, "%s", words);
}

static void connect_strokes(struct pen *p)
{
	const struct mark *m = p->m;
	bool accepted = m->kind == MARK_ACCEPT;
	/* Who accepts has received all three, who connects has sent the third. */
	int64_t begun = accepted ? m->at - p->half : m->at, start = begun - m->flight;
	char near = accepted ? 'S' : 'C', far = accepted ? 'C' : 'S';
	p->server_at[p->lane] = INT64_MIN;
	p->asked[p->lane] = -1;
	struct stroke *syn = arrow(p, near, start, start + m->flight / 2);
	struct stroke *ack = arrow(p, far, start + m->flight / 2, begun);
	struct stroke *last = arrow(p, near, begun, begun + p->half);
	hang(p, ack->from, syn->to, 0);
	syn->look = ack->look = last->look = "tcp";
	say(syn, "SYN");
	say(ack, "SYN, ACK");
	say(last, "ACK");
	if (!accepted && !m->data)
		span_time(p, syn->from, ack->to, "RTT ", m->flight);
}

/* RFC 8446 2: one round trip; RFC 5246 7.3: two, or one when resumed. */
static void tls_strokes(struct pen *p)
{
	const struct mark *m = p->m;
	bool resumed = str_ends_nocase(str_of(m->words), "resumed");
	bool old = !str_starts(str_of(m->words), "TLSv1.3") && !resumed;
	int64_t start = m->at - m->flight, answered = old ? m->at - m->flight / 2 : m->at;
	struct stroke *hello = arrow(p, 'C', start, start + p->half);
	struct stroke *server = arrow(p, 'S', sent_at(p, answered), answered);
	say(hello, "TLS ClientHello");
	say(server, old       ? "ServerHello, Certificate, Done"
		    : resumed ? "ServerHello, Finished"
			      : "ServerHello, Certificate, Finished");
	struct stroke *last = arrow(p, 'C', answered, answered + p->half);
	say(last, old ? "ClientKeyExchange, Finished" : "Finished");
	hello->look = server->look = last->look = "tls";
	span_time(p, hello->from, server->to, "TLS ", m->flight);
	if (old) {
		struct stroke *done = arrow(p, 'S', sent_at(p, m->at), m->at);
		say(done, "Finished");
		done->look = "tls";
	}
}

static void amount_words(const struct mark *m, char *text, size_t size)
{
	unsigned long long lines = m->more, bytes = m->bytes;
	const char *line = lines == 1 ? "line" : "lines";
	if (lines && bytes)
		snprintf(text, size, "%llu %s, %llu bytes", lines, line, bytes);
	else if (lines)
		snprintf(text, size, "%llu %s of text", lines, line);
	else
		snprintf(text, size, "%llu bytes", bytes);
}

/* From the first byte to the last, at both sides. */
static void band(struct pen *p)
{
	const struct mark *m = p->m;
	bool server = m->from == 'S';
	int64_t far = server ? -p->half : p->half;
	int64_t first = server ? sent_at(p, m->at) : m->at + far;
	int64_t last = m->until + far > first ? m->until + far : first;
	struct stroke *s = put_stroke(p, STROKE_BAND, server ? "sb" : "cb");
	int near1 = put_place(p, false, m->at), far1 = put_place(p, true, first);
	int near2 = put_place(p, false, m->until), far2 = put_place(p, true, last);
	s->from = server ? far1 : near1;
	s->to = server ? near1 : far1;
	s->from2 = server ? far2 : near2;
	s->to2 = server ? near2 : far2;
	hang(p, s->to, s->from, SLANT);
	hang(p, s->from2, s->from, THICK);
	hang(p, s->to2, s->to, THICK);
	/* Where the words don't fit into the band they stand below its head's. */
	p->f->places[s->from2].label = true;
	if (server)
		p->server_at[p->lane] = last;
	amount_words(m, s->words, sizeof s->words);
}

static void said_words(const struct pen *p, char *text, size_t size)
{
	const struct mark *m = p->m;
	bool roomy = p->f->lanes[p->lane].left_columns > 20;
	if (m->lines > 1 && roomy)
		snprintf(text, size, "%s (%llu lines)", m->words, (unsigned long long)m->lines);
	else
		snprintf(text, size, "%s", m->words);
}

static void said_strokes(struct pen *p)
{
	const struct mark *m = p->m;
	bool client = m->from == 'C';
	struct stroke *s = client ? arrow(p, 'C', m->at, m->at + p->half)
				  : arrow(p, 'S', sent_at(p, m->at), m->at);
	said_words(p, s->words, sizeof s->words);
	int *asked = &p->asked[p->lane];
	if (client && *asked < 0)
		*asked = s->from;
	if (!client && *asked >= 0 && m->turn)
		span_time(p, *asked, s->to, "", m->turn);
	if (!client)
		*asked = -1;
	if (m->more || m->bytes)
		band(p);
}

static void close_strokes(struct pen *p)
{
	const struct mark *m = p->m;
	struct stroke *s = m->from == 'S' ? arrow(p, 'S', sent_at(p, m->at), m->at)
					  : arrow(p, 'C', m->at, m->at + p->half);
	say(s, m->data ? "FIN" : "FIN (close)");
	s->look = "tcp";
}

static void note_strokes(struct pen *p)
{
	struct stroke *s = put_stroke(p, STROKE_NOTE, "n");
	s->from = s->to = put_place(p, false, p->m->at);
	p->f->places[s->from].label = true;
	snprintf(s->words, sizeof s->words, "%s", p->m->words);
}

/* The handshake's time, or less if an answer came sooner: the handshake may have met a delay
 * of its own. Far less was no answer to what was asked last. */
static int64_t half_trip(const struct story *s, const struct mark *of)
{
	int64_t trip = of->trip;
	for (size_t i = 0; i < story_kept(s); i++) {
		const struct mark *m = story_at(s, i);
		if (m->conn == of->conn && m->turn && m->turn < trip &&
		    m->turn >= of->trip / 32)
			trip = m->turn;
	}
	return trip / 2;
}

static void strokes_of(struct pen *p)
{
	static void (*const draw[])(struct pen *) = {
	    [MARK_CONNECT] = connect_strokes,
	    [MARK_ACCEPT] = connect_strokes,
	    [MARK_TLS] = tls_strokes,
	    [MARK_SAID] = said_strokes,
	    [MARK_BODY] = band,
	    [MARK_CLOSE] = close_strokes,
	    [MARK_NOTE] = note_strokes,
	};
	p->half = half_trip(p->story, p->m);
	draw[p->m->kind](p);
}

void diagram_strokes(struct figure *f, const struct story *s, const int *lane_of)
{
	struct pen p = {.f = f, .story = s};
	f->places = mem_array(MOST_PLACES, sizeof *f->places);
	f->strokes = mem_array(MOST_STROKES, sizeof *f->strokes);
	for (int i = 0; i < MOST_LANES; i++) {
		p.server_at[i] = p.heard_at[i] = INT64_MIN;
		p.asked[i] = -1;
	}
	for (size_t i = 0; i < story_kept(s); i++) {
		p.m = story_at(s, i);
		p.lane = lane_of[i];
		p.late = story_lost(s) && i >= STORY_HALF;
		if (p.lane >= 0)
			strokes_of(&p);
	}
}
