/*
 * The host of a URL, brought into one spelling, so that two URLs of one host
 * compare equal. Asks no resolver.
 */
#include "common/text/url_host.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/idn.h"

/* A DNS name has at most 253 bytes and a dot (RFC 1035 2.3.4); its UTF-8 form may be longer. */
enum { NAME_MAX_LEN = 254, RAW_MAX = 1024 };

/* The WHATWG's forbidden host code points that a decoded name may have. */
static bool is_forbidden(char c)
{
	return !char_is_alpha(c) && !char_is_digit(c) &&
	       ((unsigned char)c <= ' ' || c == 0x7f || strchr("#%/:<>?@[\\]^|`{}\"", c));
}

static bool is_clean(struct str name, const char **why)
{
	for (size_t i = 0; i < name.len; i++)
		if (is_forbidden(name.ptr[i])) {
			*why = name.ptr[i] == ':' ? "an IPv6 address needs brackets: [::1]"
						  : "the host has a byte that no name may have";
			return false;
		}
	return true;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

static bool put_idn(struct buf *name, const char **why, struct err *err)
{
	const struct idn_ops *idn = module_table("idn", err);
	if (!idn) {
		*why = "the host is not ASCII";
		return false;
	}
	char ascii[NAME_MAX_LEN + 1];
	if (!idn->to_ascii(buf_cstr(name), ascii, sizeof ascii, why))
		return false;
	buf_clear(name);
	return buf_add_text(name, ascii);
}

/* Is the last label a number? Then the whole is an IPv4 address or nothing (WHATWG). */
static bool ends_in_number(struct str name)
{
	if (name.len && name.ptr[name.len - 1] == '.')
		name.len--;
	size_t start = name.len;
	while (start && name.ptr[start - 1] != '.')
		start--;
	struct str label = str_sub(name, start, name.len);
	bool hex = str_starts_nocase(label, "0x");
	for (size_t i = hex ? 2 : 0; i < label.len; i++)
		if (hex ? char_hex(label.ptr[i]) < 0 : !char_is_digit(label.ptr[i]))
			return false;
	return label.len > 0;
}

static bool put_ipv4(struct buf *name)
{
	struct in_addr address;
	char text[INET_ADDRSTRLEN];
	if (inet_pton(AF_INET, buf_cstr(name), &address) == 1)
		return true; /* a dotted quad */
	if (name->ptr[name->len - 1] == '.')
		buf_truncate(name, name->len - 1);
	if (!inet_aton(buf_cstr(name), &address))
		return false;
	inet_ntop(AF_INET, &address, text, sizeof text);
	buf_clear(name);
	return buf_add_text(name, text);
}

static bool set_name(struct url *u, struct buf *name, const char **why, struct err *err)
{
	if (!is_clean(buf_str(name), why))
		return false;
	if (!is_ascii(buf_str(name)) && !put_idn(name, why, err))
		return false;
	/* Again: mapping may have made a slash of a full-width one. */
	if (!is_clean(buf_str(name), why))
		return false;
	if (ends_in_number(buf_str(name)) && !put_ipv4(name)) {
		*why = "the host is neither a name nor an IPv4 address";
		return false;
	}
	if (name->len > NAME_MAX_LEN) {
		*why = "the host name is longer than 253 bytes";
		return false;
	}
	for (size_t i = 0; i < name->len; i++)
		name->ptr[i] = char_lower(name->ptr[i]);
	u->host = mem_dup(buf_cstr(name));
	return true;
}

/* RFC 6874: an interface name after %25; a bare % is common and clear as well. */
static bool is_zone(struct str zone)
{
	for (size_t i = 0; i < zone.len; i++)
		if (!char_is_alpha(zone.ptr[i]) && !char_is_digit(zone.ptr[i]) &&
		    !str_has_byte(STR("-._~"), zone.ptr[i]))
			return false;
	return zone.len > 0 && zone.len < 32;
}

static bool set_ipv6(struct url *u, struct str inside)
{
	struct in6_addr address;
	char given[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN];
	size_t percent = str_find(inside, '%');
	struct str zone = str_sub(inside, percent, inside.len);
	if (percent >= sizeof given)
		return false;
	memcpy(given, inside.ptr, percent);
	given[percent] = '\0';
	if (strlen(given) != percent || inet_pton(AF_INET6, given, &address) != 1)
		return false;
	inet_ntop(AF_INET6, &address, text, sizeof text);
	if (zone.len) {
		zone = str_sub(zone, str_starts(zone, "%25") ? 3 : 1, zone.len);
		if (!is_zone(zone))
			return false;
	}
	u->host = mem_printf("%s%s%.*s", text, zone.len ? "%" : "", STR_ARG(zone));
	u->ipv6 = true;
	return true;
}

bool url_host_set(struct url *u, struct str raw, const char **why, struct err *err)
{
	if (raw.len > RAW_MAX) {
		*why = "the host name is too long";
		return false;
	}
	if (raw.len >= 2 && raw.ptr[0] == '[') {
		*why = "what stands in brackets is no IPv6 address";
		return raw.ptr[raw.len - 1] == ']' && set_ipv6(u, str_sub(raw, 1, raw.len - 2));
	}
	struct buf name = BUF_INIT(RAW_MAX);
	url_decode(&name, raw);
	bool good = set_name(u, &name, why, err);
	buf_free(&name);
	return good;
}
