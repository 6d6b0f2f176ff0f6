/*
 * The chain of content decoders. Each layer has one buffer for what it makes;
 * its input is the fed bytes or the buffer of the layer below.
 */
#include "cmd/webget/decode.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/coding.h"
#include "common/text/visible.h"

#define PIECE (32 * KIB)

struct layer {
	char *name; /* of its coding */
	const struct coding_ops *ops;
	void *self;
	struct str in; /* not yet taken */
	bool more;     /* it has output that did not fit */
	char out[PIECE];
};

struct decoder {
	struct layer *layers[LIMIT_CODINGS]; /* in the order of undoing */
	size_t count;
};

static bool load(struct layer *l, struct str name, struct err *err)
{
	const char *module = coding_module_of(name);
	const struct coding_module *table = module ? module_table(module, err) : NULL;
	if (!module)
		return err_set(err, ERR_PROTOCOL, "unknown Content-Encoding: %s", l->name);
	if (!table)
		return false;
	l->ops = coding_find(table, name);
	l->self = l->ops ? l->ops->open() : NULL;
	return l->self || err_set(err, ERR_INTERNAL, "no decoder for %s", l->name);
}

static void free_layer(struct layer *l)
{
	if (l->self)
		l->ops->close(l->self);
	free(l->name);
	free(l);
}

static char *printable(struct str name)
{
	struct buf text = BUF_INIT(4 * 64);
	visible_put_text(&text, str_sub(name, 0, 64), "");
	return buf_steal(&text);
}

/* What is named last was applied last, and is undone first. */
static bool add_layer(struct decoder *d, struct str name, struct err *err)
{
	if (d->count == LIMIT_CODINGS)
		return err_set(err, ERR_PROTOCOL,
		    "more than %d layers of Content-Encoding were refused", LIMIT_CODINGS);
	struct layer *l = mem_alloc(sizeof *l);
	l->name = printable(name);
	if (!load(l, name, err)) {
		free_layer(l);
		return false;
	}
	for (size_t i = d->count++; i > 0; i--)
		d->layers[i] = d->layers[i - 1];
	d->layers[0] = l;
	return true;
}

static bool add_layers(struct decoder *d, struct str list, struct err *err)
{
	struct str name;
	while (field_list_next(&list, &name))
		if (!str_is_nocase(name, "identity") && !add_layer(d, name, err))
			return false;
	return true;
}

struct decoder *decoder_open(const struct fields *f, struct err *err)
{
	struct decoder *d = mem_alloc(sizeof *d);
	bool ok = true;
	for (const struct field *field = fields_find(f, "Content-Encoding"); ok && field;
	     field = fields_next(f, field))
		ok = add_layers(d, field->value, err);
	if (ok && d->count)
		return d;
	decoder_close(d);
	return NULL;
}

const char *decoder_accepts(void)
{
	return "gzip, deflate, br, zstd";
}

void decoder_feed(struct decoder *d, struct str in)
{
	d->layers[0]->in = in;
}

/* One push of a layer that has something to do. */
static bool work(struct layer *l, struct str *out, struct err *err)
{
	size_t made = 0;
	enum coding_status status = l->ops->push(l->self, &l->in, l->out, PIECE, &made);
	if (status == CODING_BAD)
		return err_set(err, ERR_PROTOCOL, "the %s-encoded body is corrupt: %s", l->name,
		    l->ops->why(l->self));
	l->more = status == CODING_FULL;
	*out = (struct str){l->out, made};
	return true;
}

/* What the first n layers make: each asks the one below only when it has nothing left. */
static bool pull(struct decoder *d, size_t n, struct str *out, struct err *err)
{
	struct layer *l = d->layers[n - 1];
	*out = STR_NONE;
	while (out->len == 0) {
		if (!l->more && l->in.len == 0 && n > 1 && !pull(d, n - 1, &l->in, err))
			return false;
		if (!l->more && l->in.len == 0)
			return true;
		if (!work(l, out, err))
			return false;
	}
	return true;
}

bool decoder_next(struct decoder *d, struct str *out, struct err *err)
{
	return pull(d, d->count, out, err);
}

bool decoder_finish(const struct decoder *d, struct err *err)
{
	for (size_t i = 0; i < d->count; i++)
		if (!d->layers[i]->ops->end(d->layers[i]->self))
			return err_set(err, ERR_PROTOCOL, "the %s-encoded body is cut short",
			    d->layers[i]->name);
	return true;
}

void decoder_close(struct decoder *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->count; i++)
		free_layer(d->layers[i]);
	free(d);
}
