/*
 * HTTP/1.x in plain words (RFC 9110, 9112): methods, and the order in which
 * heads and bodies come. Codes and fields stand in tables of their own.
 */
#include "common/text/explain_http.h"

#include <string.h>

static const struct explain_row methods[] = {
    {"GET", NULL, "asks for a resource", "9110 9.3.1", "a request begins"},
    {"HEAD", NULL, "asks for the head that GET would get, without the body", "9110 9.3.2",
	"a request begins"},
    {"POST", NULL, "sends a body to be processed", "9110 9.3.3", "a request begins"},
    {"PUT", NULL, "sends a body to be stored under this name", "9110 9.3.4",
	"a request begins"},
    {"DELETE", NULL, "asks to remove the resource", "9110 9.3.5", "a request begins"},
    {"CONNECT", NULL, "asks a proxy for a tunnel to that host", "9110 9.3.6",
	"a request begins"},
    {"OPTIONS", NULL, "asks what is possible here", "9110 9.3.7", "a request begins"},
    {"TRACE", NULL, "asks to get the request itself back", "9110 9.3.8", "a request begins"},
    {"PATCH", NULL, "sends changes to the resource", "5789 2", "a request begins"},
    {"PROPFIND", NULL, "asks for properties (WebDAV)", "4918 9.1", "a request begins"},
    {"PROPPATCH", NULL, "sets properties (WebDAV)", "4918 9.2", "a request begins"},
    {"MKCOL", NULL, "makes a collection (WebDAV)", "4918 9.3", "a request begins"},
    {"COPY", NULL, "copies (WebDAV)", "4918 9.8", "a request begins"},
    {"MOVE", NULL, "moves (WebDAV)", "4918 9.9", "a request begins"},
    {"LOCK", NULL, "locks (WebDAV)", "4918 9.10", "a request begins"},
    {"UNLOCK", NULL, "unlocks (WebDAV)", "4918 9.11", "a request begins"},
    {.name = NULL},
};

static const struct explain_row events[] = {
    {"connect", NULL, "TCP's handshake took 1 RTT; in HTTP the client speaks first", "9110 3.3",
	NULL},
    {"tls", NULL, "encrypted from here on; TLS 1.3 took 1 RTT more", "8446 2", NULL},
    {"proxy", NULL, "a proxy passes everything on from here", "9110 3.7", NULL},
    {"body", "S", "the body of the answer", "9112 6", "the answer ends"},
    {"body", "C", "the body of the request", "9112 6", NULL},
    {"decoded", NULL, "what it became without its Content-Encoding", "9110 8.4", NULL},
    {"redirect", NULL, "the answer said where to go; a new request follows", "9110 15.4", NULL},
    {"retry", NULL, "what failed may work now", "9110 9.2.2", NULL},
    {"resume", NULL, "what is there already is not fetched again", "9110 14.2", NULL},
    {"cookie", NULL, "a cookie that is not kept", "6265 5.3", NULL},
    {"close", NULL, "the TCP connection is closed", "9112 9.6", NULL},
    {.name = NULL},
};

static const struct explain_row other_method = {
    "?", NULL, "a method that is not in these tables", "9110 9.1", "a request begins"};
static const struct explain_row piped = {
    "?", NULL, "sent without waiting: pipelined", "9112 9.3.2", NULL};
static const struct explain_row other_field = {
    "?", NULL, "a header field that is not in these tables", "9110 5", NULL};
static const struct explain_row head_sent = {"?", NULL,
    "an empty line ends the head of the request", "9112 2.1", "now it is the server's turn"};
static const struct explain_row head_seen = {"?", NULL,
    "an empty line ends the head of the answer", "9112 2.1", "a body follows, or nothing"};
static const struct explain_row body_begins = {"?", NULL, "the body begins", "9112 6", NULL};

/* In the order of the first digit. */
static const char *const classes[] = {
    NULL, "1 wait", "2 success", "3 elsewhere", "4 client's error", "5 server's error"};
static const struct explain_row other_code = {
    "?", NULL, "a code that is not registered; its first digit counts", "9110 15", NULL};

static const struct explain_row *const tables[] = {
    methods, explain_http_status, explain_http_fields, NULL};

static const char *lead(const char *name)
{
	bool is_code = strlen(name) == 3 && name[0] >= '1' && name[0] <= '5' &&
		       char_is_digit(name[1]) && char_is_digit(name[2]);
	return is_code ? classes[name[0] - '0'] : NULL;
}

static void put_field(struct str line, struct buf *out)
{
	struct str name = str_sub(line, 0, str_find(line, ':'));
	struct str value = str_trim(str_sub(line, name.len + 1, line.len));
	const struct explain_row *row = explain_find(explain_http_fields, name, value);
	explain_put(out, NULL, row ? row : &other_field, NULL);
}

/* "GET /path HTTP/1.1", or HTTP/0.9's without version at the start of a connection. */
static bool is_request(const struct explain *x, struct str line)
{
	struct str method = explain_first_word(line);
	bool capitals = method.len > 0 && method.len < line.len;
	for (size_t i = 0; i < method.len; i++)
		capitals = capitals && method.ptr[i] >= 'A' && method.ptr[i] <= 'Z';
	bool versioned = str_find_str(line, STR(" HTTP/")) < line.len;
	return capitals && (versioned || (!x->last && x->count == 0));
}

static void put_request(struct explain *x, struct str line, struct buf *out)
{
	const struct explain_row *row =
	    explain_find(methods, explain_first_word(line), STR_NONE);
	bool waits = x->count > 0;
	explain_ask(x, row ? row : &other_method, STR_NONE);
	explain_put(out, NULL, row ? row : &other_method, waits ? &piped : NULL);
	x->in_head = str_find_str(line, STR(" HTTP/")) < line.len;
	x->client_body = false;
}

static void client(struct explain *x, struct str line, struct buf *out)
{
	if (x->in_head && line.len) {
		put_field(line, out);
	} else if (x->in_head) {
		x->in_head = false;
		x->client_body = true;
		explain_put(out, NULL, &head_sent, NULL);
	} else if (is_request(x, line)) {
		put_request(x, line, out);
	} else if (x->client_body) {
		x->client_body = false;
		explain_put(out, NULL, &body_begins, NULL);
	}
}

static void put_status(struct explain *x, struct str line, struct buf *out)
{
	struct str rest = str_sub(line, explain_first_word(line).len + 1, line.len);
	struct str code = explain_first_word(rest);
	char text[4] = "";
	if (code.len == 3)
		memcpy(text, code.ptr, 3);
	const struct explain_row *row =
	    explain_find(explain_http_status, code, explain_asked_verb(x));
	explain_put(out, lead(text), row ? row : &other_code, NULL);
	x->in_answer = true;
	x->server_body = false;
	/* 1yz is not the answer yet, but 101 is the last of HTTP. */
	if (text[0] != '1' || strcmp(text, "101") == 0)
		explain_answered(x);
}

static void server(struct explain *x, struct str line, struct buf *out)
{
	if (x->in_answer && line.len) {
		put_field(line, out);
	} else if (x->in_answer) {
		x->in_answer = false;
		x->server_body = true;
		explain_put(out, NULL, &head_seen, NULL);
	} else if (str_starts(line, "HTTP/")) {
		put_status(x, line, out);
	} else if (x->server_body) {
		x->server_body = false;
		explain_put(out, NULL, &body_begins, NULL);
	}
}

const struct explain_book explain_http = {"http", tables, events, lead, client, server};
