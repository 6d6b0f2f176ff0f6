/*
 * LIST as servers write it. A line is tried as each form in turn:
 *
 *	-rw-r--r--   1 ftp  ftp   1234 Nov 22 03:45 name       ls -l, with or without
 *	lrwxrwxrwx   1 ftp  ftp      4 Jan  1  2025 a -> b     links, owner, group
 *	d [R----F--] supervisor      512 Jan 16 18:53 login    NetWare
 *	11-22-26  03:45AM       <DIR>          name            MS-DOS, IIS
 *	+i8388621.48594,m825718503,r,s280,\tname               EPLF
 */
#include "cmd/ftpc/listing_forms.h"

#include <string.h>

#include "common/text/date.h"
#include "common/text/number.h"

enum { WORDS_MOST = 12 };
#define DAY ((int64_t)86400)

/* The first words of a line, and where each begins. */
struct words {
	struct str line;
	struct str word[WORDS_MOST];
	size_t end[WORDS_MOST]; /* index after the word */
	int count;
};

static void split(struct words *w, struct str line)
{
	size_t at = 0;
	*w = (struct words){.line = line};
	while (w->count < WORDS_MOST) {
		while (at < line.len && line.ptr[at] == ' ')
			at++;
		if (at == line.len)
			return;
		size_t len = str_find(str_sub(line, at, line.len), ' ');
		w->word[w->count] = str_sub(line, at, len);
		at += len;
		w->end[w->count++] = at;
	}
}

/* ---- dates ---- */

static int month_of(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	if (word.len != 3)
		return 0;
	for (int m = 0; m < 12; m++)
		if (str_eq_nocase(word, (struct str){names + 3 * m, 3}))
			return m + 1;
	return 0;
}

static bool small(struct str s, int most, int *out)
{
	uint64_t n;
	if (s.len > 4 || !number_parse_max(s, (uint64_t)most, &n))
		return false;
	*out = (int)n;
	return true;
}

/* "03:45", "03:45:06" */
static bool take_clock(struct str s, struct date_civil *c)
{
	struct str hour, minute;
	if (!str_cut(&s, ':', &hour) || !str_cut(&s, ':', &minute))
		return false;
	return small(hour, 23, &c->hour) && small(minute, 59, &c->minute) &&
	       (s.len == 0 || small(s, 60, &c->second));
}

static void set_time(struct entry *e, const struct date_civil *c, int64_t precision)
{
	e->time = date_from_civil(c);
	e->precision = precision;
	e->time_known = true;
}

/* "Nov 22 03:45", "Nov 22 2026", "22 Nov 2026", "2026-11-22 03:45": the index after it, or 0.
 */
static int take_date(const struct words *w, int at, int64_t now, struct entry *e)
{
	struct date_civil c = {0};
	if (at + 2 < w->count) {
		int m = at, d = at + 1;
		if (!month_of(w->word[m])) {
			m = at + 1;
			d = at;
		}
		c.month = month_of(w->word[m]);
		if (c.month && small(w->word[d], 31, &c.day) && c.day) {
			int year = 0;
			if (small(w->word[at + 2], 9999, &year) && year >= 1970) {
				c.year = year;
				set_time(e, &c, DAY);
				return at + 3;
			}
			if (!take_clock(w->word[at + 2], &c))
				return 0;
			/* Within the last half year or so; a day ahead is a time zone. */
			c.year = date_to_civil(now).year;
			if (date_from_civil(&c) > now + DAY)
				c.year--;
			set_time(e, &c, 60);
			return at + 3;
		}
	}
	int year;
	struct str date = at + 1 < w->count ? w->word[at] : STR_NONE;
	if (date.len == 10 && date.ptr[4] == '-' && date.ptr[7] == '-' &&
	    small(str_sub(date, 0, 4), 9999, &year) &&
	    small(str_sub(date, 5, 2), 12, &c.month) &&
	    small(str_sub(date, 8, 2), 31, &c.day) && take_clock(w->word[at + 1], &c)) {
		c.year = year;
		set_time(e, &c, 60);
		return at + 2;
	}
	return 0;
}

/* ---- ls -l ---- */

static int take_permissions(struct str s)
{
	static const char letters[] = "rwxrwxrwx";
	int mode = 0;
	if (s.len < 10)
		return -1;
	for (size_t i = 0; i < 9; i++) {
		char c = s.ptr[i + 1];
		bool special = i % 3 == 2 && strchr("sStT", c);
		if (c != '-' && c != letters[i] && !special)
			return -1;
		mode = mode * 2 + (c == letters[i] || c == 's' || c == 't');
		if (special)
			mode |= 0; /* setuid and the like are not ours to copy */
	}
	return mode;
}

