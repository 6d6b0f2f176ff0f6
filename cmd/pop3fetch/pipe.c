/*
 * Commands ahead of their answers.
 */
#include "cmd/pop3fetch/pipe.h"

#include "common/base/limits.h"

/* Answers on their way: more than a fast line holds in a long round trip. */
#define BYTES_MOST (4 * MIB)
/* A message's head, roughly. */
#define HEAD_SIZE (2 * KIB)
#define LINE_SIZE 80

void pipe_start(struct pipe *p, struct session *session)
{
	*p = (struct pipe){.session = session, .filling = true};
}

bool pipe_is_empty(const struct pipe *p)
{
	return p->count == 0;
}

bool pipe_has_room(struct pipe *p)
{
	if (!session_can_pipeline(p->session))
		return p->count == 0;
	/* Two are always there: the server shall not wait between large messages. */
	if (p->count < 2)
		return true;
	if (p->count < PIPE_MOST / 2 && p->bytes < BYTES_MOST / 2)
		p->filling = true;
	if (p->count == PIPE_MOST || p->bytes >= BYTES_MOST)
		p->filling = false;
	return p->filling;
}

static uint64_t expected(enum pipe_verb verb, const struct letter *letter, uint64_t lines)
{
	uint64_t top = HEAD_SIZE + lines * LINE_SIZE;
	if (verb == PIPE_RETR)
		return letter->size < BYTES_MOST ? letter->size : BYTES_MOST;
	return verb == PIPE_TOP ? (top < BYTES_MOST ? top : BYTES_MOST) : LINE_SIZE;
}

void pipe_put(struct pipe *p, enum pipe_verb verb, struct letter *letter, uint64_t lines)
{
	struct pop3 *pop3 = &p->session->pop3;
	struct pipe_entry entry = {verb, letter, expected(verb, letter, lines)};
	stream_set_pending(pop3->stream, p->count > 0);
	switch (verb) {
	case PIPE_RETR: pop3_put_retr(pop3, letter->number); break;
	case PIPE_TOP: pop3_put_top(pop3, letter->number, lines); break;
	case PIPE_DELE: pop3_put_dele(pop3, letter->number); break;
	case PIPE_QUIT: pop3_put_quit(pop3); break;
	}
	p->ring[(p->head + p->count++) % PIPE_MOST] = entry;
	p->bytes += entry.size;
}

bool pipe_take(struct pipe *p, struct pipe_entry *entry, struct err *err)
{
	if (!pop3_read(&p->session->pop3, err))
		return false;
	*entry = p->ring[p->head];
	p->head = (p->head + 1) % PIPE_MOST;
	p->count--;
	p->bytes -= entry->size;
	return true;
}
