/*
 * The jar: storing and choosing cookies. Its file is in jar_file.c.
 */
#include "cmd/webget/jar.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

/* RFC 6265bis 6.1 asks for at least 50 a domain and 3000 in all. */
#define DOMAIN_MOST 180
#define JAR_MOST 3000

void jar_free(struct cookie_jar *jar)
{
	for (size_t i = 0; i < jar->count; i++)
		cookie_free(&jar->items[i]);
	free(jar->items);
	*jar = (struct cookie_jar){0};
}

static void drop(struct cookie_jar *jar, size_t at)
{
	cookie_free(&jar->items[at]);
	memmove(&jar->items[at], &jar->items[at + 1], (--jar->count - at) * sizeof *jar->items);
}

void jar_expire(struct cookie_jar *jar, int64_t now, bool session_too)
{
	for (size_t i = jar->count; i-- > 0;)
		if (jar->items[i].expires <= now ||
		    (session_too && jar->items[i].expires == COOKIE_SESSION))
			drop(jar, i);
}

/* ---- judging ---- */

static bool is_public(const struct cookie_jar *jar, const char *domain)
{
	return jar->psl ? jar->psl->is_public(domain) : !strchr(domain, '.');
}

/* 5.7 (8) to (10): what the Domain attribute allows, and to whom. */
static const char *judge_domain(
    const struct cookie_jar *jar, struct cookie *c, const struct url *from)
{
	bool own = c->domain[0] == '\0' || strcmp(c->domain, from->host) == 0;
	if (!cookie_domain_matches(from->host, c->domain) && c->domain[0])
		return "its domain is not the server's";
	if (c->domain[0] && !own && is_public(jar, c->domain))
		return "its domain is a public suffix";
	/* An address, or a public suffix's own host, speaks for itself only. */
	c->host_only = c->domain[0] == '\0' || (own && is_public(jar, from->host)) ||
		       cookie_is_address(from->host);
	if (c->domain[0] == '\0') {
		free(c->domain);
		c->domain = mem_dup(from->host);
	}
	return NULL;
}

static bool has_prefix(const char *text, const char *prefix)
{
	return str_starts_nocase(str_of(text), prefix);
}

/* 4.1.3: a prefix of the name promises what the attributes must keep. */
static const char *judge_prefix(const struct cookie *c, const char *path_given)
{
	const char *named = c->name[0] ? c->name : c->value;
	bool host = has_prefix(named, "__Host-"), secure = has_prefix(named, "__Secure-");
	if (!host && !secure)
		return NULL;
	if (c->name[0] == '\0')
		return "a value without a name that pretends to a prefix";
	if (!c->secure)
		return "its name's prefix asks for Secure";
	if (host && (!c->host_only || strcmp(path_given, "/") != 0))
		return "__Host- asks for Path=/ and no Domain";
	return NULL;
}

/* 5.7 (16): who can't set a secure cookie can't hide one either. */
static bool would_hide_secure(const struct cookie_jar *jar, const struct cookie *c)
{
	for (size_t i = 0; i < jar->count; i++) {
		const struct cookie *o = &jar->items[i];
		if (o->secure && strcmp(o->name, c->name) == 0 &&
		    (cookie_domain_matches(o->domain, c->domain) ||
			cookie_domain_matches(c->domain, o->domain)) &&
		    cookie_path_matches(c->path, o->path))
			return true;
	}
	return false;
}

static const char *judge(const struct cookie_jar *jar, struct cookie *c, const struct url *from)
{
	bool secure_origin = url_scheme_is(from, "https");
	const char *why = judge_domain(jar, c, from);
	if (!why)
		why = judge_prefix(c, c->path);
	if (!why && c->secure && !secure_origin)
		why = "Secure, and the server was asked without TLS";
	if (!why && c->site == COOKIE_SITE_NONE && !c->secure)
		why = "SameSite=None without Secure";
	if (why)
		return why;
	if (c->path[0] == '\0') {
		free(c->path);
		c->path = cookie_default_path(from);
	}
	if (!c->secure && !secure_origin && would_hide_secure(jar, c))
		return "it would hide a Secure cookie";
	return NULL;
}

