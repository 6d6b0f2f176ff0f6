/*
 * The parts of a URL checked, repaired and stored. Knows nothing of bases and
 * of what was typed or found.
 */
#include "common/text/url_parts.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/text/number.h"
#include "common/text/url_host.h"
#include "common/text/visible.h"

/* The WHATWG's path, query and fragment percent-encode sets, beyond what is never literal. */
static const char bad_in_path[] = "\"<>`{}^";
static const char bad_in_query[] = "\"<>";
static const char bad_in_fragment[] = "\"<>`";

bool url_is_web(struct str scheme)
{
	return str_is_nocase(scheme, "http") || str_is_nocase(scheme, "https");
}

/* Quotes the beginning of the URL, everything up to the last @ hidden: a password may hold
 * any byte, so nothing before it can be trusted to be something else. */
bool url_refuse(const struct url_reading *r, const char *why)
{
	enum { QUOTED = 80 };
	if (!r->err)
		return false;
	struct buf shown = BUF_INIT(QUOTED * 4 + 16);
	struct str text = r->text;
	size_t at = text.len;
	while (at && text.ptr[at - 1] != '@')
		at--;
	if (at)
		buf_add_text(&shown, "****@");
	text = str_sub(text, at, text.len);
	visible_put_text(&shown, str_sub(text, 0, QUOTED), "");
	if (text.len > QUOTED)
		buf_add_text(&shown, "...");
	err_set(r->err, r->kind, "URL \"%s\": %s", buf_cstr(&shown), why);
	buf_free(&shown);
	return false;
}

struct str url_cut_tail(struct str *s, char sep)
{
	size_t at = str_find(*s, sep);
	struct str tail = at < s->len ? str_sub(*s, at + 1, s->len) : STR_NONE;
	*s = str_sub(*s, 0, at);
	return tail;
}

/* The decoded string, NULL if it has CR, LF or NUL: it will stand in a line. */
static char *decoded_line(struct str text)
{
	struct buf out = BUF_INIT(LIMIT_URL);
	char *line = NULL;
	url_decode(&out, text);
	if (str_is_one_line(buf_str(&out)))
		line = str_dup(buf_str(&out));
	buf_free_secret(&out);
	return line;
}

static bool set_userinfo(struct url *u, struct str info, const struct url_reading *r)
{
	struct str user = info;
	struct str password = url_cut_tail(&user, ':');
	if (info.len == 0)
		return true;
	u->user = decoded_line(user);
	if (password.ptr)
		u->password = decoded_line(password);
	if (!u->user || (password.ptr && !u->password))
		return url_refuse(r, "user or password has an escaped CR, LF or NUL");
	return true;
}

/* Where the colon before the port stands, or the end. */
static size_t port_colon(struct str host)
{
	size_t from = str_starts(host, "[") ? str_find(host, ']') : 0;
	size_t at = host.len;
	while (at > from && host.ptr[at - 1] != ':')
		at--;
	return at > from ? at - 1 : host.len;
}

static bool set_authority(struct url *u, struct str authority, const struct url_reading *r)
{
	/* The last @ ends the userinfo: so do browsers and curl, whatever stands before it. */
	size_t at = authority.len;
	while (at && authority.ptr[at - 1] != '@')
		at--;
	if (at && !set_userinfo(u, str_sub(authority, 0, at - 1), r))
		return false;
	struct str host = str_sub(authority, at, authority.len);
	size_t colon = port_colon(host);
	struct str port = str_sub(host, colon + 1, host.len);
	host = str_sub(host, 0, colon);
	if (host.len == 0 && url_default_port(u->scheme))
		return url_refuse(r, "no host");
	u->port_given = port.len > 0;
	if (u->port_given && !number_parse_port(port, &u->port))
		return url_refuse(r, "the port is not a number from 1 to 65535");
	const char *why = "";
	return url_host_set(u, host, &why, r->err) || url_refuse(r, why);
}

static bool may_stand(char c, const char *bad)
{
	return char_is_alpha(c) || char_is_digit(c) || (c > ' ' && c < 0x7f && !strchr(bad, c));
}

/* Copies with every byte encoded that may not stand there; escapes, good or bad, stay. */
static void repair(struct buf *out, struct str s, const char *bad)
{
	size_t good = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (may_stand(s.ptr[i], bad))
			continue;
		buf_add_str(out, str_sub(s, good, i - good));
		buf_addf(out, "%%%02X", (unsigned char)s.ptr[i]);
		good = i + 1;
	}
	buf_add_str(out, str_sub(s, good, s.len));
}

/* How many dots a segment is, %2e counted as one; 0 if it has anything else. */
static int dots(struct str segment)
{
	int count = 0;
	while (segment.len) {
		size_t len = segment.ptr[0] == '.'               ? 1
			     : str_starts_nocase(segment, "%2e") ? 3
								 : 0;
		if (len == 0)
			return 0;
		segment = str_sub(segment, len, segment.len);
		count++;
	}
	return count;
}

static void drop_segment(struct buf *out, size_t start)
{
	size_t len = out->len;
	while (len > start && out->ptr[len - 1] != '/')
		len--;
	buf_truncate(out, len > start ? len - 1 : start);
}

/* RFC 3986 5.2.4, for a path that begins with a slash. */
static void remove_dots(struct buf *out, struct str path)
{
	while (path.len) {
		path = str_sub(path, 1, path.len);
		struct str segment = str_sub(path, 0, str_find(path, '/'));
		path = str_sub(path, segment.len, path.len);
		int count = dots(segment);
		if (count == 2)
			drop_segment(out, 0);
		if (count == 1 || count == 2) {
			if (path.len == 0)
				buf_add_byte(out, '/');
			continue;
		}
		buf_add_byte(out, '/');
		buf_add_str(out, segment);
	}
}

/* Sets *place to part, repaired; absent stays NULL. False if it grew past the ceiling. */
static bool set_part(char **place, struct str part, const char *bad)
{
	if (!part.ptr)
		return true;
	struct buf out = BUF_INIT(LIMIT_URL);
	repair(&out, part, bad);
	bool fits = !out.over;
	*place = buf_steal(&out);
	return fits;
}

static bool set_path(struct url *u, struct str path)
{
	struct buf clean = BUF_INIT(LIMIT_URL);
	bool fits = set_part(&u->path, path.ptr ? path : STR(""), bad_in_path);
	if (str_starts(str_of(u->path), "/")) {
		remove_dots(&clean, str_of(u->path));
	} else if (u->path[0] == '\0' && url_is_web(str_of(u->scheme))) {
		buf_add_byte(&clean, '/');
	} else {
		return fits;
	}
	free(u->path);
	u->path = buf_steal(&clean);
	return fits;
}

/* Fills u from its parts; an authority that u has already (a base's) stays. */
bool url_build(struct url *u, const struct url_parts *p, const struct url_reading *r)
{
	if (!u->host)
		u->port = url_default_port(u->scheme);
	if (p->authority.ptr && !set_authority(u, p->authority, r))
		return false;
	if (!u->host && u->port)
		return url_refuse(r, "no host");
	bool fits = set_path(u, p->path);
	fits = set_part(&u->query, p->query, bad_in_query) && fits;
	fits = set_part(&u->fragment, p->fragment, bad_in_fragment) && fits;
	return fits || url_refuse(r, "longer than 64 KiB");
}
