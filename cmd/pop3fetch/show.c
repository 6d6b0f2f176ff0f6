/*
 * Text and JSON of results.
 */
#include "cmd/pop3fetch/show.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "cmd/pop3fetch/plan.h"
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
#include "common/text/word2047.h"

/* Columns of --headers; the subject takes the rest. */
enum { FROM_COLUMNS = 24, DATE_COLUMNS = 16, SIZE_COLUMNS = 9 };

static bool print(struct buf *out, struct err *err)
{
	bool ok = say_text(STDOUT_FILENO, buf_cstr(out), out->len, err);
	buf_free(out);
	return ok;
}

static void put_who(struct buf *out, const struct account *a)
{
	json_key_text(out, "account", a->session.target.shown);
}

static void end_json(struct buf *out)
{
	json_close(out);
	buf_add_byte(out, '\n');
}

/* ---- --stat, --list ---- */

bool show_stat(const struct account *a, uint64_t count, uint64_t size, struct err *err)
{
	struct buf out = BUF_INIT(LIMIT_URL);
	if (a->o->common.jsonl) {
		json_open(&out);
		put_who(&out, a);
		json_key_int(&out, "messages", (int64_t)count);
		json_key_int(&out, "size", (int64_t)size);
		end_json(&out);
	} else {
		buf_addf(
		    &out, "%llu %llu\n", (unsigned long long)count, (unsigned long long)size);
	}
	return print(&out, err);
}

static void put_list_line(struct buf *out, const struct account *a, const struct letter *letter)
{
	if (a->o->common.jsonl) {
		json_open(out);
		put_who(out, a);
		json_key_int(out, "number", letter->number);
		json_key_int(out, "size", (int64_t)letter->size);
		json_key_text(out, "uid", letter->uid);
		end_json(out);
		return;
	}
	buf_addf(out, "%u %llu ", letter->number, (unsigned long long)letter->size);
	visible_put_text(out, str_of(letter->uid ? letter->uid : "-"), "");
	buf_add_byte(out, '\n');
}

bool show_list(const struct account *a, struct err *err)
{
	/* One line may be as long as an answer may be, with each byte as \xHH. */
	struct buf out = BUF_INIT(8 * LIMIT_REPLY);
	bool ok = true;
	for (size_t i = 0; ok && i < a->drop.count; i++) {
		if (!plan_chooses(a->o, &a->only, &a->drop.items[i]))
			continue;
		put_list_line(&out, a, &a->drop.items[i]);
		if (out.len > LIMIT_REPLY) {
			ok = say_text(STDOUT_FILENO, out.ptr, out.len, err);
			buf_clear(&out);
		}
	}
	return print(&out, err) && ok;
}

/* ---- --headers ---- */

static size_t terminal_columns(void)
{
	struct winsize size = {0};
	bool known = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
	return known && size.ws_col ? size.ws_col : SIZE_MAX;
}

/* Cut to so many cells, and filled up to them (pad). */
static void put_column(struct buf *out, struct str text, size_t cells, bool pad)
{
	struct buf shown = BUF_INIT(8 * LIMIT_MAIL_HEAD);
	visible_put_text(&shown, text, "");
	cells_put(out, buf_str(&shown), cells, pad);
	buf_free(&shown);
}

static void put_date(struct buf *out, struct str value, bool as_json)
{
	int64_t time;
	int zone = 0;
	if (!date_parse_mail(value, &time, &zone)) {
		if (!as_json)
			put_column(out, STR("-"), DATE_COLUMNS, true);
		return;
	}
	if (as_json) {
		date_put_iso(out, time);
		return;
	}
	struct date_civil c = date_to_civil(time + zone * 60);
	buf_addf(out, "%04lld-%02d-%02d %02d:%02d", (long long)c.year, c.month, c.day, c.hour,
	    c.minute);
}

/* The name, or the address where there is none. */
static void put_sender(struct buf *out, const struct message_head *head)
{
	struct mailboxes list = {0};
	struct err ignored = {0};
	mailboxes_parse(&list, message_head_value(head, "From"), &ignored);
	if (list.count && list.items[0].name && list.items[0].name[0])
		word2047_decode(out, str_of(list.items[0].name));
	else if (list.count)
		buf_add_text(out, list.items[0].address);
	else
		message_head_text(head, "From", out);
	mailboxes_free(&list);
}

static void put_head_text(struct buf *out, const struct account *a, const struct letter *letter,
    const struct message_head *head)
{
	char size[NUMBER_SHOWN];
	struct buf from = BUF_INIT(LIMIT_MAIL_HEAD), subject = BUF_INIT(LIMIT_MAIL_HEAD);
	size_t start = out->len, columns = terminal_columns();
	int digits = 1;
	for (size_t n = a->drop.count; n >= 10; n /= 10)
		digits++;
	put_sender(&from, head);
	message_head_text(head, "Subject", &subject);
	buf_addf(out, "%*u %*s  ", digits, letter->number, SIZE_COLUMNS,
	    number_show_bytes(letter->size, size));
	put_date(out, message_head_value(head, "Date"), false);
	buf_add_text(out, "  ");
	size_t before = out->len - start + FROM_COLUMNS + 2;
	put_column(out, buf_str(&from), FROM_COLUMNS, true);
	buf_add_text(out, "  ");
	put_column(
	    out, buf_str(&subject), columns > before + 1 ? columns - before - 1 : 1, false);
	buf_add_byte(out, '\n');
	buf_free(&from);
	buf_free(&subject);
}

