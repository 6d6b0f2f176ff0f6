/*
 * The jar's file: the Netscape format, as curl and wget read and write it, with
 * curl's "#HttpOnly_" in front of the domain. Knows no server.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/webget/jar.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/cli/userfile.h"
#include "common/text/number.h"

#define FIELDS 7

/* wget writes "host:port" for other ports than 80. Cookies know no ports (RFC 6265bis 8.5), so
 * that is the host's. An IPv6 address has more colons than one. */
static struct str without_port(struct str domain)
{
	size_t colon = str_find(domain, ':');
	bool more = str_has_byte(str_sub(domain, colon + 1, domain.len), ':');
	return more ? domain : str_sub(domain, 0, colon);
}

/* The domain of a line; empty if it is none: what would be a comment if it were written again
 * is nobody's name. */
static struct str domain_of(struct str field)
{
	bool dot = field.len && field.ptr[0] == '.';
	struct str domain = without_port(str_sub(field, dot, field.len));
	return str_starts(domain, ".") || str_starts(domain, "#") ? STR_NONE : domain;
}

/* domain, for hosts under it too, path, secure, expires, name, value */
static bool take_line(struct cookie_jar *jar, struct str line, bool http_only)
{
	struct str f[FIELDS] = {{0}}, domain;
	int64_t expires;
	size_t n = 0;
	while (n < FIELDS && str_cut(&line, '\t', &f[n]))
		n++;
	domain = domain_of(f[0]);
	if (n < FIELDS - 1 || domain.len == 0 || f[2].len == 0 ||
	    !number_parse_signed(f[4], &expires))
		return false;
	struct cookie c = {.name = str_dup(f[5]),
	    .value = str_dup(f[6]),
	    .domain = str_dup(domain),
	    .path = str_dup(f[2]),
	    .expires = expires ? expires : COOKIE_SESSION,
	    .host_only = !str_is_nocase(f[1], "true"),
	    .secure = str_is_nocase(f[3], "true"),
	    .http_only = http_only};
	jar_append(jar, &c);
	return true;
}

void jar_read(struct cookie_jar *jar, struct str text)
{
	struct str line;
	while (str_cut(&text, '\n', &line)) {
		bool http_only = str_starts(line, "#HttpOnly_");
		if (http_only)
			line = str_sub(line, strlen("#HttpOnly_"), line.len);
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (line.len && line.ptr[0] != '#' && !cookie_has_control(line))
			take_line(jar, line, http_only);
	}
}

bool jar_load(struct cookie_jar *jar, const char *path, struct err *err)
{
	struct userfile file;
	bool ok = userfile_read_upto(&file, path, LIMIT_STORE, err);
	if (ok)
		jar_read(jar, buf_str(&file.bytes));
	userfile_free(&file);
	return ok;
}

/* A tab, which a server may send, is what the format parts its fields by: such a cookie lives
 * as long as the run. */
static bool has_tab(const struct cookie *c)
{
	return strchr(c->name, '\t') || strchr(c->value, '\t') || strchr(c->path, '\t');
}

static void put_line(struct buf *out, const struct cookie *c)
{
	buf_addf(out, "%s%s%s\t%s\t%s\t%s\t%lld\t%s\t%s\n", c->http_only ? "#HttpOnly_" : "",
	    c->host_only ? "" : ".", c->domain, c->host_only ? "FALSE" : "TRUE", c->path,
	    c->secure ? "TRUE" : "FALSE",
	    c->expires == COOKIE_SESSION ? 0 : (long long)c->expires, c->name, c->value);
}

void jar_write(const struct cookie_jar *jar, struct buf *out)
{
	buf_add_text(out, "# Netscape HTTP Cookie File\n\n");
	for (size_t i = 0; i < jar->count; i++)
		if (!has_tab(&jar->items[i]))
			put_line(out, &jar->items[i]);
}

bool jar_save(const struct cookie_jar *jar, const char *path, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_STORE);
	struct outfile *out = outfile_open(path, 0, err);
	if (!out)
		return false;
	if (!outfile_is_stdout(out))
		fchmod(outfile_fd(out), 0600); /* cookies are as good as passwords */
	jar_write(jar, &text);
	bool ok = outfile_write(out, buf_str(&text), err);
	buf_free_secret(&text);
	if (!ok) {
		outfile_abandon(out);
		return false;
	}
	return outfile_commit(out, err);
}
