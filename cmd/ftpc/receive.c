/*
 * From the data connection to the local end. Knows no reply.
 */
#include "cmd/ftpc/receive.h"

#include "cmd/ftpc/checksum.h"
#include "common/base/limits.h"
#include "common/cli/say.h"
#include "common/net/trace_body.h"

/* Binary shows itself within the first bytes. */
enum { LOOK_AT = 8192 };

void receive_text(struct str piece, bool *cr, struct buf *out)
{
	for (size_t i = 0; i < piece.len; i++) {
		char c = piece.ptr[i];
		if (*cr && c != '\n')
			buf_add_byte(out, '\r');
		*cr = c == '\r';
		if (!*cr)
			buf_add_byte(out, c);
	}
}

struct pieces {
	struct receiver *r;
	bool cr, looked, terminal;
	struct buf text;
	struct trace_body trace;
};

static bool emit(struct pieces *p, struct str piece, struct err *err)
{
	struct local *out = p->r->out;
	if (!p->terminal)
		return say_bytes(out->fd, "the output", piece, err);
	if (!p->looked && str_has_byte(str_sub(piece, 0, LOOK_AT), '\0'))
		return err_set(err, ERR_USAGE,
		    "the file is binary and stdout is a terminal: -O or -o FILE saves it");
	p->looked = true;
	return say_text(out->fd, piece.ptr, piece.len, err);
}

static bool take_piece(struct pieces *p, struct str piece, struct err *err)
{
	trace_body_add(&p->trace, piece);
	if (p->r->counter)
		*p->r->counter += piece.len;
	if (p->r->sum)
		checksum_add(p->r->sum, piece);
	if (!p->r->ascii)
		return emit(p, piece, err);
	buf_clear(&p->text);
	receive_text(piece, &p->cr, &p->text);
	return emit(p, buf_str(&p->text), err);
}

static bool by_pieces(struct receiver *r, struct stream *s, struct err *err)
{
	struct pieces p = {.r = r,
	    .terminal = local_is_stdout(r->out) && isatty(r->out->fd),
	    .text = BUF_INIT(4 * LIMIT_LINE)};
	trace_body_start(&p.trace, r->trace, r->conn, 'S', false);
	bool ok = true;
	while (ok && (stream_held(s).len || stream_fill(s))) {
		struct str piece = stream_held(s);
		ok = take_piece(&p, piece, err);
		if (ok)
			stream_take(s, piece.len);
	}
	if (ok && p.cr)
		ok = emit(&p, STR("\r"), err);
	if (trace_wants_bodies(r->trace))
		trace_body_end(&p.trace);
	buf_free(&p.text);
	return ok && (!err_is_set(stream_err(s)) || err_pass(err, stream_err(s)));
}

bool receive_all(struct receiver *r, struct stream *s, struct err *err)
{
	bool look = r->ascii || r->sum || trace_wants_bodies(r->trace) ||
		    (local_is_stdout(r->out) && isatty(r->out->fd));
	if (look)
		return by_pieces(r, s, err);
	return stream_copy(s, r->out->fd, -1, r->counter) || err_pass(err, stream_err(s));
}
