/*
 * Text and JSON of lists.
 */
#include "cmd/imapls/show.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/cli/say.h"
#include "common/cli/timing.h"
#include "common/mail/message.h"
#include "common/text/cells.h"
#include "common/text/date.h"
#include "common/text/json.h"
#include "common/text/number.h"
#include "common/text/visible.h"

/* Written when so much is held. */
#define FLUSH_AT (32 * KIB)
/* Cells on a terminal; the subject takes the rest. */
enum { UID_CELLS = 6, FLAG_CELLS = 5, DATE_CELLS = 16, FROM_CELLS = 20, SIZE_CELLS = 9 };
enum { NAME_CELLS = 40, COUNT_CELLS = 8 };

void show_start(struct show *w, const struct imapls_options *o, struct err *err)
{
	struct winsize size = {0};
	*w = (struct show){.o = o, .out = BUF_INIT(16 * MIB), .err = err, .columns = 80};
	w->terminal = isatty(STDOUT_FILENO);
	if (w->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		w->columns = size.ws_col;
}

bool show_flush(struct show *w)
{
	bool ok = !err_is_set(w->err) &&
		  (w->out.len == 0 || say_text(STDOUT_FILENO, w->out.ptr, w->out.len, w->err));
	buf_clear(&w->out);
	return ok;
}

void show_end(struct show *w)
{
	show_flush(w);
	buf_free(&w->out);
}

static void line_done(struct show *w)
{
	if (w->out.len >= FLUSH_AT)
		show_flush(w);
}

void show_line(struct show *w, struct str line)
{
	buf_add_str(&w->out, line);
	line_done(w);
}

/* ---- columns ---- */

/* On a terminal so many cells; on a pipe as it is, but a line stays a line and a column a
 * column. */
static void put_text(const struct show *w, struct buf *out, struct str text, size_t cells)
{
	if (!w->terminal) {
		for (size_t k = 0; k < text.len; k++)
			buf_add_byte(out, memchr("\t\r\n", text.ptr[k], 4) ? ' ' : text.ptr[k]);
		return;
	}
	struct buf shown = BUF_INIT(MIB);
	visible_put_text(&shown, text, "");
	cells_put(out, buf_str(&shown), cells, true);
	buf_free(&shown);
}

static void put_gap(const struct show *w, struct buf *out)
{
	buf_add_text(out, w->terminal ? "  " : "\t");
}

static void put_number(const struct show *w, struct buf *out, uint64_t n, int cells)
{
	buf_addf(out, "%*llu", w->terminal ? cells : 1, (unsigned long long)n);
}

static void trim_line(struct buf *out)
{
	while (out->len && out->ptr[out->len - 1] == ' ')
		buf_truncate(out, out->len - 1);
	buf_add_byte(out, '\n');
}

/* ---- mailboxes ---- */

static void put_folder_json(struct buf *out, const struct folder *f)
{
	char delimiter[2] = {f->delimiter, '\0'};
	json_open(out);
	json_key_text(out, "mailbox", f->name);
	json_key_text(out, "delimiter", f->delimiter ? delimiter : NULL);
	if (f->counted) {
		json_key_int(out, "messages", (int64_t)f->messages);
		json_key_int(out, "unseen", (int64_t)f->unseen);
	} else {
		json_key_null(out, "messages");
		json_key_null(out, "unseen");
	}
	json_key_text(out, "role", f->role);
	json_key_bool(out, "selectable", f->selectable);
	json_close(out);
	buf_add_byte(out, '\n');
}

/* On a terminal the hierarchy is the indentation. */
static void put_name(const struct show *w, struct buf *out, const struct folder *f)
{
	struct str name = str_of(f->name);
	size_t depth = 0, from = 0;
	for (size_t k = 0; f->delimiter && k + 1 < name.len; k++)
		if (name.ptr[k] == f->delimiter) {
			depth++;
			from = k + 1;
		}
	bool tree = w->terminal && !w->o->long_form && !w->o->one_column;
	size_t indent = depth > 10 ? 20 : 2 * depth;
	for (size_t k = 0; tree && k < indent; k++)
		buf_add_byte(out, ' ');
	put_text(w, out, tree ? str_sub(name, from, name.len) : name,
	    NAME_CELLS - (tree ? indent : 0));
}

static void put_counts(const struct show *w, struct buf *out, const struct folder *f)
{
	put_gap(w, out);
	if (f->counted)
		put_number(w, out, f->messages, COUNT_CELLS);
	else
		buf_addf(out, "%*s", w->terminal ? COUNT_CELLS : 1, "-");
	put_gap(w, out);
	if (f->counted)
		put_number(w, out, f->unseen, COUNT_CELLS);
	else
		buf_addf(out, "%*s", w->terminal ? COUNT_CELLS : 1, "-");
	put_gap(w, out);
	buf_add_text(out, f->role ? f->role : f->selectable ? "" : "(holds no mail)");
}

void show_folder(struct show *w, const struct folder *f)
{
	if (w->o->common.jsonl) {
		put_folder_json(&w->out, f);
	} else {
		put_name(w, &w->out, f);
		if (!w->o->one_column)
			put_counts(w, &w->out, f);
		trim_line(&w->out);
	}
	line_done(w);
}

/* ---- messages ---- */

static void put_letter_json(
    const struct show *w, struct buf *out, const struct letter *l, const char *mailbox)
{
	struct buf date = BUF_INIT(64);
	struct str rest = buf_str(&l->flags), flag;
	json_open(out);
	json_key_text(out, "mailbox", mailbox);
	json_key_int(out, "uid", (int64_t)l->uid);
	json_key_array(out, "flags");
	while (str_cut(&rest, ' ', &flag))
		json_item_str(out, flag);
	json_close_array(out);
	if (l->has_time)
		date_put_iso(&date, l->time);
	json_key_text(out, "date", l->has_time ? buf_cstr(&date) : NULL);
	json_key_int(out, "size", (int64_t)l->size);
	json_key_open(out, "from");
	json_key_str(out, "name", buf_str(&l->from_name));
	json_key_str(out, "address", buf_str(&l->from));
	json_close(out);
	json_key_str(out, "to", buf_str(&l->to));
	json_key_str(out, "subject", buf_str(&l->subject));
	json_key_str(out, "message_id", buf_str(&l->message_id));
	if (w->o->thread)
		json_key_int(out, "depth", (int64_t)l->depth);
	json_close(out);
	buf_add_byte(out, '\n');
	buf_free(&date);
}

/* N new (not \Seen), R answered, F flagged, D draft, T to be deleted. */
static void put_flags(const struct show *w, struct buf *out, const struct letter *l)
{
	char text[] = "-----";
	if (w->o->long_form) {
		put_text(w, out, l->flags.len ? buf_str(&l->flags) : STR("-"), 2 * FROM_CELLS);
		return;
	}
	if (!letter_has_flag(l, "\\Seen"))
		text[0] = 'N';
	if (letter_has_flag(l, "\\Answered"))
		text[1] = 'R';
	if (letter_has_flag(l, "\\Flagged"))
		text[2] = 'F';
	if (letter_has_flag(l, "\\Draft"))
		text[3] = 'D';
	if (letter_has_flag(l, "\\Deleted"))
		text[4] = 'T';
	buf_add_text(out, text);
}

static void put_date(const struct show *w, struct buf *out, const struct letter *l)
{
	if (!l->has_time) {
		put_text(w, out, STR("-"), DATE_CELLS);
		return;
	}
	if (!w->terminal) {
		date_put_iso(out, l->time);
		return;
	}
	struct date_civil c = date_to_civil(l->time + message_local_zone(l->time) * 60);
	buf_addf(out, "%04lld-%02d-%02d %02d:%02d", (long long)c.year, c.month, c.day, c.hour,
	    c.minute);
	if (w->o->long_form)
		buf_addf(out, ":%02d", c.second);
}

static void put_size(const struct show *w, struct buf *out, uint64_t size)
{
	char text[NUMBER_SHOWN];
	if (!w->terminal || w->o->long_form)
		put_number(w, out, size, SIZE_CELLS);
	else
		buf_addf(out, "%*s", SIZE_CELLS, number_show_bytes(size, text));
}

/* What of the line is the subject's: the size stands behind it. */
static size_t subject_cells(const struct show *w)
{
	size_t taken = UID_CELLS + DATE_CELLS + FROM_CELLS + SIZE_CELLS + 5 * 2;
	taken += w->o->long_form ? 2 * FROM_CELLS + 3 : FLAG_CELLS;
	return w->columns > taken + 10 ? w->columns - taken : 10;
}

/* An answer stands two cells further to the right than what it answers. */
static void put_subject(const struct show *w, struct buf *out, const struct letter *l)
{
	size_t cells = subject_cells(w);
	size_t indent = 2 * (size_t)(l->depth > 10 ? 10 : l->depth);
	if (indent > cells / 2)
		indent = cells / 2;
	buf_addf(out, "%*s", (int)indent, "");
	put_text(w, out, buf_str(&l->subject), cells - indent);
}

void show_put_letter(
    const struct show *w, struct buf *out, const struct letter *l, const char *mailbox)
{
	if (w->o->common.jsonl) {
		put_letter_json(w, out, l, mailbox);
		return;
	}
	if (w->many && !w->terminal) {
		put_text(w, out, str_of(mailbox), 0);
		put_gap(w, out);
	}
	put_number(w, out, l->uid, w->o->one_column ? 1 : UID_CELLS);
	if (!w->o->one_column) {
		bool named = l->from_name.len && !w->o->long_form;
		put_gap(w, out);
		put_flags(w, out, l);
		put_gap(w, out);
		put_date(w, out, l);
		put_gap(w, out);
		put_text(w, out, buf_str(named ? &l->from_name : &l->from), FROM_CELLS);
		put_gap(w, out);
		put_subject(w, out, l);
		put_gap(w, out);
		put_size(w, out, l->size);
	}
	buf_add_byte(out, '\n');
}

void show_heading(struct show *w, const char *mailbox, bool first)
{
	if (!w->terminal || w->o->common.jsonl)
		return;
	if (!first)
		buf_add_byte(&w->out, '\n');
	visible_put_text(&w->out, str_of(mailbox), "");
	buf_add_text(&w->out, ":\n");
}

void show_letter(struct show *w, const struct letter *l, const char *mailbox)
{
	show_put_letter(w, &w->out, l, mailbox);
	line_done(w);
}

/* ---- --timing ---- */

void show_timing(const struct session *s)
{
	struct tally now = TALLY_NONE;
	tally_sum(&now, &s->tally);
	if (s->imap.stream)
		tally_add(&now, s->imap.stream);
	timing_show(s->target.host, &now, NULL);
}
