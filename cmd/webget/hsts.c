/*
 * The HSTS store. Knows no connection.
 */
#include "cmd/webget/hsts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/webget/cookie.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/cli/userfile.h"
#include "common/text/date.h"
#include "common/text/number.h"

/* Hosts kept: a run learns one for each host it talks to. */
#define HOSTS_MOST 20000
/* Longer promises are this long: a century. */
#define AGE_MOST ((int64_t)100 * 366 * 86400)

static struct str without_dot(struct str name)
{
	bool dot = name.len > 1 && name.ptr[name.len - 1] == '.';
	return str_sub(name, 0, name.len - dot);
}

static struct hsts_host *find(const struct hsts *h, struct str name)
{
	for (size_t i = 0; i < h->count; i++)
		if (str_is_nocase(name, h->items[i].name))
			return &h->items[i];
	return NULL;
}

static void put(struct hsts *h, struct str name, int64_t expires, bool subdomains)
{
	struct hsts_host *host = find(h, name);
	if (!host && h->count == HOSTS_MOST)
		return;
	if (!host && h->count == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 16;
		h->items = mem_resize(h->items, h->cap, sizeof *h->items);
	}
	if (!host) {
		host = &h->items[h->count++];
		host->name = str_dup(name);
		for (char *p = host->name; *p; p++)
			*p = char_lower(*p);
	}
	host->expires = expires;
	host->subdomains = subdomains;
}

static void drop(struct hsts *h, struct hsts_host *host)
{
	free(host->name);
	*host = h->items[--h->count];
}

/* ---- the file ---- */

static bool take_number(struct str text, size_t from, size_t len, int *out)
{
	uint64_t n;
	bool ok = number_parse_max(str_sub(text, from, len), 9999, &n);
	*out = ok ? (int)n : 0;
	return ok && text.len >= from + len;
}

/* "20271231 23:59:59", in UTC */
static bool read_expiry(struct str text, int64_t *out)
{
	struct date_civil c = {0};
	int year;
	*out = INT64_MAX;
	if (str_is(text, "unlimited"))
		return true;
	if (text.len != 17 || !take_number(text, 0, 4, &year) ||
	    !take_number(text, 4, 2, &c.month) || !take_number(text, 6, 2, &c.day) ||
	    !take_number(text, 9, 2, &c.hour) || !take_number(text, 12, 2, &c.minute) ||
	    !take_number(text, 15, 2, &c.second) || c.month < 1 || c.month > 12 || c.day < 1 ||
	    c.day > 31)
		return false;
	c.year = year;
	*out = date_from_civil(&c);
	return true;
}

static void take_line(struct hsts *h, struct str line)
{
	struct str name = STR_NONE;
	int64_t expires;
	line = str_trim(line);
	if (line.len == 0 || line.ptr[0] == '#' || !str_cut(&line, ' ', &name))
		return;
	bool subdomains = name.len && name.ptr[0] == '.';
	name = without_dot(str_sub(name, subdomains, name.len));
	line = str_trim(line);
	bool quoted = line.len >= 2 && line.ptr[0] == '"' && line.ptr[line.len - 1] == '"';
	if (name.len && quoted && read_expiry(str_sub(line, 1, line.len - 2), &expires))
		put(h, name, expires, subdomains);
}

void hsts_load(struct hsts *h, struct str text)
{
	struct str line;
	while (str_cut(&text, '\n', &line))
		take_line(h, line);
}

void hsts_put(const struct hsts *h, struct buf *out)
{
	int64_t now = time(NULL);
	buf_add_text(out, "# Your HSTS cache. https://curl.se/docs/hsts.html\n"
			  "# This file was written by webget, in curl's format.\n");
	for (size_t i = 0; i < h->count; i++) {
		const struct hsts_host *host = &h->items[i];
		struct date_civil c =
		    date_to_civil(host->expires == INT64_MAX ? 0 : host->expires);
		if (host->expires <= now)
			continue;
		buf_addf(out, "%s%s ", host->subdomains ? "." : "", host->name);
		if (host->expires == INT64_MAX)
			buf_add_text(out, "\"unlimited\"\n");
		else
			buf_addf(out, "\"%04d%02d%02d %02d:%02d:%02d\"\n", (int)c.year, c.month,
			    c.day, c.hour, c.minute, c.second);
	}
}

