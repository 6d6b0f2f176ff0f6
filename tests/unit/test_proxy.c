/*
 * Proxies: whom they serve, what the environment says, and the words of CONNECT
 * and SOCKS5 against scripted answers.
 */
#include <signal.h>
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/net/proxy.h"
#include "tests/unit/talk.h"

/* ---- which ---- */

static void excluded(struct unit *t)
{
	static const char *const yes[][2] = {{"*", "any.example"}, {"a,*", "any.example"},
	    {"example.org", "example.org"}, {"example.org", "www.example.org"},
	    {".example.org", "www.example.org"}, {".example.org", "example.org"},
	    {"EXAMPLE.org", "www.Example.ORG"}, {"a.b, example.org", "example.org"},
	    {"a.b example.org", "example.org"}, {" \texample.org\t", "example.org"},
	    {"10.1.2.3", "10.1.2.3"}, {"10.0.0.0/8", "10.255.1.2"},
	    {"192.168.4.0/22", "192.168.7.9"}, {"0.0.0.0/0", "1.2.3.4"},
	    {"10.1.2.3/32", "10.1.2.3"}, {"2001:db8::/32", "2001:db8:1::1"},
	    {"2001:db8::/33", "2001:db8:7fff::1"}, {"::1/128", "::1"}, {"::1", "::1"},
	    {"[::1]", "::1"}, {"::/0", "2001:db8::1"}};
	static const char *const no[][2] = {{"", "example.org"}, {",, ,", "example.org"},
	    {"example.org", "example.com"}, {"example.org", "badexample.org"},
	    {"www.example.org", "example.org"}, {".", "example.org"},
	    {"example.org:8080", "example.org"}, {"10.0.0.0/8", "11.0.0.1"},
	    {"192.168.4.0/22", "192.168.8.1"}, {"10.0.0.0/33", "10.0.0.1"},
	    {"10.0.0.0/", "10.0.0.1"}, {"10.0.0.0/8x", "10.0.0.1"},
	    {"10.0.0.0/8", "www.example.org"}, {"10.0.0.0/8", "::1"}, {"::/0", "10.0.0.1"},
	    {"2001:db8::/33", "2001:db8:8000::1"}, {"::/129", "::1"},
	    {"example.org/8", "example.org"}};
	for (size_t i = 0; i < COUNT(yes); i++)
		if (!CHECK(proxy_is_excluded(yes[i][0], yes[i][1])))
			CHECK_STR(yes[i][0], yes[i][1]);
	for (size_t i = 0; i < COUNT(no); i++)
		if (!CHECK(!proxy_is_excluded(no[i][0], no[i][1])))
			CHECK_STR(no[i][0], no[i][1]);
	CHECK(!proxy_is_excluded(NULL, "example.org"));
}

static void forget(void)
{
	static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy",
	    "HTTPS_PROXY", "ftp_proxy", "FTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
	    "NO_PROXY"};
	for (size_t i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
}

/* "kind user:password@host:port", "direct" or "!text of the error". */
static char *way(const struct net_settings *s, const char *scheme, const char *host)
{
	static const char *const kinds[] = {"direct", "http", "socks5", "socks5h"};
	struct route r;
	struct err err = {0};
	if (!proxy_route(s, scheme, host, &r, &err))
		return mem_printf("!%d %s", (int)err.kind, err.text);
	if (r.kind == ROUTE_DIRECT)
		return mem_dup("direct");
	return mem_printf("%s %s:%s@%s:%u", kinds[r.kind], r.user, r.password, r.host, r.port);
}

static void goes(
    struct unit *t, const struct net_settings *s, const char *scheme, const char *want)
{
	char *got = way(s, scheme, "www.example.org");
	CHECK_STR(got, want);
	free(got);
}

