/*
 * The loop: fill the window, take an answer, commit when a batch is due.
 */
#include "cmd/pop3fetch/fetch.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/proto/dot.h"

/* A batch: what a sync is worth, and what a lost run has to fetch again. */
#define BATCH_MESSAGES 16384
#define BATCH_BYTES (64 * MIB)
#define BATCH_SECONDS 10

/* ---- failures ---- */

static void fail_letter(struct fetch *f, struct letter *letter, const struct err *why)
{
	letter->fate = LETTER_FAILED;
	f->undecided -= letter->dele;
	letter->error = mem_printf("%s%s%s", why->text, why->said[0] ? ": " : "", why->said);
	struct err err = {0};
	err_set(&err, why->kind, "message %u: %s", letter->number, why->text);
	err_set_said(&err, why->code, str_of(why->said));
	err_pass(&f->trouble, &err);
}

/* A program that refused one message may take the next; a full disk won't. */
static bool is_fatal(const struct fetch *f)
{
	return f->session->o->mda == NULL;
}

/* ---- commit ---- */

static bool make_durable(struct fetch *f, size_t *done, struct err *err)
{
	if (!deliver_sync(f->deliver, done, err))
		return false;
	if (!f->file)
		return true;
	struct outfile *file = f->file;
	f->file = NULL;
	f->stop = true;
	if (outfile_commit(file, err))
		return true;
	*done = 0;
	return false;
}

static void note(struct fetch *f, size_t done)
{
	struct err err = {0};
	for (size_t i = 0; i < done; i++)
		if (f->state && f->batch[i]->key && !f->batch[i]->place)
			f->batch[i]->place = state_note(f->state, f->batch[i]->key, f->now);
	bool noted = !f->state || state_save(f->state, &err);
	for (size_t i = 0; i < done; i++) {
		f->batch[i]->fate = LETTER_DELIVERED;
		f->undecided -= f->batch[i]->dele;
		if (noted && f->batch[i]->dele)
			f->dele[f->dele_count++] = f->batch[i];
	}
	if (noted)
		deliver_settle(f->deliver);
	f->stop = f->stop || !noted;
	err_pass(&f->trouble, &err);
}

static void commit(struct fetch *f)
{
	struct err err = {0};
	size_t done = 0;
	if (f->batch_count == 0)
		return;
	if (!make_durable(f, &done, &err)) {
		f->stop = true;
		for (size_t i = done; i < f->batch_count; i++)
			fail_letter(f, f->batch[i], &err);
	}
	note(f, done);
	f->batch_count = 0;
	f->batch_bytes = 0;
}

static bool all_asked(const struct fetch *f)
{
	return f->stop || f->next == f->drop->count;
}

static bool is_due(const struct fetch *f)
{
	if (f->batch_count == 0)
		return false;
	/* Before the last answers come there may be nothing else to do. */
	if (all_asked(f) && pipe_is_empty(&f->pipe))
		return true;
	if (f->file)
		return false;
	return f->session->o->mda || f->batch_count >= BATCH_MESSAGES ||
	       f->batch_bytes >= BATCH_BYTES ||
	       clock_ms_between(f->batch_start, clock_now()) > BATCH_SECONDS * 1000;
}

/* ---- one message ---- */

static bool begin(struct fetch *f, struct letter *letter, struct err *err)
{
	struct buf key = BUF_INIT(2 * LIMIT_URL + LIMIT_LINE);
	/* Fetched before and asked for again: it is not to be taken for that one. */
	if (letter->key && !letter->known)
		buf_addf(&key, "%s %s", f->account, letter->key);
	struct deliver_envelope envelope = {.key = buf_str(&key), .time = f->now};
	bool ok = deliver_begin(f->deliver, &envelope, err);
	buf_free(&key);
	return ok;
}

/* The body to its end, in any case: only so the dialogue stays in step. False when the stream
 * broke; *local is set when delivery did. */
static bool receive(struct fetch *f, bool wanted, struct err *local, uint64_t *bytes)
{
	struct dot_reader reader;
	struct str piece = STR_NONE;
	bool ok;
	dot_read_start(&reader, f->session->pop3.stream, DOT_AS_SENT);
	while ((ok = dot_next(&reader, &piece)) && piece.len) {
		if (wanted)
			wanted = deliver_put(f->deliver, piece, local);
		if (f->counter)
			*f->counter += piece.len;
	}
	*bytes = reader.received;
	dot_read_free(&reader);
	return ok;
}

static void join_batch(struct fetch *f, struct letter *letter, uint64_t bytes)
{
	letter->fate = LETTER_ENDED;
	letter->size = bytes;
	if (f->batch_count == 0)
		f->batch_start = clock_now();
	f->batch[f->batch_count++] = letter;
	f->batch_bytes += bytes;
}