bool hsts_open(struct hsts *h, const char *file, bool unverified, struct err *err)
{
	struct userfile f;
	*h = (struct hsts){
	    .lock = PTHREAD_MUTEX_INITIALIZER, .file = file, .unverified = unverified};
	if (!file || !*file)
		return true;
	bool ok = userfile_read_upto(&f, file, LIMIT_STORE, err);
	if (ok)
		hsts_load(h, buf_str(&f.bytes));
	userfile_free(&f);
	return ok;
}

static bool save(const struct hsts *h, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_STORE);
	struct outfile *out = outfile_open(h->file, 0, err);
	if (!out)
		return false;
	hsts_put(h, &text);
	bool ok = !text.over ? outfile_write(out, buf_str(&text), err)
			     : err_set(err, ERR_IO, "%s would be too long", h->file);
	buf_free(&text);
	if (ok)
		return outfile_commit(out, err);
	outfile_abandon(out);
	return false;
}

bool hsts_close(struct hsts *h, struct err *err)
{
	bool ok = !h->changed || !*h->file || save(h, err);
	while (h->count)
		drop(h, h->items);
	free(h->items);
	h->items = NULL;
	h->file = NULL;
	return ok;
}

/* ---- before a request ---- */

/* 8.2: the host itself, or one above it that speaks for those under it. */
static bool is_known(const struct hsts *h, struct str name, int64_t now)
{
	bool itself = true;
	while (name.len) {
		const struct hsts_host *host = find(h, name);
		if (host && host->expires > now && (itself || host->subdomains))
			return true;
		size_t dot = str_find(name, '.');
		name = str_sub(name, dot + 1, name.len);
		itself = false;
	}
	return false;
}

void hsts_upgrade(struct hsts *h, struct url *url, struct trace *trace)
{
	if (!h->file || !url_scheme_is(url, "http") || cookie_is_address(url->host))
		return;
	pthread_mutex_lock(&h->lock);
	bool known = is_known(h, without_dot(str_of(url->host)), time(NULL));
	pthread_mutex_unlock(&h->lock);
	if (!known)
		return;
	free(url->scheme);
	url->scheme = mem_dup("https");
	if (url->port == 80)
		url->port = 443;
	trace_note(trace, 1, "hsts", "%s wants https", url->host);
}

/* ---- after an answer ---- */

bool hsts_parse(struct str value, int64_t *max_age, bool *subdomains)
{
	struct str one;
	bool has_age = false;
	*subdomains = false;
	while (str_cut(&value, ';', &one)) {
		struct buf text = BUF_INIT(LIMIT_WORDS);
		uint64_t n = 0;
		size_t equals = str_find(one, '=');
		struct str name = str_trim(str_sub(one, 0, equals));
		field_unquote(str_trim(str_sub(one, equals + 1, one.len)), &text);
		bool age = str_is_nocase(name, "max-age");
		bool under = str_is_nocase(name, "includesubdomains");
		/* 6.1: no directive stands twice, and what is malformed makes all of it void.
		 */
		bool bad = (age && (has_age || !number_parse(buf_str(&text), &n))) ||
			   (under && (*subdomains || equals < one.len));
		buf_free(&text);
		if (bad)
			return false;
		if (age)
			*max_age = n < (uint64_t)AGE_MOST ? (int64_t)n : AGE_MOST;
		has_age |= age;
		*subdomains |= under;
	}
	return has_age;
}

void hsts_take(
    struct hsts *h, const struct url *url, const struct fields *fields, struct trace *trace)
{
	const struct field *f = fields_find(fields, "strict-transport-security");
	int64_t age;
	bool under;
	if (!h->file || !f || h->unverified || !url_scheme_is(url, "https") ||
	    cookie_is_address(url->host))
		return;
	if (!hsts_parse(f->value, &age, &under)) {
		trace_note(trace, 1, "hsts", "what %s says is malformed", url->host);
		return;
	}
	struct str name = without_dot(str_of(url->host));
	pthread_mutex_lock(&h->lock);
	struct hsts_host *host = find(h, name);
	if (age > 0)
		put(h, name, time(NULL) + age, under);
	else if (host)
		drop(h, host);
	h->changed |= age > 0 || host;
	pthread_mutex_unlock(&h->lock);
	if (age == 0 && host)
		trace_note(trace, 1, "hsts", "%s forgotten", url->host);
	if (age > 0)
		trace_note(trace, 1, "hsts", "%s kept for %lld s%s", url->host, (long long)age,
		    under ? ", with all under it" : "");
}
