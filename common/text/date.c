/*
 * Dates on the wire. Asks no clock and no time zone database.
 */
#include "common/text/date.h"

#include "common/text/number.h"

static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* RFC 5322 4.3, minutes east. What is not here counts as +0000, as there; military letters
 * too, because they were used with either sign. */
static const struct {
	const char *name;
	int minutes;
} zones[] = {{"EDT", -240}, {"EST", -300}, {"CDT", -300}, {"CST", -360}, {"MDT", -360},
    {"MST", -420}, {"PDT", -420}, {"PST", -480}};

enum { DAY = 86400, DAYS_OF_400_YEARS = 146097 };

/* Days since 1970-01-01, by years that begin in March, so that leap days come last. */
static int64_t days_of(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
	return era * DAYS_OF_400_YEARS + days - 719468;
}

int64_t date_from_civil(const struct date_civil *c)
{
	int64_t days = days_of(c->year, c->month, c->day);
	return days * DAY + c->hour * 3600 + c->minute * 60 + c->second;
}

struct date_civil date_to_civil(int64_t time)
{
	int64_t days = time / DAY - (time % DAY < 0);
	int rest = (int)(time - days * DAY);
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - (DAYS_OF_400_YEARS - 1)) / DAYS_OF_400_YEARS;
	int64_t doe = z - era * DAYS_OF_400_YEARS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);
	return (struct date_civil){
	    .year = yoe + era * 400 + (month <= 2),
	    .month = month,
	    .day = (int)(doy - (153 * mp + 2) / 5 + 1),
	    .hour = rest / 3600,
	    .minute = rest / 60 % 60,
	    .second = rest % 60,
	    .weekday = (int)(((days + 4) % 7 + 7) % 7),
	};
}

static int days_in(int64_t year, int month)
{
	int64_t next = month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1);
	return (int)(next - days_of(year, month, 1));
}

static bool is_date(const struct date_civil *c)
{
	return c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= days_in(c->year, c->month) && c->hour <= 23 && c->minute <= 59 &&
	       c->second <= 60;
}

/* What is left of the text being read; takers take from its front or change nothing. */

static bool take_char(struct str *s, char c)
{
	if (s->len == 0 || s->ptr[0] != c)
		return false;
	*s = str_sub(*s, 1, s->len);
	return true;
}

/* least to most digits. */
static bool take_number(struct str *s, size_t least, size_t most, int *out)
{
	size_t len = 0;
	uint64_t value;
	while (len < s->len && len < most && char_is_digit(s->ptr[len]))
		len++;
	if (len < least || !number_parse(str_sub(*s, 0, len), &value))
		return false;
	*s = str_sub(*s, len, s->len);
	*out = (int)value;
	return true;
}

static bool take_month(struct str *s, int *month)
{
	for (int i = 0; i < 12; i++)
		if (str_starts_nocase(*s, months[i])) {
			*s = str_sub(*s, 3, s->len);
			*month = i + 1;
			return true;
		}
	return false;
}

static struct str take_word(struct str *s)
{
	size_t len = 0;
	while (len < s->len && char_is_alpha(s->ptr[len]))
		len++;
	struct str word = str_sub(*s, 0, len);
	*s = str_sub(*s, len, s->len);
	return word;
}

/* "Sun", or "Sunday" in RFC 850's form. */
static bool is_weekday(struct str word, bool whole)
{
	for (int i = 0; i < 7; i++)
		if (str_starts_nocase(word, weekdays[i]))
			return whole ? str_ends_nocase(word, "day") : word.len == 3;
	return false;
}

static bool take_time(struct str *s, struct date_civil *c)
{
	return take_number(s, 2, 2, &c->hour) && take_char(s, ':') &&
	       take_number(s, 2, 2, &c->minute) && take_char(s, ':') &&
	       take_number(s, 2, 2, &c->second);
}

static bool take_year(struct str *s, size_t digits, struct date_civil *c)
{
	int year;
	if (!take_number(s, digits, digits, &year))
		return false;
	c->year = year;
	return true;
}

/* "06 Nov 1994 08:49:37 GMT", or with dashes and the year of two digits. */
static bool parse_dated(struct str s, char sep, struct date_civil *c)
{
	return take_number(&s, 2, 2, &c->day) && take_char(&s, sep) &&
	       take_month(&s, &c->month) && take_char(&s, sep) &&
	       take_year(&s, sep == '-' ? 2 : 4, c) && take_char(&s, ' ') && take_time(&s, c) &&
	       str_is(s, " GMT");
}

/* "Nov  6 08:49:37 1994" */
static bool parse_asctime(struct str s, struct date_civil *c)
{
	if (!take_month(&s, &c->month) || !take_char(&s, ' '))
		return false;
	bool padded = take_char(&s, ' ');
	return take_number(&s, padded ? 1 : 2, padded ? 1 : 2, &c->day) && take_char(&s, ' ') &&
	       take_time(&s, c) && take_char(&s, ' ') && take_year(&s, 4, c) && s.len == 0;
}

