/*
 * The rules of freshness, storing and reuse. What heads become in a file is in
 * cache_head.c.
 */
#include "cmd/webget/cache_policy.h"

#include <stdio.h>
#include <string.h>

#include "common/text/date.h"
#include "common/text/number.h"

/* 4.2.2: a tenth of the time since the last change, and never over a day, for which older
 * specifications wanted a warning. */
#define HEURISTIC_PART 10
#define HEURISTIC_MOST ((int64_t)86400)
/* 1.2.2: what is too large to count is this. */
#define SECONDS_MOST ((int64_t)1 << 31)

/* ---- directives ---- */

static bool read_seconds(struct str text, int64_t *out)
{
	uint64_t n;
	if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
		text = str_sub(text, 1, text.len - 2);
	for (size_t i = 0; i < text.len; i++)
		if (!char_is_digit(text.ptr[i]))
			return false;
	if (text.len == 0)
		return false;
	*out = number_parse_max(text, SECONDS_MOST, &n) ? (int64_t)n : SECONDS_MOST;
	return true;
}

/* Of two that differ the smaller holds; what is no number promises nothing. */
static void lower_to(int64_t *place, struct str value)
{
	int64_t n = 0;
	if (!read_seconds(value, &n))
		n = 0;
	if (*place < 0 || n < *place)
		*place = n;
}

static void read_directive(struct cache_control *c, struct str name, struct str value)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {{"no-store", &c->no_store}, {"no-cache", &c->no_cache},
	    {"must-revalidate", &c->must_revalidate}, {"only-if-cached", &c->only_if_cached},
	    {"public", &c->is_public}, {"must-understand", &c->must_understand}};
	const struct {
		const char *name;
		int64_t *seconds;
	} counts[] = {{"max-age", &c->max_age}, {"stale-if-error", &c->stale_if_error},
	    {"stale-while-revalidate", &c->stale_while_revalidate}};
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		*flags[i].flag |= str_is_nocase(name, flags[i].name);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (str_is_nocase(name, counts[i].name))
			lower_to(counts[i].seconds, value);
	/* A request's wishes: more is stricter, and max-stale alone takes any age. */
	int64_t n = SECONDS_MOST;
	if (str_is_nocase(name, "min-fresh"))
		c->min_fresh = read_seconds(value, &n) ? n : SECONDS_MOST;
	else if (str_is_nocase(name, "max-stale") && value.len == 0)
		c->max_stale = SECONDS_MOST;
	else if (str_is_nocase(name, "max-stale"))
		lower_to(&c->max_stale, value);
}

struct cache_control cache_control_of(const struct fields *fields)
{
	struct cache_control c = {.max_age = -1,
	    .min_fresh = -1,
	    .max_stale = -1,
	    .stale_if_error = -1,
	    .stale_while_revalidate = -1};
	const struct field *f = fields_find(fields, "cache-control");
	c.no_cache = !f && fields_has_token(fields, "pragma", "no-cache");
	for (; f; f = fields_next(fields, f)) {
		struct str rest = f->value, one;
		while (field_list_next(&rest, &one)) {
			size_t equals = str_find(one, '=');
			read_directive(&c, str_trim(str_sub(one, 0, equals)),
			    str_trim(str_sub(one, equals + 1, one.len)));
		}
	}
	return c;
}

/* ---- freshness ---- */

static bool read_date(const struct http_head *head, const char *name, int64_t now, int64_t *out)
{
	const struct field *f = fields_find(&head->fields, name);
	return f && date_parse_http(f->value, now, out);
}

static int64_t date_of(const struct cache_stored *s)
{
	int64_t date;
	return read_date(s->head, "date", s->received, &date) ? date : s->received;
}

/* RFC 9110 15.1; 206 is left out, parts are not stored. */
static bool is_heuristic(int status)
{
	static const short statuses[] = {200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501};
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (statuses[i] == status)
			return true;
	return false;
}

/* These say by their number that they will not change. */
static bool is_permanent(int status)
{
	return status == 301 || status == 308 || status == 410;
}

static int64_t guess(const struct cache_stored *s, const struct cache_control *c)
{
	int64_t changed, date = date_of(s);
	/* What a query computed may be another thing next time: there the server has to say. */
	if (s->has_query || (!is_heuristic(s->head->status) && !c->is_public))
		return 0;
	if (!read_date(s->head, "last-modified", s->received, &changed))
		return is_permanent(s->head->status) ? HEURISTIC_MOST : 0;
	int64_t part = (date - changed) / HEURISTIC_PART;
	return part < 0 ? 0 : part < HEURISTIC_MOST ? part : HEURISTIC_MOST;
}

static bool is_explicit(const struct cache_stored *s, const struct cache_control *c)
{
	return c->max_age >= 0 || fields_find(&s->head->fields, "expires");
}

int64_t cache_lifetime(const struct cache_stored *s)
{
	struct cache_control c = cache_control_of(&s->head->fields);
	int64_t expires;
	if (c.max_age >= 0)
		return c.max_age;
	if (!fields_find(&s->head->fields, "expires"))
		return guess(s, &c);
	/* 5.3: "0" and other nonsense mean: in the past. */
	if (fields_count(&s->head->fields, "expires") > 1 ||
	    !read_date(s->head, "expires", s->received, &expires))
		return 0;
	int64_t life = expires - date_of(s);
	return life < 0 ? 0 : life < SECONDS_MOST ? life : SECONDS_MOST;
}

