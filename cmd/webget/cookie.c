/*
 * Cookies, by the parsing rules of RFC 6265bis 5, which describe what servers
 * send rather than what they should. Knows no jar and no connection.
 */
#include "cmd/webget/cookie.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/date.h"
#include "common/text/number.h"

/* RFC 6265bis 5.6: larger ones are ignored, and so are attributes over 1 KiB. */
#define PAIR_MOST 4096
#define ATTRIBUTE_MOST 1024
/* RFC 6265bis 5.5: no cookie lives longer than 400 days. */
#define LIFE_MOST ((int64_t)400 * 86400)

/* ---- dates ---- */

struct date_found {
	bool time, day, month, year;
	struct date_civil civil;
};

static bool is_delimiter(char c)
{
	return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') ||
	       (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/* least to most digits at the front, and no further digit. Returns how many, 0 if not so. */
static size_t take_digits(struct str s, size_t least, size_t most, int *out)
{
	size_t n = 0;
	int value = 0;
	while (n < s.len && n <= most && char_is_digit(s.ptr[n]))
		value = value * 10 + (s.ptr[n++] - '0');
	if (n < least || n > most)
		return 0;
	*out = value;
	return n;
}

static bool read_time(struct str token, struct date_civil *c)
{
	int *fields[] = {&c->hour, &c->minute, &c->second};
	for (int i = 0; i < 3; i++) {
		size_t n = take_digits(token, 1, 2, fields[i]);
		if (n == 0 || (i < 2 && (n == token.len || token.ptr[n] != ':')))
			return false;
		token = str_sub(token, n + 1, token.len);
	}
	return true;
}

static bool read_month(struct str token, struct date_civil *c)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	for (int i = 0; i < 12 && token.len >= 3; i++)
		if (str_eq_nocase(str_sub(token, 0, 3), (struct str){names + 3 * i, 3})) {
			c->month = i + 1;
			return true;
		}
	return false;
}

static void read_token(struct date_found *f, struct str token)
{
	int number = 0;
	if (!f->time && read_time(token, &f->civil)) {
		f->time = true;
	} else if (!f->day && take_digits(token, 1, 2, &number)) {
		f->day = true;
		f->civil.day = number;
	} else if (!f->month && read_month(token, &f->civil)) {
		f->month = true;
	} else if (!f->year && take_digits(token, 2, 4, &number)) {
		f->year = true;
		f->civil.year = number + (number < 70 ? 2000 : number < 100 ? 1900 : 0);
	}
}

bool cookie_date(struct str text, int64_t *out)
{
	struct date_found f = {0};
	for (size_t i = 0; i < text.len;) {
		size_t start = i;
		while (i < text.len && !is_delimiter(text.ptr[i]))
			i++;
		if (i > start)
			read_token(&f, str_sub(text, start, i - start));
		i += i < text.len;
	}
	const struct date_civil *c = &f.civil;
	if (!f.time || !f.day || !f.month || !f.year || c->day < 1 || c->day > 31 ||
	    c->year < 1601 || c->hour > 23 || c->minute > 59 || c->second > 59)
		return false;
	*out = date_from_civil(c);
	struct date_civil back = date_to_civil(*out);
	return back.day == c->day; /* no 31st of February */
}

/* ---- attributes ---- */

static void set(char **place, struct str text)
{
	free(*place);
	*place = str_dup(text);
}

static void read_expires(struct cookie *c, struct str value, int64_t now)
{
	int64_t when;
	if (cookie_date(value, &when))
		c->expires = when < now + LIFE_MOST ? when : now + LIFE_MOST;
}

/* False when it is no number at all: then it is as if it were not there. */
static bool read_max_age(struct cookie *c, struct str value, int64_t now)
{
	uint64_t seconds;
	bool negative = value.len && value.ptr[0] == '-';
	struct str digits = str_sub(value, negative, value.len);
	if (digits.len == 0)
		return false;
	for (size_t i = 0; i < digits.len; i++)
		if (!char_is_digit(digits.ptr[i]))
			return false;
	if (!number_parse(digits, &seconds) || seconds > (uint64_t)LIFE_MOST)
		seconds = (uint64_t)LIFE_MOST;
	c->expires = negative || seconds == 0 ? 0 : now + (int64_t)seconds;
	return true;
}

static void read_domain(struct cookie *c, struct str value)
{
	if (value.len && value.ptr[0] == '.')
		value = str_sub(value, 1, value.len);
	set(&c->domain, value);
	for (char *p = c->domain; *p; p++)
		*p = char_lower(*p);
}

static enum cookie_site read_site(struct str value)
{
	if (str_is_nocase(value, "none"))
		return COOKIE_SITE_NONE;
	if (str_is_nocase(value, "strict"))
		return COOKIE_SITE_STRICT;
	return str_is_nocase(value, "lax") ? COOKIE_SITE_LAX : COOKIE_SITE_DEFAULT;
}

/* The last of a name counts, except that Max-Age goes before Expires (5.7). */
static void read_attribute(struct cookie *c, struct str text, int64_t now, bool *has_age)
{
	struct str value = text, name = STR_NONE;
	str_cut(&value, '=', &name);
	name = str_trim(name);
	value = str_trim(value);
	if (value.len > ATTRIBUTE_MOST)
		return;
	if (str_is_nocase(name, "max-age"))
		*has_age |= read_max_age(c, value, now);
	else if (str_is_nocase(name, "expires") && !*has_age)
		read_expires(c, value, now);
	else if (str_is_nocase(name, "domain") && value.len)
		read_domain(c, value);
	else if (str_is_nocase(name, "path"))
		set(&c->path, value.len && value.ptr[0] == '/' ? value : STR(""));
	else if (str_is_nocase(name, "secure"))
		c->secure = true;
	else if (str_is_nocase(name, "httponly"))
		c->http_only = true;
	else if (str_is_nocase(name, "samesite"))
		c->site = read_site(value);
}

bool cookie_has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.ptr[i] < 0x20 && s.ptr[i] != '\t') || s.ptr[i] == 0x7f)
			return true;
	return false;
}

