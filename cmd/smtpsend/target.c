/*
 * The choice of the server. Connects to nothing.
 */
#include "cmd/smtpsend/target.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "common/text/url.h"

static const struct manner {
	const char *scheme;
	bool tls, lmtp;
} manners[] = {
    {"smtp", false, false},
    {"submission", false, false},
    {"submissions", true, false},
    {"smtps", true, false},
    {"lmtp", false, true},
};

static const struct manner *manner_of(const struct url *u)
{
	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++)
		if (url_scheme_is(u, manners[i].scheme))
			return &manners[i];
	return NULL;
}

bool target_choose(struct target *t, const char *server, struct err *err)
{
	struct url u;
	*t = (struct target){0};
	if (!server || !*server)
		return err_set(err, ERR_CONFIG,
		    "no server: name one by --server smtp://HOST, or by a line "
		    "'server = smtp://HOST' in smtpsend.conf");
	if (!url_parse(&u, str_of(server), "smtp", err))
		return false;
	const struct manner *m = manner_of(&u);
	if (!m || !u.host || !*u.host) {
		err_set(err, ERR_USAGE,
		    "--server: %.80s:// is no mail server's "
		    "(smtp, submission, smtps or lmtp is)",
		    u.scheme);
		url_free(&u);
		return false;
	}
	*t = (struct target){
	    mem_dup(u.host), u.port, m->tls, m->lmtp, mem_dup(u.user), mem_dup(u.password)};
	url_free(&u);
	return true;
}

void target_free(struct target *t)
{
	free(t->host);
	free(t->user);
	mem_free_secret(t->password);
	*t = (struct target){0};
}
