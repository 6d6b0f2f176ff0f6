/*
 * The dialogue, step by step: a table of functions, one for each kind of step.
 * Steps are played in the order of the file; a connection is accepted when its
 * first step is reached. Knows nothing of options.
 */
#include "tests/peer/play.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "tests/peer/body.h"
#include "tests/peer/data.h"
#include "tests/peer/diff.h"
#include "tests/peer/socket.h"

struct player {
	const struct script *script;
	const struct play_setup *setup;
	struct conn *conns; /* by number, from 1 */
	bool *met;          /* has been accepted, perhaps closed again */
	struct conn *now;   /* the connection of the last step */
	size_t strayed;     /* bytes of now's input that were read although they did not fit */
	struct data data;
};

typedef bool action(struct player *p, const struct step *step, struct err *err);

static bool act_say(struct player *p, const struct step *step, struct err *err)
{
	struct buf line = BUF_INIT(2 * LIMIT_LINE);
	struct str text = buf_str(&step->say.bytes);
	bool ok = data_put_line(&p->data, text, p->setup->address, &line, err);
	if (ok && step->kind == STEP_SAY)
		buf_add_text(&line, "\r\n");
	ok = ok && conn_put(p->now, buf_str(&line), err);
	buf_free(&line);
	return ok;
}

static bool act_expect(struct player *p, const struct step *step, struct err *err)
{
	struct str line;
	if (!conn_line(p->now, &line, err))
		return false;
	if (!pattern_matches(&step->say, line)) {
		p->strayed = p->now->at - (size_t)(line.ptr - p->now->in.ptr);
		return err_set(err, ERR_DATA, "the client strayed");
	}
	data_note_client(&p->data, line);
	return true;
}

static bool act_rest(struct player *p, const struct step *step, struct err *err)
{
	struct str line;
	(void)step;
	do {
		if (!conn_line(p->now, &line, err))
			return false;
	} while (line.len);
	return true;
}

static bool act_read(struct player *p, const struct step *step, struct err *err)
{
	return body_take(p->now, step->path, step->amount, err);
}

static bool act_bytes(struct player *p, const struct step *step, struct err *err)
{
	return body_send_file(p->now, step->path, BODY_ALL, err);
}

static bool act_body(struct player *p, const struct step *step, struct err *err)
{
	return body_send_pattern(p->now, step->amount, err);
}

static bool act_data(struct player *p, const struct step *step, struct err *err)
{
	/* A trace counts the bytes of a connection whose port may be long gone. */
	if (!step->path && data_is_idle(&p->data))
		return true;
	return conn_flush(p->now, err) && data_play(&p->data, step, p->now, err);
}

static bool act_wait(struct player *p, const struct step *step, struct err *err)
{
	return conn_flush(p->now, err) &&
	       conn_pause(p->now, clock_now() + (int64_t)step->amount * CLOCK_MS, err);
}

static bool act_drip(struct player *p, const struct step *step, struct err *err)
{
	bool ok = conn_flush(p->now, err);
	p->now->drip = step->amount != 0;
	return ok;
}

static bool act_tls(struct player *p, const struct step *step, struct err *err)
{
	(void)step;
	return conn_start_tls(p->now, err);
}

static bool act_eof(struct player *p, const struct step *step, struct err *err)
{
	(void)step;
	return conn_ends(p->now, err);
}

static bool act_half(struct player *p, const struct step *step, struct err *err)
{
	(void)step;
	return conn_half_close(p->now, err);
}

static bool act_close(struct player *p, const struct step *step, struct err *err)
{
	(void)err;
	conn_close(p->now, step->kind == STEP_CLOSE ? CONN_CLOSE
			   : step->kind == STEP_CUT ? CONN_CUT
						    : CONN_RESET);
	return true;
}