static void environment(struct unit *t)
{
	struct net_settings s = {0};
	forget();
	goes(t, &s, "http", "direct");
	setenv("HTTP_PROXY", "http://evil:1", 1);
	goes(t, &s, "http", "direct");
	setenv("http_proxy", "p:3128", 1);
	goes(t, &s, "http", "http :@p:3128");
	goes(t, &s, "https", "direct");
	setenv("HTTPS_PROXY", "http://u%40x:s%3At@q", 1);
	goes(t, &s, "https", "http u@x:s:t@q:1080");
	setenv("https_proxy", "socks5://r:9", 1);
	goes(t, &s, "https", "socks5 :@r:9");
	setenv("ALL_PROXY", "socks5h://[::1]:7", 1);
	goes(t, &s, "ftp", "socks5h :@::1:7");
	setenv("all_proxy", "http://all:8", 1);
	goes(t, &s, "ftp", "http :@all:8");
	setenv("ftp_proxy", "", 1);
	goes(t, &s, "ftp", "direct");
	setenv("NO_PROXY", "example.org", 1);
	goes(t, &s, "http", "direct");
	setenv("no_proxy", "other.example", 1);
	goes(t, &s, "http", "http :@p:3128");
	forget();
}

static void options(struct unit *t)
{
	char none[] = "", proxy[] = "http://u:p@h:1", list[] = "example.org";
	char ftp[] = "ftp://h:1", evil[] = "http://h\r\nX: y", empty[] = "http://";
	struct net_settings s = {.proxy = proxy};
	forget();
	setenv("http_proxy", "http://env:1", 1);
	setenv("no_proxy", "*", 1);
	goes(t, &s, "http", "direct");
	s.noproxy = none;
	goes(t, &s, "http", "http u:p@h:1");
	s.noproxy = list;
	goes(t, &s, "http", "direct");
	s.noproxy = none;
	s.proxy = none;
	goes(t, &s, "http", "direct");
	s.proxy = ftp;
	goes(t, &s, "http",
	    "!64 a proxy of kind ftp:// is not supported; http, socks5 and socks5h are");
	s.proxy = evil;
	char *got = way(&s, "http", "h");
	CHECK(str_starts(str_of(got), "!64 "));
	free(got);
	s.proxy = empty;
	got = way(&s, "http", "h");
	CHECK(str_starts(str_of(got), "!64 "));
	free(got);
	forget();
}

/* ---- the words ---- */

struct words {
	const char *route; /* as --proxy */
	const char *host;
	uint16_t port;
	struct str answer; /* the proxy's, all of it at once */
	struct str asked;  /* what it must have been asked */
	enum err_kind kind;
	const char *text; /* part of the error */
};

#define BYTES(literal)                                                                         \
	{                                                                                      \
		(literal), sizeof(literal) - 1                                                 \
	}

static void asks(struct unit *t, const struct words *w)
{
	struct buf sent = BUF_INIT(4 * KIB);
	char *proxy = mem_dup(w->route);
	struct net_settings settings = {.proxy = proxy};
	struct err err = {0};
	struct route route;
	struct stream *s = stream_over_memory(w->answer, &sent);
	forget();
	CHECK(proxy_route(&settings, "https", w->host, &route, &err));
	bool ok = proxy_connect(s, &route, w->host, w->port);
	CHECK(ok == (w->kind == ERR_NONE));
	CHECK(talk_failed(s, w->kind, w->text));
	if (!str_eq(buf_str(&sent), w->asked))
		unit_check_str(HERE(t), buf_str(&sent), w->asked, w->route);
	if (ok)
		CHECK_SLICE(stream_held(s), "+");
	stream_close(s);
	buf_free(&sent);
	free(proxy);
}

#define CONNECT "CONNECT h.example:443 HTTP/1.1\r\nHost: h.example:443\r\n"