int64_t cache_age(const struct cache_stored *s, int64_t now)
{
	int64_t said = 0, date = date_of(s);
	struct str rest = fields_value(&s->head->fields, "age"), first;
	/* 5.1: what is no number is ignored. */
	if (field_list_next(&rest, &first) && !read_seconds(first, &said))
		said = 0;
	int64_t apparent = s->received > date ? s->received - date : 0;
	int64_t delay = s->received > s->requested ? s->received - s->requested : 0;
	int64_t initial = said + delay > apparent ? said + delay : apparent;
	return initial + (now > s->received ? now - s->received : 0);
}

bool cache_has_validator(const struct http_head *head)
{
	int64_t when;
	return fields_value(&head->fields, "etag").len ||
	       read_date(head, "last-modified", 0, &when);
}

/* ---- reuse ---- */

static struct cache_verdict verdict(enum cache_use use, const char *why)
{
	struct cache_verdict v = {.use = use};
	snprintf(v.why, sizeof v.why, "%s", why);
	return v;
}

/* Why it can't be served as it is; NULL when it can. */
static const char *objection(const struct cache_control *asked,
    const struct cache_control *said, int64_t age, int64_t lifetime)
{
	bool strict = said->must_revalidate || said->no_cache;
	if (asked->no_cache)
		return "the request wants it confirmed (no-cache)";
	if (said->no_cache)
		return "its server wants it confirmed (no-cache)";
	if (asked->max_age >= 0 && age > asked->max_age)
		return "older than the request's max-age";
	if (asked->min_fresh >= 0 && lifetime - age < asked->min_fresh)
		return "not fresh for as long as min-fresh wants";
	if (lifetime > age)
		return NULL;
	bool tolerated = asked->max_stale >= 0 && age - lifetime <= asked->max_stale;
	return tolerated && !strict ? NULL : "stale";
}

struct cache_verdict cache_judge(
    const struct cache_stored *s, const struct fields *request, int64_t now)
{
	struct cache_control asked = cache_control_of(request);
	struct cache_control said = cache_control_of(&s->head->fields);
	int64_t age = cache_age(s, now), life = cache_lifetime(s), late = age - life;
	/* A clock that was set back would keep things fresh for ever. */
	const char *why = now < s->received ? "it comes from the future"
					    : objection(&asked, &said, age, life);
	struct cache_verdict v = verdict(CACHE_SERVE, "");
	if (why)
		v = verdict(cache_has_validator(s->head) ? CACHE_VALIDATE : CACHE_FETCH, why);
	else if (life > age)
		snprintf(v.why, sizeof v.why, "%lld s old, fresh for %lld s more",
		    (long long)age, (long long)(life - age));
	else
		snprintf(v.why, sizeof v.why, "stale for %lld s, which max-stale allows",
		    (long long)late);
	bool free = !said.must_revalidate && !said.no_cache && !asked.no_cache;
	v.age = age;
	v.lifetime = life;
	v.if_error = free && (late <= said.stale_if_error || late <= asked.stale_if_error);
	v.if_slow = free && late <= said.stale_while_revalidate;
	return v;
}

bool cache_may_ask(const char *method, const struct fields *request, const char **why)
{
	static const char *const own[] = {"range", "if-range", "if-match", "if-none-match",
	    "if-modified-since", "if-unmodified-since"};
	*why = "the method is neither GET nor HEAD";
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return false;
	*why = "the request says no-store";
	if (cache_control_of(request).no_store)
		return false;
	*why = "the request has a range or a condition of its own";
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (fields_find(request, own[i]))
			return false;
	return true;
}

/* ---- storing ---- */

/* Statuses whose meaning a cache knows; others may have rules that it doesn't. */
static bool is_understood(int status)
{
	return is_heuristic(status) || status == 302 || status == 303 || status == 307;
}

/* 3.3: what was cut must not be taken for whole. */
static bool is_delimited(const struct http_head *head)
{
	return head->status == 204 || fields_find(&head->fields, "content-length") ||
	       fields_find(&head->fields, "transfer-encoding");
}

bool cache_may_store(const struct cache_stored *s, const char *method,
    const struct fields *request, const char **why)
{
	const struct http_head *head = s->head;
	struct cache_control said = cache_control_of(&head->fields);
	bool understood = is_understood(head->status);
	*why = NULL;
	if (strcmp(method, "GET") != 0)
		*why = "the method is not GET";
	else if (cache_control_of(request).no_store)
		*why = "the request says no-store";
	else if (said.no_store && !(said.must_understand && understood))
		*why = "no-store";
	else if (head->status == 206 || fields_find(&head->fields, "content-range"))
		*why = "a part only";
	else if (!understood)
		*why = "answers of this status are not";
	else if (fields_has_token(&head->fields, "vary", "*"))
		*why = "Vary: *";
	else if (fields_find(&head->fields, "range") || fields_find(request, "range"))
		*why = "a range was asked for";
	else if (!is_delimited(head))
		*why = "only its connection's end ends it: it could have been cut";
	else if (cache_lifetime(s) <= 0 && !cache_has_validator(head))
		*why = is_explicit(s, &said) ? "already stale, and without a validator"
					     : "nothing says for how long, and no validator";
	else if (!is_heuristic(head->status) && !is_explicit(s, &said) && !said.is_public)
		*why = "nothing says for how long";
	return !*why;
}

bool cache_invalidates(const char *method, int status)
{
	static const char *const safe[] = {"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND"};
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		if (strcmp(method, safe[i]) == 0)
			return false;
	return status >= 200 && status < 400;
}

bool cache_is_error(int status)
{
	return status == 500 || (status >= 502 && status <= 504);
}
