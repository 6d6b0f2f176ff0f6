/*
 * Unique ids, and digests of heads in their place.
 */
#include "cmd/pop3fetch/identity.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/digest.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/proto/dot.h"
#include "common/text/hex.h"

/* ---- UIDL and LIST ---- */

static bool read_sizes(struct session *s, struct maildrop *d, struct err *err)
{
	struct pop3_lines lines;
	struct str line;
	if (!pop3_expect(&s->pop3, ERR_REFUSED, "LIST was refused", err))
		return false;
	pop3_lines_start(&lines, &s->pop3);
	while (pop3_lines_next(&lines, &line, err))
		maildrop_add_size(d, line);
	return lines.done;
}

/* A refusal is no error: the command is optional (RFC 1939 7). */
static bool read_uids(struct session *s, struct maildrop *d, struct err *err)
{
	struct pop3_lines lines;
	struct str line;
	if (!pop3_read(&s->pop3, err))
		return false;
	if (!s->pop3.good)
		return true;
	pop3_lines_start(&lines, &s->pop3);
	while (pop3_lines_next(&lines, &line, err))
		maildrop_add_uid(d, line);
	return lines.done;
}

/* Groups of letters with equal strings: neighbours once sorted. */
static int by_uid(const void *a, const void *b)
{
	const struct letter *const *x = a, *const *y = b;
	return strcmp((*x)->uid, (*y)->uid);
}

/* An id that is given twice tells nothing: those letters get no key. */
static size_t key_by_uid(struct maildrop *d)
{
	struct letter **sorted = mem_array(d->count + 1, sizeof *sorted);
	size_t n = 0, keyed = 0;
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].uid)
			sorted[n++] = &d->items[i];
	if (n)
		qsort(sorted, n, sizeof *sorted, by_uid);
	for (size_t i = 0; i < n; i++) {
		bool twin = (i > 0 && strcmp(sorted[i - 1]->uid, sorted[i]->uid) == 0) ||
			    (i + 1 < n && strcmp(sorted[i + 1]->uid, sorted[i]->uid) == 0);
		if (!twin) {
			sorted[i]->key = mem_dup(sorted[i]->uid);
			keyed++;
		}
	}
	free(sorted);
	return d->count - keyed;
}

bool identity_survey(struct session *s, struct maildrop *d, size_t *nameless, struct err *err)
{
	bool uids = session_has_uids(s), ok = true;
	if (!s->asked && session_can_pipeline(s))
		session_put_survey(s);
	bool ahead = s->asked;
	s->asked = 0;
	if (uids && !ahead)
		pop3_put_uidl(&s->pop3, 0);
	if (uids)
		ok = read_uids(s, d, err);
	if (ok && !ahead)
		pop3_put_list(&s->pop3, 0);
	ok = ok && read_sizes(s, d, err);
	maildrop_settle(d);
	*nameless = key_by_uid(d);
	return ok;
}

/* ---- digests ---- */

/* Fields that servers change as the message ages. */
static bool is_fickle(struct str line)
{
	static const char *const names[] = {
	    "Status:", "X-Status:", "X-UID:", "X-Keywords:", NULL};
	for (int i = 0; names[i]; i++)
		if (str_starts_nocase(line, names[i]))
			return true;
	return false;
}

static bool digest_head(const struct digest_module *crypto, struct session *s,
    struct letter *letter, struct err *err)
{
	struct dot_reader reader;
	struct str piece = STR_NONE, rest, line;
	struct digest_value value;
	struct buf text = BUF_INIT(LIMIT_MAIL_HEAD + LIMIT_REPLY), head = text,
		   key = BUF_INIT(1 * KIB);
	dot_read_start(&reader, s->pop3.stream, DOT_LF);
	bool ok;
	/* What is past the ceiling tells no more. */
	while ((ok = dot_next(&reader, &piece)) && piece.len)
		buf_add_str(&text, piece);
	if (!ok)
		err_pass(err, stream_err(s->pop3.stream));
	rest = buf_str(&text);
	while (ok && str_cut(&rest, '\n', &line) && line.len)
		if (!is_fickle(line) && buf_add_str(&head, line))
			buf_add_byte(&head, '\n');
	ok = ok && crypto->hash(DIGEST_SHA256, buf_str(&head), &value, err);
	if (ok) {
		buf_add_text(&key, "sha256:");
		hex_encode(&key, digest_str(&value));
		letter->key = buf_steal(&key);
	}
	dot_read_free(&reader);
	buf_free(&text);
	buf_free(&head);
	buf_free(&key);
	return ok;
}

static int by_key(const void *a, const void *b)
{
	const struct letter *const *x = a, *const *y = b;
	int order = strcmp((*x)->key, (*y)->key);
	return order ? order : (*x)->number < (*y)->number ? -1 : 1;
}

/* "sha256:...", "sha256:...,2", "sha256:...,3" */
static void number_twins(struct letter **letters, size_t count)
{
	size_t first = 0;
	if (count)
		qsort(letters, count, sizeof *letters, by_key);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(letters[first]->key, letters[i]->key) != 0) {
			first = i;
			continue;
		}
		char *key = mem_printf("%s,%zu", letters[i]->key, i - first + 1);
		free(letters[i]->key);
		letters[i]->key = key;
	}
}

static bool read_heads(
    struct session *s, struct letter **letters, size_t count, struct err *err)
{
	struct pipe pipe;
	struct pipe_entry entry;
	const struct digest_module *crypto = module_table("crypto", err);
	size_t sent = 0;
	bool ok = crypto != NULL;
	pipe_start(&pipe, s);
	while (ok && (sent < count || !pipe_is_empty(&pipe))) {
		while (sent < count && pipe_has_room(&pipe))
			pipe_put(&pipe, PIPE_TOP, letters[sent++], 0);
		ok = pipe_take(&pipe, &entry, err);
		if (ok && !s->pop3.good)
			return pop3_fail(&s->pop3, ERR_REFUSED,
			    "no usable unique ids and no TOP: messages can't be known again; "
			    "--all fetches them all",
			    err);
		ok = ok && digest_head(crypto, s, entry.letter, err);
	}
	return ok;
}

bool identity_by_heads(struct session *s, struct maildrop *d, struct err *err)
{
	struct letter **letters = mem_array(d->count + 1, sizeof *letters);
	size_t count = 0;
	for (size_t i = 0; i < d->count; i++)
		if (!d->items[i].key)
			letters[count++] = &d->items[i];
	bool ok = read_heads(s, letters, count, err);
	if (ok)
		number_twins(letters, count);
	free(letters);
	return ok;
}