static void http(struct unit *t)
{
	static const struct words cases[] = {
	    {"http://p", "h.example", 443, BYTES("HTTP/1.1 200 OK\r\nVia: p\r\n\r\n+"),
		BYTES(CONNECT "\r\n"), ERR_NONE, ""},
	    {"http://u:p@p", "h.example", 443, BYTES("HTTP/1.0 200\n\n+"),
		BYTES(CONNECT "Proxy-Authorization: Basic dTpw\r\n\r\n"), ERR_NONE, ""},
	    {"http://p", "::1", 25, BYTES("HTTP/1.1 201 x\r\n\r\n+"),
		BYTES("CONNECT [::1]:25 HTTP/1.1\r\nHost: [::1]:25\r\n\r\n"), ERR_NONE, ""},
	    {"http://p", "h.example", 443, BYTES("HTTP/1.1 407 Who\r\n\r\n"),
		BYTES(CONNECT "\r\n"), ERR_AUTH, "gives no way to h.example:443 (407)"},
	    {"http://p", "h.example", 443, BYTES("HTTP/1.1 403 No\r\n\r\n"),
		BYTES(CONNECT "\r\n"), ERR_AUTH, "(403)"},
	    {"http://p", "h.example", 443, BYTES("HTTP/1.1 502 Bad\r\n\r\n"),
		BYTES(CONNECT "\r\n"), ERR_AGAIN, "(502)"},
	    {"http://p", "h.example", 443, BYTES("HTTP/1.1 400 Bad\r\n\r\n"),
		BYTES(CONNECT "\r\n"), ERR_REFUSED, "(400)"},
	    {"http://p", "h.example", 443, BYTES("HTTP/1.1 200 OK\r\n"), BYTES(CONNECT "\r\n"),
		ERR_AGAIN, "closed the connection"},
	    {"http://p", "h.example", 443, BYTES(""), BYTES(CONNECT "\r\n"), ERR_AGAIN,
		"closed the connection"},
	    {"http://p", "h.example", 443, BYTES("SSH-2.0-x\r\nmore\r\n"),
		BYTES(CONNECT "\r\n"), ERR_PROTOCOL, "SSH-2.0-x"},
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		asks(t, &cases[i]);
}

#define OPEN "\5\1\0"
#define DONE4 "\5\0\0\1\1\2\3\4\0\120"

static void socks(struct unit *t)
{
	static const struct words cases[] = {
	    {"socks5h://p", "h.example", 443, BYTES("\5\0" DONE4 "+"),
		BYTES("\5\1\0" OPEN "\3\11h.example\1\273"), ERR_NONE, ""},
	    {"socks5h://p", "127.0.0.1", 80, BYTES("\5\0\5\0\0\3\3abc\0\1+"),
		BYTES("\5\1\0" OPEN "\1\177\0\0\1\0\120"), ERR_NONE, ""},
	    {"socks5://p", "::1", 80,
		BYTES("\5\0\5\0\0\4"
		      "0123456789abcdef\0\1+"),
		BYTES("\5\1\0" OPEN "\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\120"), ERR_NONE, ""},
	    {"socks5://u:pw@p", "127.0.0.1", 80, BYTES("\5\2\1\0" DONE4 "+"),
		BYTES("\5\2\0\2\1\1u\2pw" OPEN "\1\177\0\0\1\0\120"), ERR_NONE, ""},
	    {"socks5://u:pw@p", "127.0.0.1", 80, BYTES("\5\0" DONE4 "+"),
		BYTES("\5\2\0\2" OPEN "\1\177\0\0\1\0\120"), ERR_NONE, ""},
	    {"socks5://u@p", "127.0.0.1", 80, BYTES("\5\2\1\0" DONE4 "+"),
		BYTES("\5\2\0\2\1\1u\0" OPEN "\1\177\0\0\1\0\120"), ERR_NONE, ""},
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		asks(t, &cases[i]);
}

#define ASKED BYTES("\5\1\0" OPEN "\1\177\0\0\1\0\120")

static void socks_refusals(struct unit *t)
{
	static const struct words cases[] = {
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\5\0\1\0\0\0\0\0\0"), BYTES("\5\1\0"),
		ERR_AUTH, "wants a login"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\377"), BYTES("\5\1\0"), ERR_AUTH,
		"give it in the proxy's URL"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\2\1\0"), BYTES("\5\1\0"), ERR_AUTH,
		"wants a login"},
	    {"socks5://u:pw@p", "127.0.0.1", 80, BYTES("\5\377"), BYTES("\5\2\0\2"), ERR_AUTH,
		"of a kind that is not supported"},
	    {"socks5://u:pw@p", "127.0.0.1", 80, BYTES("\5\2\1\1"), BYTES("\5\2\0\2\1\1u\2pw"),
		ERR_AUTH, "refused the user name"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("HTTP/1.1 400 Bad\r\n\r\n"), BYTES("\5\1\0"),
		ERR_PROTOCOL, "not a SOCKS5 proxy"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\0\5\2\0\1\0\0\0\0\0\0"), ASKED, ERR_AUTH,
		"not allowed by its rules"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\0\5\5\0\0\0"), ASKED, ERR_AGAIN,
		"gives no way to 127.0.0.1: connection refused"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\0\5\143\0\1\0\0\0\0\0\0"), ASKED,
		ERR_AGAIN, "unknown reason"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\0\5\0\0\2\0\0\0\0\0\0"), ASKED,
		ERR_PROTOCOL, "malformed"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\0\4\0\0\1\0\0\0\0\0\0"), ASKED,
		ERR_PROTOCOL, "malformed"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\0\5\0\0\1\0\0"), ASKED, ERR_AGAIN,
		"closed the connection"},
	    {"socks5://p", "127.0.0.1", 80, BYTES("\5\0"), ASKED, ERR_AGAIN,
		"closed the connection"},
	    {"socks5://p", "127.0.0.1", 80, BYTES(""), BYTES("\5\1\0"), ERR_AGAIN,
		"closed the connection"},
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		asks(t, &cases[i]);
}

/* --resolve holds for names that SOCKS5 wants resolved here. */
static void resolved_here(struct unit *t)
{
	struct talk k;
	struct route route = {.kind = ROUTE_SOCKS5};
	char sent[20] = "";
	talk_open(&k, NULL);
	list_add(&k.settings.resolve, NULL, "h.example:443:192.0.2.7");
	talk_say(k.peer, "\5\0" DONE4, 12);
	CHECK(proxy_connect(k.stream, &route, "h.example", 443));
	CHECK(talk_failed(k.stream, ERR_NONE, ""));
	CHECK_INT(talk_hear(k.peer, sent, 13), 13);
	CHECK(memcmp(sent, "\5\1\0" OPEN "\1\300\0\2\7\1\273", 13) == 0);
	CHECK(stream_report(k.stream)->turns > 0 && stream_turns(k.stream) == 0);
	talk_close(&k);
	list_free(&k.settings.resolve);
}

static void masked(struct unit *t)
{
	struct trace *trace = trace_open();
	struct talk k;
	struct route route = {.kind = ROUTE_HTTP, .user = "joe", .password = "hunter2"};
	int fd = talk_memory();
	trace_add_sink(trace, trace_text_sink(fd, false, false));
	talk_open(&k, trace);
	talk_say(k.peer, "HTTP/1.1 200 OK\r\n\r\n", 19);
	CHECK(proxy_connect(k.stream, &route, "h", 25));
	struct buf text = talk_file(fd);
	CHECK_STR(buf_cstr(&text), "C: CONNECT h:25 HTTP/1.1\nC: Host: h:25\n"
				   "C: Proxy-Authorization: Basic ****\nC:\n"
				   "S: HTTP/1.1 200 OK\nS:\n[proxy CONNECT way to h:25]\n");
	talk_close(&k);
	trace_close(trace);
	buf_free(&text);
	close(fd);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"hosts that go without", excluded},
	    {"the environment", environment},
	    {"the options", options},
	    {"CONNECT", http},
	    {"SOCKS5", socks},
	    {"SOCKS5 refusals", socks_refusals},
	    {"SOCKS5 and --resolve", resolved_here},
	    {"the trace masks the login", masked},
	};
	signal(SIGPIPE, SIG_IGN);
	return unit_run(tests, COUNT(tests));
}
