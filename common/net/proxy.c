/*
 * Proxies: which one, and the few words that open a way through it. Knows no
 * protocol that later goes through.
 */
#include "common/net/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/address.h"
#include "common/net/stream_inside.h"
#include "common/text/base64.h"
#include "common/text/httphead.h"
#include "common/text/number.h"
#include "common/text/url.h"

/* ---- which ---- */

/* CGI turns a client's "Proxy:" header into HTTP_PROXY: only lower case counts for http. */
static const char *from_environment(const char *scheme)
{
	char name[64];
	const char *value;
	snprintf(name, sizeof name, "%s_proxy", scheme);
	value = getenv(name);
	if (!value && strcmp(scheme, "http") != 0) {
		for (char *p = name; *p; p++)
			*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
		value = getenv(name);
	}
	if (!value)
		value = getenv("all_proxy");
	return value ? value : getenv("ALL_PROXY");
}

static bool in_block(const char *host, struct str block, uint64_t bits)
{
	unsigned char a[16], b[16];
	char text[64];
	snprintf(text, sizeof text, "%.*s", STR_ARG(block));
	int family = inet_pton(AF_INET, text, b) == 1    ? AF_INET
		     : inet_pton(AF_INET6, text, b) == 1 ? AF_INET6
							 : 0;
	if (!family || inet_pton(family, host, a) != 1)
		return false;
	if (bits > (family == AF_INET ? 32 : 128))
		return false;
	size_t whole = (size_t)bits / 8;
	unsigned mask = 0xff00u >> (bits % 8);
	return memcmp(a, b, whole) == 0 &&
	       (bits % 8 == 0 || ((a[whole] ^ b[whole]) & mask & 0xff) == 0);
}

static bool excludes(struct str entry, const char *host)
{
	struct str name = str_of(host), block = entry, bits = entry;
	uint64_t width;
	if (str_is(entry, "*"))
		return true;
	if (str_cut(&bits, '/', &block) && bits.len && number_parse(bits, &width))
		return in_block(host, block, width);
	if (entry.len > 2 && entry.ptr[0] == '[' && entry.ptr[entry.len - 1] == ']')
		entry = str_sub(entry, 1, entry.len - 2);
	if (entry.len && entry.ptr[0] == '.')
		entry = str_sub(entry, 1, entry.len);
	if (entry.len == 0 || entry.len > name.len)
		return false;
	struct str tail = str_sub(name, name.len - entry.len, entry.len);
	return str_eq_nocase(tail, entry) &&
	       (tail.len == name.len || name.ptr[name.len - tail.len - 1] == '.');
}

bool proxy_is_excluded(const char *list, const char *host)
{
	struct str rest = str_of(list), entry;
	while (str_cut(&rest, ',', &entry)) {
		struct str word;
		while (str_cut(&entry, ' ', &word))
			if (excludes(str_trim(word), host))
				return true;
	}
	return false;
}

static bool choose_kind(const struct url *u, struct route *route, struct err *err)
{
	if (url_scheme_is(u, "http"))
		route->kind = ROUTE_HTTP;
	else if (url_scheme_is(u, "socks5"))
		route->kind = ROUTE_SOCKS5;
	else if (url_scheme_is(u, "socks5h"))
		route->kind = ROUTE_SOCKS5H;
	else
		return err_set(err, ERR_USAGE,
		    "a proxy of kind %s:// is not supported; http, socks5 and socks5h are",
		    u->scheme);
	return true;
}

static bool read_route(const char *text, struct route *route, struct err *err)
{
	struct url u;
	if (!url_parse(&u, str_of(text), "http", err))
		return false;
	bool ok = choose_kind(&u, route, err);
	if (ok && (!u.host || !*u.host || strlen(u.host) >= sizeof route->host))
		ok = err_set(err, ERR_USAGE, "the proxy URL names no host");
	if (ok && (strlen(u.user ? u.user : "") >= sizeof route->user ||
		      strlen(u.password ? u.password : "") >= sizeof route->password))
		ok = err_set(err, ERR_USAGE, "the proxy's user name or password is too long");
	if (ok) {
		snprintf(route->host, sizeof route->host, "%s", u.host);
		snprintf(route->user, sizeof route->user, "%s", u.user ? u.user : "");
		snprintf(route->password, sizeof route->password, "%s",
		    u.password ? u.password : "");
		/* curl's default; few proxies stand at port 80. */
		route->port = u.port_given ? u.port : 1080;
	}
	url_free(&u);
	return ok;
}

