/*
 * Operands. Connects to nothing.
 */
#include "cmd/pop3fetch/target.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/text/number.h"
#include "common/text/url.h"

/* "/" and "" name no message, "/7" one. */
static bool parse_path(const struct url *u, uint32_t *number, struct err *err)
{
	uint64_t value = 0;
	struct str path = str_of(u->path);
	if (str_starts(path, "/"))
		path = str_sub(path, 1, path.len);
	if (path.len && (!number_parse_max(path, UINT32_MAX - 1, &value) || value == 0))
		return err_set(err, ERR_USAGE,
		    "/%.80s: what follows the host is a message's number, from 1", path.ptr);
	*number = (uint32_t)value;
	return true;
}

static bool check(const struct url *u, struct err *err)
{
	if (!url_scheme_is(u, "pop3") && !url_scheme_is(u, "pop3s"))
		return err_set(
		    err, ERR_USAGE, "pop3fetch speaks pop3 and pop3s, not %.40s", u->scheme);
	return (u->host && *u->host) || err_set(err, ERR_USAGE, "no host is named");
}

void target_show(struct target *t, const char *user)
{
	bool ipv6 = str_has_byte(str_of(t->host), ':');
	char port[16] = "";
	if (t->port != url_default_port(t->tls ? "pop3s" : "pop3"))
		snprintf(port, sizeof port, ":%u", t->port);
	free(t->shown);
	t->shown = mem_printf("%s%s%s%s%s%s", user ? user : "", user ? "@" : "",
	    ipv6 ? "[" : "", t->host, ipv6 ? "]" : "", port);
}

bool target_parse(struct target *t, const char *text, struct err *err)
{
	struct url u;
	*t = (struct target){0};
	if (!url_parse(&u, str_of(text), "pop3", err))
		return false;
	bool ok = check(&u, err) && parse_path(&u, &t->number, err);
	if (ok) {
		t->host = mem_dup(u.host);
		t->port = u.port;
		t->tls = url_scheme_is(&u, "pop3s");
		t->user = mem_dup(u.user);
		t->password = mem_dup(u.password);
		target_show(t, t->user);
	}
	url_free(&u);
	return ok;
}

void target_free(struct target *t)
{
	free(t->shown);
	free(t->host);
	free(t->user);
	mem_free_secret(t->password);
	*t = (struct target){0};
}
