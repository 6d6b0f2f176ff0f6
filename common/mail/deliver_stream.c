/*
 * mbox text on a descriptor: a pipe or a terminal. What was written can't be
 * taken back.
 */
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/nameless.h"
#include "common/mail/deliver_inside.h"

struct stream_state {
	int fd;
	size_t count; /* ended since the last sync */
	struct mboxrd mboxrd;
	struct buf out;
};

static void *open_stream(const struct deliver_options *o, struct err *err)
{
	(void)err;
	struct stream_state *s = mem_alloc(sizeof *s);
	*s = (struct stream_state){.fd = o->fd, .out = BUF_INIT(64 * MIB)};
	return s;
}

static void close_stream(void *state)
{
	struct stream_state *s = state;
	buf_free(&s->out);
	free(s);
}

static bool flush(struct stream_state *s, struct err *err)
{
	bool good = nameless_write(s->fd, buf_str(&s->out));
	buf_clear(&s->out);
	return good || err_set_errno(err, ERR_IO, "cannot write the output");
}

static bool begin(void *state, const struct deliver_message *m, struct err *err)
{
	struct stream_state *s = state;
	(void)err;
	mboxrd_begin(&s->mboxrd, m);
	return true;
}

static bool write_piece(void *state, struct str piece, struct err *err)
{
	enum { STEP = 64 * 1024 };
	struct stream_state *s = state;
	for (; piece.len; piece = str_sub(piece, STEP, piece.len)) {
		mboxrd_put(&s->mboxrd, &s->out, str_sub(piece, 0, STEP));
		if (!flush(s, err))
			return false;
	}
	return true;
}

static bool end(void *state, struct err *err)
{
	struct stream_state *s = state;
	mboxrd_end(&s->mboxrd, &s->out);
	s->count++;
	return flush(s, err);
}

/* The start of a message may be out already: at least the next one begins at a line. */
static void cancel(void *state)
{
	struct stream_state *s = state;
	struct err ignored = {0};
	buf_clear(&s->out);
	if (!s->mboxrd.begun)
		return;
	mboxrd_end(&s->mboxrd, &s->out);
	flush(s, &ignored);
}

static bool sync_batch(void *state, size_t *done, struct err *err)
{
	struct stream_state *s = state;
	(void)err;
	*done = s->count;
	s->count = 0;
	return true;
}

const struct deliver_ops deliver_stream = {
    .open = open_stream,
    .close = close_stream,
    .begin = begin,
    .write = write_piece,
    .end = end,
    .cancel = cancel,
    .sync = sync_batch,
};
