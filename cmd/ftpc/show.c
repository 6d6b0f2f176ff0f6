/*
 * Results made visible. Everything here is text that goes out.
 */
#include "cmd/ftpc/show.h"

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/cli/say.h"
#include "common/cli/timing.h"
#include "common/text/date.h"
#include "common/text/json.h"
#include "common/text/number.h"

static const char *const type_names[] = {"file", "dir", "link", "other"};

static void put_mode(struct buf *out, const struct entry *e)
{
	static const char letters[] = "rwxrwxrwx";
	buf_add_byte(out, "-dl?"[e->type]);
	for (int i = 0; i < 9; i++) {
		bool set = e->mode >= 0 && (e->mode >> (8 - i) & 1);
		buf_add_byte(out, e->mode < 0 ? '?' : set ? letters[i] : '-');
	}
}

static void put_time(struct buf *out, const struct entry *e)
{
	struct date_civil c = date_to_civil(e->time);
	if (!e->time_known)
		buf_add_text(out, "               -");
	else if (e->precision >= 86400)
		buf_addf(out, "%04d-%02d-%02d      ", (int)c.year, c.month, c.day);
	else
		buf_addf(out, "%04d-%02d-%02d %02d:%02d", (int)c.year, c.month, c.day, c.hour,
		    c.minute);
}

static void put_long(struct buf *out, const struct entry *e)
{
	put_mode(out, e);
	if (e->size_known)
		buf_addf(out, " %12llu ", (unsigned long long)e->size);
	else
		buf_add_text(out, "            - ");
	put_time(out, e);
	buf_addf(out, " %s", e->name);
	if (e->target)
		buf_addf(out, " -> %s", e->target);
}

static void put_json(struct buf *out, const struct entry *e)
{
	struct buf time = BUF_INIT(64), mode = BUF_INIT(16);
	json_open(out);
	json_key_text(out, "name", e->name);
	json_key_text(out, "type", type_names[e->type]);
	if (e->size_known)
		json_key_int(out, "size", (int64_t)e->size);
	else
		json_key_null(out, "size");
	date_put_iso(&time, e->time);
	json_key_text(out, "modified", e->time_known ? buf_cstr(&time) : NULL);
	buf_addf(&mode, "%04o", (unsigned)e->mode);
	json_key_text(out, "mode", e->mode >= 0 ? buf_cstr(&mode) : NULL);
	json_key_text(out, "target", e->target);
	json_close(out);
	buf_free(&time);
	buf_free(&mode);
}

void show_entry(struct buf *out, const struct entry *e, enum show_style style)
{
	if (style == SHOW_JSON)
		put_json(out, e);
	else if (style == SHOW_NAMES)
		buf_add_text(out, e->name);
	else
		put_long(out, e);
	buf_add_byte(out, '\n');
}

bool show_listing(const struct listing *l, enum show_style style, struct err *err)
{
	struct buf out = BUF_INIT(LIMIT_DATA);
	bool ok = true;
	for (size_t i = 0; ok && i < l->count; i++) {
		show_entry(&out, &l->entries[i], style);
		if (out.len > 64 * KIB || i + 1 == l->count) {
			ok = say_text(STDOUT_FILENO, out.ptr, out.len, err);
			buf_clear(&out);
		}
	}
	buf_free(&out);
	return ok;
}

bool show_transfer(const char *what, const char *name, uint64_t bytes, struct err *err)
{
	struct buf out = BUF_INIT(LIMIT_FILE);
	json_open(&out);
	json_key_text(&out, "done", what);
	json_key_text(&out, "name", name);
	json_key_int(&out, "bytes", (int64_t)bytes);
	json_close(&out);
	buf_add_byte(&out, '\n');
	bool ok = say_bytes(STDOUT_FILENO, "standard output", buf_str(&out), err);
	buf_free(&out);
	return ok;
}

void show_timing(const struct run *run, const struct stream *open)
{
	struct tally now = TALLY_NONE;
	tally_sum(&now, &run->control);
	if (open)
		tally_add(&now, open);
	timing_show(NULL, &now, &run->data);
}

void show_run(const struct run *run)
{
	char bytes[NUMBER_SHOWN];
	if (!run->o->common.timing)
		return;
	show_timing(run, NULL);
	say_note("timing", false, "%d file%s, %s, %d session%s", run->files,
	    run->files == 1 ? "" : "s", number_show_bytes(run->bytes, bytes), run->sessions,
	    run->sessions == 1 ? "" : "s");
}
