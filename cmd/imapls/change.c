/*
 * STORE, COPY, MOVE, EXPUNGE (RFC 9051 6.4, RFC 4315, RFC 6851).
 */
#include "cmd/imapls/change.h"

#include "cmd/imapls/search.h"
#include "common/base/limits.h"

/* Ranges in one command. */
#define RANGES_MOST 350

/* ---- flags ---- */

static bool is_flag(struct str s)
{
	if (str_starts(s, "\\"))
		s = str_sub(s, 1, s.len);
	if (str_starts(s, "+") || str_starts(s, "-"))
		return false; /* IMAP would take it, and nobody meant it */
	for (size_t k = 0; k < s.len; k++)
		if (s.ptr[k] <= ' ' || s.ptr[k] > '~' ||
		    str_has_byte(STR("(){%*\"\\]"), s.ptr[k]))
			return false;
	return s.len > 0;
}

static void put_flag(struct buf *out, struct str flag)
{
	static const char *const system[] = {"Seen", "Answered", "Flagged", "Deleted", "Draft"};
	for (size_t k = 0; k < sizeof system / sizeof *system; k++)
		if (str_is_nocase(flag, system[k])) {
			buf_addf(out, "\\%s", system[k]);
			return;
		}
	buf_add_str(out, flag);
}

/* A sign at the beginning of a flag is taken off. */
static char take_sign(struct str *flag, char before)
{
	if (!str_starts(*flag, "+") && !str_starts(*flag, "-"))
		return before;
	char sign = flag->ptr[0];
	*flag = str_sub(*flag, 1, flag->len);
	return sign;
}

bool change_put_flags(struct buf *out, struct str mark, char wanted, struct err *err)
{
	const char *before = " (";
	char sign = '+';
	struct str flag;
	if (mark.len == 0)
		return err_set(err, ERR_USAGE, "--mark names no flag");
	while (str_cut(&mark, ',', &flag)) {
		sign = take_sign(&flag, sign);
		if (!is_flag(flag))
			return err_set(err, ERR_USAGE,
			    "--mark wants flags as +\\Seen, -flagged or +\\Seen,$Work");
		if (sign != wanted)
			continue;
		buf_add_text(out, before);
		put_flag(out, flag);
		before = " ";
	}
	if (before[1] == '\0')
		buf_add_byte(out, ')');
	return true;
}

/* ---- commands ---- */

/* "VERB set rest", in as many commands as the set needs, all sent before the first answer. */
static bool run(struct session *s, const char *verb, const struct set *set, const char *rest,
    struct err *err)
{
	size_t next = 0;
	bool ok = true;
	unsigned first = s->imap.last_tag + 1, last = 0;
	while (next < set->count) {
		struct buf text = BUF_INIT(LIMIT_URL);
		set_put(set, &text, &next, RANGES_MOST);
		last = imap_put(&s->imap, "%s %s%s", verb, buf_cstr(&text), rest);
		buf_free(&text);
	}
	for (unsigned tag = first; ok && tag <= last; tag++)
		ok = imap_finish(&s->imap, tag, err) &&
		     imap_good(&s->imap, ERR_REFUSED, "the server refused the change", err);
	return ok;
}

bool change_mark(struct session *s, const struct set *set, const char *mark, struct err *err)
{
	static const char signs[] = {'+', '-'};
	bool ok = true;
	for (size_t k = 0; ok && k < sizeof signs; k++) {
		struct buf flags = BUF_INIT(LIMIT_URL), rest = BUF_INIT(2 * LIMIT_URL);
		ok = change_put_flags(&flags, str_of(mark), signs[k], err);
		buf_addf(&rest, " %cFLAGS.SILENT%s", signs[k], buf_cstr(&flags));
		if (ok && flags.len)
			ok = run(s, "UID STORE", set, buf_cstr(&rest), err);
		buf_free(&flags);
		buf_free(&rest);
	}
	return ok;
}

static bool run_to(
    struct session *s, const char *verb, const struct set *set, const char *to, struct err *err)
{
	struct buf rest = BUF_INIT(2 * LIMIT_URL);
	buf_add_byte(&rest, ' ');
	bool ok = imap_add_mailbox(&s->imap, &rest, str_of(to), err) &&
		  run(s, verb, set, buf_cstr(&rest), err);
	buf_free(&rest);
	return ok;
}

bool change_copy(struct session *s, const struct set *set, const char *to, struct err *err)
{
	return run_to(s, "UID COPY", set, to, err);
}

bool change_expunge(struct session *s, const struct set *set, struct err *err)
{
	if (!set)
		return imap_expect(
		    &s->imap, imap_put(&s->imap, "EXPUNGE"), "EXPUNGE was refused", err);
	if (!(s->imap.capabilities & IMAP_UIDPLUS))
		return err_set(
		    err, ERR_REFUSED, "the server can't expunge some messages only (UIDPLUS)");
	return run(s, "UID EXPUNGE", set, "", err);
}

bool change_move(struct session *s, const struct set *set, const char *to, struct err *err)
{
	if (s->imap.capabilities & IMAP_MOVE)
		return run_to(s, "UID MOVE", set, to, err);
	if (!(s->imap.capabilities & IMAP_UIDPLUS))
		return err_set(err, ERR_REFUSED,
		    "the server has neither MOVE nor UIDPLUS: --copy-to, --mark +\\Deleted and "
		    "--expunge are the steps");
	return change_copy(s, set, to, err) && change_mark(s, set, "+\\Deleted", err) &&
	       change_expunge(s, set, err);
}

/* ---- the whole ---- */

static bool change_set(struct session *s, const struct set *set, struct err *err)
{
	const struct imapls_options *o = s->o;
	for (size_t k = 0; k < o->marks.count; k++)
		if (!change_mark(s, set, o->marks.items[k].text, err))
			return false;
	if (o->copy_to && !change_copy(s, set, o->copy_to, err))
		return false;
	if (o->move_to && !change_move(s, set, o->move_to, err))
		return false;
	return !o->expunge || o->move_to || change_expunge(s, set, err);
}

static bool chooses(const struct session *s)
{
	return s->target.uid || s->target.search || options_search(s->o);
}

bool change_letters(struct session *s, struct err *err)
{
	struct set found = {0};
	bool ok = session_know(s, err);
	unsigned select = ok ? session_put_select(s, s->target.mailbox, true, err) : 0;
	if (select && !chooses(s)) {
		ok = session_take_select(s, select, err) && change_expunge(s, NULL, err);
	} else if (select) {
		ok = search_run(s, select, &found, err) &&
		     (found.count || !s->target.uid ||
			 err_set(err, ERR_ABSENT, "there is no message with the unique id %u",
			     s->target.uid)) &&
		     change_set(s, &found, err);
	}
	set_free(&found);
	return ok && select;
}
