/*
 * Keys and results.
 */
#include "cmd/imapls/search.h"

#include "common/base/limits.h"
#include "common/text/number.h"
#include "common/text/utf8.h"

static const char months[12][4] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static bool is_ascii(struct str s)
{
	for (size_t k = 0; k < s.len; k++)
		if ((unsigned char)s.ptr[k] >= 0x80)
			return false;
	return true;
}

/* ---- keys ---- */

/* As a quoted string, or a literal if it must be. */
static void put_string(struct session *s, struct buf *out, struct str text, bool *utf8)
{
	if (s->imap.utf8 ? imap_add_quoted_any(out, text) : imap_add_quoted(out, text))
		return;
	bool plus =
	    s->imap.capabilities & (IMAP_LITERAL_PLUS | IMAP_LITERAL_MINUS) && text.len <= 4096;
	buf_addf(out, "{%zu%s}\n", text.len, plus ? "+" : "");
	buf_add_str(out, text);
	*utf8 = true;
}

/* The length of the quoted string at the front, its quotes included; 0 if it does not end. */
static size_t quoted_length(struct str s)
{
	for (size_t k = 1; k < s.len; k++) {
		if (s.ptr[k] == '\\')
			k++;
		else if (s.ptr[k] == '"')
			return k + 1;
	}
	return 0;
}

/* As they were typed, but strings that are not ASCII become literals. */
static bool put_verbatim(
    struct session *s, struct buf *out, struct str keys, bool *utf8, struct err *err)
{
	while (keys.len) {
		size_t len = 1;
		if (keys.ptr[0] == '"')
			len = quoted_length(keys);
		else
			while (len < keys.len && !str_has_byte(STR(" ()\""), keys.ptr[len]) &&
			       !str_has_byte(STR(" ()"), keys.ptr[0]))
				len++;
		if (len == 0)
			return err_set(
			    err, ERR_USAGE, "the search has a quote without its end");
		struct str word = str_sub(keys, 0, len);
		keys = str_sub(keys, len, keys.len);
		if (is_ascii(word)) {
			buf_add_str(out, word);
			continue;
		}
		struct buf plain = BUF_INIT(LIMIT_URL);
		if (word.ptr[0] == '"')
			wire_unquote(&plain, str_sub(word, 1, word.len - 2));
		else
			buf_add_str(&plain, word);
		put_string(s, out, buf_str(&plain), utf8);
		buf_free(&plain);
	}
	return true;
}

/* 2026-11-01 as 1-Nov-2026, which may be typed so too. */
static bool put_date(struct buf *out, struct str date, struct err *err)
{
	uint64_t year, month, day;
	bool iso = date.len == 10 && date.ptr[4] == '-' && date.ptr[7] == '-' &&
		   number_parse(str_sub(date, 0, 4), &year) &&
		   number_parse(str_sub(date, 5, 2), &month) && month >= 1 && month <= 12 &&
		   number_parse(str_sub(date, 8, 2), &day) && day >= 1 && day <= 31;
	if (iso)
		return buf_addf(out, "%llu-%s-%04llu", (unsigned long long)day,
		    months[month - 1], (unsigned long long)year);
	size_t dash = str_find(date, '-');
	bool named = date.len == dash + 9 && number_parse(str_sub(date, 0, dash), &day) &&
		     day >= 1 && day <= 31 && number_parse(str_sub(date, dash + 5, 4), &year);
	for (size_t k = 0; named && k < 12; k++)
		if (str_is_nocase(str_sub(date, dash + 1, 3), months[k]))
			return buf_add_str(out, date);
	return err_set(err, ERR_USAGE, "--since wants a date as 2026-11-01 or 1-Nov-2026");
}

static void put_gap(struct buf *out, size_t start)
{
	if (out->len > start)
		buf_add_byte(out, ' ');
}

