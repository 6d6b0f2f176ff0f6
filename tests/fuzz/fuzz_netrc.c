/*
 * netrc files of any bytes: an entry or an error, never both, and the same for
 * the same user.
 */
#include <string.h>

#include "common/cli/netrc.h"
#include "tests/fuzz/fuzz.h"

static bool find(struct str text, const char *user, struct netrc_entry *entry)
{
	struct err err = {0};
	bool good = netrc_find(text, "h.example", user, entry, &err);
	must(good != err_is_set(&err));
	must(good || err.kind == ERR_CONFIG);
	must(good || (!entry->login && !entry->password && !entry->account));
	return good;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct netrc_entry any, his;
	if (find(text, NULL, &any)) {
		/* Without a user an entry has a login, or there is none at all. */
		must(any.login || (!any.password && !any.account && !any.macdef_init));
		if (any.login && find(text, any.login, &his))
			must(!his.login || strcmp(his.login, any.login) == 0);
		else
			his = (struct netrc_entry){0};
		netrc_free(&his);
	}
	netrc_free(&any);
	find(text, "user", &his);
	must(!his.login || strcmp(his.login, "user") == 0);
	netrc_free(&his);
	return 0;
}