static bool take_letter(struct fetch *f, struct letter *letter, struct err *err)
{
	struct err local = {0};
	uint64_t bytes = 0;
	if (!f->session->pop3.good) {
		pop3_fail(&f->session->pop3, ERR_ABSENT, "RETR was refused", &local);
		fail_letter(f, letter, &local);
		return true;
	}
	bool wanted = !f->stop && begin(f, letter, &local);
	if (!receive(f, wanted, &local, &bytes)) {
		if (wanted)
			deliver_cancel(f->deliver);
		return err_pass(err, stream_err(f->session->pop3.stream));
	}
	if (!wanted && !err_is_set(&local)) { /* asked for before delivery stopped */
		f->undecided -= letter->dele;
	} else if (!err_is_set(&local) && deliver_end(f->deliver, &local)) {
		join_batch(f, letter, bytes);
	} else {
		fail_letter(f, letter, &local);
		f->stop = f->stop || is_fatal(f);
	}
	return true;
}

/* ---- the window ---- */

static void fill(struct fetch *f)
{
	while (f->dele_sent < f->dele_count && pipe_has_room(&f->pipe))
		pipe_put(&f->pipe, PIPE_DELE, f->dele[f->dele_sent++], 0);
	while (!all_asked(f) && pipe_has_room(&f->pipe)) {
		struct letter *letter = &f->drop->items[f->next++];
		if (!letter->fetch)
			continue;
		pipe_put(&f->pipe, PIPE_RETR, letter, 0);
		f->undecided += letter->dele;
	}
	/* With nothing to delete, QUIT may follow the last RETR at once. */
	bool last = all_asked(f) && f->undecided == 0 && f->dele_sent == f->dele_count;
	if (last && pipe_has_room(&f->pipe)) {
		pipe_put(&f->pipe, PIPE_QUIT, NULL, 0);
		f->quit_sent = true;
	}
}

static bool take(struct fetch *f, struct err *err)
{
	struct pipe_entry entry;
	if (!pipe_take(&f->pipe, &entry, err))
		return false;
	if (entry.verb == PIPE_RETR)
		return take_letter(f, entry.letter, err);
	if (entry.verb == PIPE_QUIT) {
		f->ended = f->session->pop3.good;
		return f->ended || pop3_fail(&f->session->pop3, ERR_REFUSED,
				       "the server did not confirm QUIT", err);
	}
	entry.letter->deleted = f->session->pop3.good;
	if (!f->session->pop3.good) {
		struct err local = {0};
		pop3_fail(&f->session->pop3, ERR_REFUSED, "DELE was refused", &local);
		err_pass(&f->trouble, &local);
	}
	return true;
}

/* ---- before and after ---- */

/* What an earlier run delivered and did not come to note. */
static bool recognise(struct fetch *f, struct letter *letter)
{
	struct buf key = BUF_INIT(2 * LIMIT_URL + LIMIT_LINE);
	buf_addf(&key, "%s %s", f->account, letter->key);
	bool has = deliver_has(f->deliver, buf_str(&key));
	buf_free(&key);
	return has;
}

static bool prepare(struct fetch *f, struct err *err)
{
	f->batch = mem_array(f->drop->count + 1, sizeof(struct letter *));
	f->dele = mem_array(f->drop->count + 1, sizeof(struct letter *));
	for (size_t i = 0; i < f->drop->count; i++) {
		struct letter *letter = &f->drop->items[i];
		bool has = letter->fetch && f->state && letter->key && !letter->known &&
			   recognise(f, letter);
		if (has) {
			letter->fetch = false;
			letter->known = true;
			letter->since = f->now;
			letter->place = state_note(f->state, letter->key, f->now);
		}
		if (letter->dele && !letter->fetch)
			f->dele[f->dele_count++] = letter;
	}
	if (f->state && !state_save(f->state, err))
		return false;
	if (f->deliver)
		deliver_settle(f->deliver);
	return true;
}

/* After QUIT's +OK: what is not on the server any more need not be known. */
static bool forget(struct fetch *f, struct err *err)
{
	bool *keeps = mem_array(f->state->count + 1, sizeof *keeps);
	for (size_t i = 0; i < f->drop->count; i++) {
		const struct letter *letter = &f->drop->items[i];
		if (letter->place)
			keeps[letter->place - 1] = !letter->deleted;
	}
	bool ok = state_keep_only(f->state, keeps, err);
	free(keeps);
	return ok;
}

bool fetch_run(struct fetch *f, struct err *err)
{
	pipe_start(&f->pipe, f->session);
	bool ok = prepare(f, err);
	while (ok && !f->ended) {
		if (!f->quit_sent)
			fill(f);
		ok = pipe_is_empty(&f->pipe) || take(f, err);
		if (is_due(f))
			commit(f);
	}
	/* A broken connection takes nothing away from what came whole. */
	commit(f);
	if (f->ended && f->state)
		forget(f, err);
	session_drop(f->session);
	free(f->batch);
	free(f->dele);
	err_pass(err, &f->trouble);
	return !err_is_set(err);
}