static void take_name(struct entry *e, struct str name)
{
	static const struct str arrow = {" -> ", 4};
	size_t at = e->type == ENTRY_LINK ? str_find_str(name, arrow) : name.len;
	e->name = str_dup(str_sub(name, 0, at));
	if (at < name.len)
		e->target = str_dup(str_sub(name, at + 4, name.len));
}

static bool parse_unix(struct str line, int64_t now, struct entry *e)
{
	static const char types[] = "-dlbcpsD";
	struct words w;
	if (line.len < 12 || !strchr(types, line.ptr[0]))
		return false;
	split(&w, line);
	if (w.count < 5)
		return false;
	/* Permissions in ten letters, or NetWare's "d [RWCEAFMS]". */
	bool netware = w.word[0].len == 1 && w.word[1].len && w.word[1].ptr[0] == '[';
	e->mode = take_permissions(w.word[0]);
	if (e->mode < 0 && !netware)
		return false;
	e->type = line.ptr[0] == '-'   ? ENTRY_FILE
		  : line.ptr[0] == 'd' ? ENTRY_DIR
		  : line.ptr[0] == 'l' ? ENTRY_LINK
				       : ENTRY_OTHER;
	/* The date's place depends on how many of links, owner and group there are: the first
	 * number with a date behind it is the size. */
	for (int i = 1; i + 2 < w.count; i++) {
		uint64_t size;
		if (!number_parse(w.word[i], &size))
			continue;
		int end = take_date(&w, i + 1, now, e);
		if (!end || w.end[end - 1] >= line.len)
			continue;
		e->size = size;
		e->size_known = true;
		/* One blank, then the name, which may begin with blanks itself. */
		take_name(e, str_sub(line, w.end[end - 1] + 1, line.len));
		return true;
	}
	return false;
}

/* ---- MS-DOS ---- */

static bool dos_date(struct str s, struct date_civil *c)
{
	struct str month, day;
	int year;
	char sep = str_has_byte(s, '/') ? '/' : '-';
	if (!str_cut(&s, sep, &month) || !str_cut(&s, sep, &day))
		return false;
	if (!small(month, 12, &c->month) || !small(day, 31, &c->day) || !small(s, 9999, &year))
		return false;
	c->year = s.len > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
	return c->month && c->day;
}

static bool dos_clock(struct str s, struct date_civil *c)
{
	bool pm = str_ends_nocase(s, "pm"), am = str_ends_nocase(s, "am");
	if (!take_clock(str_sub(s, 0, s.len - (pm || am ? 2 : 0)), c))
		return false;
	if ((pm || am) && c->hour > 12)
		return false;
	c->hour = c->hour % (pm || am ? 12 : 24) + (pm ? 12 : 0);
	return true;
}

static bool parse_dos(struct str line, struct entry *e)
{
	struct words w;
	struct date_civil c = {0};
	if (!line.len || !char_is_digit(line.ptr[0]))
		return false;
	split(&w, line);
	if (w.count < 4 || !dos_date(w.word[0], &c) || !dos_clock(w.word[1], &c))
		return false;
	set_time(e, &c, 60);
	bool dir = str_is_nocase(w.word[2], "<dir>"),
	     link = str_is_nocase(w.word[2], "<symlink>");
	e->type = dir ? ENTRY_DIR : link ? ENTRY_LINK : ENTRY_FILE;
	e->size_known = number_parse(w.word[2], &e->size);
	if (!dir && !link && !e->size_known)
		return false;
	/* Windows pads to a column: after <DIR> ten blanks, after a size one. */
	struct str name = str_sub(line, w.end[2] + 1, line.len);
	while (name.len && name.ptr[0] == ' ')
		name = str_sub(name, 1, name.len);
	e->name = str_dup(name);
	return true;
}

/* ---- EPLF (cr.yp.to/ftp/list/eplf.html) ---- */

static bool parse_eplf(struct str line, struct entry *e)
{
	size_t tab = str_find(line, '\t');
	uint64_t time;
	if (!line.len || line.ptr[0] != '+' || tab == line.len)
		return false;
	struct str facts = str_sub(line, 1, tab - 1), fact;
	e->type = ENTRY_OTHER;
	while (str_cut(&facts, ',', &fact)) {
		struct str rest = str_sub(fact, 1, fact.len);
		char kind = fact.len ? fact.ptr[0] : 0;
		if (kind == 'r')
			e->type = ENTRY_FILE;
		else if (kind == '/')
			e->type = ENTRY_DIR;
		else if (kind == 's')
			e->size_known = number_parse(rest, &e->size);
		else if (kind == 'm' && number_parse_max(rest, INT64_MAX / 2, &time)) {
			e->time = (int64_t)time;
			e->time_known = true;
			e->precision = 1;
		}
	}
	e->name = str_dup(str_sub(line, tab + 1, line.len));
	return true;
}

bool listing_parse_list(struct str line, int64_t now, struct entry *e)
{
	return parse_unix(line, now, e) || parse_dos(line, e) || parse_eplf(line, e);
}