/* ---- keeping ---- */

static bool is_same(const struct cookie *a, const struct cookie *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->domain, b->domain) == 0 &&
	       strcmp(a->path, b->path) == 0 && a->host_only == b->host_only;
}

/* The oldest goes when there are too many, of the domain first. */
static void make_room(struct cookie_jar *jar, const char *domain)
{
	size_t of_domain = 0, oldest = 0, first = jar->count;
	for (size_t i = 0; i < jar->count; i++) {
		bool same = strcmp(jar->items[i].domain, domain) == 0;
		if (same && (of_domain++ == 0 || jar->items[i].order < jar->items[first].order))
			first = i;
		if (jar->items[i].order < jar->items[oldest].order)
			oldest = i;
	}
	if (of_domain >= DOMAIN_MOST)
		drop(jar, first);
	else if (jar->count >= JAR_MOST)
		drop(jar, oldest);
}

void jar_append(struct cookie_jar *jar, struct cookie *c)
{
	make_room(jar, c->domain);
	if (jar->count == jar->cap) {
		jar->cap = jar->cap ? jar->cap * 2 : 16;
		jar->items = mem_resize(jar->items, jar->cap, sizeof *jar->items);
	}
	c->order = jar->order++;
	jar->items[jar->count++] = *c;
	*c = (struct cookie){0};
}

static void keep(struct cookie_jar *jar, struct cookie *c)
{
	uint64_t order = jar->order;
	for (size_t i = 0; i < jar->count; i++)
		if (is_same(&jar->items[i], c)) {
			order = jar->items[i].order; /* 5.7 (22): it keeps its age */
			drop(jar, i);
			break;
		}
	jar_append(jar, c);
	jar->items[jar->count - 1].order = order;
}

bool jar_store(
    struct cookie_jar *jar, struct cookie *c, const struct url *from, const char **why)
{
	*why = judge(jar, c, from);
	if (*why)
		cookie_free(c);
	else
		keep(jar, c);
	return !*why;
}

/* ---- choosing ---- */

bool jar_is_shared(const struct cookie_jar *jar, const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return true;
	if (cookie_is_address(a) || cookie_is_address(b))
		return false;
	/* A suffix of a public suffix is one too, nearly: the longest common domain decides. */
	for (const char *common = a; common; common = strchr(common, '.')) {
		common += *common == '.';
		if (cookie_domain_matches(b, common))
			return !is_public(jar, common);
	}
	return false;
}

static bool goes_with(const struct cookie *c, const struct url *url, int64_t now)
{
	bool domain = c->host_only ? strcmp(c->domain, url->host) == 0
				   : cookie_domain_matches(url->host, c->domain);
	return domain && c->expires > now && (!c->secure || url_scheme_is(url, "https")) &&
	       cookie_path_matches(url->path, c->path);
}

/* 5.8.3: longer paths first, then the older. */
static int compare(const void *a, const void *b)
{
	const struct cookie *x = *(const struct cookie *const *)a;
	const struct cookie *y = *(const struct cookie *const *)b;
	size_t lx = strlen(x->path), ly = strlen(y->path);
	if (lx != ly)
		return lx > ly ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static bool has_room(const struct buf *out, const struct cookie *c)
{
	return out->len + strlen("; =") + strlen(c->name) + strlen(c->value) <= out->max;
}

bool jar_put(struct cookie_jar *jar, const struct url *url, int64_t now, struct buf *out)
{
	const struct cookie **chosen = mem_array(jar->count, sizeof *chosen);
	size_t n = 0;
	for (size_t i = 0; i < jar->count; i++)
		if (goes_with(&jar->items[i], url, now))
			chosen[n++] = &jar->items[i];
	if (n)
		qsort(chosen, n, sizeof *chosen, compare);
	size_t put = 0;
	for (; put < n && has_room(out, chosen[put]); put++)
		buf_addf(out, "%s%s%s%s", put ? "; " : "", chosen[put]->name,
		    chosen[put]->name[0] ? "=" : "", chosen[put]->value);
	free(chosen);
	return put > 0;
}