bool proxy_route(const struct net_settings *settings, const char *scheme, const char *host,
    struct route *route, struct err *err)
{
	*route = (struct route){ROUTE_DIRECT, "", 0, "", ""};
	const char *proxy = settings->proxy ? settings->proxy : from_environment(scheme);
	const char *not_for = settings->noproxy ? settings->noproxy : getenv("no_proxy");
	if (!not_for)
		not_for = getenv("NO_PROXY");
	if (!proxy || !*proxy || (not_for && proxy_is_excluded(not_for, host)))
		return true;
	return read_route(proxy, route, err);
}

/* ---- HTTP CONNECT ---- */

char *proxy_authorization(const struct route *route)
{
	if (!route->user[0])
		return NULL;
	struct buf pair = BUF_INIT(KIB), value = BUF_INIT(2 * KIB);
	buf_addf(&pair, "%s:%s", route->user, route->password);
	buf_add_text(&value, "Basic ");
	base64_encode(&value, buf_str(&pair));
	buf_free_secret(&pair);
	return buf_steal(&value);
}

static bool read_head(struct stream *s, struct buf *head)
{
	struct str line;
	do {
		if (!stream_line(s, &line))
			return false;
		trace_line(s->trace, s->conn, 'S', line);
		/* What is no HTTP may never send the empty line. */
		if (!head->len && !http_head_begins(line, &s->err))
			return false;
		buf_add_str(head, line);
		buf_add_text(head, "\r\n");
	} while (line.len && !head->over);
	return !head->over || stream_fail(s, ERR_PROTOCOL, "the proxy's answer is too long");
}

static enum err_kind kind_of(int status)
{
	if (status == 401 || status == 403 || status == 407)
		return ERR_AUTH;
	return status >= 500 ? ERR_AGAIN : ERR_REFUSED;
}

static bool judge(struct stream *s, struct buf *bytes, const char *host, uint16_t port)
{
	struct http_head head;
	if (!http_head_parse(&head, bytes->ptr, bytes->len, &s->err))
		return false;
	bool ok = head.status / 100 == 2;
	if (!ok) {
		stream_fail(s, kind_of(head.status), "the proxy %s gives no way to %s:%u (%d)",
		    s->report.peer, host, port, head.status);
		err_set_said(&s->err, head.status, head.reason);
	}
	http_head_free(&head);
	return ok;
}

static bool connect_http(
    struct stream *s, const struct route *route, const char *host, uint16_t port)
{
	bool v6 = strchr(host, ':');
	char to[300];
	char *secret = proxy_authorization(route);
	snprintf(to, sizeof to, "%s%s%s:%u", v6 ? "[" : "", host, v6 ? "]" : "", port);
	stream_put_line(s, "CONNECT %s HTTP/1.1", to);
	stream_put_line(s, "Host: %s", to);
	if (secret)
		stream_put_secret(
		    s, "Proxy-Authorization: Basic ****", "Proxy-Authorization: %s", secret);
	stream_put_line(s, "%s", "");
	mem_free_secret(secret);
	struct buf head = BUF_INIT(LIMIT_HEAD);
	bool ok = read_head(s, &head) && judge(s, &head, host, port);
	buf_free(&head);
	return ok;
}

/* ---- SOCKS5 ---- */

static const unsigned char *need(struct stream *s, size_t len)
{
	/* The answer may be here already; the question is sent all the same. */
	stream_flush(s);
	while (stream_held(s).len < len)
		if (!stream_fill(s)) {
			stream_fail(s, ERR_AGAIN, "the SOCKS proxy closed the connection");
			return NULL;
		}
	return (const unsigned char *)stream_held(s).ptr;
}

static bool log_in(struct stream *s, const struct route *route)
{
	struct buf b = BUF_INIT(KIB);
	size_t user = strlen(route->user), password = strlen(route->password);
	buf_addf(&b, "%c%c%s%c%s", 1, (int)user, route->user, (int)password, route->password);
	stream_put(s, b.ptr, b.len);
	s->out_secret = true;
	buf_free_secret(&b);
	const unsigned char *reply = need(s, 2);
	if (!reply)
		return false;
	if (reply[1] != 0)
		return stream_fail(
		    s, ERR_AUTH, "the SOCKS proxy refused the user name or password");
	stream_take(s, 2);
	return true;
}

