/*
 * The path of big bodies: from the stream to a descriptor with as few copies as
 * the kernel allows. Plain sockets go through splice(2), by way of a pipe unless
 * the target is one; where the kernel says no (TLS, terminals, append mode, other
 * systems) it is read and write in large pieces.
 */
#include <poll.h>
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/stream_inside.h"

/* What one splice may move: a pipe of this size is asked for, the kernel may give less. */
#define PIPE_SIZE (1 * MIB)
/* Below this a pipe costs more than it saves. */
#define WORTH_SPLICING (256 * KIB)

/* So much must still come for large wake-ups to be safe: TLS's own bytes come on top. */
#define UNHURRIED_ABOVE (512 * KIB)

struct copy {
	struct stream *s;
	int fd;
	uint64_t left; /* UINT64_MAX: until the end */
	_Atomic uint64_t *counter;
	bool bounded;
};

enum step { STEP_OK, STEP_DONE, STEP_FAILED, STEP_NOT_HERE };

static void wrote(struct copy *c, size_t n)
{
	c->left -= c->bounded ? n : 0;
	if (c->counter)
		*c->counter += n;
}

static bool write_failed(struct stream *s)
{
	if (net_is_interrupted(s->settings))
		return stream_fail(s, ERR_INTERRUPT, "interrupted");
	return err_set_errno(&s->err, ERR_IO, "writing the output");
}

static bool write_all(struct copy *c, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(c->fd, bytes, len);
		if (n < 0) {
			struct stream_wait wait = {0, c->fd, POLLOUT};
			short ready;
			bool interrupted = net_is_interrupted(c->s->settings);
			if (errno == EINTR && !interrupted)
				continue;
			if (errno != EAGAIN)
				return write_failed(c->s);
			if (!stream_wait_for(c->s, &wait, &ready))
				return false;
			continue;
		}
		bytes += n;
		len -= (size_t)n;
		wrote(c, (size_t)n);
	}
	return true;
}

static bool copy_held(struct copy *c)
{
	struct str held = stream_held(c->s);
	if (c->bounded && held.len > c->left)
		held.len = (size_t)c->left;
	bool ok = write_all(c, held.ptr, held.len);
	stream_take(c->s, held.len);
	return ok;
}

static bool ended_early(struct copy *c)
{
	struct stream *s = c->s;
	s->at_end = s->gone = true;
	if (err_is_set(&s->write_err))
		return err_pass(&s->err, &s->write_err);
	return !c->bounded || stream_fail(s, ERR_AGAIN,
				  "the server closed the connection %llu bytes too early",
				  (unsigned long long)c->left);
}

static bool copy_by_buffer(struct copy *c)
{
	while (c->left) {
		stream_hurry(c->s, !c->bounded || c->left < UNHURRIED_ABOVE);
		if (!copy_held(c))
			return false;
		if (c->left && !stream_fill(c->s))
			return err_is_set(&c->s->err) ? false : ended_early(c);
	}
	stream_hurry(c->s, true);
	return true;
}

/* How much comes until the end is not known: a small file's end is here before a pipe is made
 * for it. True when there is more than that. */
static bool copy_beginning(struct copy *c)
{
	size_t most = WORTH_SPLICING;
	while (stream_fill(c->s)) {
		size_t len = stream_held(c->s).len;
		if (!copy_held(c))
			return false;
		if (len >= most)
			return true;
		most -= len;
	}
	return false;
}

/* ---- splice ---- */

static bool open_pipe(struct stream *s)
{
	if (s->pipe[0] >= 0)
		return true;
	if (pipe2(s->pipe, O_CLOEXEC) != 0) {
		s->pipe[0] = s->pipe[1] = -1;
		return false;
	}
	compat_pipe_size(s->pipe[1], PIPE_SIZE);
	return true;
}

static size_t piece(const struct copy *c)
{
	size_t most = PIPE_SIZE;
	if (c->s->settings->limit_rate && most > (size_t)c->s->settings->limit_rate)
		most = (size_t)c->s->settings->limit_rate;
	return c->left < most ? (size_t)c->left : most;
}

/* The socket is empty or, when the target is a pipe, that pipe is full: which one is not said.
 */
static bool wait_to_splice(struct copy *c, bool direct)
{
	struct stream_wait wait = {POLLIN, -1, 0};
	short ready;
	if (!stream_wait_for(c->s, &wait, &ready))
		return false;
	wait = (struct stream_wait){0, c->fd, POLLOUT};
	return !direct || stream_wait_for(c->s, &wait, &ready);
}