bool cookie_parse(struct cookie *out, struct str line, int64_t now, const char **why)
{
	struct str pair = STR_NONE, name, value, attribute;
	*why = cookie_has_control(line) ? "control bytes" : NULL;
	str_cut(&line, ';', &pair);
	size_t equals = str_find(pair, '=');
	name = equals < pair.len ? str_trim(str_sub(pair, 0, equals)) : STR("");
	value = str_trim(equals < pair.len ? str_sub(pair, equals + 1, pair.len) : pair);
	if (!*why && name.len == 0 && value.len == 0)
		*why = "neither name nor value";
	if (!*why && name.len + value.len > PAIR_MOST)
		*why = "larger than 4096 bytes";
	if (*why)
		return false;
	*out = (struct cookie){.name = str_dup(name),
	    .value = str_dup(value),
	    .domain = mem_dup(""),
	    .path = mem_dup(""),
	    .expires = COOKIE_SESSION};
	bool has_age = false;
	while (str_cut(&line, ';', &attribute))
		read_attribute(out, attribute, now, &has_age);
	return true;
}

void cookie_free(struct cookie *c)
{
	free(c->name);
	mem_free_secret(c->value);
	free(c->domain);
	free(c->path);
	*c = (struct cookie){0};
}

/* ---- matching ---- */

bool cookie_is_address(const char *host)
{
	unsigned char bytes[16];
	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

bool cookie_domain_matches(const char *host, const char *domain)
{
	size_t h = strlen(host), d = strlen(domain);
	if (strcmp(host, domain) == 0)
		return true;
	return h > d && d > 0 && host[h - d - 1] == '.' && strcmp(host + h - d, domain) == 0 &&
	       !cookie_is_address(host);
}

bool cookie_path_matches(const char *request, const char *path)
{
	size_t len = strlen(path);
	if (strncmp(request, path, len) != 0)
		return false;
	return request[len] == '\0' || path[len - 1] == '/' || request[len] == '/';
}

char *cookie_default_path(const struct url *url)
{
	const char *slash = strrchr(url->path, '/');
	if (url->path[0] != '/' || slash == url->path)
		return mem_dup("/");
	return str_dup((struct str){url->path, (size_t)(slash - url->path)});
}
