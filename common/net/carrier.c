/*
 * The plain carriers under a stream: a socket, memory (for tests and for
 * parsing), and a file that is read. TLS is in tls.c. Knows nothing of lines or deadlines.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/net/stream_inside.h"

struct socket_carrier {
	int fd;
};

static ssize_t failed(struct err *err, const char *what)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return 0;
	err_set_errno(err, ERR_AGAIN, "the connection was lost while %s", what);
	return CARRIER_FAILED;
}

static ssize_t socket_recv(void *self, void *bytes, size_t len, struct err *err)
{
	struct socket_carrier *c = self;
	ssize_t n = recv(c->fd, bytes, len, 0);
	if (n >= 0)
		return n;
	return failed(err, "reading") ? CARRIER_FAILED : CARRIER_WANT_READ;
}

static ssize_t socket_send(void *self, const void *bytes, size_t len, struct err *err)
{
	struct socket_carrier *c = self;
	ssize_t n = send(c->fd, bytes, len, MSG_NOSIGNAL);
	if (n >= 0)
		return n;
	return failed(err, "writing") ? CARRIER_FAILED : CARRIER_WANT_WRITE;
}

const struct carrier_ops carrier_socket_ops = {socket_recv, socket_send, free, true};

void *carrier_socket_open(int fd)
{
	struct socket_carrier *c = mem_alloc(sizeof *c);
	c->fd = fd;
	return c;
}

struct memory_carrier {
	struct str input;
	struct buf *output;
};

static ssize_t memory_recv(void *self, void *bytes, size_t len, struct err *err)
{
	(void)err;
	struct memory_carrier *m = self;
	struct str piece = str_sub(m->input, 0, len);
	if (piece.len)
		memcpy(bytes, piece.ptr, piece.len);
	m->input = str_sub(m->input, piece.len, m->input.len);
	return (ssize_t)piece.len;
}

static ssize_t memory_send(void *self, const void *bytes, size_t len, struct err *err)
{
	struct memory_carrier *m = self;
	if (m->output && !buf_add(m->output, bytes, len)) {
		err_set(err, ERR_IO, "the output buffer is full");
		return CARRIER_FAILED;
	}
	return (ssize_t)len;
}

const struct carrier_ops carrier_memory_ops = {memory_recv, memory_send, free, false};

void *carrier_memory_open(struct str input, struct buf *output)
{
	struct memory_carrier *m = mem_alloc(sizeof *m);
	*m = (struct memory_carrier){input, output};
	return m;
}

static ssize_t file_recv(void *self, void *bytes, size_t len, struct err *err)
{
	struct socket_carrier *c = self;
	ssize_t n = read(c->fd, bytes, len);
	if (n < 0)
		err_set_errno(err, ERR_IO, "reading a file");
	return n < 0 ? CARRIER_FAILED : n;
}

static ssize_t file_send(void *self, const void *bytes, size_t len, struct err *err)
{
	(void)self, (void)bytes, (void)len;
	err_set(err, ERR_INTERNAL, "a file that is read was written to");
	return CARRIER_FAILED;
}

const struct carrier_ops carrier_file_ops = {file_recv, file_send, free, true};
