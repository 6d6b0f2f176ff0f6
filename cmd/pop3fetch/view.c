/*
 * Looking. A line of a list is shown as soon as it is there; its columns are
 * show.c's.
 */
#include "cmd/pop3fetch/view.h"

#include "cmd/pop3fetch/identity.h"
#include "cmd/pop3fetch/plan.h"
#include "cmd/pop3fetch/show.h"
#include "common/base/limits.h"
#include "common/cli/outfile.h"
#include "common/cli/say.h"
#include "common/mail/deliver.h"
#include "common/proto/dot.h"

/* ---- --stat and --list ---- */

static bool view_stat(struct account *a, struct err *err)
{
	uint64_t count, size;
	pop3_put_stat(&a->session.pop3);
	return pop3_read_stat(&a->session.pop3, &count, &size, err) &&
	       show_stat(a, count, size, err);
}

static bool view_list(struct account *a, struct err *err)
{
	size_t ignored;
	return identity_survey(&a->session, &a->drop, &ignored, err) &&
	       plan_check(&a->drop, &a->only, err) && show_list(a, err);
}

/* ---- one message, byte by byte ---- */

struct sink {
	struct outfile *file; /* NULL: stdout */
	struct buf line;      /* on a terminal: whole lines only */
	bool terminal;
};

static bool put_piece(struct sink *k, struct str piece, struct err *err)
{
	if (k->file)
		return outfile_write(k->file, piece, err);
	if (!k->terminal)
		return say_bytes(STDOUT_FILENO, "standard output", piece, err);
	buf_add_str(&k->line, piece);
	size_t len = k->line.len;
	while (len && k->line.ptr[len - 1] != '\n')
		len--;
	if (len == 0 && k->line.len > LIMIT_REPLY)
		len = k->line.len;
	bool ok = len == 0 || say_text(STDOUT_FILENO, k->line.ptr, len, err);
	buf_drop(&k->line, len);
	return ok;
}

static bool pass_message(struct account *a, struct sink *k, struct err *err)
{
	struct dot_reader reader;
	struct str piece = STR_NONE;
	struct err local = {0};
	bool ok;
	dot_read_start(&reader, a->session.pop3.stream, a->o->crlf ? DOT_AS_SENT : DOT_LF);
	while ((ok = dot_next(&reader, &piece)) && piece.len)
		if (!err_is_set(&local))
			put_piece(k, piece, &local);
	dot_read_free(&reader);
	if (!ok)
		return err_pass(err, stream_err(a->session.pop3.stream));
	if (k->line.len && !err_is_set(&local))
		say_text(STDOUT_FILENO, k->line.ptr, k->line.len, &local);
	return !err_is_set(&local) || err_pass(err, &local);
}

static bool open_sink(struct account *a, struct sink *k, struct err *err)
{
	*k = (struct sink){.line = BUF_INIT(2 * LIMIT_REPLY)};
	k->terminal = isatty(STDOUT_FILENO);
	if (a->o->output)
		k->file = outfile_open(a->o->output, OUTFILE_SYNC, err);
	return !a->o->output || k->file;
}

static bool delete_one(struct account *a, struct err *err)
{
	pop3_put_dele(&a->session.pop3, a->session.target.number);
	return pop3_expect(&a->session.pop3, ERR_REFUSED, "DELE was refused", err);
}

static bool view_one(struct account *a, struct err *err)
{
	struct pop3 *p = &a->session.pop3;
	struct sink sink;
	if (!open_sink(a, &sink, err))
		return false;
	if (a->o->top >= 0)
		pop3_put_top(p, a->session.target.number, (uint64_t)a->o->top);
	else
		pop3_put_retr(p, a->session.target.number);
	bool ok = pop3_expect(p, ERR_ABSENT, "there is no such message", err) &&
		  pass_message(a, &sink, err);
	if (ok && sink.file)
		ok = outfile_commit(sink.file, err);
	else
		outfile_abandon(sink.file);
	buf_free(&sink.line);
	return ok && (a->o->keep || delete_one(a, err));
}

/* ---- heads and tops of many ---- */

static bool take_head(struct account *a, struct letter *letter, struct err *err)
{
	struct dot_reader reader;
	struct str piece = STR_NONE;
	struct buf head = BUF_INIT(LIMIT_MAIL_HEAD);
	bool ok;
	dot_read_start(&reader, a->session.pop3.stream, DOT_LF);
	while ((ok = dot_next(&reader, &piece)) && piece.len)
		buf_add_str(&head, piece);
	dot_read_free(&reader);
	if (!ok)
		err_pass(err, stream_err(a->session.pop3.stream));
	ok = ok && show_head(a, letter, buf_str(&head), err);
	buf_free(&head);
	return ok;
}

static bool take_top(struct account *a, struct deliver *to, struct err *err)
{
	struct dot_reader reader;
	struct str piece = STR_NONE;
	struct deliver_envelope envelope = {.time = 0};
	bool put = deliver_begin(to, &envelope, err), ok;
	dot_read_start(&reader, a->session.pop3.stream, DOT_AS_SENT);
	while ((ok = dot_next(&reader, &piece)) && piece.len)
		put = put && deliver_put(to, piece, err);
	dot_read_free(&reader);
	if (!ok)
		err_pass(err, stream_err(a->session.pop3.stream));
	return ok && put && deliver_end(to, err);
}

static bool view_each(struct account *a, struct deliver *to, struct err *err)
{
	struct pipe pipe;
	struct pipe_entry entry;
	struct pop3 *p = &a->session.pop3;
	uint64_t lines = a->o->headers ? 0 : (uint64_t)a->o->top;
	size_t next = 0;
	pipe_start(&pipe, &a->session);
	for (;;) {
		while (next < a->drop.count && pipe_has_room(&pipe)) {
			struct letter *letter = &a->drop.items[next++];
			if (plan_chooses(a->o, &a->only, letter))
				pipe_put(&pipe, PIPE_TOP, letter, lines);
		}
		if (pipe_is_empty(&pipe))
			return true;
		if (!pipe_take(&pipe, &entry, err))
			return false;
		if (!p->good)
			return pop3_fail(p, ERR_REFUSED, "TOP was refused", err);
		if (to ? !take_top(a, to, err) : !take_head(a, entry.letter, err))
			return false;
	}
}

static bool view_many(struct account *a, struct err *err)
{
	struct deliver_options stdout_mbox = {.kind = DELIVER_STREAM, .fd = STDOUT_FILENO};
	struct deliver *to = NULL;
	size_t ignored;
	if (!identity_survey(&a->session, &a->drop, &ignored, err) ||
	    !plan_check(&a->drop, &a->only, err))
		return false;
	if (!a->o->headers)
		to = deliver_open(&stdout_mbox, err);
	bool ok = (a->o->headers || to) && view_each(a, to, err);
	deliver_close(to);
	return ok;
}

bool view_surveys(const struct account *a)
{
	return !a->o->stat && (a->o->list || !a->session.target.number || a->o->headers);
}

bool view_run(struct account *a, struct err *err)
{
	if (a->o->stat)
		return view_stat(a, err);
	if (a->o->list)
		return view_list(a, err);
	if (a->session.target.number && !a->o->headers)
		return view_one(a, err);
	return view_many(a, err);
}
