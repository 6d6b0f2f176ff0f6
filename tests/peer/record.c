/*
 * The recorder. What it writes is read by script.c: whole lines become S: and
 * C:, anything else [send ...] and [read N]. Knows of protocols only where a
 * password stands.
 */
#include "tests/peer/record.h"

#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/compat.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/visible.h"
#include "tests/peer/socket.h"

#define AT_ONCE (64 * KIB)
/* A line that is longer is written in parts: the notation has a ceiling, too. */
#define LONGEST_PART (64 * KIB)

struct side {
	int fd;
	char name;
	bool ended;
	struct buf line; /* what has come of a line */
};

struct recorder {
	const struct record *r;
	unsigned conn;
	struct side client, server;
	bool asked; /* the server has asked for what follows a command for logging in */
	bool login;
};

/* ---- the dialogue ---- */

static void put_text(struct buf *out, struct str text, bool stars)
{
	struct buf shown = BUF_INIT(8 * LIMIT_LINE);
	visible_put(&shown, text);
	for (size_t i = 0; i < shown.len; i++)
		if (stars && shown.ptr[i] == '*')
			buf_add_text(out, "\\x2a");
		else
			buf_add_byte(out, shown.ptr[i]);
	buf_free(&shown);
}

static struct str nth_word(struct str line, int n)
{
	struct str word = STR_NONE;
	for (int i = 0; i <= n; i++)
		if (!str_cut(&line, ' ', &word))
			return STR_NONE;
	return word;
}

/* How much of a client's line may be shown: up to where the secret begins. */
static size_t open_part(struct recorder *rec, struct str line)
{
	bool asked = rec->asked && rec->login;
	struct str first = nth_word(line, 0), second = nth_word(line, 1);
	size_t two = first.len + second.len + 2;
	rec->asked = false;
	if (asked)
		return 0;
	rec->login = str_is_nocase(first, "AUTH") || str_is_nocase(second, "AUTHENTICATE");
	if (str_is_nocase(first, "PASS") || str_is_nocase(first, "Cookie:"))
		return first.len + 1;
	if (str_is_nocase(first, "AUTH") || str_starts_nocase(first, "Authorization:") ||
	    str_is_nocase(first, "Proxy-Authorization:"))
		return two;
	if (str_is_nocase(second, "LOGIN") || rec->login)
		return two + nth_word(line, 2).len + 1;
	return line.len;
}

static void put_client_line(struct recorder *rec, struct buf *out, struct str line)
{
	size_t open = open_part(rec, line);
	put_text(out, str_sub(line, 0, open), true);
	if (open < line.len)
		buf_add_byte(out, '*');
}

static void write_out(struct recorder *rec, struct buf *out)
{
	buf_add_byte(out, '\n');
	fwrite(out->ptr, 1, out->len, rec->r->out);
	fflush(rec->r->out);
	buf_free(out);
}

static void begin_event(struct recorder *rec, struct buf *out)
{
	if (rec->conn > 1)
		buf_addf(out, "[conn %u]\n", rec->conn);
}

/* What is no line: it ends with LF alone, or not at all. */
static void write_part(struct recorder *rec, const struct side *from, struct str bytes)
{
	struct buf out = BUF_INIT(16 * LIMIT_LINE);
	begin_event(rec, &out);
	if (from->name == 'S') {
		buf_add_text(&out, "[send ");
		put_text(&out, bytes, false);
		buf_add_byte(&out, ']');
	} else {
		buf_addf(&out, "[read %zu]", bytes.len);
	}
	write_out(rec, &out);
}

static void write_line(struct recorder *rec, struct side *from)
{
	struct str line = buf_str(&from->line);
	struct buf out = BUF_INIT(16 * LIMIT_LINE);
	bool crlf = line.len > 1 && line.ptr[line.len - 2] == '\r';
	if (from->name == 'S' && !crlf) {
		write_part(rec, from, line);
		buf_clear(&from->line);
		return;
	}
	line = str_sub(line, 0, line.len - 1 - crlf);
	buf_add_byte(&out, from->name);
	if (rec->conn > 1)
		buf_addf(&out, "%u", rec->conn);
	buf_add_text(&out, line.len ? ": " : ":");
	if (from->name == 'C')
		put_client_line(rec, &out, line);
	else
		put_text(&out, line, false);
	if (from->name == 'S')
		rec->asked =
		    str_starts(line, "334") || str_starts(line, "+ ") || str_is(line, "+");
	write_out(rec, &out);
	buf_clear(&from->line);
}

static void write_close(struct recorder *rec)
{
	struct buf out = BUF_INIT(KIB);
	begin_event(rec, &out);
	buf_add_text(&out, "[close]");
	write_out(rec, &out);
}

static void end_part(struct recorder *rec, struct side *from)
{
	if (from->line.len)
		write_part(rec, from, buf_str(&from->line));
	buf_clear(&from->line);
}

