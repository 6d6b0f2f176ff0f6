/*
 * URLs written out, and percent-encoding (RFC 3986 2.1). Never writes credentials.
 */
#include <string.h>

#include "common/text/url.h"

static bool is_unreserved(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || (c && strchr("-._~", c));
}

void url_encode(struct buf *out, struct str bytes, const char *keep)
{
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];
		if (is_unreserved(c) || (c && strchr(keep, c)))
			buf_add_byte(out, c);
		else
			buf_addf(out, "%%%02X", (unsigned char)c);
	}
}

void url_decode(struct buf *out, struct str text)
{
	while (text.len) {
		size_t at = str_find(text, '%');
		buf_add_str(out, str_sub(text, 0, at));
		text = str_sub(text, at, text.len);
		if (text.len >= 3 && char_hex(text.ptr[1]) >= 0 && char_hex(text.ptr[2]) >= 0) {
			buf_add_byte(
			    out, (char)(char_hex(text.ptr[1]) << 4 | char_hex(text.ptr[2])));
			text = str_sub(text, 3, text.len);
		} else if (text.len) {
			buf_add_byte(out, '%');
			text = str_sub(text, 1, text.len);
		}
	}
}

void url_put_target(struct buf *out, const struct url *u)
{
	buf_add_text(out, u->path);
	if (u->query) {
		buf_add_byte(out, '?');
		buf_add_text(out, u->query);
	}
}

/* The zone is for this machine only: what goes to a server must not have it. */
static void put_ipv6(struct buf *out, struct str host, bool with_zone)
{
	size_t percent = str_find(host, '%');
	buf_add_byte(out, '[');
	buf_add_str(out, str_sub(host, 0, percent));
	if (with_zone && percent < host.len) {
		buf_add_text(out, "%25");
		buf_add_str(out, str_sub(host, percent + 1, host.len));
	}
	buf_add_byte(out, ']');
}

static void put_name(struct buf *out, const struct url *u, bool with_zone)
{
	if (u->ipv6)
		put_ipv6(out, str_of(u->host), with_zone);
	else
		buf_add_str(out, str_of(u->host));
}

static void put_number(struct buf *out, uint16_t n)
{
	if (n >= 10)
		put_number(out, n / 10);
	buf_add_byte(out, (char)('0' + n % 10));
}

static void put_port(struct buf *out, const struct url *u)
{
	if (!u->port || u->port == url_default_port(u->scheme))
		return;
	buf_add_byte(out, ':');
	put_number(out, u->port);
}

void url_put_host(struct buf *out, const struct url *u)
{
	put_name(out, u, false);
	put_port(out, u);
}

void url_put_authority(struct buf *out, const struct url *u)
{
	put_name(out, u, true);
	buf_add_byte(out, ':');
	put_number(out, u->port);
}

void url_put_page(struct buf *out, const struct url *u)
{
	buf_add_text(out, u->scheme);
	buf_add_byte(out, ':');
	if (u->host) {
		buf_add_text(out, "//");
		put_name(out, u, true);
		put_port(out, u);
	} else if (str_starts(str_of(u->path), "//")) {
		/* Without this the path would read as a host. */
		buf_add_text(out, "/.");
	}
	url_put_target(out, u);
}

void url_put(struct buf *out, const struct url *u)
{
	url_put_page(out, u);
	if (u->fragment) {
		buf_add_byte(out, '#');
		buf_add_text(out, u->fragment);
	}
}
