/*
 * URLs taken apart and resolved against a base. What the parts become is
 * url_parts.c, the host url_host.c, writing out url_text.c.
 */
#include "common/text/url.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/url_parts.h"

static const struct {
	const char *scheme;
	uint16_t port;
} default_ports[] = {
    {"http", 80},
    {"https", 443},
    {"ftp", 21},
    {"ftps", 990},
    {"smtp", 25},
    {"submission", 587},
    {"submissions", 465},
    {"smtps", 465},
    {"lmtp", 24},
    {"pop3", 110},
    {"pop3s", 995},
    {"imap", 143},
    {"imaps", 993},
    {"socks5", 1080},
    {"socks5h", 1080},
};

uint16_t url_default_port(const char *scheme)
{
	for (size_t i = 0; i < sizeof default_ports / sizeof default_ports[0]; i++)
		if (strcmp(scheme, default_ports[i].scheme) == 0)
			return default_ports[i].port;
	return 0;
}

bool url_scheme_is(const struct url *u, const char *scheme)
{
	return u->scheme && strcmp(u->scheme, scheme) == 0;
}

static bool check_bytes(const struct url_reading *r, bool typed)
{
	if (r->text.len > LIMIT_URL)
		return url_refuse(r, "longer than 64 KiB");
	for (size_t i = 0; i < r->text.len; i++) {
		unsigned char c = (unsigned char)r->text.ptr[i];
		if (c < ' ' || c == 0x7f)
			return url_refuse(r, "a control byte can't stand in a URL");
		if (c == ' ' && typed)
			return url_refuse(r, "a space can't stand in a URL (write %20)");
	}
	return true;
}