static void note(struct recorder *rec, struct side *from, struct str bytes)
{
	end_part(rec, from == &rec->client ? &rec->server : &rec->client);
	for (size_t i = 0; i < bytes.len; i++) {
		buf_add_byte(&from->line, bytes.ptr[i]);
		if (bytes.ptr[i] == '\n')
			write_line(rec, from);
		else if (from->line.len == LONGEST_PART)
			end_part(rec, from);
	}
}

/* ---- the bytes ---- */

static bool send_all(int fd, struct str bytes, int64_t deadline)
{
	while (bytes.len) {
		struct pollfd ready = {.fd = fd, .events = POLLOUT};
		ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
		if (n >= 0)
			bytes = str_sub(bytes, (size_t)n, bytes.len);
		else if (errno != EAGAIN && errno != EINTR)
			return false;
		else if (poll(&ready, 1, clock_poll_ms(deadline, INT_MAX)) == 0)
			return false;
	}
	return true;
}

/* One read of a side that is ready; its end goes on to the other side. */
static void carry(struct recorder *rec, struct side *from, struct side *to)
{
	char bytes[AT_ONCE];
	ssize_t n = recv(from->fd, bytes, sizeof bytes, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		struct str got = {bytes, (size_t)n};
		note(rec, from, got);
		if (send_all(to->fd, got, clock_after_ms(rec->r->timeout / CLOCK_MS)))
			return;
	}
	from->ended = true;
	shutdown(to->fd, SHUT_WR);
}

static bool carry_all(struct recorder *rec, struct err *err)
{
	while (!rec->server.ended) {
		int64_t deadline = clock_after_ms(rec->r->timeout / CLOCK_MS);
		struct pollfd ready[] = {{.fd = rec->server.fd, .events = POLLIN},
		    {.fd = rec->client.ended ? -1 : rec->client.fd, .events = POLLIN}};
		int n = poll(ready, 2, clock_poll_ms(deadline, INT_MAX));
		if (n == 0 && clock_passed(deadline))
			return err_set(err, ERR_AGAIN, "nothing moved for too long");
		if (n > 0 && ready[0].revents)
			carry(rec, &rec->server, &rec->client);
		if (n > 0 && ready[1].revents)
			carry(rec, &rec->client, &rec->server);
	}
	return true;
}

static int connect_first(const struct addrinfo *at)
{
	for (; at; at = at->ai_next) {
		int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) == 0)
			return fd;
		int why = errno;
		if (fd >= 0)
			close(fd);
		errno = why;
	}
	return -1;
}

/* "host:port", "[::1]:port" */
static int connect_to(const char *server, struct err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
	struct str all = str_of(server);
	const char *colon = memrchr(all.ptr, ':', all.len);
	if (!colon || !colon[1]) {
		err_set(err, ERR_USAGE, "--record: %.200s is not HOST:PORT", server);
		return -1;
	}
	struct str host = str_sub(all, 0, (size_t)(colon - server));
	if (str_starts(host, "[") && str_ends_nocase(host, "]"))
		host = str_sub(host, 1, host.len - 2);
	char *name = str_dup(host);
	int bad = getaddrinfo(name, colon + 1, &hints, &found);
	int fd = bad ? -1 : connect_first(found);
	if (bad)
		err_set(err, ERR_USAGE, "--record: %.200s: %s", server, gai_strerror(bad));
	else if (fd < 0)
		err_set_errno(err, ERR_IO, "cannot connect to %.200s", server);
	if (found)
		freeaddrinfo(found);
	free(name);
	return fd;
}

static bool record_one(const struct record *r, unsigned conn, struct err *err)
{
	struct recorder rec = {.r = r, .conn = conn};
	rec.client = (struct side){.name = 'C', .line = BUF_INIT(LIMIT_LINE)};
	rec.server = (struct side){.name = 'S', .line = BUF_INIT(LIMIT_LINE)};
	int64_t deadline = clock_after_ms(r->timeout / CLOCK_MS);
	rec.client.fd = socket_accept(r->listener, deadline, err);
	if (rec.client.fd < 0)
		return false;
	rec.server.fd = connect_to(r->server, err);
	if (rec.server.fd >= 0) {
		bool ok = carry_all(&rec, err);
		end_part(&rec, &rec.client);
		end_part(&rec, &rec.server);
		/* Otherwise the client went first, which needs no step. */
		if (ok && !rec.client.ended)
			write_close(&rec);
		close(rec.server.fd);
	}
	close(rec.client.fd);
	buf_free(&rec.client.line);
	buf_free(&rec.server.line);
	return !err_is_set(err);
}

bool record_run(const struct record *r, struct err *err)
{
	bool ok = true;
	for (uint64_t i = 0; ok && i < r->times; i++)
		ok = record_one(r, (unsigned)i + 1, err);
	return ok;
}