static void put_head_json(struct buf *out, const struct account *a, const struct letter *letter,
    const struct message_head *head)
{
	static const char *const names[] = {"from", "to", "subject", NULL};
	struct buf text = BUF_INIT(LIMIT_MAIL_HEAD);
	json_open(out);
	put_who(out, a);
	json_key_int(out, "number", letter->number);
	json_key_int(out, "size", (int64_t)letter->size);
	json_key_text(out, "uid", letter->uid);
	for (int i = 0; names[i]; i++) {
		buf_clear(&text);
		if (message_head_text(head, names[i], &text))
			json_key_str(out, names[i], buf_str(&text));
		else
			json_key_null(out, names[i]);
	}
	buf_clear(&text);
	put_date(&text, message_head_value(head, "Date"), true);
	json_key_text(out, "date", text.len ? buf_cstr(&text) : NULL);
	end_json(out);
	buf_free(&text);
}

bool show_head(
    const struct account *a, const struct letter *letter, struct str bytes, struct err *err)
{
	struct message_finder finder = {0};
	struct message_head head = {0};
	struct buf out = BUF_INIT(16 * LIMIT_MAIL_HEAD);
	message_find_end(&finder, bytes, true);
	message_head_parse(
	    &head, str_sub(bytes, finder.fields_at, finder.fields_end - finder.fields_at));
	if (a->o->common.jsonl)
		put_head_json(&out, a, letter, &head);
	else
		put_head_text(&out, a, letter, &head);
	message_head_free(&head);
	return print(&out, err);
}

/* ---- what came of it ---- */

static void put_plan_line(struct buf *out, const struct letter *letter)
{
	if (!letter->fetch && !letter->dele)
		return;
	buf_addf(out, "%s %u %llu ",
	    letter->fetch && letter->dele ? "fetch+delete"
	    : letter->fetch               ? "fetch"
					  : "delete",
	    letter->number, (unsigned long long)letter->size);
	visible_put_text(out, str_of(letter->uid ? letter->uid : "-"), "");
	buf_add_byte(out, '\n');
}

static void put_result_json(
    struct buf *out, const struct account *a, const struct letter *letter)
{
	static const char *const fates[] = {"left", "failed", "fetched", "failed"};
	if (!letter->fetch && !letter->dele)
		return;
	json_open(out);
	put_who(out, a);
	json_key_int(out, "number", letter->number);
	json_key_int(out, "size", (int64_t)letter->size);
	json_key_text(out, "uid", letter->uid);
	if (a->o->dry_run) {
		json_key_bool(out, "fetch", letter->fetch);
		json_key_bool(out, "delete", letter->dele);
	} else {
		json_key_text(out, "result", fates[letter->fate]);
		json_key_bool(out, "deleted", letter->deleted);
		json_key_text(out, "error", letter->error);
	}
	end_json(out);
}

static void show_letters(const struct account *a, struct err *err)
{
	struct buf out = BUF_INIT(16 * LIMIT_REPLY);
	for (size_t i = 0; i < a->drop.count; i++) {
		if (a->o->common.jsonl)
			put_result_json(&out, a, &a->drop.items[i]);
		else
			put_plan_line(&out, &a->drop.items[i]);
		if (out.len > LIMIT_REPLY) {
			say_text(STDOUT_FILENO, out.ptr, out.len, err);
			buf_clear(&out);
		}
	}
	print(&out, err);
}

static void show_status(const struct account *a)
{
	size_t fetched = 0, deleted = 0, failed = 0;
	for (size_t i = 0; i < a->drop.count; i++) {
		fetched += a->drop.items[i].fate == LETTER_DELIVERED;
		failed += a->drop.items[i].fate == LETTER_FAILED;
		deleted += a->drop.items[i].deleted;
	}
	say_note("pop3fetch", a->o->common.quiet,
	    "%s: status %d: %zu of %zu messages fetched, %zu deleted%s",
	    a->session.target.shown ? a->session.target.shown : "account",
	    err_exit_status(&a->err), fetched, a->drop.count, deleted,
	    failed ? ", some failed" : "");
}

void show_timing(const struct session *s)
{
	struct tally now = TALLY_NONE;
	tally_sum(&now, &s->tally);
	if (s->pop3.stream)
		tally_add(&now, s->pop3.stream);
	timing_show(s->target.host, &now, NULL);
}

void show_account(const struct account *a, struct err *err)
{
	bool many = a->o->targets.count > 1;
	bool looked = options_look_only(a->o);
	if (err_is_set(&a->err))
		say_error("pop3fetch", many ? a->session.target.shown : NULL, &a->err);
	if (a->is_survey && !looked && (a->o->common.jsonl || a->o->dry_run))
		show_letters(a, err);
	if (many && !looked)
		show_status(a);
	if (a->o->common.timing)
		show_timing(&a->session);
}