bool search_put_keys(struct session *s, struct buf *out, bool *utf8, struct err *err)
{
	const struct imapls_options *o = s->o;
	size_t start = out->len;
	const char *verbatim[] = {o->search, s->target.search};
	struct {
		const char *key, *text;
	} strings[] = {{"FROM", o->from}, {"SUBJECT", o->subject}};
	*utf8 = false;
	if (s->target.uid)
		buf_addf(out, "UID %u", s->target.uid);
	for (size_t k = 0; k < 2; k++) {
		struct str keys = str_trim(str_of(verbatim[k]));
		if (!str_is_one_line(keys) || !utf8_is_valid(keys))
			return err_set(err, ERR_USAGE, "a search is one line of UTF-8");
		if (keys.len)
			put_gap(out, start);
		if (!put_verbatim(s, out, keys, utf8, err))
			return false;
	}
	for (size_t k = 0; k < 2; k++) {
		struct str text = str_of(strings[k].text);
		if (!strings[k].text)
			continue;
		if (!str_is_one_line(text) || !utf8_is_valid(text))
			return err_set(err, ERR_USAGE, "a search is one line of UTF-8");
		put_gap(out, start);
		buf_addf(out, "%s ", strings[k].key);
		put_string(s, out, text, utf8);
	}
	if (o->unseen)
		put_gap(out, start), buf_add_text(out, "UNSEEN");
	if (o->since) {
		put_gap(out, start);
		buf_add_text(out, "SINCE ");
		return put_date(out, str_of(o->since), err);
	}
	return true;
}

/* ---- results ---- */

static bool read_numbers(struct wire *w, struct set *found)
{
	for (;;) {
		struct token t = wire_token(w);
		uint64_t n;
		if (t.kind == TOKEN_END)
			return true;
		/* CONDSTORE's "(MODSEQ 12)" may come last. */
		if (t.kind == TOKEN_OPEN) {
			if (!wire_close(w))
				return false;
			continue;
		}
		if (t.kind != TOKEN_ATOM || !number_parse_max(t.text, UINT32_MAX, &n) ||
		    !set_add(found, (uint32_t)n, (uint32_t)n))
			return wire_fail(w, "SEARCH lists what is no number");
	}
}

/* (TAG "A003") UID ALL 1:3,7 */
static bool read_extended(struct wire *w, struct set *found)
{
	for (;;) {
		struct token t = wire_token(w);
		if (t.kind == TOKEN_END)
			return true;
		if (t.kind == TOKEN_FAILED)
			return false;
		if (t.kind == TOKEN_OPEN && !wire_close(w))
			return false;
		if (t.kind == TOKEN_OPEN || token_is(&t, "UID"))
			continue;
		bool all = token_is(&t, "ALL");
		t = wire_token(w);
		if (all && (t.kind != TOKEN_ATOM || !set_parse(found, t.text)))
			return wire_fail(w, "ESEARCH gives what is no set");
		if (!all && !wire_skip_value(w, &t))
			return false;
	}
}

static bool is_all_ascii(const struct session *s)
{
	const char *texts[] = {s->o->search, s->target.search, s->o->from, s->o->subject};
	for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
		if (!is_ascii(str_of(texts[k])))
			return false;
	return true;
}

bool search_run(struct session *s, unsigned select, struct set *found, struct err *err)
{
	struct imap *i = &s->imap;
	struct buf line = BUF_INIT(LIMIT_LINE), keys = BUF_INIT(LIMIT_LINE);
	bool utf8 = false, ok = true;
	unsigned tag = 0;
	/* A literal may have to be waited for; then what came before must be answered. */
	if (select && !is_all_ascii(s)) {
		ok = session_take_select(s, select, err);
		select = 0;
	}
	ok = ok && search_put_keys(s, &keys, &utf8, err);
	bool extended = i->capabilities & IMAP_ESEARCH;
	buf_addf(&line, "UID SEARCH %s%s%s", extended ? "RETURN (ALL) " : "",
	    utf8 ? "CHARSET UTF-8 " : "", keys.len ? buf_cstr(&keys) : "ALL");
	ok = ok && imap_put_lines(i, buf_str(&line), &tag, err) &&
	     (!select || session_take_select(s, select, err));
	while (ok && imap_next(i, tag, err)) {
		if (imap_is(i, "SEARCH"))
			ok = read_numbers(&i->wire, found);
		else if (imap_is(i, "ESEARCH"))
			ok = read_extended(&i->wire, found);
	}
	err_pass(err, stream_err(i->stream));
	set_normalise(found);
	buf_free(&line);
	buf_free(&keys);
	return ok && !err_is_set(err) &&
	       imap_good(i, ERR_REFUSED, "the server refused the search", err);
}