/* RFC 9110 5.6.7: a year more than 50 years ahead is the last one with those digits. */
static int64_t century(int64_t year, int64_t now)
{
	int64_t this_year = date_to_civil(now).year;
	year += this_year - this_year % 100;
	if (year > this_year + 50)
		return year - 100;
	return year <= this_year - 50 ? year + 100 : year;
}

bool date_parse_http(struct str text, int64_t now, int64_t *out)
{
	struct date_civil c = {0};
	struct str day = take_word(&text);
	bool good = false;
	if (str_starts(text, ", ") && is_weekday(day, false)) {
		good = parse_dated(str_sub(text, 2, text.len), ' ', &c);
	} else if (str_starts(text, ", ") && is_weekday(day, true)) {
		good = parse_dated(str_sub(text, 2, text.len), '-', &c);
		c.year = century(c.year, now);
	} else if (take_char(&text, ' ') && is_weekday(day, false)) {
		good = parse_asctime(text, &c);
	}
	if (!good || !is_date(&c))
		return false;
	*out = date_from_civil(&c);
	return true;
}

bool date_parse_retry(struct str text, int64_t now, int64_t *seconds)
{
	uint64_t wait;
	int64_t until;
	if (number_parse_max(text, INT64_MAX, &wait)) {
		*seconds = (int64_t)wait;
		return true;
	}
	if (!date_parse_http(text, now, &until))
		return false;
	*seconds = until > now ? until - now : 0;
	return true;
}

/* Skips white space and comments in parentheses, nested ones too (RFC 5322 3.2.2). */
static void skip_space(struct str *s)
{
	size_t i = 0, depth = 0;
	for (; i < s->len; i++) {
		char c = s->ptr[i];
		if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (c == '\\' && depth)
			i++;
		else if (!depth && !str_has_byte(STR(" \t\r\n"), c))
			break;
	}
	*s = str_sub(*s, i, s->len);
}

static bool take_sign(struct str *s, int *sign)
{
	*sign = s->len && s->ptr[0] == '-' ? -1 : 1;
	return take_char(s, '-') || take_char(s, '+');
}

static bool take_zone(struct str *s, int *zone)
{
	int sign, hhmm;
	if (take_sign(s, &sign)) {
		if (!take_number(s, 4, 4, &hhmm) || hhmm % 100 > 59)
			return false;
		*zone = sign * (hhmm / 100 * 60 + hhmm % 100);
		return true;
	}
	struct str name = take_word(s);
	*zone = 0;
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
		if (str_is_nocase(name, zones[i].name))
			*zone = zones[i].minutes;
	return true;
}

/* Years of two and three digits: RFC 5322 4.3. */
static bool take_mail_year(struct str *s, struct date_civil *c)
{
	size_t before = s->len;
	int year;
	if (!take_number(s, 2, 6, &year))
		return false;
	size_t digits = before - s->len;
	c->year = digits > 3 ? year : digits == 3 || year >= 50 ? year + 1900 : year + 2000;
	return true;
}

static bool take_mail_time(struct str *s, struct date_civil *c)
{
	if (!take_number(s, 1, 2, &c->hour) || !take_char(s, ':') ||
	    !take_number(s, 2, 2, &c->minute))
		return false;
	return !take_char(s, ':') || take_number(s, 2, 2, &c->second);
}

bool date_parse_mail(struct str text, int64_t *out, int *zone)
{
	struct date_civil c = {0};
	int east;
	skip_space(&text);
	if (take_word(&text).len) {
		skip_space(&text);
		take_char(&text, ',');
		skip_space(&text);
	}
	if (!take_number(&text, 1, 2, &c.day))
		return false;
	skip_space(&text);
	if (!take_month(&text, &c.month))
		return false;
	skip_space(&text);
	if (!take_mail_year(&text, &c))
		return false;
	skip_space(&text);
	if (!take_mail_time(&text, &c))
		return false;
	skip_space(&text);
	if (!take_zone(&text, &east) || !is_date(&c))
		return false;
	skip_space(&text);
	if (text.len)
		return false;
	*out = date_from_civil(&c) - (int64_t)east * 60;
	if (zone)
		*zone = east;
	return true;
}

void date_put_http(struct buf *out, int64_t time)
{
	struct date_civil c = date_to_civil(time);
	buf_addf(out, "%s, %02d %s %04lld %02d:%02d:%02d GMT", weekdays[c.weekday], c.day,
	    months[c.month - 1], (long long)c.year, c.hour, c.minute, c.second);
}

void date_put_iso(struct buf *out, int64_t time)
{
	struct date_civil c = date_to_civil(time);
	buf_addf(out, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)c.year, c.month, c.day,
	    c.hour, c.minute, c.second);
}

void date_put_mail(struct buf *out, int64_t time, int zone)
{
	struct date_civil c = date_to_civil(time + (int64_t)zone * 60);
	int minutes = zone < 0 ? -zone : zone;
	buf_addf(out, "%s, %02d %s %04lld %02d:%02d:%02d %c%02d%02d", weekdays[c.weekday],
	    c.day, months[c.month - 1], (long long)c.year, c.hour, c.minute, c.second,
	    zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