/* What stands before the first colon if that can be a scheme (RFC 3986 3.1). */
static struct str scheme_of(struct str text)
{
	size_t colon = str_find(text, ':');
	if (colon == text.len || !char_is_alpha(text.ptr[0]))
		return STR_NONE;
	for (size_t i = 0; i < colon; i++)
		if (!char_is_alpha(text.ptr[i]) && !char_is_digit(text.ptr[i]) &&
		    !str_has_byte(STR("+-."), text.ptr[i]))
			return STR_NONE;
	return str_sub(text, 0, colon);
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

static bool is_known(struct str scheme)
{
	for (size_t i = 0; i < sizeof default_ports / sizeof default_ports[0]; i++)
		if (str_is_nocase(scheme, default_ports[i].scheme))
			return true;
	return false;
}

/* What is copied from a page by mistake, and is no host's name or user's. */
static bool is_of_a_page(struct str scheme)
{
	static const char *const schemes[] = {
	    "mailto", "javascript", "data", "tel", "about", "magnet", "urn"};
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (str_is_nocase(scheme, schemes[i]))
			return true;
	return false;
}

/* "host:8080" and "user:word@host" look like a scheme too: only slashes, or a scheme of the
 * house or of pages that no port follows, make one. */
static struct str typed_scheme(struct str text)
{
	struct str scheme = scheme_of(text);
	if (!scheme.ptr)
		return scheme;
	struct str rest = str_sub(text, scheme.len + 1, text.len);
	if (rest.len >= 2 && is_slash(rest.ptr[0]) && is_slash(rest.ptr[1]))
		return scheme;
	bool port = rest.len && char_is_digit(rest.ptr[0]);
	bool other = port || str_has_byte(rest, '@');
	bool scheme_of_page = is_of_a_page(scheme) && !port;
	return scheme_of_page || (is_known(scheme) && !other) ? scheme : STR_NONE;
}

/* Backslashes before the query mean slashes, as every browser has it. */
static void turn_backslashes(char *text)
{
	for (; *text && *text != '?' && *text != '#'; text++)
		if (*text == '\\')
			*text = '/';
}

/* RFC 3986 appendix B, after the scheme. */
static void split(struct url_parts *p, struct str rest)
{
	p->fragment = url_cut_tail(&rest, '#');
	p->query = url_cut_tail(&rest, '?');
	p->path = rest;
	if (!str_starts(rest, "//"))
		return;
	rest = str_sub(rest, 2, rest.len);
	p->authority = str_sub(rest, 0, str_find(rest, '/'));
	p->path = str_sub(rest, p->authority.len, rest.len);
}

static char *lowered(struct str s)
{
	char *copy = str_dup(s);
	for (char *c = copy; *c; c++)
		*c = char_lower(*c);
	return copy;
}

bool url_parse(struct url *out, struct str text, const char *scheme, struct err *err)
{
	struct url_reading r = {text, ERR_USAGE, err};
	struct url_parts p = {.scheme = scheme ? typed_scheme(text) : scheme_of(text)};
	*out = (struct url){0};
	if (!check_bytes(&r, true))
		return false;
	if (!p.scheme.ptr && !scheme)
		return url_refuse(&r, "no scheme (http://...)");
	bool bare = !p.scheme.ptr;
	out->scheme = lowered(bare ? str_of(scheme) : p.scheme);
	struct str rest = bare ? text : str_sub(text, p.scheme.len + 1, text.len);
	bool slashes = rest.len >= 2 && is_slash(rest.ptr[0]) && is_slash(rest.ptr[1]);
	char *copy = str_join(bare && !slashes ? STR("//") : STR_NONE, rest);
	if (url_is_web(str_of(out->scheme)))
		turn_backslashes(copy);
	split(&p, str_of(copy));
	bool good = url_build(out, &p, &r);
	mem_free_secret(copy);
	if (!good)
		url_free(out);
	return good;
}

static void copy_authority(struct url *out, const struct url *from)
{
	out->user = mem_dup(from->user);
	out->password = mem_dup(from->password);
	out->host = mem_dup(from->host);
	out->port = from->port;
	out->port_given = from->port_given;
	out->ipv6 = from->ipv6;
}

/* RFC 3986 5.2.3: base's path up to its last slash, then the reference's. */
static char *merged(const struct url *base, struct str path)
{
	const char *slash = strrchr(base->path, '/');
	if (!slash)
		return str_join(base->host ? STR("/") : STR_NONE, path);
	return str_join((struct str){base->path, (size_t)(slash - base->path) + 1}, path);
}

/* RFC 3986 5.2.2 for a reference with neither scheme nor authority. */
static bool build_relative(
    struct url *u, const struct url *base, struct url_parts *p, const struct url_reading *r)
{
	copy_authority(u, base);
	char *path = NULL;
	if (p->path.len == 0) {
		p->path = str_of(base->path);
		if (!p->query.ptr)
			p->query = str_of(base->query);
	} else if (p->path.ptr[0] != '/') {
		path = merged(base, p->path);
		p->path = str_of(path);
	}
	bool good = url_build(u, p, r);
	free(path);
	return good;
}

/* "http:g" under http:// is relative: 5.4.2 allows it, browsers do it. */
static struct str found_scheme(struct str text, const struct url *base)
{
	struct str scheme = scheme_of(text);
	if (!base || !url_is_web(scheme) || !str_is_nocase(scheme, base->scheme))
		return scheme;
	struct str rest = str_sub(text, scheme.len + 1, text.len);
	bool slashes = rest.len >= 2 && is_slash(rest.ptr[0]) && is_slash(rest.ptr[1]);
	return slashes ? scheme : STR_NONE;
}

bool url_resolve(struct url *out, const struct url *base, struct str reference, struct err *err)
{
	struct url_reading r = {str_trim(reference), ERR_PROTOCOL, err};
	struct url_parts p = {.scheme = found_scheme(r.text, base)};
	*out = (struct url){0};
	if (!check_bytes(&r, false))
		return false;
	if (!p.scheme.ptr && !base)
		return url_refuse(&r, "not an absolute URL");
	struct str rest = r.text;
	struct str own = scheme_of(r.text);
	if (own.ptr)
		rest = str_sub(rest, own.len + 1, rest.len);
	out->scheme = lowered(p.scheme.ptr ? p.scheme : str_of(base->scheme));
	char *copy = str_dup(rest);
	if (url_is_web(str_of(out->scheme)))
		turn_backslashes(copy);
	split(&p, str_of(copy));
	bool good = p.scheme.ptr || p.authority.ptr ? url_build(out, &p, &r)
						    : build_relative(out, base, &p, &r);
	mem_free_secret(copy);
	if (!good)
		url_free(out);
	return good;
}

void url_free(struct url *u)
{
	free(u->scheme);
	free(u->user);
	mem_free_secret(u->password);
	free(u->host);
	free(u->path);
	free(u->query);
	free(u->fragment);
	*u = (struct url){0};
}

void url_copy(struct url *out, const struct url *from)
{
	*out = (struct url){0};
	copy_authority(out, from);
	out->scheme = mem_dup(from->scheme);
	out->path = mem_dup(from->path);
	out->query = mem_dup(from->query);
	out->fragment = mem_dup(from->fragment);
}

bool url_same_origin(const struct url *a, const struct url *b)
{
	return str_eq(str_of(a->scheme), str_of(b->scheme)) &&
	       str_eq(str_of(a->host), str_of(b->host)) && a->port == b->port;
}
