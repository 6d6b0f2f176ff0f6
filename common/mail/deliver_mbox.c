/*
 * Into an mbox file, a batch at a time. Knows no lock and no journal's format.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/mail/mbox_journal.h"
#include "common/mail/mbox_lock.h"

struct known {
	const char *key; /* DELIVER_KEY bytes in the journal's */
	struct mbox_journal *journal;
};

struct mbox_state {
	struct mbox_journal journal;
	struct mboxrd mboxrd;
	struct buf out;
	size_t count; /* ended since the last sync */
	/* Of the message being written: */
	struct deliver_key key;
	uint64_t start, start_sum;
	/* What runs before left, of this caller or another one, and its keys, sorted. */
	struct mbox_journal old[MBOX_JOURNALS];
	size_t old_count;
	struct known *known;
	size_t known_count;
};

static int compare(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	return memcmp(x->key, y->key, DELIVER_KEY);
}

static void read_known(struct mbox_state *s)
{
	enum { KEY_LINE = DELIVER_KEY + 1 };
	size_t count = 0;
	for (size_t i = 0; i < s->old_count; i++)
		count += s->old[i].keys.len / KEY_LINE;
	if (count == 0)
		return;
	s->known = mem_array(count, sizeof *s->known);
	for (size_t i = 0; i < s->old_count; i++)
		for (size_t at = 0; at + KEY_LINE <= s->old[i].keys.len; at += KEY_LINE)
			s->known[s->known_count++] =
			    (struct known){s->old[i].keys.ptr + at, &s->old[i]};
	qsort(s->known, s->known_count, sizeof *s->known, compare);
}

/* The first journal that is free becomes ours; those with something in them are old. */
static bool open_journals(struct mbox_state *s, const char *path, struct err *err)
{
	bool ours = false;
	for (unsigned i = 0; i < MBOX_JOURNALS && !err_is_set(err); i++) {
		struct mbox_journal j;
		if (!mbox_journal_open(&j, path, i, !ours, err))
			continue;
		if (j.committed) {
			s->old[s->old_count++] = j;
		} else if (!ours) {
			s->journal = j;
			ours = true;
		} else {
			mbox_journal_close(&j);
		}
	}
	if (!ours)
		err_set(err, ERR_AGAIN, "%s is in use by too many others", path);
	return !err_is_set(err);
}

/* The mbox itself is opened for each batch; that it can be is wanted to be known at once. */
static bool can_write(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set_errno(err, ERR_CREATE, "cannot write %s", path);
	close(fd);
	return true;
}

static void close_mbox(void *state)
{
	struct mbox_state *s = state;
	mbox_journal_close(&s->journal);
	for (size_t i = 0; i < s->old_count; i++)
		mbox_journal_close(&s->old[i]);
	buf_free(&s->out);
	free(s->known);
	free(s);
}

static void *open_mbox(const struct deliver_options *o, struct err *err)
{
	struct mbox_state *s = mem_alloc(sizeof *s);
	s->out = BUF_INIT(MIB);
	s->journal.fd = -1;
	if (!can_write(o->target, err) || !open_journals(s, o->target, err)) {
		close_mbox(s);
		return NULL;
	}
	read_known(s);
	return s;
}

static bool has(void *state, const struct deliver_key *key)
{
	struct mbox_state *s = state;
	struct known wanted = {key->text, NULL};
	if (s->known_count == 0)
		return false;
	struct known *k = bsearch(&wanted, s->known, s->known_count, sizeof *s->known, compare);
	if (k)
		k->journal->claimed = true;
	return k != NULL;
}

static void cancel(void *state)
{
	struct mbox_state *s = state;
	mbox_journal_cut(&s->journal, s->start, s->start_sum);
}

static bool flush(struct mbox_state *s, struct err *err)
{
	bool good = mbox_journal_add(&s->journal, buf_str(&s->out));
	buf_clear(&s->out);
	if (good)
		return true;
	err_set_errno(err, ERR_IO, "cannot write beside %s", s->journal.mbox);
	cancel(s);
	return false;
}

static bool begin(void *state, const struct deliver_message *m, struct err *err)
{
	struct mbox_state *s = state;
	(void)err;
	if (s->journal.committed)
		mbox_journal_settle(&s->journal);
	s->start = s->journal.size;
	s->start_sum = s->journal.sum;
	s->key = m->key;
	mboxrd_begin(&s->mboxrd, m);
	return true;
}

static bool write_piece(void *state, struct str piece, struct err *err)
{
	enum { STEP = 64 * 1024 };
	struct mbox_state *s = state;
	bool good = true;
	for (; good && piece.len; piece = str_sub(piece, STEP, piece.len)) {
		mboxrd_put(&s->mboxrd, &s->out, str_sub(piece, 0, STEP));
		good = flush(s, err);
	}
	return good;
}

static bool end(void *state, struct err *err)
{
	struct mbox_state *s = state;
	mboxrd_end(&s->mboxrd, &s->out);
	if (!flush(s, err))
		return false;
	if (*s->key.text)
		buf_addf(&s->journal.keys, "%s\n", s->key.text);
	s->count++;
	return true;
}

static bool sync_batch(void *state, size_t *done, struct err *err)
{
	struct mbox_state *s = state;
	size_t count = s->count;
	s->count = 0;
	if (count == 0)
		return true;
	if (!mbox_journal_commit(&s->journal, err))
		return false;
	*done = count;
	return true;
}

/* An old journal that nobody asked about is another account's. */
static void settle(void *state)
{
	struct mbox_state *s = state;
	if (s->journal.committed)
		mbox_journal_settle(&s->journal);
	for (size_t i = 0; i < s->old_count; i++)
		if (s->old[i].claimed && s->old[i].committed)
			mbox_journal_settle(&s->old[i]);
}

const struct deliver_ops deliver_mbox = {
    .open = open_mbox,
    .close = close_mbox,
    .has = has,
    .begin = begin,
    .write = write_piece,
    .end = end,
    .cancel = cancel,
    .sync = sync_batch,
    .settle = settle,
};