static bool greet(struct stream *s, const struct route *route)
{
	bool user = route->user[0];
	stream_put(s, user ? "\5\2\0\2" : "\5\1\0", user ? 4 : 3);
	const unsigned char *reply = need(s, 2);
	if (!reply)
		return false;
	unsigned version = reply[0], method = reply[1];
	stream_take(s, 2);
	if (version != 5)
		return stream_fail(s, ERR_PROTOCOL, "%s is not a SOCKS5 proxy", s->report.peer);
	if (method == 2 && user)
		return log_in(s, route);
	return method == 0 ||
	       stream_fail(s, ERR_AUTH, "the SOCKS proxy wants a login%s",
		   user ? " of a kind that is not supported" : ": give it in the proxy's URL");
}

static bool put_address(struct stream *s, const char *host, bool by_name)
{
	unsigned char v6[16];
	if (inet_pton(AF_INET, host, v6) == 1) {
		stream_put(s, "\1", 1);
		stream_put(s, v6, 4);
	} else if (inet_pton(AF_INET6, host, v6) == 1) {
		stream_put(s, "\4", 1);
		stream_put(s, v6, 16);
	} else if (by_name && strlen(host) < 256) {
		unsigned char head[2] = {3, (unsigned char)strlen(host)};
		stream_put(s, head, 2);
		stream_put_text(s, host);
	} else {
		return stream_fail(s, ERR_USAGE, "the host name is too long for SOCKS5");
	}
	return true;
}

static bool put_target(
    struct stream *s, const struct route *route, const char *host, uint16_t port)
{
	char address[80];
	if (route->kind == ROUTE_SOCKS5H)
		return put_address(s, host, true);
	struct addrinfo *found = address_find(s->settings, host, port, s->deadline, &s->err);
	if (!found)
		return false;
	getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, NULL, 0,
	    NI_NUMERICHOST);
	freeaddrinfo(found);
	return put_address(s, address, false);
}

static bool take_answer(struct stream *s, const char *host)
{
	/* RFC 1928 6. */
	static const char *const reasons[] = {"", "general failure", "not allowed by its rules",
	    "network unreachable", "host unreachable", "connection refused", "TTL expired",
	    "command not supported", "address type not supported"};
	const unsigned char *reply = need(s, 5);
	if (!reply)
		return false;
	unsigned code = reply[1], type = reply[3];
	size_t len = 6 + (type == 1 ? 4 : type == 4 ? 16 : 1u + reply[4]);
	/* The code first: in a refusal the rest is often nonsense. */
	if (reply[0] == 5 && code != 0)
		return stream_fail(s, code == 2 ? ERR_AUTH : ERR_AGAIN,
		    "the SOCKS proxy %s gives no way to %s: %s", s->report.peer, host,
		    code < 9 ? reasons[code] : "unknown reason");
	if (reply[0] != 5 || (type != 1 && type != 3 && type != 4))
		return stream_fail(s, ERR_PROTOCOL, "the SOCKS proxy's answer is malformed");
	if (!need(s, len))
		return false;
	stream_take(s, len);
	return true;
}

static bool connect_socks(
    struct stream *s, const struct route *route, const char *host, uint16_t port)
{
	unsigned char number[2] = {(unsigned char)(port >> 8), (unsigned char)port};
	if (!greet(s, route))
		return false;
	stream_put(s, "\5\1\0", 3);
	if (!put_target(s, route, host, port))
		return false;
	stream_put(s, number, 2);
	return take_answer(s, host);
}

bool proxy_connect(struct stream *s, const struct route *route, const char *host, uint16_t port)
{
	bool http = route->kind == ROUTE_HTTP;
	bool ok =
	    http ? connect_http(s, route, host, port) : connect_socks(s, route, host, port);
	if (ok)
		trace_note(s->trace, s->conn, "proxy", "%s way to %s:%u",
		    http ? "CONNECT" : "SOCKS5", host, port);
	s->report.turns += s->turns;
	s->turns = 0;
	s->waited = s->moved = 0;
	return ok;
}
