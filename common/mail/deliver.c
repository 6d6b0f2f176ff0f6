/*
 * Delivery: the one order of calls, line ends, and the table of kinds. Knows
 * no place to deliver to.
 */
#include "common/mail/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/mail/deliver_inside.h"

/* What is collected before it is written: most messages go out in one write. */
enum { WRITE_SIZE = 64 * 1024 };

static const struct deliver_ops *const kinds[] = {
    [DELIVER_MAILDIR] = &deliver_maildir,
    [DELIVER_MBOX] = &deliver_mbox,
    [DELIVER_PIPE] = &deliver_pipe,
    [DELIVER_STREAM] = &deliver_stream,
};

struct deliver {
	const struct deliver_ops *ops;
	void *state;
	bool crlf;
	/* Of the message being delivered: */
	bool begun;
	bool held_cr;
	struct buf out;
};

struct deliver *deliver_open(const struct deliver_options *o, struct err *err)
{
	const struct deliver_ops *ops = kinds[o->kind];
	void *state = ops->open(o, err);
	if (!state)
		return NULL;
	struct deliver *d = mem_alloc(sizeof *d);
	*d = (struct deliver){.ops = ops, .state = state, .out = BUF_INIT(WRITE_SIZE)};
	d->crlf = o->crlf && o->kind != DELIVER_MBOX && o->kind != DELIVER_STREAM;
	return d;
}

void deliver_close(struct deliver *d)
{
	if (!d)
		return;
	deliver_cancel(d);
	d->ops->close(d->state);
	buf_free(&d->out);
	free(d);
}

/* Two FNV-1a sums with different starts. A server that seeks collisions harms its own mail. */
static struct deliver_key key_of(struct str key)
{
	const uint64_t prime = 0x100000001b3;
	uint64_t a = 0xcbf29ce484222325, b = 0x84222325cbf29ce4;
	struct deliver_key out = {""};
	for (size_t i = 0; i < key.len; i++) {
		a = (a ^ (unsigned char)key.ptr[i]) * prime;
		b = (b ^ (unsigned char)(key.ptr[i] + i)) * prime;
	}
	if (key.len)
		snprintf(out.text, sizeof out.text, "%016llx%016llx", (unsigned long long)a,
		    (unsigned long long)b);
	return out;
}

bool deliver_has(struct deliver *d, struct str key)
{
	struct deliver_key name = key_of(key);
	return key.len && d->ops->has && d->ops->has(d->state, &name);
}

bool deliver_begin(struct deliver *d, const struct deliver_envelope *e, struct err *err)
{
	struct deliver_message m = {.envelope = e, .key = key_of(e->key), .time = e->time};
	if (!m.time)
		m.time = (int64_t)time(NULL);
	deliver_cancel(d);
	d->begun = d->ops->begin(d->state, &m, err);
	return d->begun;
}

static bool flush(struct deliver *d, struct err *err)
{
	bool good = d->out.len == 0 || d->ops->write(d->state, buf_str(&d->out), err);
	buf_clear(&d->out);
	if (!good)
		d->begun = false;
	return good;
}

/* Bytes as they are: through the buffer, or past it when they fill it. */
static bool pass(struct deliver *d, struct str s, struct err *err)
{
	if (s.len <= d->out.max - d->out.len)
		return buf_add_str(&d->out, s);
	if (!flush(d, err))
		return false;
	if (s.len < WRITE_SIZE)
		return buf_add_str(&d->out, s);
	d->begun = d->ops->write(d->state, s, err);
	return d->begun;
}

/* CRLF to LF. A CR is kept back until it is known what follows. */
static bool convert(struct deliver *d, struct str s, struct err *err)
{
	bool good = true;
	while (good && s.len) {
		if (d->held_cr && s.ptr[0] != '\n')
			good = pass(d, STR("\r"), err);
		size_t cr = str_find(s, '\r');
		d->held_cr = cr < s.len;
		good = good && pass(d, str_sub(s, 0, cr), err);
		s = str_sub(s, cr + 1, s.len);
	}
	return good;
}

bool deliver_put(struct deliver *d, struct str piece, struct err *err)
{
	if (!d->begun)
		return err_set(err, ERR_INTERNAL, "no message was begun");
	return d->crlf ? pass(d, piece, err) : convert(d, piece, err);
}

bool deliver_end(struct deliver *d, struct err *err)
{
	if (!d->begun)
		return err_set(err, ERR_INTERNAL, "no message was begun");
	bool good = (!d->held_cr || pass(d, STR("\r"), err)) && flush(d, err) &&
		    d->ops->end(d->state, err);
	d->begun = d->held_cr = false;
	return good;
}

void deliver_cancel(struct deliver *d)
{
	if (d->begun)
		d->ops->cancel(d->state);
	d->begun = d->held_cr = false;
	buf_clear(&d->out);
}

bool deliver_sync(struct deliver *d, size_t *done, struct err *err)
{
	size_t count = 0;
	deliver_cancel(d);
	bool good = d->ops->sync(d->state, &count, err);
	if (done)
		*done = count;
	return good;
}

void deliver_settle(struct deliver *d)
{
	if (d->ops->settle)
		d->ops->settle(d->state);
}

bool deliver_set_flags(struct deliver *d, struct str key, const char *flags)
{
	struct deliver_key name = key_of(key);
	return key.len && d->ops->set_flags && d->ops->set_flags(d->state, &name, flags);
}