static enum step splice_in(struct copy *c, int to, size_t *moved)
{
	for (;;) {
		ssize_t n = compat_splice(c->s->fd, to, piece(c));
		if (n > 0) {
			*moved = (size_t)n;
			stream_count_in(c->s, (size_t)n);
			return STEP_OK;
		}
		if (n == 0)
			return ended_early(c) ? STEP_DONE : STEP_FAILED;
		if (errno == EINVAL || errno == ENOSYS)
			return STEP_NOT_HERE;
		if (errno == EPIPE)
			return write_failed(c->s) ? STEP_OK : STEP_FAILED;
		if (errno != EAGAIN && errno != EINTR) {
			err_set_errno(
			    &c->s->err, ERR_AGAIN, "the connection was lost while reading");
			return STEP_FAILED;
		}
		if (!wait_to_splice(c, to == c->fd))
			return STEP_FAILED;
	}
}

/* What is in the pipe must not be lost when the target can't be spliced to. */
static enum step drain_by_hand(struct copy *c, size_t len)
{
	char *chunk = mem_alloc(STREAM_CHUNK);
	bool ok = true;
	while (ok && len) {
		ssize_t n = read(c->s->pipe[0], chunk, len < STREAM_CHUNK ? len : STREAM_CHUNK);
		ok = n > 0 ? write_all(c, chunk, (size_t)n)
			   : err_set_errno(&c->s->err, ERR_INTERNAL, "reading our own pipe");
		len -= n > 0 ? (size_t)n : 0;
	}
	free(chunk);
	return ok ? STEP_NOT_HERE : STEP_FAILED;
}

static enum step splice_out(struct copy *c, size_t len)
{
	while (len) {
		ssize_t n = compat_splice(c->s->pipe[0], c->fd, len);
		if (n < 0 && errno == EINVAL)
			return drain_by_hand(c, len);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return write_failed(c->s) ? STEP_OK : STEP_FAILED;
		if (n < 0) {
			struct stream_wait wait = {0, c->fd, POLLOUT};
			short ready;
			if (!stream_wait_for(c->s, &wait, &ready))
				return STEP_FAILED;
			continue;
		}
		len -= (size_t)n;
		wrote(c, (size_t)n);
	}
	return STEP_OK;
}

static enum step splice_step(struct copy *c, bool direct)
{
	size_t moved = 0;
	enum step step = splice_in(c, direct ? c->fd : c->s->pipe[1], &moved);
	if (step != STEP_OK)
		return step;
	if (!direct)
		return splice_out(c, moved);
	wrote(c, moved);
	return STEP_OK;
}

static enum step copy_by_splice(struct copy *c)
{
	enum step step;
	/* A pipe as the target takes the bytes directly; any other refuses with EINVAL at once.
	 */
	bool direct =
	    fcntl(c->fd, F_GETFL) >= 0 && lseek(c->fd, 0, SEEK_CUR) < 0 && errno == ESPIPE;
	do {
		if (!stream_may_go_on(c->s))
			return STEP_FAILED;
		if (!direct && !open_pipe(c->s))
			return STEP_NOT_HERE;
		step = splice_step(c, direct);
		if (step == STEP_NOT_HERE && direct) {
			direct = false; /* a socket or terminal: by way of our own pipe */
			step = STEP_OK;
		}
	} while (step == STEP_OK && c->left);
	return step;
}

bool stream_copy(struct stream *s, int fd, int64_t len, _Atomic uint64_t *counter)
{
	struct copy c = {s, fd, len < 0 ? UINT64_MAX : (uint64_t)len, counter, len >= 0};
	if (err_is_set(&s->err) || (!stream_flush(s) && err_is_set(&s->err)) || !copy_held(&c))
		return false;
	if (c.left == 0 || s->at_end)
		return c.left == 0 || ended_early(&c);
	if (s->ops->plain && !c.bounded && !copy_beginning(&c))
		return err_is_set(&s->err) ? false : ended_early(&c);
	if (s->ops->plain && c.left >= WORTH_SPLICING) {
		enum step step = copy_by_splice(&c);
		if (step != STEP_NOT_HERE)
			return step != STEP_FAILED;
	}
	return copy_by_buffer(&c);
}