/* All but STEP_NOTE. */
static action *const actions[STEP_KINDS] = {
    [STEP_SAY] = act_say,
    [STEP_SEND] = act_say,
    [STEP_EXPECT] = act_expect,
    [STEP_REST] = act_rest,
    [STEP_READ] = act_read,
    [STEP_BYTES] = act_bytes,
    [STEP_BODY] = act_body,
    [STEP_DATA] = act_data,
    [STEP_WAIT] = act_wait,
    [STEP_DRIP] = act_drip,
    [STEP_TLS] = act_tls,
    [STEP_EOF] = act_eof,
    [STEP_HALF] = act_half,
    [STEP_CLOSE] = act_close,
    [STEP_CUT] = act_close,
    [STEP_RESET] = act_close,
};

/* Turns to a connection; it is accepted if this is its first step. What the one before was
 * told goes out first: the client may wait for it. */
static bool turn_to(struct player *p, unsigned number, struct err *err)
{
	struct conn *c = &p->conns[number];
	if (p->now && p->now != c && p->now->fd >= 0 && !conn_flush(p->now, err))
		return false;
	p->now = c;
	if (p->met[number])
		return true;
	const struct conn_setup *setup = &p->setup->conn;
	int fd = socket_accept(p->setup->listener, clock_now() + setup->timeout, err);
	if (fd < 0)
		return false;
	p->met[number] = true;
	conn_open(c, fd, number, setup);
	return true;
}

static bool play_step(struct player *p, const struct step *step, struct err *err)
{
	if (step->kind == STEP_NOTE)
		return true;
	return turn_to(p, step->conn, err) && actions[step->kind](p, step, err);
}

/* What the client does after the dialogue: nothing but to close. */
static bool play_end(struct player *p, struct err *err)
{
	for (unsigned i = 1; i <= p->script->conns; i++)
		if (p->conns[i].fd >= 0 && !(turn_to(p, i, err) && conn_ends(p->now, err)))
			return false;
	if (socket_is_called(p->setup->listener))
		return err_set(err, ERR_DATA, "the client opened another connection");
	return true;
}

static struct str seen_from(const struct player *p)
{
	const struct conn *c = p->now;
	if (!c || c->fd < 0)
		return STR_NONE;
	return str_sub(buf_str(&c->in), c->at - p->strayed, c->in.len);
}

/* The error that stopped the play becomes a diff; one of the dialogue itself stays. */
static bool report(const struct player *p, size_t at, struct err *err)
{
	const struct script *s = p->script;
	struct err why = *err;
	unsigned line = at < s->count ? s->steps[at].line : s->steps[s->count - 1].line;
	unsigned conn = p->now ? (unsigned)(p->now - p->conns) : 1;
	err_clear(err);
	if (why.kind == ERR_USAGE)
		return err_set(err, ERR_USAGE, "%s:%u: %s", s->name, line, why.text);
	err_set(err, ERR_DATA, "%s:%u: %s%s", s->name, line, why.text,
	    at < s->count ? "" : " after the dialogue's end");
	if (p->now && why.kind == ERR_DATA)
		conn_gather(p->now);
	diff_print(stderr, s, &(struct stray){at, conn, seen_from(p), err->text});
	return false;
}

static void start(struct player *p)
{
	size_t places = p->script->conns + (size_t)1;
	p->conns = mem_array(places, sizeof *p->conns);
	p->met = mem_array(places, sizeof *p->met);
	for (size_t i = 0; i < places; i++)
		p->conns[i].fd = -1;
}

static void finish(struct player *p)
{
	for (unsigned i = 1; i <= p->script->conns; i++)
		conn_drop(&p->conns[i]);
	data_close(&p->data);
	free(p->conns);
	free(p->met);
}

bool play_script(const struct script *s, const struct play_setup *setup, struct err *err)
{
	struct player p = {.script = s, .setup = setup, .data = DATA_INIT};
	size_t at = 0;
	start(&p);
	while (at < s->count && play_step(&p, &s->steps[at], err))
		at++;
	bool ok = at == s->count && play_end(&p, err);
	if (!ok)
		report(&p, at, err);
	finish(&p);
	return ok;
}
